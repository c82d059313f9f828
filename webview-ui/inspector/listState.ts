/** What the list shows and how, what is selected in it, and everything one can do to it. */
import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals';
import {
  type CopyFormat,
  type ListAction,
  MOST_AT_ONCE,
  type Row,
  type ToInspector,
} from '#core/inspector-messages.ts';
import { addTerm, textTerm } from '#core/filter/edit.ts';
import { parsePath } from '#core/filter/path.ts';
import { CellValues } from './cellValues.ts';
import { type BuiltIn, type ColumnId, DEFAULT_COLUMNS, isBuiltIn } from './columns.ts';
import { formatCount } from './format.ts';
import { type Grouping, GROUPINGS, keyOfRow } from './grouping.ts';
import type { Host } from './host.ts';
import { IdSet } from './idSet.ts';
import type { Clock, Inspector } from './inspector.ts';
import type { ListArrangement, TimeMode } from './listArrangement.ts';
import { Listing } from './listing.ts';
import { sortKey } from './sortKeys.ts';
import type { RowTest } from './store.ts';
import { viewOfAction } from './viewOfAction.ts';

/** What is open above the list. */
export type Panel = 'none' | 'columns' | 'keys' | 'goTo';

export class ListState {
  readonly listing: Listing;
  readonly cells: CellValues;
  readonly panel = signal<Panel>('none');
  /** the record whose note is being written, 0 for none */
  readonly noting = signal(0);
  /** the group that the keys are on; undefined: they are on the selected message */
  readonly cursor = signal<{ readonly key: string } | undefined>(undefined);
  readonly selection: ReadonlySignal<IdSet>;
  /** when the session's clock was 0, in ms since 1970 */
  epoch: number | undefined;

  readonly #inspector: Inspector;
  readonly #host: Host;
  /** counts while its lead is the selected message */
  readonly #picked: Signal<{ readonly ids: IdSet; readonly lead: number }> = signal({ ids: IdSet.none, lead: 0 });
  #anchor = 0;

  constructor(inspector: Inspector, host: Host, clock: Clock) {
    this.#inspector = inspector;
    this.#host = host;
    this.listing = new Listing(inspector.store, inspector.view, () => clock.now());
    this.cells = new CellValues({
      post: (message) => host.post(message),
      later: (task) => void clock.later(task, 20),
      changed: () => inspector.draw(),
    });
    this.selection = computed(() => {
      const { ids, lead } = this.#picked.value;
      const selected = inspector.selected.value;
      return selected === lead ? ids : selected === 0 ? IdSet.none : IdSet.of([selected]);
    });
    this.#applyOrder();
  }

  get arrangement(): ListArrangement {
    return this.#inspector.arrangement.value.list;
  }

  /** Takes what is about the list; false where it is not. */
  receive(message: ToInspector): message is Extract<ToInspector, { kind: 'act' | 'cells' }> {
    if (message.kind === 'act') this.act(message.action);
    else if (message.kind === 'cells') this.cells.receive(message.path, message.cells);
    else return false;
    return true;
  }

  /** The view was filtered anew. */
  reset(): void {
    this.listing.reset();
    this.cursor.value = undefined;
  }

