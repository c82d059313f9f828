/**
 * The lines of the list: the rows of the view as they came, sorted by a column, grouped, or folded. It is brought up to
 * date when somebody looks, at most once for all that happened in between.
 */
import { foldLines, type Group, type Grouping, groupLines, keyOfRow, type Lines } from './grouping.ts';
import type { RowView } from './rowView.ts';
import { SortedSlots, type SortKey } from './sort.ts';
import type { ColumnStore } from './store.ts';

export interface Order {
  readonly key?: SortKey | undefined;
  readonly isDescending: boolean;
  readonly grouping: Grouping;
  /** repeated calls are one line; without grouping only */
  readonly isFolding: boolean;
}

export type Line =
  | {
      readonly kind: 'row';
      readonly slot: number;
      readonly depth: number;
      /** rows below it, or those it stands for; 0: none */
      readonly nested: number;
      readonly nestedFailures: number;
      readonly isOpen: boolean;
    }
  | { readonly kind: 'group'; readonly index: number; readonly group: Group };

/** Making lines anew takes at most this share of the time, however many there are. */
const BUSY_SHARE = 0.1;

export class Listing {
  readonly #store: ColumnStore;
  readonly #view: RowView;
  readonly #now: () => number;
  #order: Order = { isDescending: false, grouping: 'none', isFolding: false };
  #sorted: SortedSlots | undefined;
  #lines: Lines | undefined;
  /** rows that changed since the last look; rows from `#seen` on are new */
  #changed = new Set<number>();
  #seen = 0;
  #start = 0;
  #linesStale = true;
  #mayBuildAt = Number.NEGATIVE_INFINITY;
  #toggled = new Set<string>();
  #percentiles = new Map<Group, number>();

  /** @param now in ms: groups of very many rows are made anew not at every look */
  constructor(store: ColumnStore, view: RowView, now: () => number) {
    this.#store = store;
    this.#view = view;
    this.#now = now;
    this.reset();
  }

  get order(): Order {
    return this.#order;
  }

