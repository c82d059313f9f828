/**
 * Which rows of a long list are in sight. Plain numbers, no DOM: the list asks it and sets what it answers.
 *
 * Browsers cap an element's height (Chromium at 33,554,432 device pixels, so half of that at 200 % zoom; Firefox at
 * about 17.8 M). Beyond `MAX_SCROLL_HEIGHT` the scrollbar moves through the rows by a ratio; below, one pixel is one pixel.
 */
export const MAX_SCROLL_HEIGHT = 16_000_000;

export interface Span {
  readonly first: number;
  /** exclusive */
  readonly last: number;
  /** where the first row stands in the scrolled content, in px */
  readonly offset: number;
}

export class Viewport {
  readonly rowHeight: number;
  #count = 0;
  #height = 0;
  /** px that are scrolled away if there were no cap: the truth, the scrollbar only follows */
  #top = 0;

  constructor(rowHeight: number) {
    this.rowHeight = rowHeight;
  }

  get count(): number {
    return this.#count;
  }

  set count(count: number) {
    this.#count = count;
    this.#place(this.#top);
  }

  /** The height of what one sees. */
  get height(): number {
    return this.#height;
  }

  set height(height: number) {
    this.#height = height;
    this.#place(this.#top);
  }

  get top(): number {
    return this.#top;
  }

  /** The height of the scrolled content. */
  get scrollHeight(): number {
    return Math.min(this.#count * this.rowHeight, MAX_SCROLL_HEIGHT);
  }

  /** What the element's scrollTop should be. */
  get scrollTop(): number {
    return this.#top / this.#ratio;
  }

  get isAtEnd(): boolean {
    return this.#top >= this.#bottom - 2;
  }

  /** Rows that fit whole. */
  get page(): number {
    return Math.max(1, Math.floor(this.#height / this.rowHeight) - 1);
  }

  /** The element was scrolled. Gives whether that was news, and not the echo of what was set here. */
  scrolled(scrollTop: number): boolean {
    // Browsers round what they are given, to device pixels.
    if (Math.abs(scrollTop - this.scrollTop) < 1) return false;
    this.#place(scrollTop * this.#ratio);
    return true;
  }

  toEnd(): void {
    this.#top = this.#bottom;
  }

  /** Keeps the same rows in sight when rows went at the front. */
  shift(rows: number): void {
    this.#place(this.#top - rows * this.rowHeight);
  }

  reveal(index: number, where: 'nearest' | 'center' = 'nearest'): void {
    const top = index * this.rowHeight;
    const bottom = top + this.rowHeight;
    const isOutside = top < this.#top || bottom > this.#top + this.#height;
    if (!isOutside) return;
    if (where === 'center') this.#place(top - (this.#height - this.rowHeight) / 2);
    else if (top < this.#top) this.#place(top);
    else this.#place(bottom - this.#height);
  }

  span(overscan: number): Span {
    const first = Math.max(0, Math.floor(this.#top / this.rowHeight) - overscan);
    const last = Math.min(this.#count, Math.ceil((this.#top + this.#height) / this.rowHeight) + overscan);
    return { first, last, offset: this.scrollTop - (this.#top - first * this.rowHeight) };
  }

  /** The most rows that {@link span} ever has at this height: as many elements serve them all. */
  elements(overscan: number): number {
    return Math.ceil(this.#height / this.rowHeight) + 1 + 2 * overscan;
  }

  get #bottom(): number {
    return Math.max(0, this.#count * this.rowHeight - this.#height);
  }

  get #ratio(): number {
    const scrollable = this.scrollHeight - this.#height;
    return scrollable <= 0 ? 1 : Math.max(1, this.#bottom / scrollable);
  }

  #place(top: number): void {
    this.#top = Math.min(Math.max(0, top), this.#bottom);
  }
}
