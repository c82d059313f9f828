/** Asks for what an export needs, and does it. Loaded when somebody exports. */
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { ExportInput } from '#core/export/export.ts';
import { type ExportFormat, FORMATS } from '#core/export/formats.ts';
import { Redactor } from '#core/export/redact.ts';
import { importHar } from '#core/import/har.ts';
import type { RecordSource } from '#core/record-source.ts';
import type { MessageRecord } from '#core/record.ts';
import type { ExportPurpose } from '#core/recording-messages.ts';
import { recordingLines } from '#core/recording/recording.ts';
import { redactionPatterns } from '../settings.ts';
import { plainMessage } from '../plugins/plain-text.ts';
import { joinPieces, writePieces, type WriteOptions } from './write-file.ts';

/** Which messages a page shows and has selected. */
export interface ExportScope {
  /** absent: all */
  readonly shown?: Uint32Array | undefined;
  readonly selected: readonly number[];
}

export interface ExportRequest {
  readonly source: RecordSource;
  readonly tool: string;
  /** the time of day at which the clock of the records was 0 */
  readonly started: number;
  readonly purpose: ExportPurpose;
  readonly scope: ExportScope;
  /** of the file, without its ending */
  readonly name: string;
}

type Ids = Iterable<number> | undefined;

export async function exportMessages(request: ExportRequest): Promise<void> {
  const { purpose, source, name } = request;
  if (source.statistics.kept === 0) {
    await vscode.window.showInformationMessage('There are no messages yet.');
    return;
  }
  if (purpose === 'copyMarkdown' || purpose === 'copyMermaid') return copy(request);
  const format = purpose === 'save' ? formatOf('ipcrec') : await chooseFormat();
  const ids = format && (await chooseScope(request));
  if (!format || !ids) return;
  const redacted = await chooseRedaction();
  if (redacted === undefined) return;
  const input = inputOf(request, ids.ids, redacted);
  const title = purpose === 'save' ? 'Save Session as Recording' : `Export Messages as ${format.title}`;
  const uri = await askForFile(title, name, format.ending);
  if (!uri) return;
  await withProgress(`Writing ${basename(uri.path)}`, (options) => write(uri, format.write(input), options));
  const open = 'Open';
  const chosen = await vscode.window.showInformationMessage(plainMessage(`${basename(uri.path)} is written.`), open);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', uri);
}

/** Copies what is selected; where nothing is, what is shown. Secrets are always taken out: who pastes does not look. */
async function copy(request: ExportRequest): Promise<void> {
  const { scope, purpose } = request;
  const ids = scope.selected.length > 0 ? scope.selected : scope.shown;
  const input = inputOf(request, ids, redactionPatterns());
  const format = formatOf(purpose === 'copyMermaid' ? 'mermaid' : 'markdown');
  await vscode.env.clipboard.writeText(await joinPieces(format.write(input)));
  vscode.window.setStatusBarMessage(`Copied as ${format.title}`, 3_000);
}

function formatOf(id: string): ExportFormat {
  const format = FORMATS.find((each) => each.id === id);
  if (!format) throw new Error(`there is no format ${id}`);
  return format;
}

