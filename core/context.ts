/** The second parameter of a handler. Most handlers look at little of it, so that most of it is made when it is asked for. */
import type { Grants } from './acl/grants.ts';
import type { Scopes } from './acl/scope/scope.ts';
import type { AppHandle, StateMap, WindowHandle } from './app.ts';
import type { Call } from './call.ts';
import { type Authority, CallRequest, type Command, type CommandContext, type Request, type Scope } from './command.ts';

/** What a context shows of the app whose handler runs: in the host, or in the backend's own process. */
export interface ContextOptions {
  readonly app: AppHandle;
  readonly window: WindowHandle;
  readonly states: StateMap;
  readonly grants: Grants;
  readonly scopes: Scopes;
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
    const { grants, scopes } = this.#options;
    const named = grants.scope(this.#call.window, this.#command.permissions, this.#call.window, this.#call.origin);
    const { allow, deny } = scopes.command;
    return { allow: [...allow, ...named.allow], deny: [...deny, ...named.deny] };
  }

  get globalScope(): Scope {
    return this.#options.scopes.global;
  }

  get authority(): Authority {
    return this.#options.grants.of(this.#call.window, this.#call.window, this.#call.origin);
  }

  get request(): Request {
    this.#request ??= new CallRequest(this.#call);
    return this.#request;
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }
}
