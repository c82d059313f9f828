import { render } from 'preact';
import { App } from './app.tsx';
import { connectHost } from './host.ts';
import { Inspector } from './inspector.ts';

const root = document.getElementById('root');
if (root) {
  const inspector = new Inspector(connectHost(), {
    frame: (task, drawn) => {
      requestAnimationFrame(() => {
        task();
        // A message comes once the page has laid out and painted.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = drawn;
        port2.postMessage(0);
      });
    },
    later: (task, milliseconds) => window.setTimeout(task, milliseconds),
    cancel: (timer) => window.clearTimeout(timer),
    now: () => performance.now(),
  });
  render(<App inspector={inspector} />, root);
}
