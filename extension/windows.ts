/** Panels as windows: makes them, gives them their page, and tells the core what happens to them. */
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Core } from '#core/core.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { type CoreWindow, DEFAULT_TITLE, type Theme, type WindowControls, type WindowOptions } from '#core/window.ts';
import { findNavigating } from './app/navigating.ts';
import type { PageAddress } from './app/pages.ts';
import { Door } from './door.ts';
import { frameHtml } from './frame-html.ts';
import { Lane } from './lane.ts';
import { PanelTransport } from './transport.ts';

export const WINDOW_VIEW_TYPE = 'ipcWorkbench.window';

/** A page that does not connect keeps the next window of its column waiting no longer than this. */
const SHOWN_MS = 3000;

/** What VS Code keeps of a panel over its reload. */
export interface PanelState {
  /** the folder of the project, or `demo` */
  readonly app: string;
  readonly label: string;
  readonly url: string;
}

/** What the windows of one app need of it. */
export interface WindowsOptions {
  readonly core: Core;
  /** names the app in the state of its panels */
  readonly appId: string;
  readonly extensionUri: vscode.Uri;
  /** the page of a window: a path of the app, or an absolute address */
  findPage(path: string): Promise<PageAddress>;
  /** the column in which a window of that label was last, where that is kept */
  keptColumn(label: string): number | undefined;
  /** whether wrapper pages may open a lane to the host */
  useLane(): boolean;
  /** whether panels keep their page while they are hidden */
  readonly keepHidden: boolean;
  /** the localStorage that the host keeps changed; false: it is full */
  onStorage(key: string | null, value: string | null): boolean;
  report(message: string): void;
}

/** VS Code's theme as Tauri knows themes: high contrast counts as its base. */
export function currentTheme(): Theme {
  const { kind } = vscode.window.activeColorTheme;
  return kind === vscode.ColorThemeKind.Light || kind === vscode.ColorThemeKind.HighContrastLight ? 'light' : 'dark';
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly transport: PanelTransport;
  readonly page: PageAddress;
  /** its page has connected, or the panel is gone */
  readonly shown: Promise<void>;
}

