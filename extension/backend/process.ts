/**
 * The backend process: its entry. It registers the module hooks before anything that needs them, gets everything ready
 * that does not depend on the user's code, and loads that code when the host's first message says so. A process may
 * wait for that message for long: the host keeps one warm, so that a reload costs the user's code only.
 */
import { markLevels } from './console.ts';
import { Link } from './link.ts';
import { Loader, stripTypes } from './loader.ts';
import type { ToProcess } from './protocol.ts';

const entry = process.argv[2] ?? '';
const link = new Link();
const early: ToProcess[] = [];
let take = (messages: readonly ToProcess[]): void => {
  early.push(...messages);
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

const loader = new Loader(entry, new URL('./', import.meta.url).href);
loader.register();
// Only now: the core imports zod, which the hooks find.
const { serve } = await import('./serve.ts');
// The first use compiles the stripper, which takes longer than all its later work.
if (early.length === 0) stripTypes('', entry);

take = (messages) => {
  const [first, ...rest] = messages;
  if (first?.kind === 'stop') process.exit(0);
  if (first?.kind !== 'init') return;
  take = serve(first, link, loader);
  take(rest);
};
take(early);
