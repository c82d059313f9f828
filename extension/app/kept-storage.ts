/** The localStorage that the host keeps for pages whose frame is denied one. */
import type { Memento } from 'vscode';
import type { Disposable } from '#core/lifetime.ts';

/** Saves after this many ms without a change. */
const DELAY_MS = 200;
/** Characters of keys and values together, as browsers limit an origin. */
export const MAX_STORAGE_LENGTH = 5 * 1024 * 1024;

export class KeptStorage implements Disposable {
  readonly #memento: Pick<Memento, 'get' | 'update'>;
  readonly #key: string;
  readonly #items: Map<string, string>;
  #length = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(memento: Pick<Memento, 'get' | 'update'>, key: string) {
    this.#memento = memento;
    this.#key = key;
    this.#items = new Map(Object.entries(memento.get<Record<string, string>>(key) ?? {}));
    for (const [name, value] of this.#items) this.#length += name.length + value.length;
  }

  json(): string {
    return JSON.stringify(Object.fromEntries(this.#items));
  }

  /** Changes an item; `value: null` removes it, `key: null` removes all. False where there is no room for it. */
  set(key: string | null, value: string | null): boolean {
    if (key === null) {
      this.#items.clear();
      this.#length = 0;
    } else {
      const before = this.#items.get(key);
      const freed = before === undefined ? 0 : key.length + before.length;
      const needed = value === null ? 0 : key.length + value.length;
      if (needed > freed && this.#length - freed + needed > MAX_STORAGE_LENGTH) return false;
      this.#length += needed - freed;
      if (value === null) this.#items.delete(key);
      else this.#items.set(key, value);
    }
    this.#timer ??= setTimeout(() => this.#save(), DELAY_MS);
    return true;
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#memento.update(this.#key, Object.fromEntries(this.#items));
  }

  dispose(): void {
    if (this.#timer) this.#save();
  }
}
