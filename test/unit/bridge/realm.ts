/** A page's realm with the bridge as its first script, in an extension's own webview: VS Code's API is its carrier. */
import { webcrypto } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import * as vm from 'node:vm';
import * as esbuild from 'esbuild';
import { openFrame, type ToPage } from '#core/wire.ts';
import { frameOf } from '../core/fakes.ts';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** dist/bridge.js, or dist/bridge-stacks.js, as esbuild.mjs makes it. */
export async function buildBridge(stacks = false): Promise<{ text: string; inputs: string[] }> {
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: ['webview-ui/bridge/main.ts'],
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    define: { ISOLATION: 'false', STACKS: String(stacks) },
    metafile: true,
    write: false,
    legalComments: 'none',
    platform: 'browser',
    target: 'chrome138',
    format: 'iife',
  });
  return { text: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) };
}

const built = new Map<boolean, Promise<{ text: string }>>();

/** The origin of the page, and the window's key: what its bridge knows. */
export const ORIGIN = 'vscode-webview://x';
export const KEY = 'ipc-workbench:key:';

export interface Realm {
  /** the page's window */
  readonly window: vm.Context;
  /** what was posted, one entry for each `postMessage` */
  readonly posts: unknown[][];
  /** what the frames of this page load begin with */
  readonly mark: unknown;
  readonly errors: unknown[];
  readonly timers: (() => void)[];
  /** messages of all posts, in order */
  said(): Record<string, unknown>[];
  /** hands the page messages, with raw bodies */
  tell(messages: readonly ToPage[], raw?: readonly Uint8Array[]): void;
  dispatch(type: string, event: object): void;
  run(script: string): unknown;
}

async function bridgeText(stacks: boolean): Promise<string> {
  const building = built.get(stacks) ?? buildBridge(stacks);
  built.set(stacks, building);
  return (await building).text;
}

/** `more` are globals that the page has besides the usual ones. */
export async function createRealm(config: Readonly<Record<string, unknown>> = {}, more: object = {}): Promise<Realm> {
  const text = await bridgeText(config['stacks'] === true);
  const window = vm.createContext(vm.constants.DONT_CONTEXTIFY) as vm.Context;
  const listeners = new Map<string, Set<(event: object) => void>>();
  const posts: unknown[][] = [];
  const errors: unknown[] = [];
  const timers: (() => void)[] = [];
  let mark: unknown;
  const script = { dataset: { config: '' }, removed: false, remove: () => (script.removed = true) };
  Object.assign(window, {
    window,
    document: { documentElement: { style: {} }, currentScript: script },
    location: { href: `${ORIGIN}/` },
    origin: ORIGIN,
    screen: { width: 10, height: 10 },
    innerWidth: 5,
    innerHeight: 5,
    devicePixelRatio: 2,
    screenX: 0,
    screenY: 0,
    localStorage: {},
    sessionStorage: {},
    crypto: webcrypto,
    performance,
    TextEncoder,
    TextDecoder,
    Headers,
    queueMicrotask,
    // Timers run when a test says so: what waits for one can be seen.
    setTimeout: (task: () => void) => timers.push(task),
    clearTimeout: (id: number) => (timers[id - 1] = () => undefined),
    console: { warn: (...words: unknown[]) => errors.push(words.join(' ')) },
    reportError: (error: unknown) => errors.push(error),
    addEventListener: (type: string, listener: (event: object) => void) => {
      listeners.set(type, (listeners.get(type) ?? new Set()).add(listener));
    },
    removeEventListener: (type: string, listener: (event: object) => void) => listeners.get(type)?.delete(listener),
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown[], transfer: ArrayBuffer[]) => {
        [mark] = message;
        posts.push(structuredClone(message, { transfer }));
      },
    }),
    ...more,
  });
  script.dataset.config = JSON.stringify({
    label: 'view',
    key: KEY,
    separator: '/',
    delimiter: ':',
    windows: false,
    os: {},
    ...config,
  });
  vm.runInContext(text, window);
  const realm: Realm = {
    window,
    posts,
    get mark() {
      return mark;
    },
    errors,
    timers,
    said: () => posts.flatMap(([, ...frame]) => openFrame(frame).messages as Record<string, unknown>[]),
    tell: (messages, raw) => {
      const data = [realm.mark, ...frameOf(messages, raw)];
      realm.dispatch('message', {
        origin: ORIGIN,
        data: structuredClone(data),
        stopImmediatePropagation: () => undefined,
      });
    },
    dispatch: (type, event) => {
      for (const listener of [...(listeners.get(type) ?? [])]) listener(event);
    },
    run: (script) => vm.runInContext(script, window),
  };
  return realm;
}
