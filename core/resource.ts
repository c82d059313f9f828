/** Resources: things in the host that a page holds by a number, its rid (tauri-core 5.2). */
import { reject } from './error.ts';
import type { Disposable } from './lifetime.ts';

/** Something a page may hold by rid. `close` runs once: when the page closes it, or when its table ends. */
export interface Resource {
  close?(): void;
}

/** The text for a rid that is unknown, of another kind, or of another window. */
export const invalidResource = (rid: number) => `The resource id ${rid} is invalid.`;

/** The resources of one webview, of one window, or of the app. */
export class ResourceTable implements Disposable {
  readonly #resources = new Map<number, Resource>();
  readonly #newId: () => number;

  /** @param newId gives a fresh random u32 that is not 0: the npm package takes rid 0 for "none" */
  constructor(newId: () => number = randomId) {
    this.#newId = newId;
  }

  get size(): number {
    return this.#resources.size;
  }

  add(resource: Resource): number {
    let rid = this.#newId();
    while (rid === 0 || this.#resources.has(rid)) rid = this.#newId();
    this.#resources.set(rid, resource);
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
    resource.close?.();
    return true;
  }

  /** Removes without closing: what it held lives on elsewhere. False where the rid is not in this table. */
  release(rid: number): boolean {
    return this.#resources.delete(rid);
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

function randomId(): number {
  return Math.floor(Math.random() * 0xffff_ffff) + 1;
}
