/** Records to a file while messages come: each message is a line as soon as it is there, its outcome another one. */
import { type FileHandle, open } from 'node:fs/promises';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import { Redactor } from '#core/export/redact.ts';
import type { MessageRecord } from '#core/record.ts';
import type { RecordChange, RecordSource } from '#core/record-source.ts';
import { encodeHeader, encodeNote, encodeOutcome, encodeRecord, type RecordingHeader } from '#core/recording/ipcrec.ts';
import { Turns } from './in-turns.ts';
import { countMissing } from './missing.ts';

/** Lines of one write. */
const BATCH = 500;

export interface FileRecording {
  readonly file: string;
  readonly messages: number;
  readonly bytes: number;
  /** messages that the recorder forgot before they could be written */
  readonly lost: number;
}

export class FileRecorder implements Disposable {
  readonly file: string;
  readonly #source: RecordSource;
  readonly #handle: FileHandle;
  readonly #redactor: Redactor | undefined;
  readonly #life = new Lifetime();
  readonly #news = new Emitter<void>();
  /** tells when more is written */
  readonly onChange = this.#news.event;
  readonly #failures = new Emitter<unknown>();
  /** tells that it ended by itself: the disk is full, or gone */
  readonly onFailure = this.#failures.event;
  readonly #first: number;
  /** the message to be written next, and the one behind the last */
  #next: number;
  #end: number;
  #changed = new Set<number>();
  /** calls that are in the file without their outcome */
  readonly #open = new Set<number>();
  #messages = 0;
  #bytes = 0;
  #lost = 0;
  #writing: Promise<void> | undefined;
  #failure: unknown;
  #stopping = false;

  private constructor(file: string, source: RecordSource, handle: FileHandle, redactor: Redactor | undefined) {
    this.file = file;
    this.#source = source;
    this.#handle = handle;
    this.#redactor = redactor;
    this.#first = source.next;
    this.#next = source.next;
    this.#end = source.next;
    this.#life.own(this.#news);
    this.#life.own(this.#failures);
    this.#life.own(source.onChange((change) => this.#onChange(change)));
  }

  /** Begins a file; what was there is replaced. Messages from now on come into it. */
  static async start(
    file: string,
    source: RecordSource,
    {
      redacted,
      ...header
    }: Omit<RecordingHeader, 'ipcrec' | 'clock' | 'redacted'> & {
      /** patterns of keys whose values do not come into the file */
      readonly redacted: readonly string[];
    },
  ): Promise<FileRecorder> {
    const handle = await open(file, 'w');
    const redactor = redacted.length > 0 ? new Redactor(redacted) : undefined;
    const recorder = new FileRecorder(file, source, handle, redactor);
    try {
      await recorder.#write([encodeHeader({ ...header, ...(redactor && { redacted: [...redacted] }) })]);
    } catch (error) {
      recorder.dispose();
      throw error;
    }
    return recorder;
  }

  get state(): FileRecording {
    return { file: this.file, messages: this.#messages, bytes: this.#bytes, lost: this.#lost };
  }

  /** Writes what came up to now and closes the file. Throws where something could not be written. */
  async stop(): Promise<FileRecording> {
    this.#stopping = true;
    this.#end = Math.max(this.#end, this.#source.next);
    // The source tells of this turn's changes once the turn is over.
    await Promise.resolve();
    this.#kick();
    while (this.#writing) await this.#writing;
    this.dispose();
    if (this.#failure !== undefined) throw this.#failure;
    return this.state;
  }

  dispose(): void {
    if (this.#life.over) return;
    this.#life.dispose();
    // What is being written comes first: the handle closes behind it.
    void this.#handle.close().catch(() => undefined);
  }

  #onChange({ from, to, changed }: RecordChange): void {
    if (to > from) this.#end = Math.max(this.#end, to);
    // A change of a message that is not written yet will be in its line; those from before the start are not in the file.
    for (const id of changed) if (id >= this.#first && id < this.#next) this.#changed.add(id);
    this.#kick();
  }

  get #hasWork(): boolean {
    return this.#next < this.#end || this.#changed.size > 0;
  }

  #kick(): void {
    if (this.#life.over) return;
    this.#writing ??= this.#drain()
      .catch((error: unknown) => {
        this.#failure = error;
        if (!this.#stopping) this.#failures.fire(error);
        this.dispose();
      })
      .finally(() => {
        this.#writing = undefined;
        // Something may have come after the last look.
        if (!this.#life.over && this.#hasWork) this.#kick();
      });
  }

  async #drain(): Promise<void> {
    const turns = new Turns();
    for (let lines = this.#takeLines(turns); lines.length > 0; lines = this.#takeLines(turns)) {
      await this.#write(lines);
      if (!this.#life.over) this.#news.fire();
      if (turns.over) await turns.pass();
    }
  }

  /** The next lines: first the messages that are new, then what changed of older ones. */
  #takeLines(turns: Turns): string[] {
    const lines: string[] = [];
    const lost = this.#passForgotten();
    if (lost > 0) lines.push(JSON.stringify({ k: 'lost', count: lost }));
    // At least one: a turn may be over before it began.
    while (this.#next < this.#end && lines.length < BATCH && (lines.length === 0 || !turns.over)) {
      const record = this.#find(this.#next++);
      if (!record) continue;
      lines.push(...encodeRecord(record));
      this.#messages++;
      if (record.kind === 'invoke' && !record.outcome) this.#open.add(record.id);
    }
    for (const id of this.#changed) {
      if (lines.length >= BATCH || (lines.length > 0 && turns.over)) break;
      this.#changed.delete(id);
      lines.push(...this.#changeLines(id));
    }
    return lines;
  }

  /** Passes the numbers that the source has let go of, and says how many messages went with them. */
  #passForgotten(): number {
    const to = Math.min(this.#source.first, this.#end);
    const lost = countMissing(this.#source, this.#next, to);
    this.#next = Math.max(this.#next, to);
    this.#lost += lost;
    return lost;
  }

  #find(id: number): MessageRecord | undefined {
    const record = this.#source.find(id);
    return record && (this.#redactor?.record(record) ?? record);
  }

  #changeLines(id: number): readonly string[] {
    const record = this.#find(id);
    if (!record) return [];
    const outcome = this.#open.has(id) ? encodeOutcome(record) : undefined;
    if (outcome === undefined) return [encodeNote(record)];
    this.#open.delete(id);
    return record.marked || record.comment !== undefined ? [outcome, encodeNote(record)] : [outcome];
  }

  async #write(lines: readonly string[]): Promise<void> {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    await this.#handle.appendFile(bytes);
    this.#bytes += bytes.length;
  }
}
