/** `plugin:store|…` (tauri-acl 5.2): key-value stores in JSON files, each shared by all windows of the app. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { Resource } from '#core/resource.ts';
import { rustPath } from '#core/rust-path.ts';
import { findDirectory } from './directories.ts';
import type { PluginHost } from './host.ts';
import { ioError, ioErrorText } from './io-error.ts';
import { PathText, serde } from './schemas.ts';
import { parseObject } from './serde-json.ts';

const AUTO_SAVE_MS = 100;
/** The longest that a timer can wait. */
const MAX_DELAY_MS = 0x7fff_ffff;

/** Stores of an app: each is saved at its end, one after the other. */
const MAX_STORES = 256;
/** A file is read in one go, and nothing else happens meanwhile. */
const MAX_FILE = 64 * 1024 * 1024;

type Values = Map<string, unknown>;
type Change = (store: Store, key: string, value: { readonly now: unknown } | undefined) => void;

/** One file, and what stands in it. */
class Store implements Resource {
  readonly resourceName = 'store';
  readonly path: string;
  readonly #platform: NodeJS.Platform;
  readonly #defaults: Values | undefined;
  /** undefined: only `save` saves */
  readonly #delay: number | undefined;
  readonly #onChange: Change;
  readonly #onClose: (store: Store) => void;
  readonly #onError: (message: string) => void;
  #values: Values;
  /** set while a change waits to be saved */
  #timer: NodeJS.Timeout | undefined;
  /** the file does not have what is here */
  #unsaved = true;

  constructor(
    path: string,
    options: { defaults: Values | undefined; delay: number | undefined; platform: NodeJS.Platform },
    on: { change: Change; close(store: Store): void; error(message: string): void },
  ) {
    this.path = path;
    this.#platform = options.platform;
    this.#defaults = options.defaults;
    this.#delay = options.delay;
    this.#onChange = on.change;
    this.#onClose = on.close;
    this.#onError = on.error;
    this.#values = new Map(options.defaults);
  }

  get values(): ReadonlyMap<string, unknown> {
    return this.#values;
  }

  set(key: string, value: unknown): void {
    this.#values.set(key, value);
    this.#onChange(this, key, { now: value });
    this.#changed();
  }

