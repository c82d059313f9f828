/**
 * The app and its windows as the handler of one call sees them: what it emits is known to come from that call, however
 * much later it does so.
 */
import type { AppHandle, WindowHandle } from './app.ts';
import { type EventTarget, eventTarget, type HostEvent } from './event.ts';
import type { Disposable } from './lifetime.ts';

/** An app that can be told which call an event comes from, by the number of its record. */
export interface EmittingApp extends AppHandle {
  emitFrom(cause: number, target: EventTarget, event: string, payload: unknown): void;
  emitFilterFrom(
    cause: number,
    event: string,
    filter: (target: EventTarget) => boolean,
    payload: unknown,
  ): Promise<void>;
}

export class CallersApp implements AppHandle {
  readonly #app: EmittingApp;
  readonly #cause: number;

  constructor(app: EmittingApp, cause: number) {
    this.#app = app;
    this.#cause = cause;
  }

  // Functions of their own, as those of the app itself: handlers take them apart.

  readonly emit = (event: string, payload?: unknown): void =>
    this.#app.emitFrom(this.#cause, { kind: 'Any' }, event, payload);

  readonly emitTo = (target: string | EventTarget, event: string, payload?: unknown): void =>
    this.#app.emitFrom(this.#cause, eventTarget(target), event, payload);

  readonly emitFilter = (event: string, filter: (target: EventTarget) => boolean, payload?: unknown): Promise<void> =>
    this.#app.emitFilterFrom(this.#cause, event, filter, payload);

  readonly windows = (): readonly WindowHandle[] => this.#app.windows().map((window) => this.#callersWindow(window));

  readonly window = (label: string): WindowHandle | undefined => {
    const window = this.#app.window(label);
    return window && this.#callersWindow(window);
  };

  #callersWindow(window: WindowHandle): WindowHandle {
    return new CallersWindow(window, this.#app, this.#cause);
  }

  get name(): string {
    return this.#app.name;
  }

  get listen(): AppHandle['listen'] {
    return this.#app.listen.bind(this.#app);
  }

  get listenAny(): AppHandle['listenAny'] {
    return this.#app.listenAny.bind(this.#app);
  }

  get once(): AppHandle['once'] {
    return this.#app.once.bind(this.#app);
  }

  get addCapability(): AppHandle['addCapability'] {
    return this.#app.addCapability.bind(this.#app);
  }

  get manage(): AppHandle['manage'] {
    return this.#app.manage.bind(this.#app);
  }

  get state(): AppHandle['state'] {
    return this.#app.state.bind(this.#app);
  }

  get tryState(): AppHandle['tryState'] {
    return this.#app.tryState.bind(this.#app);
  }

  get unmanage(): AppHandle['unmanage'] {
    return this.#app.unmanage.bind(this.#app);
  }
}

export class CallersWindow implements WindowHandle {
  readonly label: string;
  readonly #window: WindowHandle;
  readonly #app: EmittingApp;
  readonly #cause: number;

  constructor(window: WindowHandle, app: EmittingApp, cause: number) {
    this.label = window.label;
    this.#window = window;
    this.#app = app;
    this.#cause = cause;
  }

  get title(): string {
    return this.#window.title;
  }

  emit(event: string, payload?: unknown): void {
    this.#app.emitFrom(this.#cause, { kind: 'AnyLabel', label: this.label }, event, payload);
  }

  listen(event: string, handler: (event: HostEvent) => void): Disposable {
    return this.#window.listen(event, handler);
  }

  setTitle(title: string): void {
    this.#window.setTitle(title);
  }

  setFocus(): void {
    this.#window.setFocus();
  }

  close(): void {
    this.#window.close();
  }

  destroy(): void {
    this.#window.destroy();
  }
}
