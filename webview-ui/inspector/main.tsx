import { render } from 'preact';
import { App } from './app.tsx';
import { connectHost } from './host.ts';
import { Inspector } from './inspector.ts';

const root = document.getElementById('root');
if (root) {
  const inspector = new Inspector(connectHost(), {
    frame: (task) => requestAnimationFrame(task),
    later: (task, milliseconds) => window.setTimeout(task, milliseconds),
    cancel: (timer) => window.clearTimeout(timer),
    now: () => performance.now(),
  });
  render(<App inspector={inspector} />, root);
}
