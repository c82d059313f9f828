/**
 * The wrapper page of a panel: one frame that shows the app, and a relay between that frame and the host. Only this page
 * has VS Code's API. It hands a MessagePort to exactly its frame and the app's origin, and numbers the page loads: a new
 * port is a new generation, and what an old one still says is dropped by the host, and recorded.
 */

interface VsCode {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCode;

/** `data-config` of the script element, written by extension/frame-html.ts. */
interface FrameConfig {
  readonly origin: string;
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

const script = document.currentScript as HTMLScriptElement;
const config = JSON.parse(script.dataset['config'] as string) as FrameConfig;
const vscode = acquireVsCodeApi();
vscode.setState(config.state);

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
  element.allow = 'clipboard-read; clipboard-write; fullscreen; autoplay';
  element.addEventListener('load', () => waitForHello());
  return element;
}

// VS Code gives the focus to this page, when the palette closes or the tab is chosen: the app is what it is meant for.
addEventListener('focus', () => {
  // Not at once: the browser is still giving this page the focus.
  setTimeout(() => {
    if (document.activeElement === document.body) frame.contentWindow?.focus();
  });
});

addEventListener('message', (event: MessageEvent) => {
  if (event.source === frame.contentWindow) {
    if (event.data !== 'ipc-workbench:hello') return;
    if (event.origin === config.origin) connect();
    else vscode.postMessage({ kind: 'foreign', origin: event.origin });
  } else if (event.origin === origin) {
    // VS Code's own frame around this page: same origin. (`parent` is no help, VS Code deletes it.) Frames inside the app
    // have other origins and cannot pose as the host.
    fromHost(event.data as FromHost);
  }
});

function fromHost(data: FromHost): void {
  if (Array.isArray(data)) {
    const [target, ...parts] = data as [number, ...Part[]];
    if (target === generation && port) port.postMessage(parts, buffersOf(parts));
  } else if (data && typeof data === 'object' && 'kind' in data) {
    if (data.kind === 'theme') frame.style.colorScheme = data.theme;
    else if (data.kind === 'load') load(data.url);
  }
}

/** Whole buffers are handed on, not copied; one that several parts share, once. */
function buffersOf(parts: readonly Part[]): ArrayBuffer[] {
  return [...new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : (part.buffer as ArrayBuffer))))];
}

/** A page has loaded and asks for its connection. */
function connect(): void {
  clearTimeout(silence);
  show('');
  port?.close();
  const channel = new MessageChannel();
  const mine = ++generation;
  port = channel.port1;
  port.onmessage = ({ data }: MessageEvent<Part[] | KeyboardEventInit>) => {
    // VS Code listens for keys on this window, and passes them to its keybindings.
    if (!Array.isArray(data)) dispatchEvent(new KeyboardEvent('keydown', { ...data, bubbles: true, cancelable: true }));
    else if (mine === generation) vscode.postMessage([mine, ...data], buffersOf(data));
  };
  vscode.postMessage({ kind: 'connect', generation });
  frame.contentWindow?.postMessage('ipc-workbench:port', config.origin, [channel.port2]);
}

/** A document was loaded into the frame; when it is the app's, its bridge has said hello by now or will at once. */
function waitForHello(): void {
  clearTimeout(silence);
  const before = generation;
  silence = setTimeout(() => {
    if (before !== generation || port) return;
    vscode.postMessage({ kind: 'silent' });
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