  /** Rows changed. */
  changed(slots: readonly number[]): void {
    this.listing.changed(slots);
    this.cells.forget(slots.map((slot) => this.#inspector.store.row(slot)?.id ?? 0));
  }

  /** All rows are gone. */
  clear(): void {
    this.cells.clear();
    this.noting.value = 0;
  }

  // Columns and order

  /** Ascending, descending, and back to the order in which messages came. */
  sortBy(column: BuiltIn): void {
    const { sort } = this.arrangement;
    if (sort?.column !== column) this.#arrange({ sort: { column, isDescending: false } });
    else this.#arrange({ sort: sort.isDescending ? null : { column, isDescending: true } });
  }

  setGrouping(grouping: Grouping): void {
    this.#arrange({ grouping });
  }

  setFolding(isFolding: boolean): void {
    this.#arrange({ isFolding });
  }

  setTime(time: TimeMode): void {
    this.#arrange({ time });
  }

  /** Shows a column, at the end of those shown, or hides it; the last one stays. */
  showColumn(id: ColumnId, isShown: boolean): void {
    const others = this.arrangement.columns.filter((each) => each !== id);
    if (isShown) this.#arrange({ columns: [...others, id] });
    else if (others.length > 0) {
      const { sort } = this.arrangement;
      this.#arrange({ columns: others, ...(sort?.column === id && { sort: null }) });
    }
  }

  /** Moves a column before another, or by places. */
  moveColumn(id: ColumnId, to: { readonly before: ColumnId | undefined } | { readonly by: number }): void {
    const { columns } = this.arrangement;
    const from = columns.indexOf(id);
    if (from < 0) return;
    const others = columns.filter((each) => each !== id);
    const before = 'by' in to ? -1 : to.before === undefined ? others.length : others.indexOf(to.before);
    const place = 'by' in to ? from + to.by : before < 0 ? from : before;
    others.splice(Math.min(others.length, Math.max(0, place)), 0, id);
    this.#arrange({ columns: others });
  }

  resetColumns(): void {
    this.#inspector.arrange({ columns: {} });
    this.#arrange({ columns: DEFAULT_COLUMNS });
  }

  /** Adds a column for a path; false where it is none. */
  addPath(path: string): boolean {
    if (!parsePath(path)) return false;
    const id: ColumnId = `path:${path.trim()}`;
    if (!this.arrangement.columns.includes(id)) this.showColumn(id, true);
    return true;
  }

  // Selection

  /** The line that keys act on, or -1. */
  get currentIndex(): number {
    const { listing, cursor } = this;
    return cursor.value ? listing.indexOfGroup(cursor.value.key) : this.indexOf(this.#inspector.selected.value);
  }

  /** The line of a record, or -1. */
  indexOf(id: number): number {
    const slot = id === 0 ? -1 : this.#inspector.store.slotOf(id);
    return slot < 0 ? -1 : this.listing.indexOf(slot);
  }

  /** To a line; extending selects all from where it began. */
  moveTo(index: number, isExtending = false): void {
    const { listing } = this;
    const place = Math.min(Math.max(0, index), listing.length - 1);
    const line = listing.lineAt(place);
    if (!line) return;
    if (line.kind === 'group') {
      this.cursor.value = { key: line.group.key };
      return;
    }
    const id = this.#inspector.store.row(line.slot)?.id;
    if (id !== undefined) this.pick(id, isExtending ? 'range' : 'one');
  }

  pick(id: number, how: 'one' | 'range' | 'toggle'): void {
    this.cursor.value = undefined;
    const before = this.selection.peek();
    const from = how === 'range' ? this.indexOf(this.#anchor) : -1;
    if (how === 'toggle') {
      const ids = before.toggled(id);
      this.#anchor = id;
      // The last one that is left leads, so that the details belong to what is selected.
      this.#select(ids, ids.has(id) ? id : ([...ids].at(-1) ?? 0));
    } else if (from >= 0) this.#select(IdSet.of(this.#idsBetween(from, this.indexOf(id))), id);
    else {
      this.#anchor = id;
      this.#select(IdSet.of([id]), id);
    }
    this.#inspector.reveal.value = { id };
  }

  pickAll(): void {
    const { listing } = this;
    const all = IdSet.of(this.#idsBetween(0, listing.length - 1));
    const { selected } = this.#inspector;
    const lead = all.has(selected.value) ? selected.value : ([...all].at(-1) ?? 0);
    this.#select(all, lead);
  }

  /** The cursor goes into what is below a line, or opens it. */
  openLine(): void {
    this.#toggleLine(true);
  }

  /** Closes a line, or goes to the one it is below. */
  closeLine(): void {
    this.#toggleLine(false);
  }

  toggleGroup(key: string): void {
    this.listing.toggle(key);
    this.#inspector.frame.value++;
  }

  // Actions

  act(action: ListAction): void {
    const shown = this.#inspector.arrangement.value.view;
    const view = viewOfAction(action, shown);
    if (view !== shown) this.#inspector.arrange({ view });
    this.#actions[action]();
  }

  readonly #actions: Readonly<Record<ListAction, () => void>> = {
    nextFailure: () => this.#inspector.selectFailure(1),
    previousFailure: () => this.#inspector.selectFailure(-1),
    nextSame: () => this.#selectSame(1),
    previousSame: () => this.#selectSame(-1),
    goToMessage: () => (this.panel.value = 'goTo'),
    resend: () => this.#withSelected((id) => this.#inspector.resend(id)),
    editResend: () => this.#withSelected((id) => this.#inspector.edit(id)),
    mark: () => this.#mark(),
    note: () => this.#withSelected((id) => (this.noting.value = id)),
    compare: () => this.#withSelected(() => this.#inspector.diff([...this.selection.value])),
    copyJson: () => this.copy('json'),
    copyInvoke: () => this.copy('invoke'),
    copyText: () => this.copy('text'),
    openPayload: () => this.#withSelected((id) => this.#inspector.openInEditor(id, 'body')),
    toggleRecording: () => this.#inspector.togglePaused(),
    toggleSequence: () => this.#inspector.toggleSequence(),
    showKeys: () => this.#togglePanel('keys'),
    chooseColumns: () => this.#togglePanel('columns'),
    groupBy: () => this.setGrouping(next(GROUPINGS, this.arrangement.grouping)),
    foldRepeated: () => this.setFolding(!this.arrangement.isFolding),
    collapseAll: () => this.#toggleAll(false),
    expandAll: () => this.#toggleAll(true),
    filterName: () => this.#filterBy(nameTerm),
    filterWindow: () => this.#filterBy((row) => textTerm('win', row.window)),
    filterStatus: () => this.#filterBy((row) => `is:${row.status}`),
    excludeName: () => this.#filterBy((row) => `-${nameTerm(row)}`),
    showChain: () => {
      this.setGrouping('chain');
      this.#withSelected((id) => this.#inspector.goTo(id));
    },
    answerByHand: () => this.#withSelected((id) => this.#inspector.actOnAnswer(id, 'byHand')),
    answerAlways: () => this.#withSelected((id) => this.#inspector.actOnAnswer(id, 'always')),
  };

  copy(format: CopyFormat): void {
    const ids = this.#few();
    if (ids) this.#host.post({ kind: 'copyMessages', ids, as: format });
  }

  /** Keeps a note; an empty one is taken away. */
  setNote(id: number, comment: string): void {
    this.noting.value = 0;
    this.#host.post({ kind: 'annotate', ids: [id], comment: comment.trim() });
  }

  /** To a number, or the nearest that is kept after it. */
  goToNumber(id: number): void {
    const { store } = this.#inspector;
    if (store.slotOf(id) >= 0) this.#inspector.goTo(id);
    else this.#say(`There is no message #${id} here.`);
  }

  reportFocus(focused: boolean, typing: boolean): void {
    this.#host.post({ kind: 'focus', focused, typing });
  }

  #arrange(part: Partial<ListArrangement>): void {
    this.#inspector.arrange({ list: { ...this.arrangement, ...part } });
    if ('sort' in part || 'grouping' in part || 'isFolding' in part) this.#applyOrder();
  }

  #applyOrder(): void {
    const { sort, grouping, isFolding } = this.arrangement;
    const { store, viewVersion, reveal, selected } = this.#inspector;
    this.cursor.value = undefined;
    this.listing.order = {
      key: sort && isBuiltIn(sort.column) ? sortKey(sort.column, store) : undefined,
      isDescending: sort?.isDescending ?? false,
      grouping,
      isFolding: isFolding && grouping === 'none',
    };
    viewVersion.value++;
    if (selected.value !== 0) reveal.value = { id: selected.value };
  }

  #select(ids: IdSet, lead: number): void {
    this.#inspector.select(lead);
    this.#picked.value = { ids, lead };
  }

  *#idsBetween(from: number, to: number): Iterable<number> {
    const { store } = this.#inspector;
    for (let index = Math.min(from, to); index <= Math.max(from, to); index++) {
      const id = store.read(this.listing.slotAt(index), (rows, at) => rows.id[at]);
      if (id !== undefined) yield id;
    }
  }

