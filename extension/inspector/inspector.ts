/** The inspector's pages, in the bottom panel and as editor tabs, and their wiring to the tap. */
import * as vscode from 'vscode';
import { plainMessage } from '../plugins/plain-text.ts';
import { type CopyFormat, FromInspector, type ListAction, type ToInspector } from '#core/inspector-messages.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { RecordSource } from '#core/record-source.ts';
import type { Tap } from '#core/tap.ts';
import { createNonce } from '../frame-html.ts';
import type { Answers } from './answers.ts';
import type { Origins } from './origins.ts';
import type { Bodies } from './bodies.ts';
import { cellsAt } from './cells.ts';
import { copiedText } from './copy.ts';
import { type ActivePage, InspectorFocus, type Sight } from './focus.ts';
import type { Permissions } from './permissions.ts';
import { slowMs } from '../settings.ts';
import { type FindConnection, resend } from './resend.ts';
import { RowFeed } from './row-feed.ts';
import { detailOf } from './rows.ts';
import type { SavedFilters } from './saved-filters.ts';
import { Searches } from './searches.ts';
import { Slices } from './slices.ts';

export const INSPECTOR_VIEW = 'ipcWorkbench.inspector';
export const INSPECTOR_PANEL_TYPE = 'ipcWorkbench.inspectorEditor';

const RELATED = 1_000;

/** What can be done while apps run: nothing of it in a recording. */
export interface LiveServices {
  readonly tap: Tap;
  readonly findConnection: FindConnection;
  readonly permissions: Permissions;
  readonly answers: Answers;
}

/** What a page shows, and who does for it what it cannot do. */
export interface PageOptions {
  readonly source: RecordSource;
  /** absent where nothing runs */
  readonly live?: LiveServices;
  /** bodies as documents */
  readonly bodies: Bodies;
  /** recordings and exports */
  readonly files: PageFiles;
  /** where calls come from */
  readonly origins: Origins;
  /** filters with names */
  readonly filters: SavedFilters;
  /** which page commands are for */
  readonly focus: InspectorFocus;
  readonly sight: Sight;
  /** recordings: when their clock was 0, in ms since 1970 */
  readonly started?: number | undefined;
}

/** What a page has to do with files: recordings and exports. */
export interface PageFiles {
  /** Tells the page what it has to know first, and of changes. The answer ends that. */
  attach(post: (message: ToInspector) => void): Disposable;
  receive(request: Extract<FromInspector, { kind: 'record-to-file' | 'export' }>): void;
}

export interface InspectorOptions
  extends LiveServices,
    Pick<PageOptions, 'source' | 'bodies' | 'files' | 'origins' | 'filters'> {
  readonly extensionUri: vscode.Uri;
}

export class Inspector implements vscode.WebviewViewProvider, vscode.WebviewPanelSerializer {
  readonly #options: InspectorOptions;
  readonly #life = new Lifetime();
  /** shared with the pages of recordings */
  readonly focus = new InspectorFocus((key, value) => void vscode.commands.executeCommand('setContext', key, value));
  readonly #pages = new Set<{ readonly page: ShownPage; readonly isVisible: () => boolean }>();
  /** what somebody chose elsewhere, for the next page that comes into sight */
  #wanted: ((page: ShownPage) => void) | undefined;

