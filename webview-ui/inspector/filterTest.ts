/**
 * Filters as tests of the list's columns. Most terms are tests of integers: names are asked once for each different
 * name. Terms about bodies are the host's work; their answers stand in the column `hits`, a bit for each term.
 */
import type { Filter, NumberKey, State, Term, TextKey } from '#core/filter/ast.ts';
import { isBuiltInEvent, isInternalName } from '#core/filter/internal.ts';
import { printFilter } from '#core/filter/print.ts';
import {
  answererNames,
  commandNames,
  comparison,
  limitOf,
  limitsOf,
  LONGEST_CHAIN,
  NEAR_MS,
  pluginNames,
  rangeTest,
  windowNames,
} from '#core/filter/record-test.ts';
import {
  anyOf,
  escapePattern,
  itemTest,
  jsonForm,
  jsonWordTest,
  partTest,
  regexTest,
  type TextTest,
  wordTest,
} from '#core/filter/text.ts';
import { ANSWERERS } from '#core/call.ts';
import { DIRECTIONS, KINDS, STATUSES } from '#core/record.ts';
import type { Columns, ColumnStore, RowTest } from './store.ts';

/** Terms of which the columns know nothing, or only the beginning. */
const HOST_STATES: ReadonlySet<State> = new Set(['slow', 'duplicate', 'binary', 'lost']);

function isForHost(term: Term): boolean {
  switch (term.kind) {
    case 'word':
    case 'regex':
    case 'path':
      return true;
    case 'is':
      return term.states.some((state) => HOST_STATES.has(state));
    case 'text':
      return term.key === 'src';
    default:
      return false;
  }
}

/** What of a filter the host must answer, as texts, and what may keep it from looking at all bodies. */
export interface HostTerms {
  readonly terms: readonly string[];
  /** a filter of columns that all hits must pass; empty where there is none */
  readonly where: string;
}

/** The host answers so many terms; of more the list knows only what its columns say. */
export const MOST_TERMS = 32;

export function hostTerms(filter: Filter | undefined): HostTerms {
  if (!filter) return { terms: [], where: '' };
  const terms = new Set(leavesOf(filter).filter(isForHost).map(printFilter));
  const parts = filter.kind === 'and' ? filter.of : [filter];
  const cheap = parts.filter((part) => !leavesOf(part).some(isForHost));
  // What changes without a new record cannot be decided once.
  const lasting = cheap.filter((part) => !leavesOf(part).some(isPassing));
  const where = lasting.map((part) => (part.kind === 'or' ? `(${printFilter(part)})` : printFilter(part))).join(' ');
  return { terms: [...terms].slice(0, MOST_TERMS), where };
}

/** Whether a filter's verdict changes while nothing happens: `age` goes on. */
export const agesWithTime = (filter: Filter | undefined) => filter !== undefined && leavesOf(filter).some(isPassing);

const isPassing = (term: Term) => (term.kind === 'number' || term.kind === 'compare') && term.key === 'age';

function leavesOf(filter: Filter): readonly Term[] {
  if (filter.kind === 'and' || filter.kind === 'or') return filter.of.flatMap(leavesOf);
  return filter.kind === 'not' ? leavesOf(filter.of) : [filter];
}

/** The places of the words that a reader looks for, to mark them; undefined where there are none. */
export function highlightPattern(filter: Filter | undefined): RegExp | undefined {
  const sources = filter ? positiveSources(filter) : [];
  if (sources.length === 0) return undefined;
  try {
    return new RegExp(sources.join('|'), 'gi');
  } catch {
    // Two expressions name the same group: each is one, together they are none.
    return undefined;
  }
}

/** The first word that a filter looks for; empty where there is none. */
export function wordOf(filter: Filter | undefined): string {
  if (!filter) return '';
  if (filter.kind === 'and' || filter.kind === 'or') return filter.of.map(wordOf).find((word) => word !== '') ?? '';
  return filter.kind === 'word' ? filter.text : '';
}

function positiveSources(filter: Filter): readonly string[] {
  if (filter.kind === 'and' || filter.kind === 'or') return filter.of.flatMap(positiveSources);
  if (filter.kind === 'word') return [...new Set([filter.text, jsonForm(filter.text)])].map(escapePattern);
  return filter.kind === 'regex' ? [`(?:${filter.source})`] : [];
}

export interface FilterColumns {
  readonly store: ColumnStore;
  /** the terms that the host was asked, by their bits */
  readonly asked: readonly string[];
  /** the session's clock */
  readonly now: () => number;
}

/** Without a filter there is nothing to test. */
export function compileColumns(filter: Filter | undefined, columns: FilterColumns): RowTest | undefined {
  return filter && new Compiler(columns).compile(filter, false).test;
}

/** Rows that are not internal. */
export function compileShown(store: ColumnStore): RowTest {
  const internal = internalTest(store);
  return (rows, at) => !internal(rows, at);
}

interface Compiled {
  readonly test: RowTest;
  /** cheap tests are asked first: 0 integers, 1 strings of few rows, 2 a text of each row */
  readonly cost: number;
}