  #toggleLine(isOpening: boolean): void {
    const { listing } = this;
    const index = this.currentIndex;
    const line = listing.lineAt(index);
    if (!line) return;
    const isParent = line.kind === 'group' || line.nested > 0;
    const isOpen = line.kind === 'group' ? line.group.isOpen : line.isOpen;
    if (isParent && isOpen !== isOpening) {
      this.toggleGroup(line.kind === 'group' ? line.group.key : keyOfRow(this.#inspector.store, line.slot));
    } else if (isOpening && isParent) this.moveTo(index + 1);
    else if (!isOpening && line.kind === 'row' && line.depth > 0) this.moveTo(this.#parentOf(index, line.depth));
  }

  #parentOf(index: number, depth: number): number {
    for (let at = index - 1; at > 0; at--) {
      const line = this.listing.lineAt(at);
      if (line?.kind === 'group' || (line && line.depth < depth)) return at;
    }
    return 0;
  }

  #toggleAll(isOpen: boolean): void {
    this.listing.toggleAll(isOpen);
    this.#inspector.frame.value++;
  }

  #togglePanel(panel: Panel): void {
    this.panel.value = this.panel.value === panel ? 'none' : panel;
  }

  /** Nothing is done to a message that is not in sight. */
  get #showsMessages(): boolean {
    return this.#inspector.arrangement.value.view !== 'statistics';
  }

  #withSelected(action: (id: number) => void): void {
    const id = this.#inspector.selected.value;
    if (id === 0 || !this.#showsMessages) this.#say('Select a message first.');
    else action(id);
  }

  /** What is selected, where it is not too much. */
  #few(): number[] | undefined {
    const { size } = this.selection.value;
    if (size === 0 || !this.#showsMessages) this.#say('Select a message first.');
    else if (size > MOST_AT_ONCE) this.#say(`At most ${formatCount(MOST_AT_ONCE)} messages at once.`);
    else return [...this.selection.value];
    return undefined;
  }

  #mark(): void {
    const ids = this.#few();
    if (!ids) return;
    // As one: where some are marked and some are not, all are afterwards.
    const marked = ids.some((id) => this.#inspector.find(id)?.marked !== true);
    this.#host.post({ kind: 'annotate', ids, marked });
  }

  #selectSame(step: 1 | -1): void {
    const isSame = this.#sameTest();
    if (!isSame) return;
    const { listing } = this;
    const { store } = this.#inspector;
    for (let index = this.currentIndex + step; index >= 0 && index < listing.length; index += step) {
      if (!store.test(listing.slotAt(index), isSame)) continue;
      this.moveTo(index);
      return;
    }
    this.#say(step > 0 ? 'No later one of the same name is shown.' : 'No earlier one of the same name is shown.');
  }

  /** Whether a row is of the same command (or event) as the selected one. */
  #sameTest(): RowTest | undefined {
    const { store, selected } = this.#inspector;
    const same = store.read(store.slotOf(selected.value), (rows, at) => [rows.kind[at], rows.name[at]] as const);
    return same && ((rows, at) => rows.kind[at] === same[0] && rows.name[at] === same[1]);
  }

  #filterBy(termOf: (row: Row) => string): void {
    const row = this.#inspector.find(this.#inspector.selected.value);
    if (!row) return;
    this.#inspector.setFilter(addTerm(this.#inspector.arrangement.value.filter, termOf(row)));
  }

  #say(notice: string): void {
    this.#inspector.notice.value = notice;
  }
}

const nameTerm = (row: Row) => textTerm(row.kind === 'event' ? 'event' : 'cmd', row.name);

function next<T>(all: readonly T[], one: T): T {
  return all[(all.indexOf(one) + 1) % all.length] ?? one;
}
