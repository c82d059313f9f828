/** Recordings and exports of the running session: the commands, the file that is recorded to, and what pages know of it. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { plainMessage } from '../plugins/plain-text.ts';
import type { FromInspector, ToInspector } from '#core/inspector-messages.ts';
import { type Disposable, disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import type { RecordSource } from '#core/record-source.ts';
import type { ExportPurpose } from '#core/recording-messages.ts';
import type { PageFiles } from '../inspector/inspector.ts';
import type { Log } from '../log.ts';
import { reportError } from '../problems.ts';
import { redactionPatterns } from '../settings.ts';
import type { ExportScope } from './export.ts';
import type { FileRecorder, FileRecording } from './file-recorder.ts';

/** Pages are told of a growing file at most this often, in ms. */
const TELL_MS = 500;

export interface RecordingsOptions {
  /** what is recorded, with all that is in it */
  readonly source: RecordSource;
  /** who writes, with its version */
  readonly tool: string;
  readonly log: Log;
}

type Post = (message: ToInspector) => void;

export class Recordings implements PageFiles, Disposable {
  readonly #options: RecordingsOptions;
  readonly #life = new Lifetime();
  /** the last one was used last */
  readonly #pages = new Set<Post>();
  readonly #changes = this.#life.own(new Emitter<void>());
  #recorder: FileRecorder | undefined;
  #starting = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RecordingsOptions) {
    this.#options = options;
    this.#life.onEnd(() => {
      clearTimeout(this.#timer);
      this.#recorder?.dispose();
    });
  }

  /** Tells when a file is begun, grows or is done. */
  readonly onChange = this.#changes.event;

  get isRecording(): boolean {
    return this.#recorder !== undefined;
  }

  // For pages

  attach(post: Post): Disposable {
    post({ kind: 'file-recording', state: this.#state() });
    return this.use(post);
  }

  /** Commands are about the page that was used last, until what this gives back is disposed of. */
  use(post: Post): Disposable {
    this.#pages.delete(post);
    this.#pages.add(post);
    return disposable(() => this.#pages.delete(post));
  }

  receive(request: Extract<FromInspector, { kind: 'record-to-file' | 'export' }>): void {
    if (request.kind === 'record-to-file') {
      void this.#try(async () => {
        await (request.on ? this.start() : this.stop());
      });
      return;
    }
    void this.#try(() => this.#export(request.purpose, request));
  }

  // Commands

  /** Records to a file from now on; without one, asks which, and whether secrets shall be in it. */
  async start(target?: vscode.Uri): Promise<FileRecorder | undefined> {
    if (this.#recorder || this.#starting) {
      throw new Error(`messages are being recorded to ${basename(this.#recorder?.file ?? 'a file')} already`);
    }
    this.#starting = true;
    try {
      const { askForFile, chooseRedaction } = await import('./export.ts');
      const uri = target ?? (await askForFile('Record Messages to a File', 'recording', 'ipcrec'));
      if (!uri) return undefined;
      if (uri.scheme !== 'file') throw new Error('messages can be recorded to a file of this machine only');
      const redacted = target ? redactionPatterns() : await chooseRedaction();
      if (redacted) await this.#begin(uri.fsPath, redacted);
    } finally {
      this.#starting = false;
    }
    return this.#recorder;
  }

  async #begin(file: string, redacted: readonly string[]): Promise<void> {
    const { FileRecorder } = await import('./file-recorder.ts');
    const { source, tool } = this.#options;
    const started = new Date(Date.now() - source.sessionTime).toISOString();
    const recorder = await FileRecorder.start(file, source, { tool, source: 'session', started, redacted });
    if (this.#life.over) return recorder.dispose();
    this.#recorder = recorder;
    recorder.onChange(() => this.#later());
    recorder.onFailure((error) => {
      this.#recorder = undefined;
      this.#tell();
      reportError(this.#options.log, `Recording to ${basename(file)} has ended`, error);
    });
    this.#tell();
  }

  /** Ends the file and says where it is. */
  async stop(): Promise<FileRecording | undefined> {
    const recorder = this.#recorder;
    if (!recorder) return undefined;
    this.#recorder = undefined;
    try {
      const done = await recorder.stop();
      void this.#sayWhere(done);
      return done;
    } finally {
      this.#tell();
    }
  }

  async #sayWhere({ file, messages, lost }: FileRecording): Promise<void> {
    const open = 'Open Recording';
    const missing = lost === 0 ? '' : ` ${lost} came too fast and are missing.`;
    const text = `${messages} messages are in ${basename(file)}.${missing}`;
    if ((await vscode.window.showInformationMessage(plainMessage(text), open)) === open) {
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
    }
  }

  /** Asks the inspector which messages it shows, and goes on with all where none is open. */
  async ask(purpose: ExportPurpose): Promise<void> {
    const page = [...this.#pages].at(-1);
    if (!page) return this.#export(purpose, { selected: [] });
    page({ kind: 'ask-export', purpose });
  }

  async import(uri?: vscode.Uri): Promise<void> {
    const { importRecording } = await import('./export.ts');
    await importRecording(this.#options.tool, uri);
  }

  async #export(purpose: ExportPurpose, scope: ExportScope): Promise<void> {
    const { source, tool } = this.#options;
    const { exportMessages } = await import('./export.ts');
    await exportMessages({ source, tool, started: Date.now() - source.sessionTime, purpose, scope, name: 'messages' });
  }

  #state() {
    if (!this.#recorder) return null;
    const { file, messages, bytes, lost } = this.#recorder.state;
    return { name: basename(file), messages, bytes, lost };
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, TELL_MS);
  }

  #tell(): void {
    const state = this.#state();
    for (const post of this.#pages) post({ kind: 'file-recording', state });
    this.#changes.fire();
    void vscode.commands.executeCommand('setContext', 'ipcWorkbench.recordingToFile', state !== null);
  }

  async #try(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      reportError(this.#options.log, 'IPC Workbench', error);
    }
  }

  dispose(): void {
    this.#life.dispose();
  }
}
