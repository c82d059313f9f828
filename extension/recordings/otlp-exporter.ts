/**
 * Sends spans of what is recorded to a collector of OpenTelemetry, as they end. The session never waits for it: what a
 * slow collector cannot take is dropped and counted.
 */
import type { Dispatcher } from 'undici';
import type { Redactor } from '#core/export/redact.ts';
import { otlpRequest } from '#core/export/otlp.ts';
import { type Disposable, disposable, Lifetime } from '#core/lifetime.ts';
import type { RecordChange, RecordSource } from '#core/record-source.ts';
import type { MessageRecord } from '#core/record.ts';

/** Messages that wait to be sent; more are dropped. */
export const MAX_QUEUE = 10_000;
/** Messages of one request. */
const BATCH = 500;
const FLUSH_MS = 2_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
/** A server that asks for a longer pause is not waited for longer than this. */
const LONGEST_PAUSE_MS = 300_000;
const REQUEST_MS = 10_000;
/** What OTLP says may be tried again. */
const RETRY = new Set([429, 502, 503, 504]);

export interface OtlpExporterOptions {
  readonly source: RecordSource;
  /** the collector: its address, or that of its traces */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /** the time of day at which the clock of the records was 0 */
  readonly started: number;
  readonly tool: string;
  readonly redactor: Redactor;
  readonly dispatcher: () => Promise<Dispatcher>;
  /** tells of what was lost, and why, once until something could be sent again */
  report(problem: string): void;
  /** tests do not wait */
  readonly later?: (task: () => void, milliseconds: number) => Disposable;
  readonly random?: () => number;
}

export class OtlpExporter implements Disposable {
  readonly #options: OtlpExporterOptions;
  readonly #url: URL;
  readonly #life = new Lifetime();
  readonly #abort = new AbortController();
  #queue: number[] = [];
  readonly #pending = new Set<number>();
  #timer: Disposable | undefined;
  #sending = false;
  #failures = 0;
  #reported = false;
  #sent = 0;
  #lost = 0;

  /** @throws Error with a sentence for people where the endpoint is no address */
  constructor(options: OtlpExporterOptions) {
    this.#options = options;
    this.#url = tracesUrl(options.endpoint);
    this.#life.own(options.source.onChange((change) => this.#onChange(change)));
    this.#life.onEnd(() => this.#timer?.dispose());
    this.#life.onEnd(() => this.#abort.abort());
  }

  get sent(): number {
    return this.#sent;
  }

  /** Messages that are not with the collector and never will be. */
  get lost(): number {
    return this.#lost;
  }

  dispose(): void {
    this.#life.dispose();
  }

  #onChange({ from, to, changed }: RecordChange): void {
    const { source } = this.#options;
    for (const record of source.records(from, to)) {
      if (record.kind === 'invoke' && record.status === 'pending') this.#pending.add(record.id);
      else this.#enqueue(record);
    }
    for (const id of changed) {
      if (!this.#pending.has(id)) continue;
      const record = source.find(id);
      if (record?.status === 'pending') continue;
      this.#pending.delete(id);
      if (record) this.#enqueue(record);
      else this.#lost++;
    }
    this.#schedule(FLUSH_MS);
  }

  #enqueue({ id, kind }: MessageRecord): void {
    if (kind !== 'invoke' && kind !== 'event' && kind !== 'channel-message') return;
    if (this.#queue.length >= MAX_QUEUE) {
      this.#lost++;
      this.#report(`more messages come than the collector takes (${MAX_QUEUE} are waiting)`);
    } else this.#queue.push(id);
  }

  #schedule(milliseconds: number): void {
    if (this.#timer !== undefined || this.#sending || this.#life.over || this.#queue.length === 0) return;
    this.#timer = (this.#options.later ?? later)(() => {
      this.#timer = undefined;
      void this.#flush();
    }, milliseconds);
  }

  async #flush(): Promise<void> {
    this.#sending = true;
    const batch = this.#queue.slice(0, BATCH);
    let pause = 0;
    try {
      pause = await this.#send(batch);
    } catch (error) {
      if (!this.#life.over) pause = this.#retryLater(undefined, (error as Error).message);
    }
    this.#sending = false;
    if (pause === 0) this.#queue.splice(0, batch.length);
    this.#schedule(pause);
  }

  /** Gives 0 where the batch is done with, else how long to wait before it is tried again. */
  async #send(ids: readonly number[]): Promise<number> {
    const { source, started, tool, redactor, headers } = this.#options;
    const records = ids.flatMap((id) => source.find(id) ?? []).map((record) => redactor.record(record));
    const body = JSON.stringify(otlpRequest(records, { started, tool, find: (id) => source.find(id) }));
    const dispatcher = await this.#options.dispatcher();
    const {
      statusCode,
      headers: answer,
      body: content,
    } = await dispatcher.request({
      origin: this.#url.origin,
      path: `${this.#url.pathname}${this.#url.search}`,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(REQUEST_MS)]),
    });
    await content.dump();
    if (statusCode >= 200 && statusCode < 300) {
      this.#failures = 0;
      this.#reported = false;
      this.#sent += records.length;
      this.#lost += ids.length - records.length;
      return 0;
    }
    if (RETRY.has(statusCode)) return this.#retryLater(answer['retry-after'], `it answers ${statusCode}`);
    this.#lost += ids.length;
    this.#report(`the collector refuses them: it answers ${statusCode}`);
    return 0;
  }

  #retryLater(retryAfter: string | string[] | undefined, why: string): number {
    this.#report(`the collector at ${this.#url.origin} cannot be reached: ${why}`);
    const { random = Math.random } = this.#options;
    const backOff = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures++, 16));
    // Many who were turned away at once must not come back at once.
    const wait = Math.max(1, backOff * (0.5 + random() / 2));
    return Math.max(wait, pauseOf(retryAfter));
  }

  #report(problem: string): void {
    if (this.#reported || this.#life.over) return;
    this.#reported = true;
    this.#options.report(problem);
  }
}

function later(task: () => void, milliseconds: number): Disposable {
  const timer = setTimeout(task, milliseconds);
  return disposable(() => clearTimeout(timer));
}

/** By OTLP, the address of a collector is completed; one with a path is taken as it is. */
function tracesUrl(endpoint: string): URL {
  const url = URL.parse(endpoint);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error(`"${endpoint}" is no http or https address`);
  }
  if (url.pathname === '/') url.pathname = '/v1/traces';
  return url;
}

/** How long `retry-after` asks to wait: seconds, or a date. */
function pauseOf(retryAfter: string | string[] | undefined): number {
  const text = String(retryAfter ?? '');
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), LONGEST_PAUSE_MS) : 0;
}
