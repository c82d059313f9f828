/** Searching for a text in all rows that are shown, their bodies too: one match after the other, each once. */
import { computed, signal } from '@preact/signals';
import { FOUND_PARTS, findPattern, type FoundPart } from '#core/filter/find.ts';
import type { Found, FromInspector } from '#core/inspector-messages.ts';
import type { RowView } from './rowView.ts';
import type { ColumnStore } from './store.ts';

/** The match that one is at: the n-th of a record's part. */
export interface Match {
  readonly id: number;
  readonly part: FoundPart;
  readonly nth: number;
}

/** What is marked in a text: all that the pattern finds, one of them as the one that one is at. */
export interface FoundText {
  readonly pattern: RegExp;
  /** -1 for none */
  readonly current: number;
}

export interface FindingOptions {
  readonly store: ColumnStore;
  readonly view: RowView;
  post(message: FromInspector): void;
  /** a match is to be shown */
  show(match: Match): void;
  /** where one is without a match: the selected row, -1 for none */
  index(): number;
}

export class Finding {
  readonly isOpen = signal(false);
  readonly text = signal('');
  /** grows when somebody wants to write into the bar */
  readonly focus = signal(0);
  readonly searching = signal(false);
  readonly current = signal<Match | undefined>(undefined);
  /** grows when matches came or went */
  readonly version = signal(0);
  readonly pattern = computed(() => (this.isOpen.value ? findPattern(this.text.value) : undefined));

  readonly #options: FindingOptions;
  readonly #counts = new Map<number, readonly number[]>();
  #find = 0;
  /** somebody asked for a match before there was one */
  #wanted: 1 | -1 | undefined;

  constructor(options: FindingOptions) {
    this.#options = options;
  }

  /** Shows the bar, with a text where one is given. */
  open(text: string): void {
    this.isOpen.value = true;
    this.focus.value++;
    this.search(text);
  }

  close(): void {
    this.isOpen.value = false;
    this.#forget();
    this.#options.post({ kind: 'find', find: ++this.#find, text: '' });
  }

  search(text: string): void {
    this.text.value = text;
    this.#forget();
    this.searching.value = findPattern(text) !== undefined;
    this.#options.post({ kind: 'find', find: ++this.#find, text });
  }

  take(find: number, records: readonly Found[], done: boolean): void {
    if (find !== this.#find) return;
    for (const { id, counts } of records) {
      if (counts.length === 0) this.#counts.delete(id);
      else this.#counts.set(id, counts);
    }
    if (done) this.searching.value = false;
    this.version.value++;
    const wanted = this.#wanted;
    if (wanted !== undefined && (done || (wanted === 1 && this.#counts.size > 0))) {
      this.#wanted = undefined;
      this.step(wanted);
    }
  }

  /** Goes to the next match, or the one before, round the ends. */
  step(direction: 1 | -1): void {
    const { view, store, show, index } = this.#options;
    const { length } = view;
    const current = this.current.value;
    const slot = current ? store.slotOf(current.id) : -1;
    const place = slot < 0 ? index() : view.indexOf(slot);
    const inRow = current && slot >= 0 ? this.#beside(current, direction) : undefined;
    if (inRow) {
      this.#go(inRow);
      return;
    }
    // Without a match yet, the row that one is at comes first.
    const start = current || place < 0 ? place + (current || direction < 0 ? direction : 1) : place;
    for (let tried = 0; tried < length; tried++) {
      const at = (((start + direction * tried) % length) + length) % length;
      const id = store.row(view.slotAt(at) ?? -1)?.id ?? 0;
      const matches = this.#matchesOf(id);
      const match = direction > 0 ? matches[0] : matches.at(-1);
      if (!match) continue;
      this.#go(match);
      return;
    }
    if (this.searching.value) this.#wanted = direction;
    else if (current) show(current);
  }

  /** `3 of 17`, of the rows that are shown. */
  get position(): { readonly at: number; readonly total: number } {
    const { view, store } = this.#options;
    const current = this.current.value;
    const currentIndex = current ? view.indexOf(store.slotOf(current.id)) : -1;
    let at = 0;
    let total = 0;
    for (const [id, counts] of this.#counts) {
      const slot = store.slotOf(id);
      const index = slot < 0 ? -1 : view.indexOf(slot);
      if (index < 0) continue;
      const count = counts.reduce((sum, each) => sum + each, 0);
      total += count;
      if (index < currentIndex) at += count;
    }
    if (!current || currentIndex < 0) return { at: 0, total };
    const before = this.#matchesOf(current.id).findIndex(
      ({ part, nth }) => part === current.part && nth === current.nth,
    );
    return { at: at + before + 1, total };
  }

  /** Rows went: what they had goes with them. */
  trim(before: number): void {
    for (const id of this.#counts.keys()) if (id < before) this.#counts.delete(id);
  }

  /** What is to be marked in a body that is shown. */
  at(id: number, part: 'body' | 'outcome'): FoundText | undefined {
    const pattern = this.pattern.value;
    const current = this.current.value;
    if (!pattern) return undefined;
    return { pattern, current: current?.id === id && current.part === part ? current.nth : -1 };
  }

  #go(match: Match): void {
    this.current.value = match;
    this.#options.show(match);
  }

  #beside(match: Match, direction: 1 | -1): Match | undefined {
    const matches = this.#matchesOf(match.id);
    const at = matches.findIndex(({ part, nth }) => part === match.part && nth === match.nth);
    return at < 0 ? undefined : matches[at + direction];
  }

  #matchesOf(id: number): readonly Match[] {
    const counts = this.#counts.get(id) ?? [];
    return counts.flatMap((count, place) => {
      const part = FOUND_PARTS[place];
      return part ? Array.from({ length: count }, (_, nth) => ({ id, part, nth })) : [];
    });
  }

  #forget(): void {
    this.#counts.clear();
    this.#wanted = undefined;
    this.current.value = undefined;
    this.searching.value = false;
    this.version.value++;
  }
}
