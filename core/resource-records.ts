/** Leaves a record of every resource that has a name: pending while it is open, completed when it is closed. */
import type { Resource, ResourceWatcher } from './resource.ts';
import type { Tap } from './tap.ts';

export interface ResourceOwner {
  readonly app: string;
  /** the label of the window whose page holds it; empty for the app */
  readonly window: string;
  readonly generation: number;
}

export class ResourceRecords implements ResourceWatcher {
  readonly #tap: () => Tap;
  readonly #owner: ResourceOwner;
  /** records of what is open, by rid */
  readonly #open = new Map<number, number>();
  /** why all are being closed */
  reason = '';

  constructor(tap: () => Tap, owner: ResourceOwner) {
    this.#tap = tap;
    this.#owner = owner;
  }

  opened(rid: number, { resourceName }: Resource, call: number): void {
    if (resourceName === undefined) return;
    const record = this.#tap().add({
      kind: 'resource',
      direction: 'to-page',
      ...this.#owner,
      name: resourceName,
      status: 'pending',
      of: call,
      body: { kind: 'text', json: `{"rid":${rid}}` },
    });
    this.#open.set(rid, record);
  }

  closed(rid: number): void {
    const record = this.#open.get(rid);
    if (record === undefined) return;
    this.#open.delete(rid);
    this.#tap().update(record, { status: 'ok', note: this.reason === '' ? 'closed' : `closed: ${this.reason}` });
  }
}
