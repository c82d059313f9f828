/** The editor of `*.ipcrec`: the inspector on a recording. Messages are as they were; marks and notes can be saved. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Recording } from '#core/recording/recording.ts';
import type { ToInspector } from '#core/inspector-messages.ts';
import type { Bodies } from '../inspector/bodies.ts';
import { sessionOf } from '../inspector/documents.ts';
import type { InspectorFocus } from '../inspector/focus.ts';
import { type PageFiles, showPage, sightOf } from '../inspector/inspector.ts';
import type { Origins } from '../inspector/origins.ts';
import type { SavedFilters } from '../inspector/saved-filters.ts';
import type { Log } from '../log.ts';
import { reportError } from '../problems.ts';
import type { OpenRecording } from './recording-file.ts';

export const RECORDING_EDITOR = 'ipcWorkbench.recording';

export interface RecordingEditorOptions {
  readonly extensionUri: vscode.Uri;
  readonly tool: string;
  readonly log: Log;
  readonly bodies: Bodies;
  readonly origins: Origins;
  readonly filters: SavedFilters;
  /** The page is the one that commands are about now. */
  use(post: (message: ToInspector) => void): Disposable;
  /** which page commands are for */
  readonly focus: InspectorFocus;
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
    document.own(this.#options.bodies.add(sessionOf(uri.toString()), document.recording));
    if (backupId !== undefined) {
      const { restore } = await import('./notes-file.ts');
      const backup = await vscode.workspace.fs.readFile(vscode.Uri.parse(backupId));
      restore(document.recording, new TextDecoder().decode(backup));
    }
    return document;
  }

  resolveCustomEditor(document: RecordingDocument, panel: vscode.WebviewPanel): void {
    const { extensionUri, bodies, origins, filters } = this.#options;
    const { recording } = document;
    const life = this.#life.own(new Lifetime());
    life.own(
      showPage(panel.webview, extensionUri, {
        source: recording,
        bodies,
        origins,
        filters,
        files: this.#filesOf(document, panel, life),
        focus: this.#options.focus,
        sight: sightOf(panel),
        started: startOf(recording),
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
    const started = startOf(recording);
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
              started: started ?? 0,
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
    const { appendLines, noteLines, withLines } = await import('./notes-file.ts');
    const lines = noteLines(recording);
    if (uri.scheme === 'file') await appendLines(uri.fsPath, lines);
    else await vscode.workspace.fs.writeFile(uri, withLines(await vscode.workspace.fs.readFile(uri), lines));
    recording.saved();
  }

  async saveCustomDocumentAs({ uri, recording }: RecordingDocument, destination: vscode.Uri): Promise<void> {
    const { noteLines, withLines } = await import('./notes-file.ts');
    const bytes = await vscode.workspace.fs.readFile(uri);
    await vscode.workspace.fs.writeFile(destination, withLines(bytes, noteLines(recording)));
  }

  async revertCustomDocument({ recording }: RecordingDocument): Promise<void> {
    recording.revert();
  }

  async backupCustomDocument(
    { recording }: RecordingDocument,
    { destination }: vscode.CustomDocumentBackupContext,
  ): Promise<vscode.CustomDocumentBackup> {
    const { backupOf } = await import('./notes-file.ts');
    // Makes the folder, too, which need not be there.
    await vscode.workspace.fs.writeFile(destination, Buffer.from(backupOf(recording)));
    return {
      id: destination.toString(),
      delete: () => void vscode.workspace.fs.delete(destination).then(undefined, () => undefined),
    };
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** When a recording began, in ms since 1970, where it says so. */
function startOf({ header }: Recording): number | undefined {
  const started = Date.parse(header.started ?? '');
  return Number.isNaN(started) ? undefined : started;
}
