/**
 * Where the tap keeps its records: in columns, not as objects. An object for each costs more than all else that a small
 * call does in the host, because the garbage collector copies what survives (docs/benchmarks.md).
 */
import { ANSWERERS, type AnsweredBy } from './call.ts';
import {
  type Body,
  type Direction,
  DIRECTIONS,
  KINDS,
  type Phases,
  type RecordKind,
  type RecordStatus,
  STATUSES,
} from './record.ts';

/** When a handler began and ended; nothing where none ran, no end where its process went before. */
export interface HandlerTimes {
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}

export const NOT_RUN: HandlerTimes = Object.freeze({ startedAt: undefined, endedAt: undefined });

/** Records of one chunk. */
export const CHUNK_RECORDS = 1024;

export const NOTHING: Body = Object.freeze({ kind: 'none' });
export const DROPPED: Body = Object.freeze({ kind: 'dropped' });

/** What few records have. */
interface Rare {
  origin?: string | undefined;
  /** of calls of an earlier session: the handler's clock is gone */
  phases?: Phases | undefined;
  stack?: string | undefined;
  note?: string | undefined;
  marked?: true | undefined;
  comment?: string | undefined;
}

/** In the columns stand places in these lists; of what may be absent one more, so that 0 is nothing. */
const BODY_KINDS: readonly Body['kind'][] = ['none', 'json', 'text', 'bytes', 'spilled', 'dropped'];

const codes = <T extends string>(names: readonly T[], first: number) =>
  Object.fromEntries(names.map((name, index) => [name, index + first])) as Readonly<Record<T, number>>;
const KIND_CODES = codes(KINDS, 1);
const DIRECTION_CODES = codes(DIRECTIONS, 0);
const STATUS_CODES = codes(STATUSES, 0);
const ANSWERER_CODES = codes(ANSWERERS, 1);
const BODY_CODES = codes(BODY_KINDS, 1);

/** When a handler began that did not run. Where nothing is known of it stands NaN, as for every number that is absent. */
const NEVER = Number.POSITIVE_INFINITY;

const numbers = () => new Float64Array(CHUNK_RECORDS).fill(Number.NaN);
const numbersOfRecords = () => new Uint32Array(CHUNK_RECORDS);
const bytes = () => new Uint8Array(CHUNK_RECORDS);
const values = <T>() => Array.from({ length: CHUNK_RECORDS }, (): T | undefined => undefined);

/** The columns of one chunk. */
export class Columns {
  readonly times = numbers();
  readonly generations = numbers();
  readonly weights = numbers();
  readonly sizes = numbers();
  readonly outcomeSizes = numbers();
  readonly durations = numbers();
  readonly starts = numbers();
  readonly ends = numbers();
  readonly indices = numbers();
  readonly heard = numbers();
  readonly of = numbersOfRecords();
  readonly causes = numbersOfRecords();
  readonly replays = numbersOfRecords();
  readonly was = numbersOfRecords();
  readonly kinds = bytes();
  readonly directions = bytes();
  readonly statuses = bytes();
  readonly answerers = bytes();
  readonly bodyKinds = bytes();
  readonly outcomeKinds = bytes();
  readonly apps = values<string>();
  readonly windows = values<string>();
  readonly names = values<string>();
  /** a value, a text or bytes; of a spilled body all of it, for it has an identity */
  readonly bodies = values<unknown>();
  readonly outcomes = values<unknown>();
  readonly headers = values<readonly (readonly [string, string])[]>();
  readonly pageStacks = values<string>();
  readonly rare = values<Rare>();

  /** Lets go of what is kept at a place. */
  unset(at: number): void {
    this.kinds[at] = 0;
    this.names[at] = undefined;
    this.bodies[at] = undefined;
    this.outcomes[at] = undefined;
    this.headers[at] = undefined;
    this.pageStacks[at] = undefined;
    this.rare[at] = undefined;
  }

