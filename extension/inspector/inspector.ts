/** The inspector's pages, in the bottom panel and as editor tabs, and their wiring to the tap. */
import * as vscode from 'vscode';
import { FromInspector, type ToInspector } from '#core/inspector-messages.ts';
import { Lifetime } from '#core/lifetime.ts';
import type { RecordChange } from '#core/record-source.ts';
import type { Tap } from '#core/tap.ts';
import { createNonce } from '../frame-html.ts';
import type { Answers } from './answers.ts';
import type { Permissions } from './permissions.ts';
import { type FindConnection, resend } from './resend.ts';
import { detailOf, rowOf } from './rows.ts';

export const INSPECTOR_VIEW = 'ipcWorkbench.inspector';
export const INSPECTOR_PANEL_TYPE = 'ipcWorkbench.inspectorEditor';

/** Rows of one message to the page: large enough to be quick, small enough to keep the host responsive. */
const SLICE = 2_000;
/** The page is told of new rows at most this often, in ms: it draws once a frame anyway. */
const REFRESH_MS = 50;
const RELATED = 1_000;

export interface InspectorOptions {
  readonly tap: Tap;
  readonly extensionUri: vscode.Uri;
  readonly findConnection: FindConnection;
  /** shows a body in an editor */
  openBody(id: number, part: 'body' | 'outcome'): Promise<void>;
  readonly permissions: Permissions;
  readonly answers: Answers;
}

