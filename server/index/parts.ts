/** What follows from facts, kept for as long as these are the same objects. */
import type { FileFacts } from './facts.ts';

/**
 * `make`, which is called only where something else is passed than the last time.
 *
 * @param isSame of two results: then the earlier one stays, and so does what follows from it
 */
export function memo<A extends readonly unknown[], R>(
  make: (...from: A) => R,
  isSame: (one: R, other: R) => boolean = () => false,
): (...from: A) => R {
  let last: { readonly from: A; readonly result: R } | undefined;
  return (...from) => {
    if (last?.from.every((each, index) => each === from[index])) return last.result;
    const made = make(...from);
    last = { from, result: last && isSame(last.result, made) ? last.result : made };
    return last.result;
  };
}

/** `make`, which is called once for each name. */
export function byName<R>(make: (name: string) => R): (name: string) => R {
  const made = new Map<string, R>();
  return (name) => {
    if (made.has(name)) return made.get(name) as R;
    const result = make(name);
    made.set(name, result);
    return result;
  };
}

/** Something that is made of one part of the facts of all files. */
export class Part<K extends Exclude<keyof FileFacts, 'file'>, R> {
  readonly #key: K;
  readonly #make: (all: readonly FileFacts[K][number][]) => R;
  #last:
    | { readonly facts: readonly FileFacts[]; readonly from: readonly FileFacts[K][]; readonly result: R }
    | undefined;

  constructor(key: K, make: (all: readonly FileFacts[K][number][]) => R) {
    this.#key = key;
    this.#make = make;
  }

  of(facts: readonly FileFacts[]): R {
    const last = this.#last;
    if (last?.facts === facts) return last.result;
    // A file without any is as good as none.
    const from = facts.map((each) => each[this.#key]).filter(({ length }) => length > 0);
    const isSame = last?.from.length === from.length && from.every((each, index) => each === last.from[index]);
    const result = isSame ? last.result : this.#make(from.flat() as FileFacts[K][number][]);
    this.#last = { facts, from, result };
    return result;
  }
}
