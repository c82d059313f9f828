/** A window of the app: its label and title, what is known of its page, and the flow of its events and its end. */
import type { WindowHandle } from './app.ts';
import type { Connection } from './connection.ts';
import { jsonOf } from './call.ts';
import type { Core } from './core.ts';
import { assertEventName, type EventTarget, type HostEvent } from './event.ts';
import type { Disposable } from './lifetime.ts';
import type { FromPage } from './wire.ts';

/** What is asked for when a window is made; the members of Tauri's WindowConfig that a panel honours, and the rest as given. */
export interface WindowOptions {
  readonly label: string;
  readonly title?: string;
  /** a path below the app's origin, or an absolute URL */
  readonly url?: string;
  readonly focus?: boolean;
  readonly visible?: boolean;
  readonly theme?: 'light' | 'dark';
  readonly backgroundColor?: string;
  /** label of the window that opened it: the new one opens beside it */
  readonly parent?: string;
}

/** What the host can do with the panel of a window. */
export interface WindowControls {
  setTitle(title: string): void;
  /** What surrounds the page follows the window's theme: `prefers-color-scheme` in the page comes from there. */
  setTheme(theme: Theme): void;
  /** Brings the panel to the front; `focus: false` leaves the focus where it is. */
  reveal(focus: boolean): void;
  /** Ends the panel; the window is told through {@link CoreWindow.gone}. */
  dispose(): void;
}

export type Theme = 'light' | 'dark';
export type Metrics = Omit<Extract<FromPage, { kind: 'metrics' }>, 'kind'>;

/** The application title of Tauri where the configuration has none. */
export const DEFAULT_TITLE = 'Tauri App';

const NO_METRICS: Metrics = {
  width: 0,
  height: 0,
  scaleFactor: 1,
  screenX: 0,
  screenY: 0,
  screenWidth: 0,
  screenHeight: 0,
};

export class CoreWindow implements WindowHandle {
  readonly label: string;
  readonly options: WindowOptions;
  readonly controls: WindowControls;
  /** what setters were told that a panel cannot do, so that the getters agree (tauri-core 6.9, "N") */
  readonly remembered = new Map<string, unknown>();
  readonly #core: Core;
  #title: string;
  #connection: Connection | undefined;
  #metrics: Metrics = NO_METRICS;
  #focused = false;
  #visible = true;
  #theme: Theme = 'dark';
  /** set by `setTheme`: the page no longer follows VS Code's theme */
  #ownTheme: Theme | undefined;
  #over = false;

  constructor(core: Core, options: WindowOptions, controls: WindowControls) {
    this.#core = core;
    this.label = options.label;
    this.options = options;
    this.controls = controls;
    this.#title = options.title ?? DEFAULT_TITLE;
    this.#ownTheme = options.theme;
  }

  get title(): string {
    return this.#title;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** what the page last measured, in physical pixels where Tauri says so */
  get metrics(): Metrics {
    return this.#metrics;
  }

  get focused(): boolean {
    return this.#focused;
  }

  get visible(): boolean {
    return this.#visible;
  }

  get theme(): Theme {
    return this.#ownTheme ?? this.#theme;
  }

  get over(): boolean {
    return this.#over;
  }

  attach(connection: Connection): void {
    this.#connection?.close();
    this.#connection = connection;
  }

  emit(event: string, payload?: unknown): void {
    assertEventName(event);
    this.#core.emit(event, { kind: 'AnyLabel', label: this.label }, jsonOf(payload));
  }

  listen(event: string, handler: (event: HostEvent) => void): Disposable {
    return this.#core.events.listen(event, { kind: 'Window', label: this.label }, handler);
  }

  setTitle(title: string): void {
    this.#title = title;
    this.controls.setTitle(title);
    this.#core.windowChanged();
  }

  setFocus(): void {
    this.controls.reveal(true);
  }

  /** Tauri's close flow (tauri-core 4.6): a page that listens to close-requested decides, and destroys by itself. */
  close(): void {
    const asks = this.#core.events.hasPageListener('tauri://close-requested', (target) => this.#isThis(target));
    if (asks) this.#core.emitWindowEvent(this, 'tauri://close-requested', null);
    else this.destroy();
  }

  #isThis(target: EventTarget): boolean {
    return (target.kind === 'Window' || target.kind === 'WebviewWindow') && target.label === this.label;
  }

  destroy(): void {
    if (this.#over) return;
    this.controls.dispose();
    this.gone();
  }

  /** The panel is gone, by `destroy` or because its tab was closed (which no extension can refuse). */
  gone(): void {
    if (this.#over) return;
    this.#over = true;
    this.#connection?.close();
    this.#core.forget(this);
  }

  // ---- what the host and the page report

  setFocused(focused: boolean): void {
    if (focused === this.#focused || this.#over) return;
    this.#focused = focused;
    this.#core.emitWindowEvent(this, focused ? 'tauri://focus' : 'tauri://blur', null);
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
  }

  /** VS Code's theme; heard by the page unless it has a theme of its own. */
  setHostTheme(theme: Theme): void {
    const before = this.theme;
    this.#theme = theme;
    this.#themeChanged(before);
  }

  /** The page's own theme (`setTheme`), or null to follow VS Code again. */
  setTheme(theme: Theme | null): void {
    const before = this.theme;
    this.#ownTheme = theme ?? undefined;
    this.#themeChanged(before);
  }

  #themeChanged(before: Theme): void {
    if (before === this.theme || this.#over) return;
    this.controls.setTheme(this.theme);
    this.#connection?.change({ property: 'colorScheme', value: this.theme });
    this.#core.emitWindowEvent(this, 'tauri://theme-changed', this.theme);
  }

  setMetrics(metrics: Metrics): void {
    const before = this.#metrics;
    this.#metrics = metrics;
    if (before === NO_METRICS) return;
    const size = {
      width: Math.round(metrics.width * metrics.scaleFactor),
      height: Math.round(metrics.height * metrics.scaleFactor),
    };
    if (before.scaleFactor !== metrics.scaleFactor) {
      this.#core.emitWindowEvent(this, 'tauri://scale-change', { scaleFactor: metrics.scaleFactor, size });
    }
    if (before.width !== metrics.width || before.height !== metrics.height) {
      this.#core.emitWindowEvent(this, 'tauri://resize', size);
    }
    if (before.screenX !== metrics.screenX || before.screenY !== metrics.screenY) {
      this.#core.emitWindowEvent(this, 'tauri://move', {
        x: Math.round(metrics.screenX * metrics.scaleFactor),
        y: Math.round(metrics.screenY * metrics.scaleFactor),
      });
    }
  }

  /** A file drag, heard as Tauri's webview window hears it: like an emit to this label. */
  drag(drag: Extract<FromPage, { kind: 'drag' }>): void {
    const position = { x: drag.x * this.#metrics.scaleFactor, y: drag.y * this.#metrics.scaleFactor };
    const payload =
      drag.phase === 'leave' ? null : drag.phase === 'over' ? { position } : { paths: drag.paths, position };
    this.#core.emit(`tauri://drag-${drag.phase}`, { kind: 'AnyLabel', label: this.label }, JSON.stringify(payload));
  }
}
