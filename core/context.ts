/** The second parameter of a handler. Most handlers look at little of it, so that most of it is made when it is asked for. */
import type { Grants } from './acl/grants.ts';
import type { Scopes } from './acl/scope/scope.ts';
import type { AppHandle, StateMap, WindowHandle } from './app.ts';
import { CallersApp, CallersWindow, type EmittingApp } from './callers-app.ts';
import type { Call } from './call.ts';
import { type Authority, CallRequest, type Command, type CommandContext, type Request, type Scope } from './command.ts';

/** What a context shows of the app whose handler runs: in the host, or in the backend's own process. */
export interface ContextOptions {
  readonly app: EmittingApp;
  readonly window: WindowHandle;
  readonly states: StateMap;
  readonly grants: Grants;
  readonly scopes: Scopes;
}

export class Context implements CommandContext {
  readonly #call: Call;
  readonly #command: Command;
  readonly #options: ContextOptions;
  #request: Request | undefined;
  #app: AppHandle | undefined;
  #window: WindowHandle | undefined;

  constructor(call: Call, command: Command, options: ContextOptions) {
    this.#call = call;
    this.#command = command;
    this.#options = options;
  }

  get app(): AppHandle {
    const { app } = this.#options;
    this.#app ??= this.record === 0 ? app : new CallersApp(app, this.record);
    return this.#app;
  }

  get window(): WindowHandle {
    const { app, window } = this.#options;
    this.#window ??= this.record === 0 ? window : new CallersWindow(window, app, this.record);
    return this.#window;
  }

  /** the number of the call's record, 0 where none is kept */
  get record(): number {
    return this.#call.record;
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

/** The record of the call that a handler answers; 0 where none is kept. */
export function recordOf(context: CommandContext): number {
  return context instanceof Context ? context.record : 0;
}
