/** Filters as tests of whole records: for the api, and for the host that answers what the list's columns do not hold. */
import type { RecordSource } from '../record-source.ts';
import { bodyPreview, type MessageRecord } from '../record.ts';
import type { Comparison, Condition, Filter, NumberKey, Range, Scalar, State, Term, TextKey } from './ast.ts';
import { Contents } from './contents.ts';
import { DuplicateCalls, SlowCalls } from './history.ts';
import { isInternal } from './internal.ts';
import { anyOf, itemTest, jsonWordTest, partTest, regexTest, type TextTest, wordTest } from './text.ts';

export type RecordTest = (record: MessageRecord) => boolean;

export interface FilterSurroundings {
  /** for `near:`, `chain:` and `age` */
  readonly source: Pick<RecordSource, 'find' | 'sessionTime'>;
  /** a call that took longer, in ms, is slow */
  readonly slowMs?: number;
}

export const DEFAULT_SLOW_MS = 1000;
/** Messages that `chain:` follows up to its root: a file may have a chain of all its messages. */
export const LONGEST_CHAIN = 100;
/** `near:` reaches this far to both sides, in ms. */
export const NEAR_MS = 1000;

/** Records should be tested in their order, for what depends on those before. */
export function compileFilter(filter: Filter | undefined, surroundings: FilterSurroundings): RecordTest {
  if (!filter) return () => true;
  const compiler = new Compiler(surroundings);
  const test = compiler.compile(filter);
  return (record) => {
    compiler.remember(record);
    return test(record, new Contents(record));
  };
}

/**
 * Several filters at once: bit n of the answer says whether the n-th fits. They share what is read of a record, and of
 * a record that does not fit `where` nothing is read.
 */
export function compileBits(
  filters: readonly Filter[],
  where: Filter | undefined,
  surroundings: FilterSurroundings,
): (record: MessageRecord) => number {
  const compiler = new Compiler(surroundings);
  const concerns = where ? compiler.compile(where) : () => true;
  const tests = filters.map((filter) => compiler.compile(filter));
  return (record) => {
    compiler.remember(record);
    const contents = new Contents(record);
    if (!concerns(record, contents)) return 0;
    let bits = 0;
    for (const [bit, test] of tests.entries()) if (test(record, contents)) bits |= 1 << bit;
    return bits >>> 0;
  };
}

type Test = (record: MessageRecord, contents: Contents) => boolean;

class Compiler {
  readonly #source: FilterSurroundings['source'];
  readonly #slowMs: number;
  #slow: SlowCalls | undefined;
  #duplicates: DuplicateCalls | undefined;

  constructor({ source, slowMs }: FilterSurroundings) {
    this.#source = source;
    this.#slowMs = slowMs ?? DEFAULT_SLOW_MS;
  }

  /** Whatever else a filter says: what depends on the records before must have seen all of them. */
  remember(record: MessageRecord): void {
    this.#slow?.has(record);
    this.#duplicates?.has(record);
  }

  compile(filter: Filter): Test {
    switch (filter.kind) {
      case 'and': {
        const tests = filter.of.map((part) => this.compile(part));
        return (record, contents) => tests.every((test) => test(record, contents));
      }
      case 'or': {
        const tests = filter.of.map((part) => this.compile(part));
        return (record, contents) => tests.some((test) => test(record, contents));
      }
      case 'not': {
        const test = this.compile(filter.of);
        return (record, contents) => !test(record, contents);
      }
      default:
        return this.#term(filter);
    }
  }

