/**
 * The inspector's state and everything one can do to it. The views are functions of it: they read the signals, and
 * `frame` tells them that rows came, changed or went, at most once for each frame that the browser draws.
 */
import { computed, type Signal, signal } from '@preact/signals';
import type { PathRoot } from '#core/filter/ast.ts';
import type { FoundPart } from '#core/filter/find.ts';
import type { PermissionReport } from '#core/acl/report.ts';
import type {
  AnswerAction,
  AnswerReport,
  ComparePart,
  Detail,
  FromInspector,
  Row,
  SlicePart,
  ToInspector,
  WaitingCommand,
} from '#core/inspector-messages.ts';
import type { Host } from './host.ts';
import { previousOf } from './links.ts';
import { Origins } from './origins.ts';
import { DEFAULT_LIST, type ListArrangement, readListArrangement } from './listArrangement.ts';
import { ListState } from './listState.ts';
import { mergePayload, type Payload } from './payload.ts';
import { type ChosenModes, Payloads, readModes } from './payloads.ts';
import { Recorder } from './recorder.tsx';
import { NOTHING_RUNS, Recordings } from './recordings.ts';
import { RowView } from './rowView.ts';
import { Steps } from './steps.ts';
import { ColumnStore } from './store.ts';
import { addTerm, pathTerm, textTerm } from '#core/filter/edit.ts';
import type { SavedFilter } from '#core/filter/saved.ts';
import { readRange, writeRange } from './time/brush.ts';
import { TimeViews, VIEWS, type View } from './time/time-views.ts';
import { Filtering } from './filtering.ts';
import { Finding } from './finding.ts';
import { type FilterMemory, readMemory } from './filterMemory.ts';
import { wordOf } from './filterTest.ts';
import { isFailure } from './vocabulary.ts';

export interface Arrangement extends FilterMemory {
  readonly view: View;
  readonly filter: string;
  readonly hideInternal: boolean;
  /** the list's share when the details are beside it, and when they are below */
  readonly wideSplit: number;
  readonly tallSplit: number;
  /** column widths in px that somebody chose */
  readonly columns: Readonly<Record<string, number>>;
  /** how payloads are shown */
  readonly modes: ChosenModes;
  readonly list: ListArrangement;
}

export type Shown =
  | { readonly kind: 'loading'; readonly id: number }
  /** the host does not have it any more */
  | { readonly kind: 'gone'; readonly id: number }
  | {
      readonly kind: 'detail';
      readonly id: number;
      readonly detail: Detail;
      readonly body: Payload;
      readonly outcome: Payload;
    };

/** What the inspector needs from the browser; tests hold it still. */
export interface Clock {
  /** Runs a task before the next frame is drawn; `drawn` when it has been, paint included. */
  frame(task: () => void, drawn: () => void): void;
  later(task: () => void, milliseconds: number): number;
  cancel(timer: number): void;
  now(): number;
}

const DEFAULTS: Arrangement = {
  view: 'list',
  filter: '',
  hideInternal: true,
  wideSplit: 0.58,
  tallSplit: 0.5,
  columns: {},
  history: [],
  modes: {},
  list: DEFAULT_LIST,
};

/** While keys repeat or a channel streams, details are asked for not more often than this. */
const DETAIL_PAUSE = 120;

/**
 * Rows that stream in are drawn twenty times a second: nobody reads faster, and drawing is nearly all they cost. Where a
 * frame takes long, less often: a flood takes a twentieth of the page's time, as long as that leaves some frames a second.
 */
const DRAW_PAUSE = { least: 50, most: 300, costs: 20 };

export class Inspector {
  readonly store = new ColumnStore();
  readonly view = new RowView(this.store);
  readonly time = new TimeViews(this.store);

  /** grows when there is something new to draw */
  readonly frame = signal(0);
  /** grows when the view was made anew and places mean something else */
  readonly viewVersion = signal(0);
  readonly recorder = new Recorder();
  readonly paused = signal(false);
  /** rows the host dropped over all the session */
  readonly lost = signal(0);
  /** a record's id, 0 for none */
  readonly selected = signal(0);
  readonly shown = signal<Shown | undefined>(undefined);
  /** why the selected call was refused: asked for when somebody looks at it; null where nothing can be said */
  readonly permission = signal<{ readonly id: number; readonly report: PermissionReport | null } | undefined>(
    undefined,
  );
  /** how the selected call may be answered: asked for when somebody looks at it; null where nothing can be done */
  readonly answer = signal<{ readonly id: number; readonly report: AnswerReport | null } | undefined>(undefined);
  /** calls that wait for the user's answer */
  readonly held = signal<readonly number[]>([]);
  /** commands whose next call will wait for its answer */
  readonly waiting = signal<readonly WaitingCommand[]>([]);
  /** the record whose arguments are being edited */
  readonly editing = signal(0);
  /** a sentence about what just failed */
  readonly notice = signal('');
  /** `id` should be scrolled into sight; a new object for each wish */
  readonly reveal = signal<{ readonly id: number } | undefined>(undefined);
  readonly arrangement: Signal<Arrangement>;
  readonly payloads: Payloads;
  readonly list: ListState;
  readonly filtering: Filtering;
  readonly finding: Finding;
  readonly highlight = computed(() => this.finding.pattern.value ?? this.filtering.highlight.value);

