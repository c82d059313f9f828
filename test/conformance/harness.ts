/**
 * Pages that run the genuine npm package against a real core. A page is a JavaScript realm of its own with the few DOM
 * things that are needed; the bridge is its first script, as in the product. Between page and core stands a small
 * wrapper with a MessageChannel: everything is really cloned, and bytes are bytes.
 */
import { webcrypto } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as vm from 'node:vm';
import { MessageChannel, type MessagePort, moveMessagePortToContext } from 'node:worker_threads';
import type * as api from '@tauri-apps/api';
import { onTestFinished } from 'vitest';
import type { Command } from '#core/command.ts';
import type { Connection } from '#core/connection.ts';
import { Core, type CoreOptions } from '#core/core.ts';
import type { Transport } from '#core/outbox.ts';
import type { Plugin } from '#core/plugin.ts';
import type { CoreWindow, WindowOptions } from '#core/window.ts';
import { type Frame, FrameBuilder, type ToPage } from '#core/wire.ts';
import { scriptTags } from '../../extension/app/page-html.ts';
import type { PluginHost } from '../../extension/plugins/host.ts';
import { hostPlugins, officialPlugins } from '../../extension/plugins/index.ts';
import type { BridgeConfig } from '../../webview-ui/bridge/config.ts';
import { type Asked, testPluginHost } from '../plugin-host.ts';
import { compiled, globalApiOf, LATEST, packageScript, shipped, VERSIONS, type Version } from './bundles.ts';

export type Api = typeof api;

/** `window.__TAURI_INTERNALS__` as a test pokes it. */
export interface Internals {
  invoke(cmd: string, args?: unknown, options?: { headers?: HeadersInit }): Promise<unknown>;
  transformCallback(callback?: (data: unknown) => void, once?: boolean): number;
  unregisterCallback(id: number): void;
  runCallback(id: number, data: unknown): void;
  readonly callbacks: Map<number, unknown>;
  convertFileSrc(path: string, protocol?: string): string;
  readonly metadata: unknown;
  readonly plugins: { readonly path: { readonly sep: string; readonly delimiter: string } };
  readonly __TAURI_PATTERN__: { readonly pattern: string };
  postMessage(message: object): void;
  ipc(message: object): void;
}
declare global {
  interface Window {
    readonly __TAURI_INTERNALS__: Internals;
  }
}

/** Waits until `condition` holds; fails with its text where it never does. */
export async function until(condition: () => unknown): Promise<void> {
  const end = performance.now() + 60_000;
  for (let asked = 0; !condition(); asked++) {
    if (performance.now() > end) throw new Error(`never came true: ${condition}`);
    // What takes longer happens elsewhere, mostly in another process: leave it the processor.
    await (asked < 100 ? new Promise((resolve) => setImmediate(resolve)) : pause(2));
  }
}

/** What a promise became, as one value to compare. */
export async function outcome(promise: Promise<unknown>): Promise<{ ok: unknown } | { error: unknown }> {
  try {
    return { ok: await promise };
  } catch (error) {
    return { error };
  }
}

/** The numbers in an ArrayBuffer of whichever realm; anything else is an error. */
export function bytes(value: unknown): number[] {
  if (Object.prototype.toString.call(value) !== '[object ArrayBuffer]') throw new Error(`no ArrayBuffer: ${value}`);
  return [...new Uint8Array(value as ArrayBuffer)];
}

export interface TestCore extends Core {
  /** what was reported to the log */
  readonly errors: { where: string; error: unknown }[];
  /** what the host was asked to do */
  readonly asked: Asked[];
  readonly pluginHost: PluginHost;
  readonly pages: Map<string, Page>;
}

export interface CoreSettings extends Partial<CoreOptions> {
  readonly commands?: readonly Command[];
  readonly plugins?: readonly Plugin[];
  readonly host?: Partial<PluginHost>;
  /** the pages' npm package */
  readonly version?: Version;
}

