/**
 * The wrapper page of a panel: one frame that shows the app, and a relay between that frame and the host. Only this page
 * has VS Code's API. It hands a MessagePort to exactly its frame and origin, and numbers the page loads: a new port is a
 * new generation, and what an old one still says is dropped by the host, and recorded. Whether the page that asks for a
 * port is one that the host served, the host decides by the key that the page names.
 */

import { HostLine, type VsCode } from './host-line.ts';

declare function acquireVsCodeApi(): VsCode & { setState(state: unknown): void };

/** `data-config` of the script element, written by extension/frame-html.ts. */
interface FrameConfig {
  readonly origin: string;
  /** what this page proves itself with to the bridge */
  readonly wrapperKey: string;
  /** what the frame may do besides: a Permissions Policy */
  readonly allow: string;
  readonly url: string;
  readonly label: string;
  readonly title: string;
  readonly state: unknown;
}

/** From the host, beside frames. */
type FromHost =
  | { readonly kind: 'theme'; readonly theme: 'light' | 'dark' }
  | { readonly kind: 'load'; readonly url: string };

const SILENT_MS = 15_000;
const GONE_MS = 250;

export class Wrapper {
  readonly #config: FrameConfig;
  readonly #host: HostLine;
  readonly #message = document.getElementById('message') as HTMLElement;
  #frame: HTMLIFrameElement;
  /** the number of the page load */
  #generation = 0;
  /** The page of that load has not gone. */
  #connected = false;
  #silence = 0;

  /** @param script the element of the script that runs */
  constructor(script: HTMLScriptElement) {
    const config = JSON.parse(script.dataset['config'] as string) as FrameConfig;
    this.#config = config;
    const vscode = acquireVsCodeApi();
    vscode.setState(config.state);
    this.#host = new HostLine({
      vscode,
      startWorker: () => startWorker(script.text),
      take: (said) => this.#take(said as FromHost | null),
      // VS Code listens for keys on this window, and passes them to its keybindings.
      key: (pressed) => dispatchEvent(new KeyboardEvent('keydown', { ...pressed, bubbles: true, cancelable: true })),
      leave: (generation) => this.#leave(generation),
      lost: () => this.load(),
    });
    this.#frame = this.#createFrame();
    // VS Code gives the focus to this page, when the palette closes or the tab is chosen: the app is what it is meant for.
    addEventListener('focus', () => {
      // Not at once: the browser is still giving this page the focus. A dialog that opens in between keeps it.
      setTimeout(() => {
        if (document.hasFocus() && document.activeElement === document.body) this.#frame.contentWindow?.focus();
      });
    });
    addEventListener('message', (event) => this.#receive(event));
    this.#message.querySelector('button')?.addEventListener('click', () => this.load());
  }

  /** Loads the page in a new frame element: a new address that differs in its fragment only would load nothing. */
  load(url: string = this.#config.url): void {
    this.#show('');
    this.#host.disconnect();
    this.#connected = false;
    const { colorScheme } = this.#frame.style;
    this.#frame.remove();
    this.#frame = this.#createFrame();
    this.#frame.style.colorScheme = colorScheme;
    this.#frame.src = url;
    document.body.prepend(this.#frame);
    this.#waitForHello();
  }

  /** The frame's name survives reloads and navigation: it is how the bridge knows the label before any message. */
  #createFrame(): HTMLIFrameElement {
    const element = document.createElement('iframe');
    element.name = this.#config.label;
    element.title = this.#config.title;
    element.allow = this.#config.allow;
    element.addEventListener('load', () => {
      if (this.#connected) this.#host.post({ kind: 'loaded', generation: this.#generation });
      this.#waitForHello();
    });
    return element;
  }

  #receive({ source, origin: from, data }: MessageEvent): void {
    const isApp = source === this.#frame.contentWindow;
    if (isApp && from === this.#config.origin && isKey(data)) this.#connect(data);
    else if (isApp && from === this.#config.origin && isWaiting(data)) clearTimeout(this.#silence);
    else if (!isApp && from === origin) {
      // VS Code's own frame around this page: same origin. (`parent` is no help, VS Code deletes it.) Frames inside the app
      // have other origins and cannot pose as the host.
      this.#host.receive(data);
    } else if (isOurs(data)) this.#host.post({ kind: 'foreign', origin: from });
  }

  #take(said: FromHost | null): void {
    if (said?.kind === 'theme') this.#frame.style.colorScheme = said.theme;
    else if (said?.kind === 'load') this.load(said.url);
  }

  /** A page has loaded and asks for its connection. */
  #connect(key: string): void {
    clearTimeout(this.#silence);
    this.#show('');
    const { port1, port2 } = new MessageChannel();
    this.#connected = true;
    this.#host.connect(++this.#generation, key, port1);
    this.#frame.contentWindow?.postMessage(this.#config.wrapperKey, this.#config.origin, [port2]);
  }

  /** A document goes. Where one with a bridge follows, that asks for a port of its own within the moment. */
  #leave(generation: number): void {
    setTimeout(() => {
      if (generation !== this.#generation) return;
      this.#connected = false;
      this.#host.post({ kind: 'gone', generation });
    }, GONE_MS);
  }

  /** A document was loaded into the frame; when it is the app's, its bridge has said hello by now or will at once. */
  #waitForHello(): void {
    clearTimeout(this.#silence);
    const before = this.#generation;
    this.#silence = setTimeout(() => {
      if (before !== this.#generation || this.#connected) return;
      this.#host.post({ kind: 'silent' });
      this.#show(
        `The page at ${this.#config.url} did not answer. If VS Code runs on another machine than this one, its port must be reachable from here.`,
      );
    }, SILENT_MS);
  }

  #show(text: string): void {
    this.#message.hidden = text === '';
    (this.#message.querySelector('p') as HTMLElement).textContent = text;
  }
}

/** A worker with the same script. It starts from the browser's own copy of the text, so that may be let go of at once. */
function startWorker(script: string): Worker {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  try {
    return new Worker(url, { name: 'ipc-workbench-lane' });
  } finally {
    URL.revokeObjectURL(url);
  }
}

const isKey = (data: unknown): data is string => typeof data === 'string' && data.startsWith('ipc-workbench:');

/** Said again and again by the page that stands in for one whose development server does not answer: it tells that itself. */
const isWaiting = (data: unknown): boolean => (data as { kind?: unknown } | null | undefined)?.kind === 'waiting';

/** Whether a stranger's message is meant for this page, or one that the page's own scripts send each other. */
function isOurs(data: unknown): boolean {
  if (Array.isArray(data)) return isKey(data[0]) || typeof data[0] === 'number';
  const kind = (data as { kind?: unknown } | null | undefined)?.kind;
  return isKey(data) || kind === 'load' || kind === 'theme' || kind === 'connect' || kind === 'lane';
}
