/** A real core with pages that are ten lines of fake, and real backend processes. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, stop } from 'esbuild';
import { afterAll, afterEach } from 'vitest';
import type { Capability } from '#core/acl/capability.ts';
import { authorityByName } from '#core/acl/authority.ts';
import { Core } from '#core/core.ts';
import type { Connection } from '#core/connection.ts';
import { FrameBuilder, openFrame, type ToPage } from '#core/wire.ts';
import { BackendProcess, type BackendOptions, type LoadError } from '../../../extension/backend/backend.ts';
import { backendBundles } from '../../../extension/backend/bundles.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/backend');

let built: Promise<string> | undefined;
let home: string | undefined;

/** The folder of the bundles, built once. */
export function bundles(): Promise<string> {
  built ??= (async () => {
    home = temporaryFolder();
    for (const options of backendBundles(home)) await build(options);
    await stop();
    return home;
  })();
  return built;
}

function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'ipc-backend-')));
}

const ends: (() => unknown)[] = [];

/** Call once per file: what the tests made is ended after each of them. */
export function cleanUp(): void {
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  afterAll(() => {
    if (home !== undefined) rmSync(home, { recursive: true, force: true });
    built = undefined;
    home = undefined;
  });
}

/** A project folder; `files` by their path, which are those of the fixture where absent. */
export function project(files?: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  if (files) for (const [path, text] of Object.entries(files)) write(folder, path, text);
  else cpSync(FIXTURES, join(folder, 'src-ipc'), { recursive: true });
  return folder;
}

export function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

export interface Setup {
  readonly core: Core;
  readonly backend: BackendProcess;
  readonly folder: string;
  readonly lines: string[];
  readonly errors: LoadError[];
  page(label?: string): Page;
  /** Resolves when `done` says so; it is asked whenever something happened. */
  until(done: () => boolean): Promise<void>;
}

export interface SetupOptions extends Partial<Omit<BackendOptions, 'core' | 'folder'>> {
  readonly files?: Readonly<Record<string, string>>;
  readonly capabilities?: readonly Capability[];
}

/** A core with a backend that was not started yet. */
export async function setUp({ files, capabilities, ...options }: SetupOptions = {}): Promise<Setup> {
  const folder = project(files);
  const core = new Core({
    name: 'Test',
    ...(capabilities && { authority: authorityByName(capabilities) }),
    pluginConfig: { watcher: { level: 3 } },
  });
  const lines: string[] = [];
  const errors: LoadError[] = [];
  const waiting = new Set<() => void>();
  const happened = () => {
    for (const ask of [...waiting]) ask();
  };
  const backend = new BackendProcess({
    core,
    folder,
    entry: join(folder, 'src-ipc/main.ts'),
    dist: await bundles(),
    watch: false,
    log: (level, line) => {
      lines.push(`${level}: ${line}`);
      happened();
    },
    ...options,
  });
  core.backend = backend;
  backend.onLoadError((error) => {
    errors.push({ ...error, ...(error.file !== undefined && { file: error.file.slice(folder.length + 1) }) });
    happened();
  });
  backend.onStateChanged(happened);
  backend.onLoaded(happened);
  ends.push(async () => {
    backend.dispose();
    await backend.whenEnded();
    core.dispose();
  });
  const until = async (done: () => boolean) => {
    while (!done()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add(resolve);
      await promise;
      waiting.delete(resolve);
    }
  };
  return { core, backend, folder, lines, errors, page: (label = 'main') => openPage(core, label, happened), until };
}

/** A setup whose backend serves. */
export async function start(options: SetupOptions = {}): Promise<Setup> {
  const made = await setUp(options);
  if (await made.backend.start()) return made;
  throw new Error(`the backend did not start: ${JSON.stringify(made.errors)} ${made.lines.join('\n')}`);
}

export interface Page {
  readonly connection: Connection;
  /** what arrived: `event <name>`, channel messages and ends, with their values */
  readonly heard: unknown[][];
  invoke(cmd: string, payload?: unknown, headers?: readonly [string, string][]): Promise<unknown>;
  listen(event: string, target?: unknown): Promise<void>;
  reload(): void;
  close(): void;
}

/** A page of `core`; what it takes in is acknowledged at once. */
function openPage(core: Core, label: string, happened: () => void): Page {
  const callbacks = new Map<number, (value: unknown) => void>();
  const heard: unknown[][] = [];
  let next = 1;
  const controls = { setTitle() {}, setTheme() {}, reveal() {}, dispose() {} };
  const window = core.createWindow({ label, title: `Window ${label}` }, controls);
  const post = (message: object, bytes?: Uint8Array) => {
    const frame = new FrameBuilder();
    frame.add(JSON.stringify(bytes ? { ...message, raw: frame.addRaw(bytes) } : message));
    connection.receive(frame.take());
  };
  const take = (message: ToPage, raw: readonly Uint8Array[]) => {
    const value =
      'raw' in message && message.raw !== undefined ? raw[message.raw] : 'value' in message && message.value;
    if (message.kind === 'run') callbacks.get(message.id)?.(value);
    else if (message.kind === 'message') heard.push([`message ${message.id}`, message.index, value]);
    else if (message.kind === 'end') heard.push([`end ${message.id}`, message.index]);
    else if (message.kind === 'event') heard.push([`event ${message.event}`, message.payload]);
  };
  const connection = core.connect(window, {
    post: async (frame) => {
      const { messages, raw, size } = openFrame(frame.map((part) => part.slice()));
      for (const message of messages) take(message as ToPage, raw);
      happened();
      setImmediate(() => post({ kind: 'received', bytes: size }));
      return true;
    },
  });
  const reload = () => post({ kind: 'ready', version: 1, url: `app://${label}/` });
  reload();
  connection.pageFinished();
  const invoke: Page['invoke'] = (cmd, payload = {}, headers = []) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const callback = next++;
    const error = next++;
    callbacks.set(callback, resolve).set(error, reject);
    if (payload instanceof Uint8Array) post({ kind: 'invoke', cmd, callback, error, headers }, payload);
    else post({ kind: 'invoke', cmd, callback, error, headers, payload });
    return promise;
  };
  return {
    connection,
    heard,
    invoke,
    reload,
    listen: async (event, target = { kind: 'Any' }) => {
      await invoke('plugin:event|listen', { event, target, handler: next++ });
    },
    close: () => window.destroy(),
  };
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`it resolved with ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
