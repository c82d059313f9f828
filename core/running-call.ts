import type { Origin } from './acl/reach.ts';
import type { Call, RequestBody } from './call.ts';

/** A call that has no outcome yet. Its signal is made when somebody asks for it: few handlers do. */
export class RunningCall implements Call {
  readonly id: number;
  readonly record: number;
  readonly cmd: string;
  readonly window: string;
  readonly origin: Origin;
  readonly generation: number;
  readonly body: RequestBody;
  readonly headers: readonly (readonly [string, string])[];
  readonly replayOf?: number;
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  constructor(id: number, record: number, known: Omit<Call, 'id' | 'record' | 'signal'>) {
    this.id = id;
    this.record = record;
    this.cmd = known.cmd;
    this.window = known.window;
    this.origin = known.origin;
    this.generation = known.generation;
    this.body = known.body;
    this.headers = known.headers;
    if (known.replayOf !== undefined) this.replayOf = known.replayOf;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#reason) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  abort(reason: Error): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
