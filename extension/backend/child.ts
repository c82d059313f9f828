/** One backend process as the host sees it: starts it, carries messages in batches, reads its output, says how it ended. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Disposable, disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import { LEVEL_MARK } from './console.ts';
import { FromProcess, type ToProcess } from './protocol.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface ChildOptions {
  /** the folder of the bundles */
  readonly dist: string;
  /** the file that exports the app */
  readonly entry: string;
  /** its working directory */
  readonly folder: string;
  readonly maxMemoryMb: number;
  readonly inspect: boolean;
  /** whether it waits for a debugger before it runs any code */
  readonly waitForDebugger: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** a line of its output */
  log(level: LogLevel, line: string): void;
}

/** Time for a process to end by itself (its plugins' `onDrop`, its `exit` handlers) before it is killed. */
const STOP_MS = 500;
/** A process is gone, but its output may still come, or never end where a grandchild holds it. */
const DRAIN_MS = 200;
/** A line that never ends is shown in parts. */
const MAX_LINE = 64 * 1024;

export class Child implements Disposable {
  readonly #process: ChildProcess;
  readonly #options: ChildOptions;
  readonly #life = new Lifetime();
  readonly #messages = this.#life.own(new Emitter<FromProcess>());
  readonly #undelivered = this.#life.own(new Emitter<{ readonly message: ToProcess; readonly reason: string }>());
  readonly #inspector = Promise.withResolvers<number>();
  #port: number | undefined;
  readonly #ended = Promise.withResolvers<string>();
  #batch: ToProcess[] = [];
  #scheduled = false;
  #outOfMemory = false;
  /** why it is about to end, where that is known before it ends */
  #reason: string | undefined;
  #over = false;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#process = fork(join(options.dist, 'backend.mjs'), [options.entry], {
      cwd: options.folder,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In VS Code's desktop build the executable is Electron.
      env: { ...process.env, ...options.env, ELECTRON_RUN_AS_NODE: '1' },
      execArgv: [
        `--max-old-space-size=${options.maxMemoryMb}`,
        '--disable-warning=ExperimentalWarning',
        '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
        ...(options.inspect ? [options.waitForDebugger ? '--inspect-wait=127.0.0.1:0' : '--inspect=127.0.0.1:0'] : []),
      ],
    });
    // Whoever waits for the inspector asks for it; nobody else needs to know that it never came.
    this.#inspector.promise.catch(() => undefined);
    this.#process.on('message', (batch) => this.#receive(batch));
    this.#process.on('error', (error) => this.#end(`it could not be started: ${error.message}`));
    this.#readLines(this.#process.stdout, 'info', 'debug');
    this.#readLines(this.#process.stderr, 'error', 'warn');
    this.#watchEnd();
    // A host that exits must not leave a process behind that no longer listens.
    const kill = () => this.#process.kill('SIGKILL');
    process.once('exit', kill);
    this.#life.onEnd(() => process.off('exit', kill));
  }

  /** False once it has ended. */
  get alive(): boolean {
    return !this.#over;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  readonly onMessage = this.#messages.event;

  /** Resolves once, with a clause that says why: `it exited with code 3`. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  /** The port of its inspector, once that is known. */
  get port(): number | undefined {
    return this.#port;
  }

  /** The port of its inspector; rejects where it ends before. */
  get inspectorPort(): Promise<number> {
    return this.#inspector.promise;
  }

  /** A message that has no form in which it could cross: nested deeper than can be cloned. */
  readonly onUndelivered = this.#undelivered.event;

  /** Sends with the other messages of this turn. */
  post(message: ToProcess): void {
    this.#batch.push(message);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length === 0 || !this.#process.connected) return;
    try {
      this.#send(batch);
    } catch {
      // One of them cannot be cloned: the others must not be lost with it.
      for (const message of batch) this.#sendAlone(message);
    }
  }

  #sendAlone(message: ToProcess): void {
    try {
      this.#send([message]);
    } catch (error) {
      const { message: reason } = error as Error;
      this.#options.log('error', `A "${message.kind}" for the backend was dropped: ${reason}`);
      this.#undelivered.fire({ message, reason });
    }
  }

  #send(batch: readonly ToProcess[]): void {
    // An error that comes later means that it is ending: that is reported by the end itself.
    this.#process.send(batch as unknown as object, undefined, {}, () => undefined);
  }

  #receive(batch: unknown): void {
    for (const message of Array.isArray(batch) ? batch : [batch]) {
      const parsed = FromProcess.safeParse(message);
      if (!parsed.success) {
        const { path, message: text } = parsed.error.issues[0] ?? { path: [], message: 'unreadable' };
        this.#options.log('warn', `A message of the backend was dropped: ${path.join('.') || 'message'}: ${text}`);
      } else if (parsed.data.kind === 'uncaught') {
        this.#reason ??= `an error outside of its commands ended it (${parsed.data.message})`;
      } else if (!this.#over) this.#messages.fire(parsed.data);
    }
  }

  // ---- output

  #readLines(stream: Readable | null, level: LogLevel, marked: keyof typeof LEVEL_MARK): void {
    if (!stream) return;
    let rest = '';
    const line = (text: string) => {
      if (text.startsWith(LEVEL_MARK[marked])) this.#options.log(marked, text.slice(LEVEL_MARK[marked].length));
      else if (level !== 'error' || !this.#isOfNode(text)) this.#options.log(level, text);
    };
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const lines = (rest + chunk).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const text of lines) line(text);
      if (rest.length <= MAX_LINE) return;
      line(rest);
      rest = '';
    });
    stream.on('end', () => {
      if (rest !== '') line(rest);
    });
  }

  /** Reads what Node itself says on stderr; true for lines that only distract. */
  #isOfNode(line: string): boolean {
    const port = /^Debugger listening on ws:\/\/[^/]*:(\d+)\//.exec(line)?.[1];
    if (port !== undefined) {
      this.#port = Number(port);
      this.#inspector.resolve(this.#port);
    }
    if (/JavaScript heap out of memory|Reached heap limit/.test(line)) this.#outOfMemory = true;
    return (
      port !== undefined ||
      /^(For help, see: https:\/\/nodejs\.org|Debugger (attached|ending)|Waiting for the debugger)/.test(line)
    );
  }

  // ---- end

  #watchEnd(): void {
    this.#process.once('exit', (code, signal) => {
      const end = () => {
        clearTimeout(drain);
        this.#end(this.#describeEnd(code, signal));
      };
      const drain = setTimeout(end, DRAIN_MS);
      // After `close`, the last messages and lines have been read.
      this.#process.once('close', end);
    });
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#reason !== undefined) return this.#reason;
    if (this.#outOfMemory) return `it ran out of memory (its limit is ${this.#options.maxMemoryMb} MB)`;
    return signal ? `it was ended by ${signal}` : `it exited with code ${code}`;
  }

  #end(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#inspector.reject(new Error(`The backend ended before its debugger was ready: ${reason}.`));
    this.#ended.resolve(reason);
    this.#process.stdout?.destroy();
    this.#process.stderr?.destroy();
    this.#life.dispose();
  }

  /** Ends it at once. */
  kill(reason: string): void {
    this.#reason ??= reason;
    this.#process.kill('SIGKILL');
  }

  /** Asks it to end; kills it where it does not. */
  dispose(): void {
    if (this.#over) return;
    this.#reason ??= 'it was stopped';
    this.post({ kind: 'stop' });
    this.#flush();
    const terminate = setTimeout(() => this.#process.kill('SIGTERM'), STOP_MS / 2);
    const kill = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS);
    this.#life.own(
      disposable(() => {
        clearTimeout(terminate);
        clearTimeout(kill);
      }),
    );
  }
}