  constructor(options: InspectorOptions) {
    this.#options = options;
    this.#life.own(
      vscode.window.registerWebviewViewProvider(INSPECTOR_VIEW, this, {
        webviewOptions: { retainContextWhenHidden: true },
      }),
    );
    this.#life.own(vscode.window.registerWebviewPanelSerializer(INSPECTOR_PANEL_TYPE, this));
    // Who has asked for a call to wait wants to answer it.
    this.#life.own(
      options.answers.onHold(() => {
        if (this.#pageInSight) return;
        void vscode.commands.executeCommand(`${INSPECTOR_VIEW}.focus`);
      }),
    );
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#open(view.webview, view.onDidDispose, sightOf(view));
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#open(panel.webview, panel.onDidDispose, sightOf(panel));
  }

  /** Brings the inspector into sight, with a filter. */
  async showFiltered(filter: string): Promise<void> {
    await this.#show((page) => page.showFiltered(filter));
  }

  /** Brings a message into sight; with `edit` so that it can be changed and sent again. */
  async showMessage(id: number, { edit = false }: { readonly edit?: boolean } = {}): Promise<void> {
    await this.#show((page) => page.showMessage(id, edit));
  }

  async #show(what: (page: ShownPage) => void): Promise<void> {
    this.#wanted = what;
    if (!this.#pageInSight) await vscode.commands.executeCommand(`${INSPECTOR_VIEW}.focus`);
    // A page that was made meanwhile has taken it already.
    this.#give(this.#pageInSight);
  }

  get #pageInSight(): ShownPage | undefined {
    return [...this.#pages].findLast(({ isVisible }) => isVisible())?.page;
  }

  #give(page: ShownPage | undefined): void {
    if (!page) return;
    this.#wanted?.(page);
    this.#wanted = undefined;
  }

  /** Opens the same UI as an editor tab. */
  openEditor(): void {
    const panel = vscode.window.createWebviewPanel(INSPECTOR_PANEL_TYPE, 'IPC Inspector', vscode.ViewColumn.Active, {
      retainContextWhenHidden: true,
    });
    panel.iconPath = vscode.Uri.joinPath(this.#options.extensionUri, 'media', 'inspector.svg');
    this.#open(panel.webview, panel.onDidDispose, sightOf(panel));
  }

  /** Does something in the page that has the focus, or had it last. */
  act(action: ListAction): void {
    const isDone = this.focus.act(action);
    if (!isDone) void vscode.window.showInformationMessage('Open the inspector and select a message first.');
  }

  /** Lets people choose how what is selected is copied. */
  async copySelected(): Promise<void> {
    const items = Object.entries(COPY_FORMATS).map(([action, label]) => ({ action: action as CopyAction, label }));
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Copy the selected messages as' });
    if (chosen) this.act(chosen.action);
  }

  #open(webview: vscode.Webview, onDidDispose: vscode.Event<void>, sight: Sight): void {
    const { extensionUri, source, bodies, files, origins, filters } = this.#options;
    const life = this.#life.own(new Lifetime());
    const page = life.own(
      showPage(webview, extensionUri, {
        source,
        bodies,
        files,
        origins,
        filters,
        focus: this.focus,
        sight,
        live: this.#options,
      }),
    );
    const shown = { page, isVisible: sight.isVisible };
    this.#pages.add(shown);
    life.onEnd(() => this.#pages.delete(shown));
    this.#give(page);
    life.own(
      onDidDispose(() => {
        this.#life.end(life);
      }),
    );
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** Whether a view or an editor is to be seen, and how to see it. */
export function sightOf(place: vscode.WebviewView | vscode.WebviewPanel): Sight {
  return {
    isVisible: () => place.visible,
    reveal: () => ('reveal' in place ? place.reveal() : place.show()),
  };
}

type CopyAction = Extract<ListAction, `copy${string}`>;

const COPY_FORMATS: Readonly<Record<CopyAction, string>> = {
  copyJson: 'JSON',
  copyInvoke: 'Code: await invoke(…)',
  copyText: 'Rows of text',
};

/** The inspector in a webview, until it is disposed of. */
interface ShownPage extends Disposable {
  /** Sets its filter, now or as soon as it is there. */
  showFiltered(filter: string): void;
  /** Selects a message, and lets it be edited; now or as soon as it is there. */
  showMessage(id: number, edit: boolean): void;
}

/** Shows the inspector in a webview. */
export function showPage(webview: vscode.Webview, extensionUri: vscode.Uri, options: PageOptions): ShownPage {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  const life = new Lifetime();
  const page = life.own(new InspectorPage(options, webview));
  life.own(webview.onDidReceiveMessage((message: unknown) => page.receive(message)));
  webview.html = inspectorHtml(webview, dist);
  return {
    showFiltered: (filter) => page.showFiltered(filter),
    showMessage: (id, edit) => page.showMessage(id, edit),
    dispose: () => life.dispose(),
  };
}

/** One page of the inspector: keeps it told of what the tap records, or of a recording. */
class InspectorPage {
  readonly #options: PageOptions;
  readonly #webview: vscode.Webview;
  readonly #active: ActivePage;
  readonly #life = new Lifetime();
  readonly #rows: RowFeed;
  readonly #searches: Searches;
  readonly #slices: Slices;
  #ready = false;
  #files: Disposable | undefined;
  /** to be told once the page is there */
  readonly #later: ToInspector[] = [];

  constructor(options: PageOptions, webview: vscode.Webview) {
    this.#options = options;
    this.#webview = webview;
    this.#active = { ...options.sight, post: (message) => this.#post(message) };
    options.focus.opened(this.#active);
    this.#life.onEnd(() => options.focus.closed(this.#active));
    this.#rows = this.#life.own(
      new RowFeed(
        options.source,
        (message) => this.#post(message),
        (records) => this.#searches.pass(records),
      ),
    );
    this.#searches = this.#life.own(
      new Searches({
        source: options.source,
        post: (message) => this.#post(message),
        report: (problem) => void vscode.window.showWarningMessage(problem),
        slowMs,
        next: () => this.#rows.next,
      }),
    );
    this.#slices = new Slices(options.source);
    this.#life.own(options.filters.onChange(() => this.#postFilters()));
    if (options.live) this.#follow(options.live);
  }

  #follow({ permissions, answers }: LiveServices): void {
    this.#life.own(permissions.onChange(() => this.#post({ kind: 'permissions-changed' })));
    this.#life.own(answers.onChange(() => this.#postAnswers(answers)));
    this.#life.own(
      answers.onHold((id) => {
        this.#rows.flush();
        this.#post({ kind: 'go-to', id });
      }),
    );
  }

  showFiltered(filter: string): void {
    this.#postLater({ kind: 'filter', text: filter });
  }

  showMessage(id: number, edit: boolean): void {
    this.#rows.flush();
    this.#postLater({ kind: 'go-to', id, edit });
  }

  #postLater(message: ToInspector): void {
    if (this.#ready) this.#post(message);
    else this.#later.push(message);
  }

  receive(message: unknown): void {
    const parsed = FromInspector.safeParse(message);
    // Our own page: a message that does not fit is a bug, and a bug must be seen.
    if (!parsed.success) throw new Error(`the inspector's page sent an unknown message: ${parsed.error.message}`);
    const { source, live, files, bodies } = this.#options;
    const said = parsed.data;
    switch (said.kind) {
      case 'ready':
        this.#ready = true;
        this.#searches.dispose();
        this.#post({ kind: 'cleared' });
        this.#postFilters();
        this.#files?.dispose();
        this.#files = this.#life.own(files.attach((message) => this.#post(message)));
        if (live) this.#post({ kind: 'paused', paused: live.tap.paused });
        this.#post({ kind: 'rows', rows: [], ...this.#epoch });
        this.#rows.start();
        for (const message of this.#later.splice(0)) this.#post(message);
        if (live) {
          this.#postAnswers(live.answers);
          this.#showHeld(live.answers);
        }
        break;
      case 'clear':
        live?.tap.clear();
        break;
      case 'pause':
        if (!live) break;
        live.tap.paused = said.paused;
        this.#post({ kind: 'paused', paused: said.paused });
        break;
      case 'detail':
        this.#postDetail(said.id);
        break;
      case 'resend':
        this.#resend(said.id, said.payload);
        break;
      case 'open':
        void bodies.open(source, said.id, said.part);
        break;
      case 'slice':
        this.#post({ ...said, body: this.#slices.get(said.id, said.part, said.offset, said.length) });
        break;
      case 'copyBody':
        void vscode.env.clipboard.writeText(this.#slices.text(said.id, said.part) ?? '');
        break;
      case 'diff':
        void bodies.compare(source, said.ids, said.part);
        break;
      case 'explain':
        this.#post({ kind: 'permission', id: said.id, report: live?.permissions.report(said.id) ?? null });
        break;
      case 'openCapability':
        void live?.permissions.open(said.id, said.capability, said.permission);
        break;
      case 'addPermission':
        void live?.permissions.add(said.id, said.permission);
        break;
      case 'askAnswer':
        this.#post({ kind: 'answer', id: said.id, report: live?.answers.report(said.id) ?? null });
        break;
      case 'answer':
        void live?.answers.act(said.id, said.action);
        break;
      case 'sendAnswer':
        live?.answers.send(said.id, said.ok, said.json);
        break;
      case 'askStack':
      case 'openFrame':
      case 'askHandler':
      case 'openHandlerPlace':
        void this.#options.origins.ask(said, source, (answer) => this.#post(answer));
        break;
      case 'disarm':
        live?.answers.disarm(said);
        break;
      case 'search':
        this.#searches.search(said.search, said.terms, said.where);
        break;
      case 'find':
        this.#searches.find(said.find, said.text);
        break;
      case 'annotate':
        for (const id of said.ids) source.annotate(id, said);
        break;
      case 'save-filters':
        this.#options.filters.all = said.saved;
        break;
      case 'record-to-file':
      case 'export':
        files.receive(said);
        break;
      case 'focus':
        this.#options.focus.focus(this.#active, said.focused, said.typing);
        break;
      case 'cells':
        for (const path of said.paths) this.#post({ kind: 'cells', path, cells: cellsAt(source, path, said.ids) });
        break;
      case 'copyMessages':
        this.#copy(said.ids, said.as);
        break;
      case 'copy':
        void vscode.env.clipboard.writeText(said.text);
        break;
      case 'command':
        void vscode.commands.executeCommand(`ipcWorkbench.${said.command}`);
        break;
    }
  }

  #postFilters(): void {
    this.#post({ kind: 'saved-filters', saved: this.#options.filters.all });
  }

  #postAnswers({ waiting, held }: Answers): void {
    this.#post({ kind: 'answers-changed', waiting, held });
  }

  /** A call may have begun to wait before this page was there. */
  #showHeld({ held }: Answers): void {
    const id = held.at(-1);
    if (id !== undefined) this.#post({ kind: 'go-to', id });
  }

  #postDetail(id: number): void {
    const { source, live } = this.#options;
    const record = source.find(id);
    if (!record) {
      this.#post({ kind: 'detail', id, detail: null });
      return;
    }
    const related = { ids: [] as number[], total: 0 };
    for (const other of source.relatedTo(id)) {
      related.total++;
      if (related.ids.length < RELATED) related.ids.push(other);
    }
    const canResend = record.kind === 'invoke' && live?.findConnection(record.app, record.window)?.ready === true;
    this.#post({ kind: 'detail', id, detail: detailOf(record, related, canResend) });
  }

  #resend(of: number, payload: string | undefined): void {
    const { live } = this.#options;
    try {
      if (!live) throw new Error('this is a recording');
      // Not what is shown: secrets may be taken out of that.
      const record = live.tap.find(of);
      if (!record) throw new Error('this message is not kept any more');
      this.#post({ kind: 'resent', of, id: resend(record, live.findConnection, payload) });
    } catch (error) {
      this.#post({ kind: 'resent', of, error: (error as Error).message });
    }
  }

  /** When the clock of the records was 0. */
  get #epoch(): { readonly epoch?: number } {
    const { source, live, started } = this.#options;
    if (live) return { epoch: Date.now() - source.sessionTime };
    return started === undefined ? {} : { epoch: started };
  }

  #copy(ids: readonly number[], format: CopyFormat): void {
    const records = ids.flatMap((id) => this.#options.source.find(id) ?? []);
    try {
      const text = copiedText(records, format);
      if (text === '') throw new Error('only calls and emitted events have code');
      void vscode.env.clipboard.writeText(text);
    } catch (error) {
      void vscode.window.showWarningMessage(plainMessage(`Not copied: ${(error as Error).message}.`));
    }
  }

  #post(message: ToInspector): void {
    // A page that is gone gets everything again when it is back and says ready.
    void this.#webview.postMessage(message);
  }

  dispose(): void {
    this.#life.dispose();
  }
}

function inspectorHtml(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = createNonce();
  const uri = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const { cspSource } = webview;
  const csp = [
    "default-src 'none'",
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data: blob:`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!doctype html>
<html lang="en" data-view="inspector">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<title>IPC Inspector</title>
<link rel="stylesheet" href="${uri('codicon.css')}">
<link rel="stylesheet" href="${uri('inspector.css')}">
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="${uri('inspector.js')}"></script>
</body>
</html>`;
}
