/** Where a recorded call came from and who answers it, for the inspector: the page's stack, and the handler. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as vscode from 'vscode';
import { calledCommand } from '#core/call.ts';
import type { Core } from '#core/core.ts';
import type { Disposable } from '#core/lifetime.ts';
import type {
  CodeLine,
  HandlerPlaceReport,
  HandlerReport,
  OriginAnswer,
  OriginQuestion,
  StackReport,
} from '#core/origin-messages.ts';
import type { RecordSource } from '#core/record-source.ts';
import type { MessageRecord } from '#core/record.ts';
import { type Apps, DEMO } from '../app/apps.ts';
import { bareName, findHandlers } from '../app/handler-places.ts';
import { backendFileOf } from '../app/handler-stubs.ts';
import { findAsset } from '../app/page-files.ts';
import { readPageScript, readScriptFile } from '../app/page-scripts.ts';
import type { RunningApp } from '../app/running-app.ts';
import type { Log } from '../log.ts';
import { openPlace, type Place, reportError } from '../problems.ts';
import { callStacks } from '../settings.ts';
import { type LocatedFrame, locateStack, type StackSource } from './page-stack.ts';
import { isFileIn, SourceMaps } from './source-maps.ts';
import { SourceTexts } from './source-texts.ts';

/** Lines of a handler that are shown. */
const CODE_LINES = 8;
const CODE_LENGTH = 200;

export interface OriginsOptions {
  readonly log: Log;
  readonly apps: Apps;
  /** apps of other extensions */
  readonly hosted: ReadonlyMap<string, { readonly core: Core }>;
}

export class Origins implements Disposable {
  readonly #options: OriginsOptions;
  readonly #maps = new SourceMaps();
  readonly #texts = new SourceTexts();

  constructor(options: OriginsOptions) {
    this.#options = options;
  }