/** A core with all plugins of Tauri's own, ended with the test. */
export async function startCore({ commands = [], plugins = [], host = {}, version, ...options }: CoreSettings = {}) {
  const core = new Core({
    name: 'Test App',
    openWindow: async (window) => void (await openPage(core, window.label, { window, ...(version && { version }) })),
    ...options,
  }) as TestCore;
  const asked: TestCore['asked'] = [];
  const errors: TestCore['errors'] = [];
  const pluginHost = testPluginHost(asked, host);
  Object.assign(core, { asked, errors, pluginHost, pages: new Map() });
  core.onError((error) => errors.push(error));
  for (const plugin of [...hostPlugins(core, pluginHost), ...officialPlugins(core, pluginHost), ...plugins])
    await core.addPlugin(plugin);
  for (const command of commands) core.addCommand(command);
  onTestFinished(() => core.dispose());
  return core;
}

export interface PageSettings {
  readonly version?: Version;
  readonly window?: WindowOptions;
  readonly config?: Partial<BridgeConfig>;
  /** `true`, or the plugins that the app has */
  readonly withGlobalTauri?: boolean | readonly string[];
  /** the page has an isolation frame */
  readonly isolation?: IsolationFrame;
  /** more npm packages, found by their name in `page.packages` */
  readonly packages?: readonly string[];
}

const CONFIG: BridgeConfig = {
  key: 'ipc-workbench:page:',
  wrapperKey: 'ipc-workbench:wrapper:',
  separator: '/',
  delimiter: ':',
  windows: false,
  os: {
    platform: 'linux',
    version: '6.1',
    family: 'unix',
    os_type: 'linux',
    arch: 'x86_64',
    eol: '\n',
    exe_extension: '',
  },
};

/** Opens a window whose page runs `@tauri-apps/api`. */
export async function openPage(core: Core, label: string, settings: PageSettings = {}): Promise<Page> {
  const page = new Page(core, label, settings);
  (core as Partial<TestCore>).pages?.set(label, page);
  await page.load();
  return page;
}

/** An `iframe` element, as far as the bridge looks at it. */
export interface FakeFrame {
  readonly contentWindow: object;
  readonly src: string;
}

export interface FrameHost {
  /** what the frame posts to its parent, and the port that goes with it */
  post(source: object, data: unknown, port: MessagePort): void;
}

/** Where isolation frames come from, and what one becomes that is put into a page: test/conformance/isolation.ts. */
export interface IsolationFrame {
  createLoad(): { readonly origin: string; readonly load: string };
  open(frame: FakeFrame, host: FrameHost): void;
}

/** What is posted to a frame by the wrapper, or told to its `window`. */
type Listener = (event: Record<string, unknown>) => void;

export class Page {
  readonly core: Core;
  readonly window: CoreWindow;
  readonly connection: Connection;
  /** what the host did with the panel */
  readonly panel: unknown[][] = [];
  /** uncaught errors of the page, and what it wrote to its console */
  errors: unknown[] = [];
  console: string[] = [];
  packages: Record<string, Record<string, unknown>> = {};
  readonly #settings: PageSettings;
  #api: Api | undefined;
  #context: vm.Context = {};
  #listeners = new Map<string, Set<Listener>>();
  #port: MessagePort | undefined;
  #loads = 0;
  #toLose = 0;