/** The windows of one app. */
export class Windows implements Disposable {
  readonly #options: WindowsOptions;
  readonly #life = new Lifetime();
  readonly #panels = new Map<string, OpenPanel>();
  /** text of dist/frame.js */
  #frame: string | undefined;
  /** labels of windows that will open when it is their turn */
  readonly #opening = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: WindowsOptions) {
    this.#options = options;
    this.#life.own(vscode.window.onDidChangeActiveColorTheme(() => this.#themeChanged()));
    this.#life.own(vscode.window.onDidChangeWindowState(() => this.#focusChanged()));
  }

  /**
   * Opens a window in a new panel, after those that were asked for before. Rejects with Tauri's texts for a bad or taken
   * label.
   */
  async open(options: WindowOptions): Promise<CoreWindow> {
    this.#options.core.assertFreeLabel(options.label);
    this.#opening.add(options.label);
    const opened = this.#turn.then(() => this.#openNow(options)).finally(() => this.#opening.delete(options.label));
    this.#turn = opened.catch(() => undefined); // told to the one who asked for it
    return opened;
  }

  /** Whether a window of that label is open or about to be. */
  has(label: string): boolean {
    return this.#opening.has(label) || this.#options.core.windows.has(label);
  }

  async #openNow(options: WindowOptions): Promise<CoreWindow> {
    const column = this.#columnFor(options);
    // 1.139: a panel that is covered by the next one before it was drawn never loads its page, until somebody looks at it.
    const below = [...this.#panels.values()].filter(({ panel }) => panel.viewColumn === column);
    await within(SHOWN_MS, Promise.all(below.map(({ shown }) => shown)));
    if (this.#life.over) throw new Error('the app was closed');
    this.#options.core.assertFreeLabel(options.label);
    const page = await this.#options.findPage(options.url ?? 'index.html');
    if (this.#life.over) throw new Error('the app was closed');
    const panel = vscode.window.createWebviewPanel(
      WINDOW_VIEW_TYPE,
      options.title ?? DEFAULT_TITLE,
      { viewColumn: column, preserveFocus: options.focus === false },
      { enableScripts: true, retainContextWhenHidden: this.#options.keepHidden, localResourceRoots: [] },
    );
    return this.#adopt(panel, options, page);
  }

  /** Makes a window of a panel that VS Code has restored; a label that is taken rejects as with {@link open}. */
  async adopt(panel: vscode.WebviewPanel, options: WindowOptions): Promise<CoreWindow> {
    this.#options.core.assertFreeLabel(options.label);
    this.#opening.add(options.label);
    try {
      const page = await this.#options.findPage(options.url ?? 'index.html');
      if (this.#life.over) throw new Error('the app was closed');
      return this.#adopt(panel, options, page);
    } finally {
      this.#opening.delete(options.label);
    }
  }

  #adopt(panel: vscode.WebviewPanel, options: WindowOptions, page: PageAddress): CoreWindow {
    const { core, appId } = this.#options;
    const life = new Lifetime();
    const { label } = options;
    const title = options.title ?? DEFAULT_TITLE;
    panel.title = title;
    panel.iconPath = vscode.Uri.joinPath(this.#options.extensionUri, 'media', 'window.svg');
    panel.webview.options = { enableScripts: true, localResourceRoots: [] };

    const shown = Promise.withResolvers<void>();
    const generation = () => core.windows.get(label)?.connection?.generation ?? 0;
    const door = new Door({ tap: core.tap, app: core.name, window: label, generation });
    const lane = life.own(
      new Lane({
        webview: panel.webview,
        offer: (open) => (this.#options.useLane() ? page.offerLane(open) : undefined),
      }),
    );
    const transport = life.own(
      new PanelTransport({
        webview: lane,
        door,
        redeem: (key) => page.redeem(key),
        onConnect: () => {
          shown.resolve();
          lane.offer();
        },
        onSilent: () => this.#options.report(`The page of window "${label}" did not answer: ${page.url}`),
      }),
    );
    let gone = false;
    const controls: WindowControls = {
      setTitle: (next) => {
        panel.title = next;
      },
      setTheme: (theme) => transport.tell({ kind: 'theme', theme }),
      reveal: (focus) => panel.reveal(undefined, !focus),
      dispose: () => {
        if (!gone) panel.dispose();
      },
    };
    const window = core.createWindow(options, controls);
    window.setHostTheme(currentTheme());
    const connection = core.connect(window, transport);
    // That of the app is not for pages of others.
    connection.onStorage = (key, value) => {
      if (page.remote) door.turnAway('foreign storage', 'to a localStorage that a remote page does not have');
      else if (!this.#options.onStorage(key, value))
        door.turnAway('localStorage is full', 'with no room for it (5 MiB)');
    };
    transport.serve(connection);
    this.#panels.set(label, { panel, transport, page, shown: shown.promise });

    life.own(
      panel.onDidChangeViewState(() => {
        window.setVisible(panel.visible);
        this.#focusChanged();
      }),
    );
    life.own(
      panel.onDidDispose(() => {
        gone = true;
        shown.resolve();
        this.#panels.delete(label);
        this.#life.end(life);
        window.gone();
      }),
    );
    this.#life.own(life);

    const state: PanelState = { app: appId, label, url: options.url ?? 'index.html' };
    panel.webview.html = frameHtml({
      script: this.#frameScript,
      page,
      label,
      title,
      state,
      theme: window.theme,
    });
    this.#focusChanged();
    return window;
  }

  panel(label: string): vscode.WebviewPanel | undefined {
    return this.#panels.get(label)?.panel;
  }

  /** The window that asks for the document at `url`, as far as that can be told. */
  findNavigating(url: string, referer: string | undefined): CoreWindow | undefined {
    const addressOf = (label: string) => this.#panels.get(label)?.page.url;
    return findNavigating([...this.#options.core.windows.values()], addressOf, url, referer);
  }

  /** Loads every window's page again. */
  async reload(): Promise<void> {
    for (const [label, { transport }] of this.#panels) {
      const url = this.#options.core.windows.get(label)?.options.url ?? 'index.html';
      // Another frontend may have the page at another address.
      transport.tell({ kind: 'load', url: (await this.#options.findPage(url)).url });
    }
  }

  /** Loads one window's page again. */
  reloadOne(label: string): void {
    const open = this.#panels.get(label);
    open?.transport.tell({ kind: 'load', url: open.page.url });
  }

  get #frameScript(): string {
    this.#frame ??= readFileSync(vscode.Uri.joinPath(this.#options.extensionUri, 'dist', 'frame.js').fsPath, 'utf8');
    return this.#frame;
  }

  /** A window opens beside the one that opened it; the first in the active group, further ones beside it. */
  #columnFor({ label, parent }: WindowOptions): vscode.ViewColumn {
    const kept = this.#options.keptColumn(label);
    if (kept !== undefined) return kept;
    const opener = parent === undefined ? undefined : this.#panels.get(parent)?.panel.viewColumn;
    if (opener !== undefined) return Math.min(opener + 1, vscode.ViewColumn.Nine);
    const columns = [...this.#panels.values()].map(({ panel }) => panel.viewColumn ?? vscode.ViewColumn.One);
    // Not `Active`: which column that was, a panel tells only later.
    if (columns.length === 0) return vscode.window.tabGroups.activeTabGroup.viewColumn;
    return Math.min(Math.max(...columns) + 1, vscode.ViewColumn.Three);
  }

  #themeChanged(): void {
    for (const window of this.#options.core.windows.values()) window.setHostTheme(currentTheme());
  }

  #focusChanged(): void {
    for (const [label, { panel }] of this.#panels) {
      this.#options.core.windows.get(label)?.setFocused(panel.active && vscode.window.state.focused);
    }
  }

  dispose(): void {
    for (const { panel } of [...this.#panels.values()]) panel.dispose();
    this.#life.dispose();
  }
}

/** Waits for a promise, but not longer than that. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
