/**
 * The filter of the list: what is written in the field, what of it is in force, and what the host was asked for it.
 * While the field holds something that is no filter, the last one stays.
 */
import { computed, signal } from '@preact/signals';
import type { Filter } from '#core/filter/ast.ts';
import { type ParsedFilter, parseFilter } from '#core/filter/parse.ts';
import type { FromInspector, Hits } from '#core/inspector-messages.ts';
import { agesWithTime, compileColumns, compileShown, highlightPattern, hostTerms } from './filterTest.ts';
import type { ColumnStore, RowTest } from './store.ts';

export interface FilteringOptions {
  readonly store: ColumnStore;
  post(message: FromInspector): void;
  /** the session's clock */
  now(): number;
}

export class Filtering {
  /** what is in the field, read */
  readonly parsed = signal<ParsedFilter>(parseFilter(''));
  /** what is in force */
  readonly filter = signal<Filter | undefined>(undefined);
  /** whether the host still looks through bodies */
  readonly searching = signal(false);
  readonly highlight = computed(() => highlightPattern(this.filter.value));

  readonly #options: FilteringOptions;
  #search = 0;
  #asked: readonly string[] = [];
  #where = '';

  constructor(options: FilteringOptions) {
    this.#options = options;
  }

  /** Takes what is in the field; gives whether what is in force may be another filter now. */
  set(text: string): boolean {
    const parsed = parseFilter(text);
    this.parsed.value = parsed;
    if (parsed.problem) return false;
    this.filter.value = parsed.filter;
    this.#ask();
    return true;
  }

  /** Whether its verdicts change while no message comes. */
  get ages(): boolean {
    return agesWithTime(this.filter.value);
  }

  test(hideInternal: boolean): RowTest | undefined {
    const { store, now } = this.#options;
    const test = compileColumns(this.filter.value, { store, asked: this.#asked, now });
    const shown = hideInternal ? compileShown(store) : undefined;
    return test && shown ? (rows, at) => shown(rows, at) && test(rows, at) : (test ?? shown);
  }

  /** The host's answers. Gives the slots that they are about, `undefined` where they belong to an older question. */
  take(hits: Hits | undefined): { readonly from: number; readonly to: number } | undefined {
    if (!hits || hits.search !== this.#search) return undefined;
    let from = Number.POSITIVE_INFINITY;
    let to = 0;
    for (const [at, id] of hits.ids.entries()) {
      const slot = this.#options.store.setHits(id, hits.bits[at] ?? 0);
      if (slot < 0) continue;
      from = Math.min(from, slot);
      to = Math.max(to, slot + 1);
    }
    return { from, to };
  }

  /** As {@link take}, of what was not asked for by a row: `done` ends the search. */
  answer(hits: Hits, done: boolean): { readonly from: number; readonly to: number } | undefined {
    const slots = this.take(hits);
    if (slots && done) this.searching.value = false;
    return slots;
  }

  #ask(): void {
    const { terms, where } = hostTerms(this.filter.value);
    // A filter that asks for less of the same has its answers already.
    const isKnown = where === this.#where && terms.every((term) => this.#asked.includes(term));
    if (isKnown && (terms.length > 0 || this.#asked.length === 0)) return;
    this.#search++;
    this.#asked = terms;
    this.#where = where;
    this.#options.store.clearHits();
    this.searching.value = terms.length > 0;
    this.#options.post({ kind: 'search', search: this.#search, terms: [...terms], where });
  }
}