  /** Takes all that another place has. */
  copy(from: Columns, fromAt: number, at: number): void {
    const given = from.#all;
    for (const [index, column] of this.#all.entries()) column[at] = given[index]?.[fromAt];
  }

  get #all(): Record<number, unknown>[] {
    return Object.values(this);
  }
}

const known = (value: number | undefined) => (Number.isNaN(value) ? undefined : value);

/** A record as the tap keeps it: a place in the columns, seen as an object. Made by who looks at one, and kept by nobody. */
export class Entry {
  readonly id: number;
  readonly columns: Columns;
  readonly at: number;

  constructor(id: number, columns: Columns) {
    this.id = id;
    this.columns = columns;
    this.at = id % CHUNK_RECORDS;
  }

  /** whether there is a record */
  get isSet(): boolean {
    return this.columns.kinds[this.at] !== 0;
  }

  /** Lets go of what is kept here. */
  unset(): void {
    this.columns.unset(this.at);
  }

  /** Becomes the same as another one. */
  takeFrom(other: Entry): void {
    this.columns.copy(other.columns, other.at, this.at);
  }

  get time(): number {
    return this.columns.times[this.at] as number;
  }

  set time(time: number) {
    this.columns.times[this.at] = time;
  }

  get kind(): RecordKind {
    return KINDS[(this.columns.kinds[this.at] as number) - 1] as RecordKind;
  }

  set kind(kind: RecordKind) {
    this.columns.kinds[this.at] = KIND_CODES[kind];
  }

  get direction(): Direction {
    return DIRECTIONS[this.columns.directions[this.at] as number] as Direction;
  }

  set direction(direction: Direction) {
    this.columns.directions[this.at] = DIRECTION_CODES[direction];
  }

  get app(): string {
    return this.columns.apps[this.at] as string;
  }

  set app(app: string) {
    this.columns.apps[this.at] = app;
  }

  get window(): string {
    return this.columns.windows[this.at] as string;
  }

  set window(window: string) {
    this.columns.windows[this.at] = window;
  }

  get generation(): number {
    return this.columns.generations[this.at] as number;
  }

  set generation(generation: number) {
    this.columns.generations[this.at] = generation;
  }

  get name(): string {
    return this.columns.names[this.at] as string;
  }

  set name(name: string) {
    this.columns.names[this.at] = name;
  }

  get status(): RecordStatus {
    return STATUSES[this.columns.statuses[this.at] as number] as RecordStatus;
  }

  set status(status: RecordStatus) {
    this.columns.statuses[this.at] = STATUS_CODES[status];
  }

  get of(): number | undefined {
    return this.columns.of[this.at] || undefined;
  }

  set of(of: number | undefined) {
    this.columns.of[this.at] = of ?? 0;
  }

  get cause(): number | undefined {
    return this.columns.causes[this.at] || undefined;
  }

  set cause(cause: number | undefined) {
    this.columns.causes[this.at] = cause ?? 0;
  }

  get replayOf(): number | undefined {
    return this.columns.replays[this.at] || undefined;
  }

  set replayOf(replayOf: number | undefined) {
    this.columns.replays[this.at] = replayOf ?? 0;
  }

  /** the number it had first: it was pending when the oldest records went, and was carried over */
  get was(): number | undefined {
    return this.columns.was[this.at] || undefined;
  }

  set was(was: number | undefined) {
    this.columns.was[this.at] = was ?? 0;
  }

  get body(): Body {
    return bodyOf(this.columns.bodyKinds[this.at] as number, this.columns.bodies[this.at]);
  }

  set body(body: Body) {
    this.columns.bodyKinds[this.at] = BODY_CODES[body.kind];
    this.columns.bodies[this.at] = contentOf(body);
  }

  get outcome(): Body | undefined {
    const kind = this.columns.outcomeKinds[this.at] as number;
    return kind === 0 ? undefined : bodyOf(kind, this.columns.outcomes[this.at]);
  }