export class Inspector implements vscode.WebviewViewProvider, vscode.WebviewPanelSerializer {
  readonly #options: InspectorOptions;
  readonly #life = new Lifetime();
  /** of each page, whether it is in sight */
  readonly #visible = new Set<() => boolean>();

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
        if ([...this.#visible].some((isVisible) => isVisible())) return;
        void vscode.commands.executeCommand(`${INSPECTOR_VIEW}.focus`);
      }),
    );
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#show(view.webview, view.onDidDispose, () => view.visible);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#show(panel.webview, panel.onDidDispose, () => panel.visible);
  }

  /** Opens the same UI as an editor tab. */
  openEditor(): void {
    const panel = vscode.window.createWebviewPanel(INSPECTOR_PANEL_TYPE, 'IPC Inspector', vscode.ViewColumn.Active, {
      retainContextWhenHidden: true,
    });
    panel.iconPath = vscode.Uri.joinPath(this.#options.extensionUri, 'media', 'inspector.svg');
    this.#show(panel.webview, panel.onDidDispose, () => panel.visible);
  }

  #show(webview: vscode.Webview, onDidDispose: vscode.Event<void>, isVisible: () => boolean): void {
    const { extensionUri } = this.#options;
    const dist = vscode.Uri.joinPath(extensionUri, 'dist');
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const life = this.#life.own(new Lifetime());
    const page = life.own(new InspectorPage(this.#options, webview));
    this.#visible.add(isVisible);
    life.onEnd(() => this.#visible.delete(isVisible));
    life.own(webview.onDidReceiveMessage((message: unknown) => page.receive(message)));
    life.own(
      onDidDispose(() => {
        this.#life.end(life);
      }),
    );
    webview.html = inspectorHtml(webview, dist);
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** One page of the inspector: keeps it told of what the tap records. */
class InspectorPage {
  readonly #options: InspectorOptions;
  readonly #webview: vscode.Webview;
  readonly #life = new Lifetime();
  #ready = false;
  /** records from here on the page does not have yet */
  #next = 1;
  #changed = new Set<number>();
  #trimmed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: InspectorOptions, webview: vscode.Webview) {
    this.#options = options;
    this.#webview = webview;
    this.#life.own(options.tap.onChange((change) => this.#onChange(change)));
    this.#life.own(options.permissions.onChange(() => this.#post({ kind: 'permissions-changed' })));
    const { answers } = options;
    this.#life.own(answers.onChange(() => this.#postAnswers()));
    this.#life.own(
      answers.onHold((id) => {
        this.#flush();
        this.#post({ kind: 'go-to', id });
      }),
    );
    this.#life.onEnd(() => clearTimeout(this.#timer));
  }

  receive(message: unknown): void {
    const parsed = FromInspector.safeParse(message);
    // Our own page: a message that does not fit is a bug, and a bug must be seen.
    if (!parsed.success) throw new Error(`the inspector's page sent an unknown message: ${parsed.error.message}`);
    const { tap } = this.#options;
    const said = parsed.data;
    switch (said.kind) {
      case 'ready':
        this.#ready = true;
        this.#post({ kind: 'cleared' });
        this.#post({ kind: 'paused', paused: tap.paused });
        this.#next = tap.first;
        this.#flush();
        this.#postAnswers();
        this.#showHeld();
        break;
      case 'clear':
        tap.clear();
        break;
      case 'pause':
        tap.paused = said.paused;
        this.#post({ kind: 'paused', paused: said.paused });
        break;
      case 'detail':
        this.#postDetail(said.id, said);
        break;
      case 'resend':
        this.#resend(said.id, said.payload);
        break;
      case 'open':
        void this.#options.openBody(said.id, said.part);
        break;
      case 'explain':
        this.#post({ kind: 'permission', id: said.id, report: this.#options.permissions.report(said.id) ?? null });
        break;
      case 'openCapability':
        void this.#options.permissions.open(said.id, said.capability, said.permission);
        break;
      case 'addPermission':
        void this.#options.permissions.add(said.id, said.permission);
        break;
      case 'askAnswer':
        this.#post({ kind: 'answer', id: said.id, report: this.#options.answers.report(said.id) ?? null });
        break;
      case 'answer':
        void this.#options.answers.act(said.id, said.action);
        break;
      case 'sendAnswer':
        this.#options.answers.send(said.id, said.ok, said.json);
        break;
      case 'disarm':
        this.#options.answers.disarm(said);
        break;
      case 'annotate':
        for (const id of said.ids) tap.annotate(id, said);
        break;
      case 'copy':
        void vscode.env.clipboard.writeText(said.text);
        break;
      case 'command':
        void vscode.commands.executeCommand(`ipcWorkbench.${said.command}`);
        break;
    }
  }

  #postAnswers(): void {
    const { waiting, held } = this.#options.answers;
    this.#post({ kind: 'answers-changed', waiting, held });
  }

  /** A call may have begun to wait before this page was there. */
  #showHeld(): void {
    const id = this.#options.answers.held.at(-1);
    if (id !== undefined) this.#post({ kind: 'go-to', id });
  }

  #postDetail(
    id: number,
    request: { part?: 'body' | 'outcome' | undefined; offset?: number | undefined; length?: number | undefined },
  ): void {
    const { tap, findConnection } = this.#options;
    const record = tap.find(id);
    if (!record) {
      this.#post({ kind: 'detail', id, detail: null });
      return;
    }
    const related = { ids: [] as number[], total: 0 };
    for (const other of tap.relatedTo(id)) {
      related.total++;
      if (related.ids.length < RELATED) related.ids.push(other);
    }
    const canResend = record.kind === 'invoke' && findConnection(record.app, record.window)?.ready === true;
    this.#post({ kind: 'detail', id, detail: detailOf(record, related, canResend, request) });
  }

  #resend(of: number, payload: string | undefined): void {
    const { tap, findConnection } = this.#options;
    try {
      const record = tap.find(of);
      if (!record) throw new Error('this message is not kept any more');
      this.#post({ kind: 'resent', of, id: resend(record, findConnection, payload) });
    } catch (error) {
      this.#post({ kind: 'resent', of, error: (error as Error).message });
    }
  }

  #onChange(change: RecordChange): void {
    if (!this.#ready) return;
    for (const id of change.changed) if (id < this.#next) this.#changed.add(id);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, REFRESH_MS);
  }

  #flush(): void {
    const { tap } = this.#options;
    if (tap.first !== this.#trimmed) {
      this.#trimmed = tap.first;
      if (tap.statistics.kept === 0) this.#post({ kind: 'cleared' });
      else this.#post({ kind: 'trimmed', before: tap.first, lost: tap.statistics.lost });
    }
    for (let from = Math.max(this.#next, tap.first); from < tap.next; from += SLICE) {
      const rows = [...tap.records(from, Math.min(from + SLICE, tap.next))].map(rowOf);
      this.#post({ kind: 'rows', rows, now: tap.sessionTime });
    }
    this.#next = tap.next;
    const changed = [...this.#changed].flatMap((id) => {
      const record = tap.find(id);
      return record ? [rowOf(record)] : [];
    });
    this.#changed.clear();
    for (let from = 0; from < changed.length; from += SLICE) {
      this.#post({ kind: 'changed', rows: changed.slice(from, from + SLICE) });
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