async function chooseFormat(): Promise<ExportFormat | undefined> {
  const items = FORMATS.map((format) => ({
    label: format.title,
    description: `.${format.ending}`,
    detail: format.description,
    format,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: 'Export Messages',
    placeHolder: 'In which format?',
  });
  return chosen?.format;
}

/** Asks where there is something to choose. */
async function chooseScope({ source, scope, purpose }: ExportRequest): Promise<{ readonly ids: Ids } | undefined> {
  const count = (number: number) => number.toLocaleString('en-US');
  const { shown, selected } = scope;
  const items: { label: string; description: string; ids: Ids }[] = [
    { label: 'All messages', description: count(source.statistics.kept), ids: undefined },
  ];
  if (shown) items.push({ label: 'Shown messages', description: `${count(shown.length)}, by the filter`, ids: shown });
  if (selected.length > 0) {
    items.push({ label: 'Selected messages', description: count(selected.length), ids: selected });
  }
  const [all] = items;
  if (items.length === 1 && all) return all;
  const title = purpose === 'save' ? 'Save Session as Recording' : 'Export Messages';
  return vscode.window.showQuickPick(items, { title, placeHolder: 'Which messages?' });
}

/** The patterns of keys whose values are left out. */
export async function chooseRedaction(): Promise<readonly string[] | undefined> {
  const patterns = redactionPatterns();
  if (patterns.length === 0) return [];
  const items = [
    {
      label: 'Without secrets',
      detail: `Values of keys with ${patterns.join(', ')} become «redacted»`,
      patterns,
    },
    { label: 'With secrets', detail: 'Everything, as it was sent', patterns: [] },
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Who gets it may read it all' });
  return chosen?.patterns;
}

function inputOf({ source, tool, started }: ExportRequest, ids: Ids, redacted: readonly string[]): ExportInput {
  const redactor = redacted.length > 0 ? new Redactor(redacted) : undefined;
  // What came while somebody chose is not among what was asked for, and a format may go through the records twice.
  const { first, next } = source;
  const chosen = ids === undefined ? undefined : [...ids].sort((a, b) => a - b);
  const plain = () => (chosen ? found(source, chosen) : source.records(first, next));
  const shown = (record: MessageRecord) => redactor?.record(record) ?? record;
  return {
    plain,
    shown,
    *records() {
      for (const record of plain()) yield shown(record);
    },
    tool,
    started,
    redacted,
    lost: source.statistics.lost,
  };
}

function* found(source: RecordSource, ids: readonly number[]): Generator<MessageRecord> {
  for (const id of ids) {
    const record = source.find(id);
    if (record) yield record;
  }
}

/** Asks where to write to. */
export async function askForFile(title: string, name: string, ending: string): Promise<vscode.Uri | undefined> {
  const date = new Date().toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const last = ending.split('.').at(-1) ?? ending;
  return vscode.window.showSaveDialog({
    title,
    defaultUri: vscode.Uri.joinPath(folder, `${name}-${date}.${ending}`),
    filters: { [title]: [last] },
  });
}

async function write(uri: vscode.Uri, pieces: Iterable<string>, options: WriteOptions): Promise<void> {
  if (uri.scheme === 'file') return writePieces(uri.fsPath, pieces, options);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(await joinPieces(pieces, options)));
}

/** Shows that something takes long, and lets it be cancelled: then nothing more is said. */
async function withProgress(title: string, run: (options: WriteOptions) => Promise<void>): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const onProgress = (written: number) => progress.report({ message: `${(written / 1_000_000).toFixed(1)} MB` });
    try {
      await run({ signal: abort.signal, onProgress });
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  });
}

/** Opens a HAR as a recording, which is written beside it; recordings are just opened. */
export async function importRecording(tool: string, given?: vscode.Uri): Promise<void> {
  const [uri] = given
    ? [given]
    : ((await vscode.window.showOpenDialog({
        title: 'Import Messages',
        filters: { 'HAR and recordings': ['har', 'ipcrec'] },
      })) ?? []);
  if (!uri) return;
  if (uri.path.endsWith('.ipcrec')) {
    await vscode.commands.executeCommand('vscode.open', uri);
    return;
  }
  const text = await readText(uri);
  const recording = importHar(text);
  const { started } = recording.header;
  const header = { tool, source: 'har', ...(started !== undefined && { started }) };
  const name = basename(uri.path).replace(/\.har$/i, '');
  const folder = uri.scheme === 'file' ? vscode.Uri.file(join(uri.fsPath, '..')) : vscode.Uri.joinPath(uri, '..');
  const target = await freeFile(folder, name);
  await write(target, linesOf(header, recording), {});
  await vscode.commands.executeCommand('vscode.open', target);
  if (recording.skipped > 0) {
    void vscode.window.showWarningMessage(plainMessage(`${recording.skipped} entries of the HAR could not be read.`));
  }
}

function* linesOf(header: Parameters<typeof recordingLines>[0], source: RecordSource): Generator<string> {
  for (const line of recordingLines(header, source.records())) yield `${line}\n`;
}

/** All of a HAR is in memory at once, and parsed in one go. */
const MAX_HAR_BYTES = 256 * 1024 * 1024;

async function readText(uri: vscode.Uri): Promise<string> {
  const isFile = uri.scheme === 'file' && (await stat(uri.fsPath)).isFile();
  // A pipe would be waited for until somebody writes into it.
  if (uri.scheme === 'file' && !isFile) throw new Error(`${basename(uri.path)} is no file`);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > MAX_HAR_BYTES) throw new Error(`${basename(uri.path)} is too large: a HAR may have 256 MiB`);
  if (isFile) return readFile(uri.fsPath, 'utf8');
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/** A name that no file has yet. */
async function freeFile(folder: vscode.Uri, name: string): Promise<vscode.Uri> {
  for (let number = 1; ; number++) {
    const uri = vscode.Uri.joinPath(folder, `${name}${number === 1 ? '' : `-${number}`}.ipcrec`);
    try {
      await vscode.workspace.fs.stat(uri);
    } catch {
      return uri;
    }
  }
}