class Compiler {
  readonly #columns: FilterColumns;
  readonly #store: ColumnStore;

  constructor(columns: FilterColumns) {
    this.#columns = columns;
    this.#store = columns.store;
  }

  /** `isNegated` goes down to the terms: what is not known yet fits neither a term nor its opposite. */
  compile(filter: Filter, isNegated: boolean): Compiled {
    if (filter.kind === 'not') return this.compile(filter.of, !isNegated);
    if (filter.kind !== 'and' && filter.kind !== 'or') return this.#leaf(filter, isNegated);
    const parts = filter.of
      .map((part) => this.compile(part, isNegated))
      .toSorted((one, other) => one.cost - other.cost);
    const isAnd = (filter.kind === 'and') !== isNegated;
    const tests = parts.map(({ test }) => test);
    return { test: tests.reduce(isAnd ? both : either), cost: Math.max(...parts.map(({ cost }) => cost)) };
  }

  #leaf(term: Term, isNegated: boolean): Compiled {
    if (isForHost(term)) return this.#answered(term, isNegated);
    const { test, cost } = this.#term(term);
    return { test: isNegated ? (rows, at) => !test(rows, at) : test, cost };
  }

  /** By the host's answer; until it is there by what the columns show, where they show something. */
  #answered(term: Term, isNegated: boolean): Compiled {
    const bit = this.#columns.asked.indexOf(printFilter(term));
    const mask = bit < 0 ? 0 : (1 << bit) >>> 0;
    const shown = this.#shown(term);
    const guess: RowTest = shown ? (rows, at) => shown(rows, at) !== isNegated : () => false;
    if (mask === 0) return { test: guess, cost: 2 };
    return {
      test: (rows, at) =>
        rows.answered[at] === 1 ? (((rows.hits[at] ?? 0) & mask) !== 0) !== isNegated : guess(rows, at),
      cost: 2,
    };
  }

  #shown(term: Term): RowTest | undefined {
    if (term.kind === 'word') return this.#anywhere(wordTest(term.text), jsonWordTest(term.text));
    if (term.kind === 'regex') return this.#anywhere(regexTest(term), regexTest(term));
    return undefined;
  }

  #anywhere(test: TextTest, testJson: TextTest): RowTest {
    const inName = onceForEachString(this.#store, test);
    const inKind = KINDS.map(test);
    const inStatus = STATUSES.map(test);
    const inText = (text: string | undefined) => text !== undefined && test(text);
    return (rows, at) =>
      inName(rows.name[at] ?? 0) ||
      inName(rows.window[at] ?? 0) ||
      inKind[rows.kind[at] ?? 0] === true ||
      inStatus[rows.status[at] ?? 0] === true ||
      testJson(rows.preview[at] ?? '') ||
      (rows.noted[at] === 1 && (inText(rows.note.get(at)) || inText(rows.comment.get(at))));
  }

  #term(term: Term): Compiled {
    switch (term.kind) {
      case 'is':
        return { test: term.states.map((state) => this.#state(state)).reduce(either), cost: 0 };
      case 'text':
        return this.#text(term.key, term.items.map(term.key === 'note' ? partTest : itemTest));
      case 'number':
        return this.#number(term.key, anyOf(term.ranges.map((range) => rangeTest(limitsOf(term.key, range)))));
      case 'compare':
        return this.#number(term.key, comparison(term.op, limitOf(term.key, term.value)));
      case 'around': {
        const tests = term.ids.map((id) => (term.key === 'near' ? this.#near(id) : this.#chain(id)));
        return { test: tests.reduce(either), cost: 1 };
      }
      default:
        return { test: () => false, cost: 0 };
    }
  }

  #state(state: State): RowTest {
    switch (state) {
      case 'mocked':
        return (rows, at) => (rows.answeredBy[at] ?? 0) > 0;
      case 'replayed':
        return (rows, at) => (rows.replayOf[at] ?? 0) > 0;
      case 'marked':
        return (rows, at) => rows.marked.has(at);
      case 'internal':
        return internalTest(this.#store);
      default: {
        const kind = (KINDS as readonly string[]).indexOf(state);
        const status = (STATUSES as readonly string[]).indexOf(state);
        return (rows, at) => rows.kind[at] === kind || rows.status[at] === status;
      }
    }
  }

  #text(key: TextKey, tests: readonly TextTest[]): Compiled {
    const test = anyOf(tests);
    const some = (texts: readonly string[]) => texts.some(test);
    const strings = (names: (text: string) => readonly string[]) =>
      onceForEachString(this.#store, (text) => some(names(text)));
    const ofKinds = (kinds: readonly string[], names: (name: string) => readonly string[]): RowTest => {
      const fits = strings(names);
      const isOfKind = KINDS.map((kind) => kinds.includes(kind));
      return (rows, at) => isOfKind[rows.kind[at] ?? 0] === true && fits(rows.name[at] ?? 0);
    };
    const itself = (text: string) => [text];
    switch (key) {
      case 'cmd':
        return { test: ofKinds(['invoke'], commandNames), cost: 0 };
      case 'event':
        return { test: ofKinds(['event'], itself), cost: 0 };
      case 'channel':
        return { test: ofKinds(['channel', 'channel-message', 'channel-end'], itself), cost: 0 };
      case 'plugin': {
        const fits = strings(pluginNames);
        return { test: (rows, at) => fits(rows.name[at] ?? 0), cost: 0 };
      }
      case 'win': {
        const fits = strings(windowNames);
        return { test: (rows, at) => fits(rows.window[at] ?? 0), cost: 0 };
      }
      case 'app': {
        const fits = strings(itself);
        return { test: (rows, at) => fits(rows.app[at] ?? 0), cost: 0 };
      }
      case 'kind': {
        const fits = KINDS.map(test);
        return { test: (rows, at) => fits[rows.kind[at] ?? 0] === true, cost: 0 };
      }
      case 'dir': {
        const fits = DIRECTIONS.map(test);
        return { test: (rows, at) => fits[rows.direction[at] ?? 0] === true, cost: 0 };
      }
      case 'by': {
        const answerers = [false, ...ANSWERERS.map((answerer) => some(answererNames[answerer]))];
        const replay = some(answererNames.replay);
        return {
          test: (rows, at) => answerers[rows.answeredBy[at] ?? 0] === true || (replay && (rows.replayOf[at] ?? 0) > 0),
          cost: 0,
        };
      }
      case 'note':
        return { test: (rows, at) => rows.comment.has(at) && test(rows.comment.get(at) ?? ''), cost: 1 };
      case 'src':
      case 'perm':
      case 'tag':
        return { test: () => false, cost: 0 };
    }
  }

  #number(key: NumberKey, test: (value: number) => boolean): Compiled {
    const value = this.#valueOf(key);
    return {
      test: (rows, at) => {
        const number = value(rows, at);
        return number === number && test(number);
      },
      cost: 0,
    };
  }

  /** NaN where a row has none. */
  #valueOf(key: NumberKey): (rows: Columns, at: number) => number {
    const { now } = this.#columns;
    const pending = STATUSES.indexOf('pending');
    switch (key) {
      case 'id':
        return (rows, at) => rows.id[at] ?? Number.NaN;
      case 'of':
        return (rows, at) => rows.of[at] || Number.NaN;
      case 'dur':
        return (rows, at) => rows.duration[at] ?? Number.NaN;
      case 'at':
        return (rows, at) => rows.time[at] ?? Number.NaN;
      case 'age':
        return (rows, at) => (rows.status[at] === pending ? now() - (rows.time[at] ?? 0) : Number.NaN);
      case 'size':
        return (rows, at) => rows.size[at] ?? Number.NaN;
      case 'args-size':
        return (rows, at) => (rows.size[at] ?? 0) - (rows.outcomeSize[at] ?? 0);
      case 'result-size':
        return (rows, at) => rows.outcomeSize[at] ?? 0;
      case 'n':
        return (rows, at) => ((rows.index[at] ?? -1) < 0 ? Number.NaN : (rows.index[at] ?? 0));
      case 'hit':
        return () => Number.NaN;
    }
  }

  #near(id: number): RowTest {
    let center = Number.NaN;
    return (rows, at) => {
      if (Number.isNaN(center)) center = this.#store.timeOf(this.#store.slotOf(id));
      return Math.abs((rows.time[at] ?? Number.NaN) - center) <= NEAR_MS;
    };
  }

  #chain(root: number): RowTest {
    return (rows, at) => {
      let id = rows.id[at] ?? 0;
      let up = rows.cause[at] || rows.of[at] || 0;
      for (let length = 0; id > root && length < LONGEST_CHAIN; length++) {
        if (up === 0 || up >= id) return false;
        if (up === root) return true;
        id = up;
        up = this.#store.causeOf(id);
      }
      return id === root && rows.id[at] === root;
    };
  }
}

