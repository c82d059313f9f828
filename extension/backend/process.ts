/**
 * The backend process: its entry. It registers the module hooks before anything that needs them, waits for the host's
 * first message, and then loads and serves the user's code.
 */
import { markLevels } from './console.ts';
import { Link } from './link.ts';
import { Loader } from './loader.ts';
import type { ToProcess } from './protocol.ts';

const link = new Link();
const early: ToProcess[] = [];
let take = (messages: readonly ToProcess[]): void => {
  early.push(...messages);
  const first = early[0];
  if (first?.kind !== 'init') return;
  take = (more) => early.push(...more);
  void begin(first);
};
link.onMessages((messages) => take(messages));

// The host is gone: so are the windows.
process.once('disconnect', () => process.exit(0));
process.on('exit', () => link.flush());
process.on('uncaughtExceptionMonitor', (error: unknown) => {
  link.post({ kind: 'uncaught', message: error instanceof Error ? error.message : String(error) });
  link.flush();
});
process.on('unhandledRejection', (reason: unknown) => {
  const error = reason instanceof Error ? reason : undefined;
  link.post({
    kind: 'problem',
    where: 'a promise that nobody awaits',
    message: error?.message ?? String(reason),
    ...(error?.stack !== undefined && { stack: error.stack }),
  });
});
markLevels();

async function begin(init: Extract<ToProcess, { kind: 'init' }>): Promise<void> {
  const loader = new Loader(init.entry, new URL('./', import.meta.url).href);
  loader.register();
  // Only now: the core imports zod, which the hooks find.
  const { serve } = await import('./serve.ts');
  take = serve(init, link, loader);
  take(early.slice(1));
}