  /** filters with names, which the host keeps for all pages */
  readonly savedFilters = signal<readonly SavedFilter[]>([]);

  readonly recordings: Recordings;
  /** where the selected call came from, and who answers it */
  readonly origins: Origins;

  readonly #host: Host;
  readonly #clock: Clock;
  #streams: RowView[] = [];
  #frameAsked = false;
  #drawn = Number.NEGATIVE_INFINITY;
  /** what the last frame took, in ms */
  #drawCost = 0;
  #detailTimer: number | undefined;
  #detailAsked = Number.NEGATIVE_INFINITY;
  #saveTimer: number | undefined;
  /** session time minus this page's clock */
  #sessionOffset: number | undefined;
  /** a resent call whose row has not come yet */
  #awaited = 0;
  /** a record that the host wants shown, and whose row has not come yet */
  #shownNext = 0;
  #editsNext = false;

  constructor(host: Host, clock: Clock) {
    this.#host = host;
    this.origins = new Origins((question) => host.post(question));
    this.#clock = clock;
    this.recordings = new Recordings({
      post: (message) => host.post(message),
      store: this.store,
      view: this.view,
      selected: () => [...this.list.selection.value],
    });
    this.arrangement = signal({ ...DEFAULTS, ...readArrangement(host.loadState()) });
    const post = (message: FromInspector) => host.post(message);
    this.payloads = new Payloads(this.arrangement.value.modes, {
      post,
      steps: new Steps(clock),
      shown: this.shown,
      notice: this.notice,
      onModes: (modes) => this.#arrange({ modes }),
    });
    this.payloads.actions.filterBy = (root, path, value) => this.#filterBy(root, path, value);
    this.filtering = new Filtering({ store: this.store, post, now: () => this.sessionTime });
    this.finding = new Finding({
      store: this.store,
      view: this.view,
      post,
      show: ({ id, part }) => this.#showMatch(id, part),
      index: () => this.selectedIndex,
    });
    this.list = new ListState(this, host, clock);
    this.payloads.actions.addColumn = (path) => void this.list.addPath(path);
    host.onMessage((message) => this.receive(message));
    host.post({ kind: 'ready' });
    this.setFilter(this.arrangement.value.filter);
  }

