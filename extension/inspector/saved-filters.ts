/** The filters with names, for all pages of the inspector in this workspace. */
import type { Memento } from 'vscode';
import * as z from 'zod';
import { SavedFilter } from '#core/filter/saved.ts';
import { type Disposable, Emitter } from '#core/lifetime.ts';

const KEY = 'inspector.savedFilters';
/** What an older version left must not keep the inspector from opening. */
const Stored = z.array(SavedFilter).catch([]);

export class SavedFilters implements Disposable {
  readonly #memory: Pick<Memento, 'get' | 'update'>;
  readonly #changes = new Emitter<void>();
  readonly onChange = this.#changes.event;
  #all: readonly SavedFilter[] | undefined;

  constructor(memory: Pick<Memento, 'get' | 'update'>) {
    this.#memory = memory;
  }

  get all(): readonly SavedFilter[] {
    return (this.#all ??= Stored.parse(this.#memory.get(KEY) ?? []));
  }

  set all(saved: readonly SavedFilter[]) {
    this.#all = saved;
    void this.#memory.update(KEY, saved);
    this.#changes.fire();
  }

  dispose(): void {
    this.#changes.dispose();
  }
}