const both =
  (one: RowTest, other: RowTest): RowTest =>
  (rows, at) =>
    one(rows, at) && other(rows, at);
const either =
  (one: RowTest, other: RowTest): RowTest =>
  (rows, at) =>
    one(rows, at) || other(rows, at);

function internalTest(store: ColumnStore): RowTest {
  const internal = onceForEachString(store, isInternalName);
  const builtIn = onceForEachString(store, isBuiltInEvent);
  const unheard = STATUSES.indexOf('unheard');
  return (rows, at) => {
    const name = rows.name[at] ?? 0;
    return internal(name) || (rows.status[at] === unheard && builtIn(name));
  };
}

function onceForEachString(store: ColumnStore, test: (text: string) => boolean): (id: number) => boolean {
  // By number: 0 not asked yet, 1 no, 2 yes. Numbers of strings are dense, and a Map costs as much as the test.
  let answers = new Uint8Array(256);
  return (id) => {
    if (id >= answers.length) {
      const grown = new Uint8Array(Math.max(id + 1, answers.length * 2));
      grown.set(answers);
      answers = grown;
    }
    let answer = answers[id];
    if (!answer) {
      answer = test(store.strings.text(id)) ? 2 : 1;
      answers[id] = answer;
    }
    return answer === 2;
  };
}