  set outcome(outcome: Body | undefined) {
    this.columns.outcomeKinds[this.at] = outcome ? BODY_CODES[outcome.kind] : 0;
    this.columns.outcomes[this.at] = outcome && contentOf(outcome);
  }

  /** what its bodies were counted with, so that dropping them gives the same back */
  get weight(): number {
    return this.columns.weights[this.at] as number;
  }

  set weight(weight: number) {
    this.columns.weights[this.at] = weight;
  }

  get size(): number | undefined {
    return known(this.columns.sizes[this.at]);
  }

  set size(size: number | undefined) {
    this.columns.sizes[this.at] = size ?? Number.NaN;
  }

  get outcomeSize(): number | undefined {
    return known(this.columns.outcomeSizes[this.at]);
  }

  set outcomeSize(size: number | undefined) {
    this.columns.outcomeSizes[this.at] = size ?? Number.NaN;
  }

  get duration(): number | undefined {
    return known(this.columns.durations[this.at]);
  }

  set duration(duration: number | undefined) {
    this.columns.durations[this.at] = duration ?? Number.NaN;
  }

  /** of calls that are settled: the tap's clock when the handler began and ended, where it did */
  get handler(): HandlerTimes | undefined {
    const startedAt = known(this.columns.starts[this.at]);
    if (startedAt === undefined) return undefined;
    if (startedAt === NEVER) return NOT_RUN;
    return { startedAt, endedAt: known(this.columns.ends[this.at]) };
  }

  set handler(times: HandlerTimes | undefined) {
    this.columns.starts[this.at] = times ? (times.startedAt ?? NEVER) : Number.NaN;
    this.columns.ends[this.at] = times?.endedAt ?? Number.NaN;
  }

  get index(): number | undefined {
    return known(this.columns.indices[this.at]);
  }

  set index(index: number | undefined) {
    this.columns.indices[this.at] = index ?? Number.NaN;
  }

  get heard(): number | undefined {
    return known(this.columns.heard[this.at]);
  }

  set heard(heard: number | undefined) {
    this.columns.heard[this.at] = heard ?? Number.NaN;
  }

  get answeredBy(): AnsweredBy | undefined {
    return ANSWERERS[(this.columns.answerers[this.at] as number) - 1];
  }

  set answeredBy(by: AnsweredBy | undefined) {
    this.columns.answerers[this.at] = by ? ANSWERER_CODES[by] : 0;
  }

  get headers(): readonly (readonly [string, string])[] | undefined {
    return this.columns.headers[this.at];
  }

  set headers(headers: readonly (readonly [string, string])[] | undefined) {
    this.columns.headers[this.at] = headers;
  }

  get pageStack(): string | undefined {
    return this.columns.pageStacks[this.at];
  }

  set pageStack(stack: string | undefined) {
    this.columns.pageStacks[this.at] = stack;
  }

  get rare(): Readonly<Rare> | undefined {
    return this.columns.rare[this.at];
  }

  set rare(rare: Readonly<Rare> | undefined) {
    this.columns.rare[this.at] = rare;
  }

  get note(): string | undefined {
    return this.rare?.note;
  }

  set note(note: string | undefined) {
    this.rare = { ...this.rare, note };
  }
}

function bodyOf(code: number, content: unknown): Body {
  switch (BODY_KINDS[code - 1]) {
    case 'json':
      return { kind: 'json', value: content };
    case 'text':
      return { kind: 'text', json: content as string };
    case 'bytes':
      return { kind: 'bytes', bytes: content as Uint8Array };
    case 'spilled':
      return content as Body;
    case 'dropped':
      return DROPPED;
    default:
      return NOTHING;
  }
}

function contentOf(body: Body): unknown {
  switch (body.kind) {
    case 'json':
      return body.value;
    case 'text':
      return body.json;
    case 'bytes':
      return body.bytes;
    case 'spilled':
      return body;
    default:
      return undefined;
  }
}
