/** Lets only so much run at once: a page may send thousands of calls in one turn, and files and memory are everybody's. */
export class Gate {
  readonly #capacity: number;
  readonly #waiting: { readonly weight: number; readonly enter: () => void }[] = [];
  #used = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Runs `task` when there is room for its weight, in the order of the calls. What weighs more than all runs alone. */
  async run<T>(weight: number, task: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#hasRoom(weight)) {
      await new Promise<void>((enter) => this.#waiting.push({ weight, enter }));
    } else this.#used += weight;
    try {
      return await task();
    } finally {
      this.#used -= weight;
      this.#admit();
    }
  }

  #hasRoom(weight: number): boolean {
    return this.#used === 0 || this.#used + weight <= this.#capacity;
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && this.#hasRoom(next.weight); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#used += next.weight;
      next.enter();
    }
  }
}
