/** Events: names, targets, listeners, and who hears what (tauri-core 4). */
import { reject } from './error.ts';
import * as z from 'zod';
import { Emitter, type Disposable, disposable } from './lifetime.ts';

/** Where an event goes, or what a listener listens to; the JSON form of Tauri's `EventTarget`. */
export type EventTarget =
  | { readonly kind: 'Any' }
  | { readonly kind: 'App' }
  | { readonly kind: 'AnyLabel' | 'Window' | 'Webview' | 'WebviewWindow'; readonly label: string };

/** In the order of Tauri's enum, which its error text lists. */
export const EventTarget: z.ZodType<EventTarget> = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('Any') }),
    z.object({ kind: z.literal('AnyLabel'), label: z.string() }),
    z.object({ kind: z.literal('App') }),
    z.object({ kind: z.literal('Window'), label: z.string() }),
    z.object({ kind: z.literal('Webview'), label: z.string() }),
    z.object({ kind: z.literal('WebviewWindow'), label: z.string() }),
  ])
  .meta({ title: 'EventTarget' });

/** Rust's `char::is_alphanumeric` is Unicode Alphabetic or Numeric; the empty name is allowed. */
const NAME = /^[\p{Alphabetic}\p{N}\-/:_]*$/u;

/** Whether `name` may be an event name, or a window's label: the same characters are allowed in both. */
export function isValidName(name: string): boolean {
  return NAME.test(name);
}

/** The error a page gets for a bad event name; `\n` and the like are shown as they are, as Tauri does. */
export const EVENT_NAME_ERROR = 'Event name must include only alphanumeric characters, `-`, `/`, `:` and `_`.';

/** Throws what Tauri's host API says about a bad event name. */
export function assertEventName(name: string): void {
  if (!isValidName(name)) {
    throw new Error(`only alphanumeric, '-', '/', ':', '_' permitted for event names: ${JSON.stringify(name)}`);
  }
}

/** A string target means any window or webview of that label, as in the npm package. */
export function eventTarget(target: string | EventTarget): EventTarget {
  return typeof target === 'string' ? { kind: 'AnyLabel', label: target } : target;
}

/**
 * Whether a listener with target `listener` hears an event emitted to `target`. A listener to `Any` hears everything,
 * whatever the event's target: that is Tauri's rule, and a known surprise.
 */
export function hears(listener: EventTarget, target: EventTarget): boolean {
  if (listener.kind === 'Any' || target.kind === 'Any') return true;
  if (target.kind === 'App' || listener.kind === 'App') return target.kind === listener.kind;
  if (listener.label !== target.label) return false;
  return target.kind === 'AnyLabel' || listener.kind === 'AnyLabel' || listener.kind === target.kind;
}

/** An event as a host listener gets it. */
export interface HostEvent {
  readonly id: number;
  readonly event: string;
  readonly payload: unknown;
}

/** Who owns a listener: a page (its connection) or the host. */
export interface Listener<Page> {
  readonly id: number;
  readonly event: string;
  readonly target: EventTarget;
  /** the page whose listener it is, or undefined for the host's */
  readonly page: Page | undefined;
  /** page listeners: the callback in the page */
  readonly handler: number;
  /** host listeners */
  readonly run: ((event: HostEvent) => void) | undefined;
}

/** What `emit` does for each page that has listeners: hand it the ids to run. `record` is the number of the event's record. */
export type Deliver<Page> = (page: Page, ids: readonly number[], event: string, json: string, record: number) => void;

/** Of one event. An emit costs as much as it has listeners, and a page may emit thousands of times in one frame. */
const MAX_LISTENERS = 10_000;

/**
 * All listeners of one app. Ids are app-wide, start at 0 and are never used again. Emitting, listening or unlistening
 * from inside a host listener takes effect after the current emit.
 */
export class Events<Page extends object> implements Disposable {
  #next = 0;
  readonly #byEvent = new Map<string, Map<number, Listener<Page>>>();
  readonly #deliver: Deliver<Page>;
  readonly #onHeard: (record: number, heard: number) => void;
  /** an error thrown by a host listener: reported, never thrown into the emitter */
  readonly onListenerError = new Emitter<{ readonly event: string; readonly error: unknown }>();
  #emitting = false;
  readonly #waiting: (() => void)[] = [];

  /** @param onHeard is told how many listeners an event has, before they are run: not before the emit that is going on */
  constructor(deliver: Deliver<Page>, onHeard: (record: number, heard: number) => void = () => undefined) {
    this.#deliver = deliver;
    this.#onHeard = onHeard;
  }

