/** What handlers and plugins see of the app and its windows; one interface, whether they run in the host or in the backend process. */
import type { EventTarget, HostEvent } from './event.ts';
import type { Disposable } from './lifetime.ts';

/** A window of the app: in VS Code, a panel. */
export interface WindowHandle {
  readonly label: string;
  readonly title: string;
  /** Emits to the listeners of this window (and, as Tauri has it, to those that listen to any target). */
  emit(event: string, payload?: unknown): void;
  /** Listens to events emitted to this window. */
  listen(event: string, handler: (event: HostEvent) => void): Disposable;
  setTitle(title: string): void;
  /** Brings the panel to the front. */
  setFocus(): void;
  /** Asks the window to close: a page that listens to `tauri://close-requested` may refuse. */
  close(): void;
  /** Closes without asking. */
  destroy(): void;
}

/** The running app (Tauri's `AppHandle`). */
export interface AppHandle {
  /** the product name of its configuration */
  readonly name: string;
  /** Emits to every listener. Throws for a name with characters that events must not have. */
  emit(event: string, payload?: unknown): void;
  /** Emits to a window's label or an {@link EventTarget}. */
  emitTo(target: string | EventTarget, event: string, payload?: unknown): void;
  /** Emits to the listeners whose target `filter` accepts; listeners to any target always hear it. */
  emitFilter(event: string, filter: (target: EventTarget) => boolean, payload?: unknown): Promise<void>;
  /** Listens to events emitted to the app or to everybody. */
  listen(event: string, handler: (event: HostEvent) => void): Disposable;
  /** Listens to every event of that name, whatever its target. */
  listenAny(event: string, handler: (event: HostEvent) => void): Disposable;
  /** As `listen`, for one event. */
  once(event: string, handler: (event: HostEvent) => void): Disposable;
  /**
   * Adds a capability while the app runs (Tauri's `add_capability`): an object, or JSON or TOML text. The next call is
   * decided with it; there is no way to take it back. One that a TypeScript backend adds holds until its code is loaded
   * anew or ends. Rejects with Tauri's text where it is none.
   */
  addCapability(capability: string | object): Promise<void>;
  windows(): readonly WindowHandle[];
  window(label: string): WindowHandle | undefined;
  /** Keeps a value for as long as the app runs; false, and nothing changes, where `key` is taken. */
  manage(key: string, value: unknown): boolean;
  /** The managed value; throws where there is none. */
  state<T = unknown>(key: string): T;
  /** The managed value, or undefined. */
  tryState<T = unknown>(key: string): T | undefined;
  /** Removes and gives back the managed value. */
  unmanage<T = unknown>(key: string): T | undefined;
}

/** The managed values of an app (tauri-core 5.1): the first value of a key stays. */
export class StateMap {
  readonly #values = new Map<string, unknown>();

  manage(key: string, value: unknown): boolean {
    if (this.#values.has(key)) return false;
    this.#values.set(key, value);
    return true;
  }

  find<T>(key: string): T | undefined {
    return this.#values.get(key) as T | undefined;
  }

  get<T>(key: string): T {
    if (!this.#values.has(key)) throw new Error(`state() called before manage() for key \`${key}\``);
    return this.#values.get(key) as T;
  }

  /** As `get`, in the words that a page gets when a command needs what nobody managed. */
  getFor<T>(key: string, command: string): T {
    if (!this.#values.has(key)) {
      throw new Error(
        `state not managed for field \`${key}\` on command \`${command}\`. You must call \`.manage()\` before using this command`,
      );
    }
    return this.#values.get(key) as T;
  }

  unmanage<T>(key: string): T | undefined {
    const value = this.find<T>(key);
    this.#values.delete(key);
    return value;
  }
}