  #term(term: Term): Test {
    switch (term.kind) {
      case 'word':
        return anywhere(wordTest(term.text), jsonWordTest(term.text));
      case 'regex':
        return anywhere(regexTest(term), regexTest(term));
      case 'is':
        return anyState(term.states.map((state) => this.#state(state)));
      case 'text': {
        const parts = term.key === 'note' || term.key === 'src';
        const test = anyOf(term.items.map((item) => (parts ? partTest(item) : itemTest(item))));
        const texts = TEXTS[term.key];
        return (record) => texts(record).some(test);
      }
      case 'number':
        return this.#number(term.key, anyOf(term.ranges.map((range) => rangeTest(limitsOf(term.key, range)))));
      case 'compare':
        return this.#number(term.key, comparison(term.op, limitOf(term.key, term.value)));
      case 'around':
        return anyState(term.ids.map((id) => (term.key === 'near' ? this.#near(id) : this.#chain(id))));
      case 'path':
        return pathTest(term);
    }
  }

  #state(state: State): Test {
    switch (state) {
      case 'slow': {
        const slow = (this.#slow ??= new SlowCalls(this.#slowMs));
        return (record) => slow.has(record);
      }
      case 'duplicate': {
        const duplicates = (this.#duplicates ??= new DuplicateCalls());
        return (record) => duplicates.has(record);
      }
      case 'mocked':
        return ({ answeredBy }) => answeredBy !== undefined;
      case 'replayed':
        return ({ replayOf }) => replayOf !== undefined;
      case 'marked':
        return ({ marked }) => marked === true;
      case 'internal':
        return isInternal;
      case 'binary':
        return ({ body, outcome }, contents) =>
          contents.load(body).kind === 'bytes' || (outcome !== undefined && contents.load(outcome).kind === 'bytes');
      case 'lost':
        return ({ body, outcome }, contents) =>
          contents.load(body).kind === 'dropped' ||
          (outcome !== undefined && contents.load(outcome).kind === 'dropped');
      // Nothing does these yet.
      case 'edited':
      case 'faulted':
      case 'paused':
        return () => false;
      default:
        return ({ status, kind }) => status === state || kind === state;
    }
  }

  #number(key: NumberKey, test: (value: number) => boolean): Test {
    return (record) => {
      const value = key === 'age' ? this.#age(record) : NUMBERS[key](record);
      return value !== undefined && test(value);
    };
  }

  #age({ status, time }: MessageRecord): number | undefined {
    return status === 'pending' ? this.#source.sessionTime - time : undefined;
  }

  #near(id: number): Test {
    let center: number | undefined;
    return ({ time }) => {
      center ??= this.#source.find(id)?.time;
      return center !== undefined && Math.abs(time - center) <= NEAR_MS;
    };
  }

  /** What brought a record about has a lower number, so the way up ends. */
  #chain(root: number): Test {
    return (record) => {
      let at: MessageRecord | undefined = record;
      for (let length = 0; at && at.id > root && length < LONGEST_CHAIN; length++) {
        const up: number | undefined = at.cause ?? at.of;
        if (up === undefined || up >= at.id) return false;
        if (up === root) return true;
        at = this.#source.find(up);
      }
      return record.id === root;
    };
  }
}

const anyState =
  (tests: readonly Test[]): Test =>
  (record, contents) =>
    tests.some((test) => test(record, contents));

/** A word is looked for in all that the list and the details show. */
function anywhere(test: TextTest, testJson: TextTest): Test {
  return ({ name, window, note, comment, kind, status, body, outcome }, contents) =>
    test(name) ||
    test(window) ||
    test(kind) ||
    test(status) ||
    (note !== undefined && test(note)) ||
    (comment !== undefined && test(comment)) ||
    (body.kind === 'spilled' && testJson(bodyPreview(body))) ||
    testJson(contents.text(body)) ||
    (outcome !== undefined && testJson(contents.text(outcome)));
}

const CHANNEL_KINDS = new Set(['channel', 'channel-message', 'channel-end']);
const PLUGIN = 'plugin:';

/** A command of a plugin is found with and without `plugin:`. */
export const commandNames = (name: string) => (name.startsWith(PLUGIN) ? [name, name.slice(PLUGIN.length)] : [name]);

/** `plugin:fs` and, as names stand in the list, `plugin:fs|read_file`. */
export function pluginNames(name: string): readonly string[] {
  const bar = name.startsWith(PLUGIN) ? name.indexOf('|') : -1;
  return bar < 0 ? [] : [name.slice(PLUGIN.length, bar), name.slice(PLUGIN.length)];
}

/** The host has no label; the list calls it so. */
export const windowNames = (window: string) => (window === '' ? ['', 'host'] : [window]);

export const answererNames = {
  rule: ['rule', 'mock'],
  hand: ['hand'],
  replay: ['replay'],
} as const;

const TEXTS: Readonly<Record<TextKey, (record: MessageRecord) => readonly string[]>> = {
  cmd: ({ kind, name }) => (kind === 'invoke' ? commandNames(name) : []),
  plugin: ({ name }) => pluginNames(name),
  event: ({ kind, name }) => (kind === 'event' ? [name] : []),
  channel: ({ kind, name }) => (CHANNEL_KINDS.has(kind) ? [name] : []),
  win: ({ window }) => windowNames(window),
  app: ({ app }) => [app],
  kind: ({ kind }) => [kind],
  dir: ({ direction }) => [direction],
  by: ({ answeredBy, replayOf }) => [
    ...(answeredBy ? answererNames[answeredBy] : []),
    ...(replayOf === undefined ? [] : answererNames.replay),
  ],
  note: ({ comment }) => (comment === undefined ? [] : [comment]),
  src: ({ pageStack }) => (pageStack === undefined ? [] : [pageStack]),
  // Records do not tell these yet.
  perm: () => [],
  tag: () => [],
};

const NUMBERS: Readonly<Record<Exclude<NumberKey, 'age'>, (record: MessageRecord) => number | undefined>> = {
  id: ({ id }) => id,
  of: ({ of }) => of,
  // In single precision, as the list holds it: both must agree at the edge.
  dur: ({ duration }) => (duration === undefined ? undefined : Math.fround(duration)),
  at: ({ time }) => time,
  size: ({ size, outcomeSize = 0 }) => size + outcomeSize,
  'args-size': ({ size }) => size,
  'result-size': ({ outcomeSize = 0 }) => outcomeSize,
  n: ({ index }) => index,
  hit: () => undefined,
};

/** A limit of a duration, as durations are held. */
export const limitOf = (key: NumberKey, limit: number) => (key === 'dur' ? Math.fround(limit) : limit);

export const limitsOf = (key: NumberKey, { from, to }: Range): Range => ({
  kind: 'range',
  ...(from !== undefined && { from: limitOf(key, from) }),
  ...(to !== undefined && { to: limitOf(key, to) }),
});

export function rangeTest({ from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: Range) {
  return (value: number) => value >= from && value <= to;
}

export function comparison(op: Comparison, limit: number): (value: number) => boolean {
  switch (op) {
    case '>':
      return (value) => value > limit;
    case '>=':
      return (value) => value >= limit;
    case '<':
      return (value) => value < limit;
    case '<=':
      return (value) => value <= limit;
    case '=':
      return (value) => value === limit;
    case '!=':
      return (value) => value !== limit;
  }
}

function pathTest({ root, steps, condition }: Term & { readonly kind: 'path' }): Test {
  const isUnequal = condition.kind === 'compare' && condition.op === '!=';
  if (isUnequal) {
    // Something is there, and nothing there is it.
    const equal = valueTest({ ...condition, op: '=' });
    return (_record, contents) => {
      const values = contents.values({ root, steps });
      return values.length > 0 && !values.some(equal);
    };
  }
  const test = valueTest(condition);
  return (_record, contents) => contents.bodies(root).some((body) => contents.some(body, steps, test));
}

function valueTest(condition: Condition): (value: unknown) => boolean {
  switch (condition.kind) {
    case 'fits': {
      const exists = condition.items.some((item) => item.kind === 'glob' && item.text === '*');
      if (exists) return () => true;
      const tests = condition.items.map((item) => {
        if (item.kind === 'range') {
          const fits = rangeTest(item);
          return (value: unknown) => typeof value === 'number' && fits(value);
        }
        const fits = itemTest(item);
        return (value: unknown) => isPrimitive(value) && fits(String(value));
      });
      return anyOf(tests);
    }
    case 'contains': {
      const fits = partTest(condition.item);
      return (value) => fits(isPrimitive(value) ? String(value) : jsonText(value));
    }
    case 'compare':
      return compareTest(condition.op, condition.value);
  }
}

function compareTest(op: Comparison, scalar: Scalar): (value: unknown) => boolean {
  if (scalar.kind === 'number') {
    const { value: limit } = scalar;
    const fits = comparison(op, limit);
    if (op === '=') return (value) => value === limit || value === String(limit);
    return (value) => typeof value === 'number' && fits(value);
  }
  const { text, quoted } = scalar;
  if (op === '=') return (value) => (quoted ? value === text : isPrimitive(value) && String(value) === text);
  // Dates of ISO 8601 are in their order as texts.
  return (value) =>
    typeof value === 'string' &&
    (op === '>' ? value > text : op === '>=' ? value >= text : op === '<' ? value < text : value <= text);
}

const isPrimitive = (value: unknown) => typeof value !== 'object' || value === null;

function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // Nested too deep, or a circle that a handler closed.
    return '';
  }
}
