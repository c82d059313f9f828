/** Resources: things in the host that a page holds by a number, its rid (tauri-core 5.2). */
import { reject } from './error.ts';
import type { Disposable } from './lifetime.ts';

/** Something a page may hold by rid. `close` runs once: when the page closes it, or when its table ends. */
export interface Resource {
  /** what people call such a thing; without a name it is housekeeping, and leaves no record */
  readonly resourceName?: string;
  close?(): void;
}

/** The text for a rid that is unknown, of another kind, or of another window. */
export const invalidResource = (rid: number) => `The resource id ${rid} is invalid.`;

/** Told of the resources of a table: the recorder. */
export interface ResourceWatcher {
  /** `call` is the record of the call that opened it, 0 where that is not known */
  opened(rid: number, resource: Resource, call: number): void;
  closed(rid: number): void;
}

/** The resources of one webview, of one window, or of the app. */
export class ResourceTable implements Disposable {
  readonly #resources = new Map<number, Resource>();
  readonly #newId: () => number;
  readonly #watcher: ResourceWatcher | undefined;

  /** @param newId gives a fresh random u32 that is not 0: the npm package takes rid 0 for "none" */
  constructor(newId: () => number = randomId, watcher?: ResourceWatcher) {
    this.#newId = newId;
    this.#watcher = watcher;
  }

  get size(): number {
    return this.#resources.size;
  }

  /** @param call the record of the call that it is opened for */
  add(resource: Resource, call = 0): number {
    let rid = this.#newId();
    while (rid === 0 || this.#resources.has(rid)) rid = this.#newId();
    this.#resources.set(rid, resource);
    this.#watcher?.opened(rid, resource, call);
    return rid;
  }

  find(rid: number): Resource | undefined {
    return this.#resources.get(rid);
  }

  /** The resource of that rid and kind; throws Tauri's text where there is none. */
  get<T extends Resource>(rid: number, kind: abstract new (...args: never[]) => T): T {
    const resource = this.#resources.get(rid);
    if (!(resource instanceof kind)) throw reject(invalidResource(rid));
    return resource;
  }

  /** Removes and closes; false where the rid is not in this table. */
  close(rid: number): boolean {
    const resource = this.#resources.get(rid);
    if (!resource) return false;
    this.#resources.delete(rid);
    this.#watcher?.closed(rid);
    resource.close?.();
    return true;
  }

  /** Removes without closing: what it held lives on elsewhere. False where the rid is not in this table. */
  release(rid: number): boolean {
    const known = this.#resources.delete(rid);
    if (known) this.#watcher?.closed(rid);
    return known;
  }

  dispose(): void {
    const errors: unknown[] = [];
    for (const [rid] of this.#resources) {
      try {
        this.close(rid);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'closing resources failed');
  }
}

export function randomId(): number {
  return Math.floor(Math.random() * 0xffff_ffff) + 1;
}