  set order(order: Order) {
    if (order.grouping !== this.#order.grouping || order.isFolding !== this.#order.isFolding) this.#toggled.clear();
    this.#order = order;
    this.reset();
  }

  /** Whether lines stand as their rows came, so that what is new is at the end. */
  get isByArrival(): boolean {
    return this.#order.key === undefined && this.#order.grouping !== 'command' && this.#order.grouping !== 'window';
  }

  get isPlain(): boolean {
    return this.#order.grouping === 'none' && !this.#order.isFolding;
  }

  /** Rows that went at the front, where lines are rows as they came. */
  get removed(): number {
    return this.isPlain && !this.#sorted ? this.#view.removed : 0;
  }

  get length(): number {
    this.#refresh();
    return this.#lines?.length ?? this.#sorted?.length ?? this.#view.length;
  }

  /** The view shows other rows than before. */
  reset(): void {
    const { key, isDescending } = this.#order;
    this.#sorted = key && new SortedSlots(this.#store, key, isDescending);
    this.#sorted?.reset(this.#view);
    this.#seen = this.#store.end;
    this.#start = this.#store.start;
    this.#changed.clear();
    this.#lines = undefined;
    this.#linesStale = true;
    this.#mayBuildAt = Number.NEGATIVE_INFINITY;
  }

  /** Rows changed; the view has looked at them again. */
  changed(slots: readonly number[]): void {
    if (!this.#sorted && this.isPlain) return;
    for (const slot of slots) this.#changed.add(slot);
  }

  lineAt(index: number): Line | undefined {
    this.#refresh();
    const lines = this.#lines;
    if (!lines) {
      const slot = (this.#sorted ?? this.#view).slotAt(index);
      return slot === undefined
        ? undefined
        : { kind: 'row', slot, depth: 0, nested: 0, nestedFailures: 0, isOpen: false };
    }
    if (index < 0 || index >= lines.length) return undefined;
    const slot = lines.lines[index] ?? -1;
    if (slot < 0) {
      const group = lines.groups[-1 - slot];
      return group && { kind: 'group', index: -1 - slot, group };
    }
    const nested = lines.nested?.[index] ?? 0;
    return {
      kind: 'row',
      slot,
      depth: lines.depths?.[index] ?? 0,
      nested,
      nestedFailures: lines.nestedFailures?.[index] ?? 0,
      isOpen: nested > 0 && this.#toggled.has(keyOfRow(this.#store, slot)) === this.#isUsuallyClosed,
    };
  }

  /** The slot of a line; -1 of what is no row. */
  slotAt(index: number): number {
    const line = this.lineAt(index);
    return line?.kind === 'row' ? line.slot : -1;
  }

  /** The line of a slot, or -1: it is not shown, or in a group that is closed. */
  indexOf(slot: number): number {
    this.#refresh();
    const lines = this.#lines;
    if (!lines) return (this.#sorted ?? this.#view).indexOf(slot);
    const index = lines.lines.indexOf(slot);
    return index < lines.length ? index : -1;
  }

  indexOfGroup(key: string): number {
    this.#refresh();
    const lines = this.#lines;
    const group = lines?.groups.findIndex((each) => each.key === key) ?? -1;
    if (!lines || group < 0) return -1;
    const index = lines.lines.indexOf(-1 - group);
    return index < lines.length ? index : -1;
  }

  /** Opens what is closed, and closes what is open. */
  toggle(key: string): void {
    if (!this.#toggled.delete(key)) this.#toggled.add(key);
    this.#linesStale = true;
    this.#mayBuildAt = Number.NEGATIVE_INFINITY;
  }

  /** Closes all that can be closed, or opens it. */
  toggleAll(isOpen: boolean): void {
    this.#toggled.clear();
    if (isOpen === this.#isUsuallyClosed) {
      this.#linesStale = true;
      this.#refresh(true);
      for (const key of this.#keys()) this.#toggled.add(key);
    }
    this.#linesStale = true;
    this.#mayBuildAt = Number.NEGATIVE_INFINITY;
  }

  /** Opens what hides a row. */
  open(slot: number): void {
    const lines = this.#lines;
    if (!lines || this.#view.indexOf(slot) < 0 || this.indexOf(slot) >= 0) return;
    const closed = lines.groups.find(
      (group) => !group.isOpen && lines.members.subarray(group.from, group.from + group.count).includes(slot),
    );
    if (closed) this.toggle(closed.key);
    else this.toggleAll(true);
  }

  /** The slots of a group's rows. */
  membersOf(group: Group): Int32Array {
    return this.#lines?.members.subarray(group.from, group.from + group.count) ?? new Int32Array(0);
  }

  /** Of a group's durations, the one that 95 % do not exceed; NaN where it has none. */
  percentile(group: Group): number {
    const known = this.#percentiles.get(group);
    if (known !== undefined) return known;
    const durations = new Float32Array(group.count);
    let count = 0;
    for (const slot of this.membersOf(group)) {
      const duration = this.#store.read(slot, (rows, at) => rows.duration[at]) ?? Number.NaN;
      if (!Number.isNaN(duration)) durations[count++] = duration;
    }
    const sorted = durations.subarray(0, count).sort();
    const percentile = count === 0 ? Number.NaN : (sorted[Math.ceil(count * 0.95) - 1] ?? Number.NaN);
    this.#percentiles.set(group, percentile);
    return percentile;
  }

  get #isUsuallyClosed(): boolean {
    return this.#order.grouping === 'none';
  }

  *#keys(): Iterable<string> {
    const lines = this.#lines;
    if (!lines) return;
    for (const { key } of lines.groups) yield key;
    for (let at = 0; at < lines.length; at++) {
      if ((lines.nested?.[at] ?? 0) > 0) yield keyOfRow(this.#store, lines.lines[at] ?? -1);
    }
  }

  #refresh(isUrgent = false): void {
    const { start, end } = this.#store;
    const isNew = this.#seen !== end || this.#start !== start || this.#changed.size > 0;
    if (isNew) {
      this.#linesStale = true;
      if (this.#sorted) {
        const added: number[] = [];
        for (let at = this.#view.placeOf(this.#seen); at < this.#view.length; at++) {
          added.push(this.#view.slotAt(at) ?? 0);
        }
        for (const slot of this.#changed) if (slot >= this.#seen) this.#changed.delete(slot);
        this.#sorted.update(this.#view, this.#changed, added);
      }
      this.#seen = end;
      this.#start = start;
      this.#changed.clear();
    }
    if (this.isPlain || !this.#linesStale) return;
    const began = this.#now();
    if (this.#lines && !isUrgent && began < this.#mayBuildAt) return;
    this.#linesStale = false;
    this.#percentiles.clear();
    const order = this.#sorted ?? this.#view;
    const { grouping } = this.#order;
    this.#lines =
      grouping === 'none'
        ? foldLines(this.#store, order, this.#toggled)
        : groupLines(this.#store, order, grouping, this.#toggled);
    const ended = this.#now();
    this.#mayBuildAt = ended + (ended - began) * (1 / BUSY_SHARE - 1);
  }
}
