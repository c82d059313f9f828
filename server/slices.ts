/** Long work in slices, between which requests have their turn. */

const SLICE_MS = 10;

export class Slices {
  #end = performance.now() + SLICE_MS;

  /** Lets others have a turn where it is their time. */
  async yield(): Promise<void> {
    if (performance.now() < this.#end) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#end = performance.now() + SLICE_MS;
  }
}