  /** Answers a question of the inspector's page, or opens what it names. */
  async ask(question: OriginQuestion, source: RecordSource, answer: (answer: OriginAnswer) => void): Promise<void> {
    const { id } = question;
    const record = source.find(id);
    try {
      switch (question.kind) {
        case 'askStack':
          answer({ kind: 'stack', id, report: record ? await this.#stack(record) : null });
          break;
        case 'askHandler':
          answer({ kind: 'handler', id, report: (record && (await this.#handler(record))?.report) ?? null });
          break;
        case 'openFrame':
          if (record) await this.#openFrame(record, question.frame);
          break;
        case 'openHandlerPlace': {
          const place = record && (await this.#handler(record))?.places[question.place];
          if (place) await openPlace(place);
          break;
        }
      }
    } catch (error) {
      reportError(this.#options.log, 'IPC Inspector', error);
    }
  }

  // ---- the page's stack

  async #stack(record: MessageRecord): Promise<StackReport> {
    const frames = await this.#frames(record);
    if (frames.length > 0) return { frames: frames.map(({ frame }) => frame) };
    return { frames: [], note: whyNoStack(record) };
  }

  async #frames(record: MessageRecord): Promise<LocatedFrame[]> {
    if (record.pageStack === undefined) return [];
    return locateStack(record.pageStack, this.#sourceOf(record), this.#maps);
  }

  async #openFrame(record: MessageRecord, index: number): Promise<void> {
    const target = (await this.#frames(record))[index]?.target;
    if (!target) return;
    if ('file' in target) await openPlace(target);
    else await this.#texts.open(target.source, target.text, target.line, target.column);
  }

  #sourceOf(record: MessageRecord): StackSource {
    const app = this.#options.apps.find(record.app);
    const key = `${record.app} ${record.window} ${record.generation}`;
    const shown = (file: string) => vscode.workspace.asRelativePath(file, false);
    if (app) {
      const { pageServer, frontend } = app;
      const { current } = frontend;
      return {
        key,
        shown,
        origin: pageServer.origin,
        roots: app.id === DEMO ? [app.root] : [app.root, ...workspaceFolders()],
        addedLines: pageServer.addedLines,
        read: (url) => readPageScript(pageServer, current, url),
        documentFile: (url) => {
          if (current.kind !== 'folder' || !pageServer.isOwn(url.origin)) return undefined;
          const file = findAsset([current.folder].flat(), url.pathname);
          return file !== undefined && /\.html?$/i.test(file) ? file : undefined;
        },
      };
    }
    // A webview of another extension: its scripts are files, of that extension or of the workspace.
    const roots = [...workspaceFolders(), ...vscode.extensions.all.map(({ extensionPath }) => extensionPath)];
    return {
      key,
      shown,
      origin: '',
      roots,
      addedLines: 0,
      read: async (url) => {
        if (this.#options.hosted.get(record.app) === undefined) throw new Error('the app is closed');
        const file = webviewFile(url);
        if (file === undefined || !isFileIn(file, roots)) throw new Error('the script is no file of an extension');
        return readScriptFile(file);
      },
      documentFile: () => undefined,
    };
  }

  // ---- the handler

  async #handler({ name, app: appName, answeredBy }: MessageRecord): Promise<Handler | undefined> {
    const app = this.#options.apps.find(appName);
    const by = answeredBy && `This call was answered by ${answeredBy === 'rule' ? 'a rule' : 'hand'}. `;
    const say = (summary: string, places: readonly FoundPlace[] = []): Handler => ({
      report: { summary: `${by ?? ''}${summary}`, places: places.map(({ report }) => report) },
      places: places.map(({ place }) => place),
    });
    const { plugin } = calledCommand(name);
    if (!app) {
      const hosted = this.#options.hosted.get(appName);
      if (!hosted) return undefined;
      const own = plugin !== undefined && hosted.core.plugins.has(plugin);
      return say(
        own ? pluginText(plugin) : `The extension that hosts "${appName}" answers this command in its own code.`,
      );
    }
    const ofBackend = plugin === undefined || app.core.backend?.plugins.has(plugin) === true;
    if (!ofBackend) {
      if (app.core.plugins.has(plugin)) return say(pluginText(plugin));
      return say(`No plugin "${plugin}" is there, so nobody answers this command.`);
    }
    const found = [...(await handlerPlaces(app, name)), ...(await rustPlaces(app, name))];
    const handled = app.core.handles(name);
    const [first] = found;
    if (handled && plugin !== undefined)
      return say(`Plugin "${plugin}" of the handlers in TypeScript answers this command.`, found);
    if (handled) return say('A handler in TypeScript answers this command.', found);
    if (first?.report.what === 'handler') return say('There is a handler in TypeScript, but it is not loaded.', found);
    if (first) return say('Only the Rust code defines this command: nobody answers it here.', found);
    return say('Nobody answers this command.');
  }

  dispose(): void {
    this.#texts.dispose();
  }
}

interface FoundPlace {
  readonly place: Place;
  readonly report: HandlerPlaceReport;
}

interface Handler {
  readonly report: HandlerReport;
  readonly places: readonly Place[];
}

const pluginText = (plugin: string) => `Plugin "${plugin}", built into IPC Workbench, answers this command.`;

async function handlerPlaces(app: RunningApp, name: string): Promise<FoundPlace[]> {
  const place = (await findHandlers(dirname(backendFileOf(app.id === DEMO ? app.root : app.id)))).get(bareName(name));
  return place ? [await foundPlace('handler', place, place.line)] : [];
}

async function rustPlaces({ answers: { rust } }: RunningApp, name: string): Promise<FoundPlace[]> {
  const command = rust.find(name);
  return command ? [await foundPlace('rust', { ...command, file: rust.pathOf(command) }, command.line)] : [];
}

async function foundPlace(what: HandlerPlaceReport['what'], place: Place, line: number): Promise<FoundPlace> {
  const shown = vscode.workspace.asRelativePath(place.file, false);
  return { place, report: { what, place: `${shown}:${line}`, code: await codeFrom(place.file, line) } };
}

async function codeFrom(file: string, line: number): Promise<CodeLine[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split(/\r?\n/).slice(line - 1, line - 1 + CODE_LINES);
  // The end of the handler, where its lines are those of a function at the margin.
  const end = lines.findIndex((each, at) => at > 0 && /^[)}\]]/.test(each));
  const shown = end < 0 ? lines : lines.slice(0, end + 1);
  return shown.map((each, at) => ({ line: line + at, text: each.slice(0, CODE_LENGTH) }));
}

function whyNoStack({ replayOf, pageStack }: MessageRecord): string {
  if (replayOf !== undefined) return 'This call was sent from the inspector, not by the page.';
  if (pageStack !== undefined) return 'The stack of the page has no frame of a script.';
  if (!callStacks()) return 'Pages do not tell where calls come from: ipcWorkbench.inspector.callStacks is off.';
  return 'The page did not tell where this call comes from: it was loaded while ipcWorkbench.inspector.callStacks was off, made more than 32 calls at once or 1,000 a second, or its stack is not kept any more.';
}

const workspaceFolders = () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => resolve(uri.fsPath));

/** The file behind an address that VS Code gives a webview for it. */
function webviewFile(url: URL): string | undefined {
  if (!/^(file|vscode-remote)(\+|%2B)[^/]*\.vscode-resource\./i.test(url.hostname)) return undefined;
  try {
    return fileURLToPath(`file://${url.pathname}`);
  } catch {
    return undefined; // no path of this system
  }
}
