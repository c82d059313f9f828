/** The editor of `*.ipcrec`: the inspector on a recording. Messages are as they were; marks and notes can be saved. */
import { open, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { MessageRecord } from '#core/record.ts';
import { decodeLine, encodeHeader, encodeNote } from '#core/recording/ipcrec.ts';
import { type Recording } from '#core/recording/recording.ts';
import type { ToInspector } from '#core/inspector-messages.ts';
import { type PageFiles, showPage } from '../inspector/inspector.ts';
import type { Origins } from '../inspector/origins.ts';
import type { Log } from '../log.ts';
import { reportError } from '../problems.ts';
import type { OpenRecording } from './recording-file.ts';

export const RECORDING_EDITOR = 'ipcWorkbench.recording';

export interface RecordingEditorOptions {
  readonly extensionUri: vscode.Uri;
  readonly tool: string;
  readonly log: Log;
  openBody(source: Recording, uri: vscode.Uri, id: number, part: 'body' | 'outcome'): Promise<void>;
  readonly origins: Origins;
  /** The page is the one that commands are about now. */
  use(post: (message: ToInspector) => void): Disposable;
  /** Opens with the recording, ends with it. */
  added(source: Recording, uri: vscode.Uri): Disposable;
}

/** An opened file. VS Code closes it with its last editor. */
class RecordingDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly #life = new Lifetime();
  readonly recording: Recording;

  constructor(uri: vscode.Uri, opened: OpenRecording) {
    this.uri = uri;
    this.recording = this.#life.own(opened).recording;
  }

  own(thing: Disposable): void {
    this.#life.own(thing);
  }

  dispose(): void {
    this.#life.dispose();
  }
}

type Edit = vscode.CustomDocumentContentChangeEvent<RecordingDocument>;

export class RecordingEditor implements vscode.CustomEditorProvider<RecordingDocument>, Disposable {
  readonly #options: RecordingEditorOptions;
  readonly #life = new Lifetime();
  readonly #edits = new vscode.EventEmitter<Edit>();
  readonly onDidChangeCustomDocument = this.#edits.event;

