/** A typed client for pages: the commands of a backend as functions, without generated code. */
import type { Command } from './command.ts';
import type { AppDefinition } from './plugin.ts';

type Arguments<C> = C extends Command<string, infer Args, unknown> ? Args : never;
type Result<C> = C extends Command<string, unknown, infer Output> ? Output : never;

/** No argument where every one may be left out. */
type Parameters<Args> = Record<never, never> extends Args ? [args?: Args] : [args: Args];

/** Each command of the app by its name. */
export type Client<App extends AppDefinition> = {
  readonly [C in App['commands'][number] as C['name']]: (...args: Parameters<Arguments<C>>) => Promise<Result<C>>;
};

/**
 * The commands of a backend, typed from its own file; each call is an `invoke` of the page.
 *
 * @example
 * import type backend from '../src-ipc/main';
 * const greeting = await ipc<typeof backend>().greet({ name: 'World' });
 */
export function ipc<App extends AppDefinition>(): Client<App> {
  return new Proxy({} as Client<App>, {
    get: (_target, name) => {
      // `then` would make an awaited client look like a promise.
      if (typeof name !== 'string' || name === 'then') return undefined;
      return (args?: unknown) => internals().invoke(name, args);
    },
  });
}

function internals(): { invoke(command: string, args: unknown): Promise<unknown> } {
  const found = (globalThis as { __TAURI_INTERNALS__?: ReturnType<typeof internals> }).__TAURI_INTERNALS__;
  if (!found)
    throw new Error('ipc() works in a page of a Tauri app or of IPC Workbench: there is no __TAURI_INTERNALS__ here');
  return found;
}