  receive(message: ToInspector): void {
    if (this.origins.receive(message) || this.list.receive(message)) return;
    switch (message.kind) {
      case 'rows':
        if (message.first) this.#reset();
        this.#setClock(message.rows.at(-1)?.time, message.now);
        if (message.epoch !== undefined) this.list.epoch = message.epoch;
        {
          const replaced = this.store.append(message.rows);
          this.filtering.take(message.hits);
          this.#changed(replaced);
        }
        this.view.update();
        for (const stream of this.#streams) stream.update();
        if (this.#awaited !== 0 && this.store.slotOf(this.#awaited) >= 0) this.#selectAwaited();
        if (this.#shownNext !== 0 && this.store.slotOf(this.#shownNext) >= 0) this.#showNext();
        break;
      case 'changed':
        {
          const slots = this.store.change(message.rows);
          this.filtering.take(message.hits);
          this.#changed(slots);
        }
        if (message.rows.some((row) => row.id === this.selected.value)) this.#askDetail(this.selected.value);
        break;
      case 'hits': {
        const slots = this.filtering.answer(message.hits, message.done);
        if (slots) {
          this.view.rescan(slots.from, slots.to);
          this.time.rescanned();
        }
        break;
      }
      case 'found':
        this.finding.take(message.find, message.records, message.done);
        return;
      case 'trimmed':
        this.store.trim(message.before);
        this.finding.trim(message.before);
        this.view.update();
        for (const stream of this.#streams) stream.update();
        this.lost.value = message.lost;
        break;
      case 'cleared':
        this.#reset();
        break;
      case 'statistics':
        this.recorder.receive(message.statistics);
        return;
      case 'paused':
        this.paused.value = message.paused;
        return;
      case 'detail':
        this.#showDetail(message.id, message.detail);
        return;
      case 'slice':
        this.payloads.receive(message);
        return;
      case 'permission':
        if (message.id === this.selected.value) this.permission.value = { id: message.id, report: message.report };
        return;
      case 'permissions-changed':
        if (this.permission.value) this.explain(this.permission.value.id);
        return;
      case 'answer':
        if (message.id === this.selected.value) this.answer.value = { id: message.id, report: message.report };
        return;
      case 'answers-changed':
        this.waiting.value = message.waiting;
        this.held.value = message.held;
        if (this.answer.value) this.askAnswer(this.answer.value.id);
        return;
      case 'saved-filters':
        this.savedFilters.value = message.saved;
        return;
      case 'about':
      case 'file-recording':
      case 'ask-export':
        this.recordings.receive(message);
        return;
      case 'filter':
        this.setFilter(message.text);
        return;
      case 'go-to':
        this.#shownNext = message.id;
        this.#editsNext = message.edit === true;
        if (this.store.slotOf(message.id) >= 0) this.#showNext();
        return;
      case 'resent':
        if (message.error !== undefined) this.notice.value = `Not sent: ${message.error}`;
        else if (message.id !== undefined) {
          this.#awaited = message.id;
          if (this.store.slotOf(message.id) >= 0) this.#selectAwaited();
        }
        return;
    }
    this.draw();
  }

  /** The session's clock now, for the age of what waits. */
  get sessionTime(): number {
    // In a recording time stands still.
    return this.recordings.about.value?.sessionTime ?? this.#clock.now() + (this.#sessionOffset ?? 0);
  }

  find(id: number): Row | undefined {
    const slot = this.store.slotOf(id);
    return slot < 0 ? undefined : this.store.row(slot);
  }

  /** The messages that belong to a record: of its own, and of the channels it opened. It stays up to date until it is let go. */
  openStream(id: number): { readonly view: RowView; close(): void } {
    const owners = new Set([id]);
    const view = new RowView(this.store, (rows, at) => {
      if (!owners.has(rows.of[at] ?? 0)) return false;
      owners.add(rows.id[at] ?? 0);
      return true;
    });
    this.#streams.push(view);
    return { view, close: () => (this.#streams = this.#streams.filter((other) => other !== view)) };
  }

  // Filter

  setFilter(filter: string): void {
    if (filter !== this.arrangement.value.filter) this.#arrange({ filter });
    if (this.filtering.set(filter)) this.#applyFilter();
  }

  setHideInternal(hideInternal: boolean): void {
    this.#arrange({ hideInternal });
    this.#applyFilter();
  }

  setSavedFilters(saved: readonly SavedFilter[]): void {
    this.savedFilters.value = saved;
    this.#host.post({ kind: 'save-filters', saved: [...saved] });
  }

  toggleSequence(): void {
    this.arrange({ view: this.arrangement.value.view === 'list' ? 'sequence' : 'list' });
  }

  /** Shows the calls of one command, and of the range of time that is shown now. */
  showCalls(app: string, command: string, hasApps: boolean): void {
    const term = hasApps ? `${textTerm('app', app)} ${textTerm('cmd', command)}` : textTerm('cmd', command);
    this.arrange({ view: 'list' });
    this.setFilter(writeRange(term, readRange(this.arrangement.value.filter)));
  }

  /** Shows what a message was brought about by and what it brought about, as a sequence. */
  showChain(id: number): void {
    this.arrange({ view: 'sequence' });
    this.setFilter(`chain:${id}`);
  }

  /** Asks again of all rows: what waits has got older. */
  recheckAll(): void {
    this.view.rescan(this.store.start, this.store.end);
    this.time.rescanned();
    this.draw();
  }

  /** To the next match of the text in the find bar; the bar opens where there is none, with what the filter looks for. */
  findNext(direction: 1 | -1): void {
    const { finding } = this;
    const text = finding.text.value === '' ? wordOf(this.filtering.filter.value) : finding.text.value;
    if (!finding.isOpen.value) finding.open(text);
    if (text !== '') finding.step(direction);
  }

  arrange(part: Partial<Omit<Arrangement, 'filter' | 'hideInternal'>>): void {
    this.#arrange(part);
  }

  // Selection

  select(id: number): void {
    if (this.selected.value === id) return;
    this.selected.value = id;
    this.editing.value = 0;
    this.notice.value = '';
    this.permission.value = undefined;
    this.answer.value = undefined;
    this.payloads.forget();
    this.shown.value = id === 0 ? undefined : { kind: 'loading', id };
    if (id !== 0) this.#askDetail(id);
  }

  /** Selects a record and brings it into sight, whatever hides it. */
  goTo(id: number): void {
    if (this.arrangement.value.view === 'statistics') this.arrange({ view: 'list' });
    const slot = this.store.slotOf(id);
    if (slot >= 0 && this.view.indexOf(slot) < 0) {
      this.#arrange({ hideInternal: false });
      this.setFilter('');
    }
    this.list.listing.open(slot);
    this.list.pick(id, 'one');
  }

  selectAt(index: number): void {
    this.list.moveTo(index);
  }

  /** The place of the selected record in the list, or -1. */
  get selectedIndex(): number {
    return this.list.indexOf(this.selected.value);
  }

  /** Selects the next (or previous) row that went wrong, round the ends. */
  selectFailure(step: 1 | -1): void {
    const { listing, currentIndex } = this.list;
    const { length } = listing;
    const from = currentIndex < 0 ? (step > 0 ? -1 : length) : currentIndex;
    for (let tried = 1; tried <= length; tried++) {
      const index = (((from + step * tried) % length) + length) % length;
      if (this.store.test(listing.slotAt(index), isFailure)) {
        this.selectAt(index);
        return;
      }
    }
    this.notice.value = 'Nothing shown here has failed.';
  }

  // Acting on the host

  clear(): void {
    this.#host.post({ kind: 'clear' });
  }

  togglePaused(): void {
    if (this.recordings.about.value) return;
    // Shown at once; the host's own word follows and counts.
    this.paused.value = !this.paused.value;
    this.#host.post({ kind: 'pause', paused: this.paused.value });
  }

  resend(id: number, payload?: string): void {
    if (this.find(id)?.kind !== 'invoke') {
      this.notice.value = 'Only calls can be sent again.';
      return;
    }
    if (this.recordings.about.value) {
      this.notice.value = `${NOTHING_RUNS}.`;
      return;
    }
    this.notice.value = '';
    this.#host.post(payload === undefined ? { kind: 'resend', id } : { kind: 'resend', id, payload });
  }

  edit(id: number): void {
    if (this.recordings.about.value) this.notice.value = `${NOTHING_RUNS}.`;
    else if (this.find(id)?.kind === 'invoke') this.editing.value = id;
    else this.notice.value = 'Only calls can be sent again.';
  }

  openInEditor(id: number, part: SlicePart): void {
    this.#host.post({ kind: 'open', id, part });
  }

  /** Compares messages in VS Code; one alone with the one before it that has the same name. */
  diff(ids: readonly number[], part: ComparePart = 'both'): void {
    const [id = 0] = ids;
    const row = ids.length === 1 ? this.find(id) : undefined;
    const previous = row && previousOf(this.store, row);
    this.payloads.diff(previous === undefined ? ids : [previous, id], part);
  }

  /** Asks why a call was refused. */
  explain(id: number): void {
    this.#host.post({ kind: 'explain', id });
  }

  openCapability(id: number, capability: string, permission?: string): void {
    this.#host.post({ kind: 'openCapability', id, capability, ...(permission !== undefined && { permission }) });
  }

  addPermission(id: number, permission: string): void {
    this.#host.post({ kind: 'addPermission', id, permission });
  }

  /** Asks how a call may be answered. */
  askAnswer(id: number): void {
    this.#host.post({ kind: 'askAnswer', id });
  }

  actOnAnswer(id: number, action: AnswerAction): void {
    this.#host.post({ kind: 'answer', id, action });
  }

  /** Answers a call that waits. */
  sendAnswer(id: number, ok: boolean, json: string): void {
    this.#host.post({ kind: 'sendAnswer', id, ok, json });
  }

  disarm({ app, command }: WaitingCommand): void {
    this.#host.post({ kind: 'disarm', app, command });
  }

  copy(text: string): void {
    this.#host.post({ kind: 'copy', text });
  }

  run(command: 'openApp' | 'openDemo' | 'openInspectorInEditor' | 'copyMessages'): void {
    this.#host.post({ kind: 'command', command });
  }

  #filterBy(root: PathRoot, path: readonly (string | number)[], value: unknown): void {
    this.setFilter(addTerm(this.arrangement.value.filter, pathTerm(root, path, value)));
  }

  /** Matches are counted in the text of bodies, so that is what shows them. */
  #showMatch(id: number, part: FoundPart): void {
    if (part === 'body' || part === 'outcome') this.payloads.showText();
    this.select(id);
    this.reveal.value = { id };
  }

  #selectAwaited(): void {
    const id = this.#awaited;
    this.#awaited = 0;
    // Not `goTo`: the answer may be one that the filter leaves out, and the filter is the user's.
    this.select(id);
    this.reveal.value = { id };
  }

  #showNext(): void {
    const id = this.#shownNext;
    this.#shownNext = 0;
    this.goTo(id);
    if (this.#editsNext) this.edit(id);
  }

  #reset(): void {
    this.store.clear();
    this.time.clear();
    this.list.clear();
    this.lost.value = 0;
    this.select(0);
    this.#applyFilter();
  }

  #changed(slots: readonly number[]): void {
    if (slots.length === 0) return;
    this.view.recheck(slots);
    this.time.changed(slots);
    this.list.changed(slots);
    for (const stream of this.#streams) stream.recheck(slots);
  }

  #applyFilter(): void {
    this.view.setTest(this.filtering.test(this.arrangement.value.hideInternal));
    this.list.reset();
    this.viewVersion.value++;
    if (this.selected.value !== 0) this.reveal.value = { id: this.selected.value };
  }

  #askDetail(id: number): void {
    if (this.#detailTimer !== undefined) this.#clock.cancel(this.#detailTimer);
    const ask = () => {
      this.#detailTimer = undefined;
      this.#detailAsked = this.#clock.now();
      this.#host.post({ kind: 'detail', id });
    };
    const wait = this.#detailAsked + DETAIL_PAUSE - this.#clock.now();
    if (wait <= 0) ask();
    else this.#detailTimer = this.#clock.later(ask, wait);
  }

  #showDetail(id: number, detail: Detail | null): void {
    if (id !== this.selected.value) return;
    const before = this.shown.value?.kind === 'detail' ? this.shown.value : undefined;
    this.shown.value = detail
      ? {
          kind: 'detail',
          id,
          detail,
          body: mergePayload(before?.body, detail.body),
          outcome: mergePayload(before?.outcome, detail.outcome),
        }
      : (before ?? { kind: 'gone', id });
  }