  constructor(options: RecordingEditorOptions) {
    this.#options = options;
    this.#life.own(this.#edits);
    this.#life.own(
      vscode.window.registerCustomEditorProvider(RECORDING_EDITOR, this, {
        webviewOptions: { retainContextWhenHidden: true },
        supportsMultipleEditorsPerDocument: true,
      }),
    );
  }

  async openCustomDocument(
    uri: vscode.Uri,
    { backupId, untitledDocumentData }: vscode.CustomDocumentOpenContext,
    token: vscode.CancellationToken,
  ): Promise<RecordingDocument> {
    const { openRecordingBytes, openRecordingFile } = await import('./recording-file.ts');
    const location = vscode.ProgressLocation.Window;
    const title = `Opening ${basename(uri.path)}`;
    const opened = await vscode.window.withProgress({ location, title }, async (progress) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const onProgress = (part: number) => progress.report({ message: `${Math.round(part * 100)} %` });
      const options = { signal: abort.signal, onProgress };
      if (uri.scheme === 'file') return openRecordingFile(uri.fsPath, options);
      return openRecordingBytes(untitledDocumentData ?? (await vscode.workspace.fs.readFile(uri)), options);
    });
    const document = new RecordingDocument(uri, opened);
    document.own(this.#options.added(document.recording, uri));
    if (backupId !== undefined) await restore(document.recording, vscode.Uri.parse(backupId));
    return document;
  }

  resolveCustomEditor(document: RecordingDocument, panel: vscode.WebviewPanel): void {
    const { extensionUri, openBody, origins } = this.#options;
    const { recording, uri } = document;
    const life = this.#life.own(new Lifetime());
    life.own(
      showPage(panel.webview, extensionUri, {
        source: recording,
        openBody: (id, part) => openBody(recording, uri, id, part),
        origins,
        files: this.#filesOf(document, panel, life),
      }),
    );
    life.own(
      recording.onChange(() => {
        if (recording.annotated.length > 0) this.#edits.fire({ document });
      }),
    );
    life.own(panel.onDidDispose(() => this.#life.end(life)));
  }

  /** What a page of a recording is told, and what it may ask for. */
  #filesOf({ recording, uri }: RecordingDocument, panel: vscode.WebviewPanel, life: Lifetime): PageFiles {
    const { tool, log, use } = this.#options;
    const { header, skipped, statistics, sessionTime } = recording;
    const name = basename(uri.path);
    const started = Date.parse(header.started ?? '');
    return {
      attach: (post) => {
        post({
          kind: 'about',
          about: {
            name,
            ...(header.started !== undefined && { started: header.started }),
            ...(header.tool !== undefined && { tool: header.tool }),
            sessionTime,
            skipped,
            lost: statistics.lost,
            redacted: header.redacted ?? [],
          },
        });
        let used = use(post);
        const follow = panel.onDidChangeViewState(() => {
          if (panel.active) used = use(post);
        });
        return life.onEnd(() => {
          follow.dispose();
          used.dispose();
        });
      },
      receive: (request) => {
        if (request.kind !== 'export') return;
        void (async () => {
          try {
            const { exportMessages } = await import('./export.ts');
            await exportMessages({
              source: recording,
              tool,
              started: Number.isNaN(started) ? 0 : started,
              purpose: request.purpose,
              scope: request,
              name: name.replace(/\.ipcrec$/i, ''),
            });
          } catch (error) {
            reportError(log, 'IPC Workbench', error);
          }
        })();
      },
    };
  }

  /** Appends what was marked and noted: the messages themselves stay as they are. */
  async saveCustomDocument({ uri, recording }: RecordingDocument): Promise<void> {
    const lines = notes(recording.annotated);
    if (uri.scheme === 'file') await append(uri.fsPath, lines);
    else {
      const bytes = await vscode.workspace.fs.readFile(uri);
      await vscode.workspace.fs.writeFile(uri, Buffer.concat([bytes, Buffer.from(`\n${lines}`)]));
    }
    recording.saved();
  }

  async saveCustomDocumentAs({ uri, recording }: RecordingDocument, destination: vscode.Uri): Promise<void> {
    await vscode.workspace.fs.copy(uri, destination, { overwrite: true });
    const bytes = await vscode.workspace.fs.readFile(destination);
    const lines = notes(recording.annotated);
    await vscode.workspace.fs.writeFile(destination, Buffer.concat([bytes, Buffer.from(`\n${lines}`)]));
  }

  async revertCustomDocument({ recording }: RecordingDocument): Promise<void> {
    recording.revert();
  }

  async backupCustomDocument(
    { recording }: RecordingDocument,
    { destination }: vscode.CustomDocumentBackupContext,
  ): Promise<vscode.CustomDocumentBackup> {
    await writeFile(destination.fsPath, `${encodeHeader({})}\n${notes(recording.annotated)}`);
    return {
      id: destination.toString(),
      delete: () => void vscode.workspace.fs.delete(destination).then(undefined, () => undefined),
    };
  }

  dispose(): void {
    this.#life.dispose();
  }
}

function notes(records: readonly MessageRecord[]): string {
  return records.map((record) => `${encodeNote(record)}\n`).join('');
}

/** Adds lines to a file; its last one may be torn. */
async function append(file: string, lines: string): Promise<void> {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    await handle.appendFile(size > 0 && buffer[0] !== 0x0a ? `\n${lines}` : lines);
  } finally {
    await handle.close();
  }
}

/** Marks and notes that VS Code kept when it closed without saving. */
async function restore(recording: Recording, backup: vscode.Uri): Promise<void> {
  const bytes = await vscode.workspace.fs.readFile(backup);
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const decoded = decodeLine(new TextEncoder().encode(line));
    if (decoded?.kind !== 'change') continue;
    const { marked, comment } = decoded.patch;
    recording.annotate(decoded.of, { marked: marked ?? false, comment: comment ?? '' });
  }
}
