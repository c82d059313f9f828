/** The app and its windows as handlers see them in the backend process: what they do is done by the host. */
import { StateMap, type WindowHandle } from '#core/app.ts';
import type { EmittingApp } from '#core/callers-app.ts';
import { jsonOf } from '#core/call.ts';
import { assertEventName, type EventTarget, eventTarget, type HostEvent } from '#core/event.ts';
import { type Disposable, disposable } from '#core/lifetime.ts';
import type { Link } from './link.ts';
import type { ToProcess, WindowInfo } from './protocol.ts';

export class RemoteApp implements EmittingApp {
  readonly name: string;
  readonly states = new StateMap();
  readonly #link: Link;
  readonly #listeners = new Map<number, (event: HostEvent) => void>();
  readonly #asked = new Map<number, (targets: readonly EventTarget[]) => void>();
  readonly #adding = new Map<number, (refused: string | undefined) => void>();
  readonly #handles = new Map<string, RemoteWindow>();
  #open: readonly string[] = [];
  #next = 1;

  constructor(name: string, windows: readonly WindowInfo[], link: Link) {
    this.name = name;
    this.#link = link;
    this.setWindows(windows);
  }

  // ---- what the host reports

  setWindows(windows: readonly WindowInfo[]): void {
    this.#open = windows.map(({ label }) => label);
    for (const { label, title } of windows) this.handleOf(label).update(title);
    for (const label of this.#handles.keys()) if (!this.#open.includes(label)) this.#handles.delete(label);
  }

  /** An event for one listener; gives what the listener threw. */
  hear(message: Extract<ToProcess, { kind: 'event' }>): void {
    const { listener, id, event, payload } = message;
    this.#listeners.get(listener)?.({ id, event, payload });
  }

  answerTargets(ask: number, targets: readonly EventTarget[]): void {
    this.#asked.get(ask)?.(targets);
    this.#asked.delete(ask);
  }

  answerAdded(ask: number, refused: string | undefined): void {
    this.#adding.get(ask)?.(refused);
    this.#adding.delete(ask);
  }

  /** The handle of a window, whether it is still open or not. */
  handleOf(label: string): RemoteWindow {
    const known = this.#handles.get(label);
    if (known) return known;
    const handle = new RemoteWindow(label, this, this.#link);
    this.#handles.set(label, handle);
    return handle;
  }

  // ---- what handlers do

  emit(event: string, payload?: unknown): void {
    this.emitFrom(0, { kind: 'Any' }, event, payload);
  }

  emitTo(target: string | EventTarget, event: string, payload?: unknown): void {
    this.emitFrom(0, eventTarget(target), event, payload);
  }

  emitFrom(cause: number, target: EventTarget, event: string, payload: unknown): void {
    assertEventName(event);
    const json = jsonOf(payload);
    this.#link.postBounded({ kind: 'emit', event, target, json, ...(cause > 0 && { cause }) }, json.length);
  }

  emitFilter(event: string, filter: (target: EventTarget) => boolean, payload?: unknown): Promise<void> {
    return this.emitFilterFrom(0, event, filter, payload);
  }

  async emitFilterFrom(
    cause: number,
    event: string,
    filter: (target: EventTarget) => boolean,
    payload: unknown,
  ): Promise<void> {
    assertEventName(event);
    const json = jsonOf(payload);
    const { promise, resolve } = Promise.withResolvers<readonly EventTarget[]>();
    const ask = this.#next++;
    this.#asked.set(ask, resolve);
    this.#link.post({ kind: 'targets', ask, event });
    const targets = (await promise).filter((target) => filter(target));
    this.#link.postBounded({ kind: 'emitFiltered', event, targets, json, ...(cause > 0 && { cause }) }, json.length);
  }

  listen(event: string, handler: (event: HostEvent) => void): Disposable {
    return this.listenTarget(event, { kind: 'App' }, handler);
  }

  listenAny(event: string, handler: (event: HostEvent) => void): Disposable {
    return this.listenTarget(event, { kind: 'Any' }, handler);
  }

  once(event: string, handler: (event: HostEvent) => void): Disposable {
    const listener = this.listen(event, (heard) => {
      listener.dispose();
      handler(heard);
    });
    return listener;
  }

  listenTarget(event: string, target: EventTarget, handler: (event: HostEvent) => void): Disposable {
    assertEventName(event);
    const listener = this.#next++;
    this.#listeners.set(listener, handler);
    this.#link.post({ kind: 'listen', listener, event, target });
    return disposable(() => {
      this.#listeners.delete(listener);
      this.#link.post({ kind: 'unlisten', listener });
    });
  }

  async addCapability(capability: string | object): Promise<void> {
    const text = typeof capability === 'string' ? capability : jsonOf(capability);
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const ask = this.#next++;
    this.#adding.set(ask, resolve);
    this.#link.post({ kind: 'addCapability', ask, capability: text });
    const refused = await promise;
    if (refused !== undefined) throw new Error(refused);
  }

  windows(): readonly WindowHandle[] {
    return this.#open.map((label) => this.handleOf(label));
  }

  window(label: string): WindowHandle | undefined {
    return this.#open.includes(label) ? this.handleOf(label) : undefined;
  }

  manage(key: string, value: unknown): boolean {
    return this.states.manage(key, value);
  }

  state<T = unknown>(key: string): T {
    return this.states.get(key);
  }

  tryState<T = unknown>(key: string): T | undefined {
    return this.states.find(key);
  }

  unmanage<T = unknown>(key: string): T | undefined {
    return this.states.unmanage(key);
  }
}

export class RemoteWindow implements WindowHandle {
  readonly label: string;
  readonly #app: RemoteApp;
  readonly #link: Link;
  #title = '';

  constructor(label: string, app: RemoteApp, link: Link) {
    this.label = label;
    this.#app = app;
    this.#link = link;
  }

  get title(): string {
    return this.#title;
  }

  /** The title as the host knows it. */
  update(title: string): void {
    this.#title = title;
  }

  emit(event: string, payload?: unknown): void {
    this.#app.emitFrom(0, { kind: 'AnyLabel', label: this.label }, event, payload);
  }

  listen(event: string, handler: (event: HostEvent) => void): Disposable {
    return this.#app.listenTarget(event, { kind: 'Window', label: this.label }, handler);
  }

  setTitle(title: string): void {
    this.#title = title;
    this.#link.post({ kind: 'title', label: this.label, title });
  }

  setFocus(): void {
    this.#link.post({ kind: 'window', label: this.label, action: 'setFocus' });
  }

  close(): void {
    this.#link.post({ kind: 'window', label: this.label, action: 'close' });
  }

  destroy(): void {
    this.#link.post({ kind: 'window', label: this.label, action: 'destroy' });
  }
}