  #arrange(part: Partial<Arrangement>): void {
    this.arrangement.value = { ...this.arrangement.value, ...part };
    if (this.#saveTimer !== undefined) this.#clock.cancel(this.#saveTimer);
    this.#saveTimer = this.#clock.later(() => this.#host.saveState(this.arrangement.value), 250);
  }

  #setClock(lastTime: number | undefined, now: number | undefined): void {
    const time = now ?? lastTime;
    if (time === undefined) return;
    // Messages need time to get here, so the largest difference is the nearest to the truth.
    this.#sessionOffset = Math.max(this.#sessionOffset ?? Number.NEGATIVE_INFINITY, time - this.#clock.now());
  }

  /** Draws what there is, soon, and once for all that asks until then. */
  draw(): void {
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    const ask = () =>
      this.#clock.frame(
        () => {
          this.#frameAsked = false;
          this.#drawn = this.#clock.now();
          // Only pictures need it: once for all rows that came since the last one.
          this.time.update();
          this.frame.value++;
        },
        () => {
          this.#drawCost = this.#clock.now() - this.#drawn;
        },
      );
    const { least, most, costs } = DRAW_PAUSE;
    const pause = Math.min(most, Math.max(least, this.#drawCost * costs));
    const wait = this.#drawn + pause - this.#clock.now();
    if (wait <= 0) ask();
    else this.#clock.later(ask, wait);
  }
}

/** State of an older version, or of nobody, must not keep the page from opening. */
function readArrangement(state: unknown): Partial<Arrangement> {
  if (typeof state !== 'object' || state === null) return {};
  const { view, filter, hideInternal, wideSplit, tallSplit, columns, modes, list } = state as Partial<
    Record<keyof Arrangement, unknown>
  >;
  return {
    ...((VIEWS as readonly unknown[]).includes(view) ? { view: view as View } : {}),
    ...(typeof filter === 'string' ? { filter } : {}),
    ...(typeof hideInternal === 'boolean' ? { hideInternal } : {}),
    ...(isShare(wideSplit) ? { wideSplit } : {}),
    ...(isShare(tallSplit) ? { tallSplit } : {}),
    modes: readModes(modes),
    ...(typeof columns === 'object' && columns !== null
      ? { columns: Object.fromEntries(Object.entries(columns).filter(([, width]) => typeof width === 'number')) }
      : {}),
    ...readMemory(state),
    list: readListArrangement(list),
  };
}

const isShare = (value: unknown): value is number => typeof value === 'number' && value > 0 && value < 1;
