/** Something with an end. `dispose` may be called more than once; only the first call acts. */
export interface Disposable {
  dispose(): void;
}

/** Makes a {@link Disposable} of a function; the function runs at most once. */
export function disposable(end: () => void): Disposable {
  let done = false;
  return {
    dispose() {
      if (done) return;
      done = true;
      end();
    },
  };
}

/**
 * Owns disposables and ends them together, the last one first. Adding to a lifetime that is over ends the newcomer
 * at once. An error in one `dispose` does not keep the others from running: all are thrown together afterwards.
 */
export class Lifetime implements Disposable {
  #owned: Set<Disposable> | undefined = new Set();

  /** True once `dispose` was called: ask again after every `await`. */
  get over(): boolean {
    return this.#owned === undefined;
  }

  /** How many disposables it holds now: what a leak test counts. */
  get size(): number {
    return this.#owned?.size ?? 0;
  }

  /** Takes `thing` and gives it back, so that creating and owning stand in one line. */
  own<T extends Disposable>(thing: T): T {
    if (this.#owned) this.#owned.add(thing);
    else thing.dispose();
    return thing;
  }

  /** Takes `thing` and gives what its user ends it with: then it is forgotten here, too. */
  lend<T extends Disposable>(thing: T): T {
    this.own(thing);
    return { ...thing, dispose: () => this.end(thing) };
  }

  /** Takes a function to run at the end. */
  onEnd(end: () => void): Disposable {
    return this.own(disposable(end));
  }

  /** Ends `thing` now and forgets it. */
  end(thing: Disposable): void {
    this.#owned?.delete(thing);
    thing.dispose();
  }

  /** Forgets `thing` without ending it: it ended by itself. */
  release(thing: Disposable): void {
    this.#owned?.delete(thing);
  }

  dispose(): void {
    const owned = this.#owned;
    if (!owned) return;
    this.#owned = undefined;
    const errors: unknown[] = [];
    for (const thing of [...owned].reverse()) {
      try {
        thing.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, `${errors.length} errors while disposing`);
  }
}

/** A list of listeners; `fire` calls them in the order they came. A listener that throws does not silence the others. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();

  /** Subscribes; the returned disposable unsubscribes. */
  readonly event = (listener: (value: T) => void): Disposable => {
    // A wrapper of its own, so that the same function may be subscribed twice.
    const entry = (value: T) => listener(value);
    this.#listeners.add(entry);
    return disposable(() => this.#listeners.delete(entry));
  };

  get size(): number {
    return this.#listeners.size;
  }

  fire(value: T): void {
    const errors: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, `${errors.length} listeners failed`);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
