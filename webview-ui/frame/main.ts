/**
 * The wrapper page of a panel: one frame that shows the app, and a relay between that frame and the host. Only this page
 * has VS Code's API. It hands a MessagePort to exactly its frame and origin, and numbers the page loads: a new port is a
 * new generation, and what an old one still says is dropped by the host, and recorded. Whether the page that asks for a
 * port is one that the host served, the host decides by the key that the page names.
 */

import { HostLine } from './host-line.ts';

interface VsCode {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCode;

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

/** As core/wire.ts `Frame`. */
type Part = string | Uint8Array;

/** From the host; a frame for the page is `[generation, ...parts]`. */
type FromHost =
  | readonly [number, ...Part[]]
  | { readonly kind: 'theme'; readonly theme: 'light' | 'dark' }
  | { readonly kind: 'load'; readonly url: string };

const SILENT_MS = 15_000;
const GONE_MS = 250;

const script = document.currentScript as HTMLScriptElement;
const config = JSON.parse(script.dataset['config'] as string) as FrameConfig;
const vscode = acquireVsCodeApi();
vscode.setState(config.state);

const host = new HostLine({ vscode, take: (said) => fromHost(said as FromHost), lost: () => load(config.url) });

const message = document.getElementById('message') as HTMLElement;
let frame = createFrame();
let port: MessagePort | undefined;
let generation = 0;
let silence = 0;

/** The frame's name survives reloads and navigation: it is how the bridge knows the label before any message. */
function createFrame(): HTMLIFrameElement {
  const element = document.createElement('iframe');
  element.name = config.label;
  element.title = config.title;
  element.allow = config.allow;
  element.addEventListener('load', () => {
    if (port) host.post({ kind: 'loaded', generation });
    waitForHello();
  });
  return element;
}

// VS Code gives the focus to this page, when the palette closes or the tab is chosen: the app is what it is meant for.
addEventListener('focus', () => {
  // Not at once: the browser is still giving this page the focus. A dialog that opens in between keeps it.
  setTimeout(() => {
    if (document.hasFocus() && document.activeElement === document.body) frame.contentWindow?.focus();
  });
});

addEventListener('message', ({ source, origin: from, data }: MessageEvent) => {
  if (source === frame.contentWindow && from === config.origin && isKey(data)) connect(data);
  else if (source === frame.contentWindow && from === config.origin && isWaiting(data)) clearTimeout(silence);
  else if (source !== frame.contentWindow && from === origin) {
    // VS Code's own frame around this page: same origin. (`parent` is no help, VS Code deletes it.) Frames inside the app
    // have other origins and cannot pose as the host.
    host.receive(data);
  } else if (isOurs(data)) host.post({ kind: 'foreign', origin: from });
});

const isKey = (data: unknown): data is string => typeof data === 'string' && data.startsWith('ipc-workbench:');

/** Said again and again by the page that stands in for one whose development server does not answer: it tells that itself. */
const isWaiting = (data: unknown): boolean => (data as { kind?: unknown } | null | undefined)?.kind === 'waiting';

/** Whether a stranger's message is meant for this page, or one that the page's own scripts send each other. */
function isOurs(data: unknown): boolean {
  if (Array.isArray(data)) return isKey(data[0]) || typeof data[0] === 'number';
  const kind = (data as { kind?: unknown } | null | undefined)?.kind;
  return isKey(data) || kind === 'load' || kind === 'theme' || kind === 'connect' || kind === 'lane';
}

function fromHost(data: FromHost): void {
  if (Array.isArray(data)) {
    const [target, ...parts] = data as [number, ...Part[]];
    if (target === generation && port) port.postMessage(parts, buffersOf(parts));
  } else if (data && typeof data === 'object' && 'kind' in data) {
    if (data.kind === 'theme') frame.style.colorScheme = data.theme;
    else if (data.kind === 'load') load(data.url);
  }
}

/** Whole buffers are handed on, not copied; one that several parts share, once. A page may post anything. */
function buffersOf(parts: readonly unknown[]): ArrayBuffer[] {
  const buffers = parts.map((part) => (ArrayBuffer.isView(part) ? part.buffer : undefined));
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}

/** A page has loaded and asks for its connection. */
function connect(key: string): void {
  clearTimeout(silence);
  show('');
  port?.close();
  const channel = new MessageChannel();
  const mine = ++generation;
  const own = (port = channel.port1);
  own.onmessage = ({ data }: MessageEvent<Part[] | KeyboardEventInit | 0>) => {
    if (Array.isArray(data)) {
      if (mine === generation) host.post([mine, ...data], buffersOf(data));
    } else if (data === 0) leave(own, mine);
    // VS Code listens for keys on this window, and passes them to its keybindings.
    else dispatchEvent(new KeyboardEvent('keydown', { ...data, bubbles: true, cancelable: true }));
  };
  host.post({ kind: 'connect', generation, key });
  frame.contentWindow?.postMessage(config.wrapperKey, config.origin, [channel.port2]);
}

/** A document goes. Where one with a bridge follows, that asks for a port of its own within the moment. */
function leave(own: MessagePort, mine: number): void {
  setTimeout(() => {
    if (mine !== generation) return;
    if (port === own) port = undefined;
    host.post({ kind: 'gone', generation: mine });
  }, GONE_MS);
}

/** A document was loaded into the frame; when it is the app's, its bridge has said hello by now or will at once. */
function waitForHello(): void {
  clearTimeout(silence);
  const before = generation;
  silence = setTimeout(() => {
    if (before !== generation || port) return;
    host.post({ kind: 'silent' });
    show(
      `The page at ${config.url} did not answer. If VS Code runs on another machine than this one, its port must be reachable from here.`,
    );
  }, SILENT_MS);
}

/** Loads the page in a new frame element: a new address that differs in its fragment only would load nothing. */
function load(url: string): void {
  show('');
  port?.close();
  port = undefined;
  const { colorScheme } = frame.style;
  frame.remove();
  frame = createFrame();
  frame.style.colorScheme = colorScheme;
  frame.src = url;
  document.body.prepend(frame);
  waitForHello();
}

function show(text: string): void {
  message.hidden = text === '';
  (message.querySelector('p') as HTMLElement).textContent = text;
}

message.querySelector('button')?.addEventListener('click', () => load(config.url));
load(config.url);
