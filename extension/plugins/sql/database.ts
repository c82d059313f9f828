/** One open database: the host's end of its thread. Queries of one database run one after the other. */
import { Worker } from 'node:worker_threads';
import { reject } from '#core/error.ts';
import type { Disposable } from '#core/lifetime.ts';
import type { DatabasePlace } from './connection-url.ts';
import type { SqlValue } from './statements.ts';

export interface WorkerData extends DatabasePlace {
  /** its first number is 1 while nobody waits for the query that runs */
  readonly stop: SharedArrayBuffer;
}

export interface Query {
  readonly kind: 'execute' | 'select';
  readonly query: string;
  readonly values: readonly SqlValue[];
}

export type ToWorker = Query | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: string };

interface Waiting {
  readonly query: Query;
  readonly signal: AbortSignal;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** JavaScript's memory of a database's thread: what needs more ends it, and not the extension host. */
const MAX_MEGABYTES = 1024;
/** A query that runs when its app ends is waited for no longer than this. */
const CLOSE_MS = 5_000;

export class Database implements Disposable {
  readonly #worker: Worker;
  readonly #stop: Int32Array;
  readonly #opened = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  #opening = true;
  #running: Waiting | undefined;
  #waiting: Waiting[] = [];
  /** why no query runs any more */
  #closed: string | undefined;

  /** @param script the file of the thread */
  private constructor(place: DatabasePlace, script: string) {
    const stop = new SharedArrayBuffer(4);
    this.#stop = new Int32Array(stop);
    this.#worker = new Worker(script, {
      workerData: { ...place, stop } satisfies WorkerData,
      resourceLimits: { maxOldGenerationSizeMb: MAX_MEGABYTES },
      // Older releases of Node warn that their SQLite is experimental.
      stderr: true,
    });
    this.#worker.unref();
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (error) => this.#end(`the thread of the database ended: ${error.message}`));
    this.#worker.on('exit', () => {
      this.#end('the thread of the database ended');
      this.#ended.resolve();
    });
  }

  /** Opens a database; rejects in sqlx's words where it cannot be opened. */
  static async open(place: DatabasePlace, script: string): Promise<Database> {
    const database = new Database(place, script);
    try {
      await database.#opened.promise;
      return database;
    } catch (error) {
      database.dispose();
      throw error;
    }
  }

  /** False once it is closed, or its thread has ended. */
  get open(): boolean {
    return this.#closed === undefined;
  }

  /** Resolves when the thread is gone, and the file is nobody's any more. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /**
   * Runs a query after those before it. With the end of its page, a query that waits is dropped, the rows of one that
   * runs are left, and a change that runs is made: half of one is never left behind.
   */
  run(query: Query, signal: AbortSignal): Promise<unknown> {
    if (this.#closed !== undefined) return Promise.reject(reject(this.#closed));
    const { promise, resolve, reject: fail } = Promise.withResolvers<unknown>();
    this.#waiting.push({ query, signal, resolve, reject: fail });
    this.#next();
    return promise;
  }

  #next(): void {
    if (this.#running) return;
    const next = this.#waiting.shift();
    if (!next) return;
    if (next.signal.aborted) {
      next.reject(next.signal.reason);
      this.#next();
      return;
    }
    this.#running = next;
    Atomics.store(this.#stop, 0, 0);
    next.signal.addEventListener('abort', this.#leave);
    this.#worker.postMessage(next.query satisfies ToWorker);
  }

  readonly #leave = () => void Atomics.store(this.#stop, 0, 1);

  #receive(message: FromWorker): void {
    if (this.#opening) {
      this.#opening = false;
      if (message.kind === 'done') this.#opened.resolve();
      else this.#opened.reject(reject(message.error));
      return;
    }
    const running = this.#running;
    this.#running = undefined;
    running?.signal.removeEventListener('abort', this.#leave);
    if (message.kind === 'done') running?.resolve(message.value);
    else running?.reject(reject(message.error));
    this.#next();
  }

  /** Lets what waits know that it will not run. */
  #end(reason: string): void {
    this.#closed ??= reason;
    this.#opened.reject(reject(reason));
    this.#opened.promise.catch(() => undefined); // whoever opens it waits for it
    const left = [...(this.#running ? [this.#running] : []), ...this.#waiting];
    this.#running = undefined;
    this.#waiting = [];
    for (const each of left) each.reject(reject(reason));
  }

  /** Closes the file after the query that runs now, and drops those that wait. */
  dispose(): void {
    if (this.#closed !== undefined) return;
    this.#closed = CLOSED;
    const left = this.#waiting;
    this.#waiting = [];
    for (const each of left) each.reject(reject(CLOSED));
    Atomics.store(this.#stop, 0, 1);
    this.#worker.postMessage({ kind: 'close' } satisfies ToWorker);
    const late = setTimeout(() => void this.#worker.terminate(), CLOSE_MS);
    late.unref();
    void this.#ended.promise.then(() => clearTimeout(late));
  }
}

const CLOSED = 'attempted to acquire a connection on a closed pool';
