/** The second parameter of a handler. Most handlers look at little of it, so that most of it is made when it is asked for. */
import type { Grants } from './acl/grants.ts';
import type { AppHandle, StateMap, WindowHandle } from './app.ts';
import type { Call } from './call.ts';
import { type Authority, CallRequest, type Command, type CommandContext, type Request, type Scope } from './command.ts';

/** What a context shows of the app whose handler runs: in the host, or in the backend's own process. */
export interface ContextOptions {
  readonly app: AppHandle;
  readonly window: WindowHandle;
  readonly states: StateMap;
  readonly grants: Grants;
}

export class Context implements CommandContext {
  readonly app: AppHandle;
  readonly window: WindowHandle;
  readonly #call: Call;
  readonly #command: Command;
  readonly #options: ContextOptions;
  #request: Request | undefined;

  constructor(call: Call, command: Command, options: ContextOptions) {
    this.app = options.app;
    this.window = options.window;
    this.#call = call;
    this.#command = command;
    this.#options = options;
  }

  get webview(): WindowHandle {
    return this.window;
  }

  // A function of its own: handlers take the context apart.
  readonly state = <T>(key: string): T => this.#options.states.getFor(key, this.#command.name);

  get scope(): Scope {
    return this.#options.grants.scope(this.#call.window, this.#command.permissions);
  }

  get authority(): Authority {
    return this.#options.grants.of(this.#call.window);
  }

  get request(): Request {
    this.#request ??= new CallRequest(this.#call);
    return this.#request;
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }
}