  constructor(core: Core, label: string, settings: PageSettings) {
    this.core = core;
    this.#settings = settings;
    const did =
      (name: string) =>
      (...args: unknown[]): void => {
        this.panel.push([name, ...args]);
      };
    this.window = core.createWindow(
      { ...settings.window, label },
      {
        setTitle: did('setTitle'),
        setTheme: did('setTheme'),
        reveal: did('reveal'),
        dispose: () => {
          did('dispose')();
          this.#disconnect();
        },
      },
    );
    const transport: Transport = { post: (frame) => this.#toPage(frame) };
    this.connection = core.connect(this.window, transport);
  }

  /** The namespaces of the npm package, in the page. */
  get api(): Api {
    if (!this.#api) throw new Error('the page is not loaded');
    return this.#api;
  }

  /** The page's own `window`. */
  get global(): Window & typeof globalThis {
    return this.#context as unknown as Window & typeof globalThis;
  }

  get internals(): Internals {
    return this.global.__TAURI_INTERNALS__;
  }

  /** Runs a function's text inside the page: values that it makes are the page's own. It must not refer to imports. */
  run<A extends unknown[], R>(body: (api: Api, ...args: A) => R, ...args: A): R {
    return (vm.runInContext(`(${body})`, this.#context) as typeof body)(this.api, ...args);
  }

  /** `invoke` of the npm package. */
  invoke(cmd: string, args?: unknown, options?: { headers: HeadersInit }): Promise<unknown> {
    return this.api.core.invoke(cmd, args as Record<string, unknown>, options);
  }

  /** When this resolves, all that was on its way to the page before has arrived. */
  async roundTrip(): Promise<void> {
    await outcome(this.invoke('plugin:app|name'));
  }

  /** Hands the page messages past the host's own order. */
  deliver(messages: readonly ToPage[], raw: readonly Uint8Array[] = []): void {
    const frame = new FrameBuilder();
    for (const each of raw) frame.addRaw(each);
    for (const message of messages) frame.add(JSON.stringify(message));
    void this.#toPage(frame.take());
  }

  /** So many of the host's next frames do not arrive, as when VS Code's `postMessage` says false. */
  loseFrames(count: number): void {
    this.#toLose = count;
  }

  /** Hands the host a frame as if the page had posted it. */
  post(messages: readonly unknown[]): void {
    const frame = new FrameBuilder();
    for (const message of messages) frame.add(JSON.stringify(message));
    this.connection.receive(frame.take());
  }

  /** Tells the page's own listeners. */
  dispatch(type: string, event: Record<string, unknown> = {}): void {
    let stopped = false;
    const told = { type, ...event, stopImmediatePropagation: () => (stopped = true), preventDefault: () => undefined };
    for (const listener of [...(this.#listeners.get(type) ?? [])]) if (!stopped) listener(told);
  }

  /** Loads the page again: a new document in the same panel. */
  async reload(): Promise<void> {
    await this.load();
  }

  /** The user closes the tab. */
  close(): void {
    this.#disconnect();
    this.window.gone();
  }

  async load(): Promise<void> {
    const { version = LATEST, withGlobalTauri = false, packages = [], config } = this.#settings;
    const { isolation } = this.#settings;
    // With stacks, as pages of apps get it.
    const bridge = await shipped(isolation ? 'bridge-isolation-stacks' : 'bridge-stacks');
    const globalApi = withGlobalTauri ? await shipped('global-api') : undefined;
    const script = await packageScript(VERSIONS[version]);
    const others = await Promise.all(packages.map(packageScript));
    this.#disconnect();
    if (this.#loads++ > 0) this.connection.pageGone('the page reloaded');
    const generation = this.connection.generation;
    const context = this.#createRealm();
    const load = isolation && { isolation: isolation.createLoad() };
    const injected = {
      bridge,
      config: { ...CONFIG, ...config, ...load },
      globalApi,
      initScripts: this.core.initScripts,
      pluginApis: await Promise.all((typeof withGlobalTauri === 'boolean' ? [] : withGlobalTauri).map(globalApiOf)),
    };
    const tags = scriptTags({ ...injected, nonce: 'n' });
    for (const [, data, text] of tags.matchAll(/<script nonce="n"(?: data-config="([^"]*)")?>(.*?)<\/script>/gs)) {
      const dataset = { config: data?.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&') };
      context['document'].currentScript = { dataset, remove: () => undefined };
      (await compiled(text as string)).runInContext(context);
    }
    this.#api = script.runInContext(context) as Api;
    others.forEach((other, index) => {
      this.packages[packages[index] as string] = other.runInContext(context) as Record<string, unknown>;
    });
    await until(() => this.connection.generation > generation);
    this.dispatch('DOMContentLoaded');
    this.connection.pageFinished();
  }

  #createRealm(): vm.Context {
    const context = vm.createContext(vm.constants.DONT_CONTEXTIFY) as vm.Context;
    this.#context = context;
    this.#listeners = new Map();
    this.errors = [];
    this.console = [];
    const { errors, console } = this;
    const guarded = (task: () => void) => () => {
      try {
        task();
      } catch (error) {
        errors.push(error);
      }
    };
    const say = (...words: unknown[]) => void console.push(words.map(String).join(' '));
    const parent = { postMessage: (message: unknown) => this.#hello(message, parent) };
    Object.assign(context, {
      window: context,
      self: context,
      parent,
      name: this.window.label,
      document: {
        documentElement: {
          style: {},
          append: (frame: FakeFrame) => this.#settings.isolation?.open(frame, this.#frameHost()),
        },
        createElement: () => ({
          contentWindow: {},
          style: { setProperty: () => undefined },
          setAttribute: () => undefined,
        }),
      },
      location: { href: 'http://127.0.0.1:1420/', reload: () => void this.load() },
      screen: { width: 1920, height: 1080 },
      innerWidth: 800,
      innerHeight: 600,
      devicePixelRatio: 1,
      screenX: 0,
      screenY: 0,
      console: { log: say, warn: say, error: say },
      crypto: webcrypto,
      Headers,
      Request,
      Response,
      ReadableStream,
      AbortController,
      TextEncoder,
      TextDecoder,
      URL,
      performance,
      queueMicrotask: (task: () => void) => queueMicrotask(guarded(task)),
      setTimeout: (task: () => void, ms: number) => setTimeout(guarded(task), ms),
      clearTimeout,
      reportError: (error: unknown) => void errors.push(error),
      addEventListener: (type: string, listener: Listener) => {
        const known = this.#listeners.get(type);
        if (known) known.add(listener);
        else this.#listeners.set(type, new Set([listener]));
      },
      removeEventListener: (type: string, listener: Listener) => this.#listeners.get(type)?.delete(listener),
    });
    return context;
  }

  /** What the isolation frame sees of this page. */
  #frameHost(): FrameHost {
    const context = this.#context;
    return {
      post: (source, data, port) => {
        const moved = moveMessagePortToContext(port, context) as unknown as MessagePort;
        this.dispatch('message', { source, data, ports: [moved] });
        moved.start();
      },
    };
  }

  /** What the wrapper page does: a frame that says hello gets one end of a new channel. */
  #hello(message: unknown, parent: object): void {
    if (message !== CONFIG.key) return;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.on('message', (parts: unknown) => {
      if (port1 === this.#port) this.connection.receive(parts);
    });
    const port = moveMessagePortToContext(port2, this.#context) as unknown as MessagePort;
    this.dispatch('message', { source: parent, data: CONFIG.wrapperKey, ports: [port] });
    port.start();
  }

  async #toPage(frame: Frame): Promise<boolean> {
    const port = this.#port;
    if (!port) return false;
    if (this.#toLose > 0 && this.#toLose-- > 0) return false;
    port.postMessage(frame);
    await new Promise((resolve) => setImmediate(resolve));
    return port === this.#port;
  }

  #disconnect(): void {
    this.#port?.close();
    this.#port = undefined;
  }
}

/** A channel in the page that notes what it hears. */
export function listen(page: Page, heard: unknown[]): InstanceType<Page['api']['core']['Channel']> {
  return page.run(({ core }, heard) => {
    const channel = new core.Channel<unknown>();
    channel.onmessage = (message) => heard.push(message);
    return channel;
  }, heard);
}