  delete(key: string): boolean {
    if (!this.#values.delete(key)) return false;
    this.#onChange(this, key, undefined);
    this.#changed();
    return true;
  }

  clear(): void {
    const before = this.#values;
    this.#values = new Map();
    for (const key of before.keys()) this.#onChange(this, key, undefined);
    this.#changed();
  }

  reset(): void {
    if (!this.#defaults) return this.clear();
    const before = this.#values;
    this.#values = new Map(this.#defaults);
    for (const key of new Set([...before.keys(), ...this.#defaults.keys()])) {
      const [was, is] = [before, this.#defaults].map((values) => JSON.stringify(values.get(key)));
      if (was !== is) this.#onChange(this, key, this.#defaults.has(key) ? { now: this.#defaults.get(key) } : undefined);
    }
    this.#changed();
  }

  /** Reads the file over what is here, or in place of it. Throws what a page is told where that fails. */
  load(replace: boolean): void {
    const read = parse(readText(this.path));
    this.#values = replace ? read : new Map([...this.#values, ...read]);
  }

  /** As {@link load}, where there may be no file yet. */
  loadExisting(replace: boolean): void {
    try {
      this.load(replace);
      this.#unsaved = false;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #changed(): void {
    this.#unsaved = true;
    if (this.#delay === undefined) return;
    if (this.#delay === 0) return this.#saveOrTell();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#saveOrTell(), this.#delay);
  }

  /**
   * Writes the file. All at once and at once: a file is never half written, no save overtakes another, and the one at the
   * app's end is done when the process ends.
   */
  save(): void {
    this.forget();
    const folder = dirname(this.path);
    mkdirSync(folder, { recursive: true });
    const { target, mode } = existing(this.path);
    const temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`;
    try {
      const text = JSON.stringify(Object.fromEntries(this.#values), null, 2);
      writeFileSync(temporary, text, mode === undefined ? {} : { mode });
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    this.#unsaved = false;
  }

  #saveOrTell(): void {
    try {
      this.save();
    } catch (error) {
      this.#onError(`"${this.path}" was not saved: ${ioErrorText(error, this.#platform)}`);
    }
  }

  /** Saves what no save has written yet; for the app's end. */
  saveRest(): void {
    if (this.#unsaved) this.#saveOrTell();
  }

  /** Nothing that waits is saved any more. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    if (this.#timer) this.#saveOrTell();
    this.#onClose(this);
  }
}

/** Opened without waiting, and looked at before it is read: a pipe or a device would hold up the whole host for ever. */
function readText(path: string): string {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = fstatSync(file);
    if (!found.isFile() && !found.isDirectory()) throw reject(ioErrorText(ioError('EINVAL')));
    if (found.size > MAX_FILE) throw reject(ioErrorText(ioError('EFBIG')));
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function parse(text: string): Values {
  try {
    return parseObject(text);
  } catch (error) {
    throw reject(`Failed to deserialize store. ${(error as Error).message}`);
  }
}

/** The file that a save replaces: behind a link the one that it leads to, with the rights it has. */
function existing(path: string): { target: string; mode: number | undefined } {
  try {
    const target = realpathSync(path);
    return { target, mode: statSync(target).mode };
  } catch {
    return { target: path, mode: undefined }; // a new file
  }
}

const Json = serde((value) => value);
const AutoSave = z.union([z.uint32(), z.boolean()]).meta({ title: 'AutoSave' });

const options = {
  defaults: z.record(z.string(), Json).nullish(),
  autoSave: AutoSave.nullish(),
  serializeFnName: z.string().nullish(),
  deserializeFnName: z.string().nullish(),
  createNew: z.boolean().nullish(),
  overrideDefaults: z.boolean().nullish(),
};
const LoadOptions = z.object(options).meta({ title: 'LoadStoreOptions' });
type LoadOptions = z.output<typeof LoadOptions>;

export function storePlugin(core: Core, host: PluginHost): Plugin {
  const { platform } = host.system;
  const paths = rustPath(platform === 'win32');
  /** by path: the same file is the same store, in every window */
  const stores = new Map<string, { readonly store: Store; readonly rid: number }>();

  const resolve = (path: string): string => {
    const folder = findDirectory('AppData', host);
    if (folder === undefined) throw reject('unknown path');
    return paths.simplified(paths.push(folder, path));
  };

  /** Tells all windows; the npm package looks at the rid to know its store. */
  const tell: Change = ({ path }, key, value) => {
    const payload = {
      path,
      resourceId: stores.get(path)?.rid ?? null,
      key,
      value: value?.now ?? null,
      exists: !!value,
    };
    core.emit('store://change', { kind: 'Any' }, JSON.stringify(payload));
  };

  const load = (given: string, options: LoadOptions): number => {
    const { serializeFnName, deserializeFnName, autoSave, defaults, createNew, overrideDefaults } = options;
    if (serializeFnName != null) throw reject(`Serialize Function "${serializeFnName}" not found`);
    if (deserializeFnName != null) throw reject(`Deserialize Function "${deserializeFnName}" not found`);
    const path = resolve(given);
    const known = stores.get(path);
    if (known && !createNew) return known.rid;
    if (!known && stores.size >= MAX_STORES) throw reject(`too many stores: ${MAX_STORES} of the app are open`);
    const delay =
      typeof autoSave === 'number' ? Math.min(autoSave, MAX_DELAY_MS) : autoSave === false ? undefined : AUTO_SAVE_MS;
    const store = new Store(
      path,
      { defaults: defaults ? new Map(Object.entries(defaults)) : undefined, delay, platform },
      {
        change: tell,
        close: (closed) => {
          if (stores.get(path)?.store === closed) stores.delete(path);
        },
        error: (message) => core.note('store', message),
      },
    );
    // Before anything of it is known: a file that cannot be read makes no store, and nothing is written over it.
    if (!createNew) asked(() => store.loadExisting(overrideDefaults === true));
    known?.store.forget();
    if (known) core.resources.close(known.rid);
    const rid = core.resources.add(store);
    stores.set(path, { store, rid });
    return rid;
  };

  /** Does what a page asked of a file; failures reject in Rust's words. */
  const asked = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      throw reject(ioErrorText(error, platform));
    }
  };

  const rid = z.uint32();
  const key = z.string();
  const get = (id: number): Store => core.resources.get(id, Store);
  /** A command with `rid` only. */
  const of = (name: string, run: (store: Store) => unknown) =>
    command(name, { args: { rid } }, (args) => run(get(args.rid)));

  return plugin({
    name: 'store',
    onEvent(_app, { kind }) {
      if (kind === 'Exit') for (const { store } of stores.values()) store.saveRest();
    },
    onDrop() {
      // Also where the app starts anew, and none tells of an exit.
      for (const { store, rid: held } of [...stores.values()]) {
        store.saveRest();
        core.resources.close(held);
      }
    },
    commands: [
      command(
        'load',
        // The npm package before 2.3 says its options beside the path.
        { args: { path: PathText, options: LoadOptions.optional(), ...options } },
        ({ path, options: given, ...beside }) => load(path, given ?? beside),
      ),
      command('get_store', { args: { path: PathText } }, ({ path }) => stores.get(resolve(path))?.rid ?? null),
      command('set', { args: { rid, key, value: Json } }, (args) => get(args.rid).set(args.key, args.value)),
      command('get', { args: { rid, key } }, (args) => {
        const { values } = get(args.rid);
        return [values.get(args.key) ?? null, values.has(args.key)];
      }),
      command('has', { args: { rid, key } }, (args) => get(args.rid).values.has(args.key)),
      command('delete', { args: { rid, key } }, (args) => get(args.rid).delete(args.key)),
      of('clear', (store) => store.clear()),
      of('reset', (store) => store.reset()),
      of('keys', ({ values }) => [...values.keys()]),
      of('values', ({ values }) => [...values.values()]),
      of('entries', ({ values }) => [...values]),
      of('length', ({ values }) => values.size),
      of('save', (store) => asked(() => store.save())),
      command('reload', { args: { rid, ignoreDefaults: z.boolean().nullish() } }, (args) => {
        const store = get(args.rid);
        asked(() => store.load(args.ignoreDefaults === true));
      }),
    ],
  });
}