  /** How many listeners there are, of one event or in all. */
  count(event?: string): number {
    if (event !== undefined) return this.#byEvent.get(event)?.size ?? 0;
    let count = 0;
    for (const listeners of this.#byEvent.values()) count += listeners.size;
    return count;
  }

  /** Adds a page's listener; `handler` is the callback id in that page. */
  listenPage(page: Page, event: string, target: EventTarget, handler: number): number {
    if (this.count(event) >= MAX_LISTENERS) throw reject(`event "${event}" has ${MAX_LISTENERS} listeners already`);
    return this.#add({ event, target, page, handler, run: undefined });
  }

  /** Adds a listener in the host. */
  listen(event: string, target: EventTarget, run: (event: HostEvent) => void): Disposable & { readonly id: number } {
    assertEventName(event);
    const id = this.#add({ event, target, page: undefined, handler: 0, run });
    return { id, ...disposable(() => this.unlisten(event, id)) };
  }

  #add(entry: Omit<Listener<Page>, 'id'>): number {
    const id = this.#next++;
    this.#afterEmit(() => {
      const listeners = this.#byEvent.get(entry.event);
      if (listeners) listeners.set(id, { id, ...entry });
      else this.#byEvent.set(entry.event, new Map([[id, { id, ...entry }]]));
    });
    return id;
  }

  /** Removes a listener, whoever owns it; gives back what it removed. */
  unlisten(event: string, id: number): Listener<Page> | undefined {
    const found = this.#byEvent.get(event)?.get(id);
    this.#afterEmit(() => this.#remove(event, id));
    return found;
  }

  /** As a page does it: the listener of any page, but none of the host; gives the page that has to forget it. */
  unlistenPage(event: string, id: number): Page | undefined {
    const found = this.#byEvent.get(event)?.get(id);
    return found && !found.page ? undefined : this.unlisten(event, id)?.page;
  }

  #remove(event: string, id: number): void {
    const listeners = this.#byEvent.get(event);
    if (!listeners?.delete(id)) return;
    if (listeners.size === 0) this.#byEvent.delete(event);
  }

  /** Removes all listeners of a page: it closed or reloaded. */
  removePage(page: Page): void {
    for (const [event, listeners] of this.#byEvent) {
      for (const listener of listeners.values()) if (listener.page === page) listeners.delete(listener.id);
      if (listeners.size === 0) this.#byEvent.delete(event);
    }
  }

  /** Whether a page listens to `event` with a target that `wanted` accepts (the close flow of tauri-core 4.6 asks). */
  hasPageListener(event: string, wanted: (target: EventTarget) => boolean): boolean {
    for (const listener of this.#byEvent.get(event)?.values() ?? []) {
      if (listener.page && wanted(listener.target)) return true;
    }
    return false;
  }

  /** The targets of all listeners of `event`: what a filter that runs elsewhere decides on. */
  targets(event: string): EventTarget[] {
    return [...(this.#byEvent.get(event)?.values() ?? [])].map((listener) => listener.target);
  }

  /** Emits to `target`. */
  emit(event: string, target: EventTarget, json: string, record = 0): void {
    this.emitFilter(event, (listener) => hears(listener, target), json, record);
  }

  /** Emits to the listeners whose target satisfies `filter`; `Any` listeners always hear it. Pages first, then the host; ascending ids. */
  emitFilter(event: string, filter: (target: EventTarget) => boolean, json: string, record = 0): void {
    if (this.#emitting) {
      this.#waiting.push(() => this.#emitNow(event, filter, json, record));
      return;
    }
    try {
      this.#emitNow(event, filter, json, record);
    } finally {
      // Here and not deeper, so that a chain of handlers that emit needs no deeper and deeper stack.
      for (let task = this.#waiting.shift(); task; task = this.#waiting.shift()) this.#guard(event, task);
    }
  }

  #emitNow(event: string, filter: (target: EventTarget) => boolean, json: string, record: number): void {
    this.#emitting = true;
    try {
      const pages = new Map<Page, number[]>();
      const host: Listener<Page>[] = [];
      let heard = 0;
      for (const listener of this.#byEvent.get(event)?.values() ?? []) {
        if (listener.target.kind !== 'Any' && !filter(listener.target)) continue;
        heard++;
        if (!listener.page) host.push(listener);
        else if (pages.has(listener.page)) pages.get(listener.page)?.push(listener.id);
        else pages.set(listener.page, [listener.id]);
      }
      this.#onHeard(record, heard);
      for (const [page, ids] of pages) this.#deliver(page, ids, event, json, record);
      for (const { id, run } of host) this.#guard(event, () => run?.({ id, event, payload: JSON.parse(json) }));
    } finally {
      this.#emitting = false;
    }
  }

  /** Nothing that a listener throws reaches who emitted, or keeps the others from hearing. */
  #guard(event: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.onListenerError.fire({ event, error });
    }
  }

  #afterEmit(task: () => void): void {
    if (this.#emitting) this.#waiting.push(task);
    else task();
  }

  dispose(): void {
    this.#byEvent.clear();
    this.onListenerError.dispose();
  }
}
