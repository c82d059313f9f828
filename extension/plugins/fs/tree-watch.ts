/**
 * Watches a folder or file and says what changed in the words of the crate `notify`. The system's hints tell only where
 * to look (`fs.watch`); what happened is the difference to what was there before. So several hints for one change are
 * one event, and a name that goes while its file comes elsewhere is a rename.
 */
import { type BigIntStats, type FSWatcher, watch } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Disposable } from '#core/lifetime.ts';
import { ioError } from '../io-error.ts';
import { openFolder } from './place.ts';
import { entriesOf } from './tree.ts';

/** `notify::Event` */
export interface WatchEvent {
  readonly type: unknown;
  readonly paths: readonly string[];
  readonly attrs: object;
}

export interface TreeWatchOptions {
  /** the path as the page knows it: events name what is below it */
  readonly given: string;
  /** the same place without links */
  readonly real: string;
  readonly recursive: boolean;
  /** how long changes are gathered; undefined: told at once, a rename in all of its steps */
  readonly delayMs: number | undefined;
  /** takes the right to watch one more folder; false where there are too many already */
  take(): boolean;
  giveBack(): void;
  /** whether the page may know of a path */
  mayKnow(real: string): Promise<boolean>;
  /** resolves when there is room for the next */
  send(event: WatchEvent): Promise<void>;
  failed(error: unknown): void;
}

interface Entry {
  readonly folder: boolean;
  /** undefined where there were too many entries to look at each */
  readonly stats: BigIntStats | undefined;
}

/** Names that wait to be looked at; beyond, the page is told to look for itself. */
const MOST_DIRTY = 10_000;
/** Entries whose state is kept. */
const MOST_KNOWN = 50_000;
const NATIVE_RECURSION = process.platform !== 'linux';

export class TreeWatch implements Disposable {
  readonly #options: TreeWatchOptions;
  /** by their path below the root */
  readonly #known = new Map<string, Entry>();
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #dirty = new Set<string>();
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #looking = false;
  #overflowed = false;
  #over = false;

  private constructor(options: TreeWatchOptions) {
    this.#options = options;
  }

  /** @param path what to give the system for the root */
  static async start(path: string, options: TreeWatchOptions): Promise<TreeWatch> {
    const tree = new TreeWatch(options);
    try {
      const stats = await lstat(path, { bigint: true });
      tree.#known.set('', { folder: stats.isDirectory(), stats });
      if (stats.isDirectory()) await tree.#enter('', path);
      else tree.#watch('', path, false);
      return tree;
    } catch (error) {
      tree.dispose();
      throw error;
    }
  }

  dispose(): void {
    this.#over = true;
    if (this.#timer) clearTimeout(this.#timer as NodeJS.Timeout);
    for (const below of [...this.#watchers.keys()]) this.#unwatch(below);
    this.#known.clear();
    this.#dirty.clear();
  }

  /** Begins to watch a folder, and learns what is in it. `found` hears of each entry. */
  async #enter(below: string, path: string, found?: (below: string, entry: Entry) => void): Promise<void> {
    const folder = await openFolder(path);
    try {
      // Where it was reached by its path, somebody may have put a link on the way.
      const expected = join(this.#options.real, below);
      if (folder.path !== path && (await readlink(folder.path)) !== expected) return;
      if (below === '' || !NATIVE_RECURSION) this.#watch(below, folder.path, this.#options.recursive);
      for (const { name } of await entriesOf(folder)) {
        const child = join(below, name);
        const inside = join(folder.path, name);
        const stats = await lstat(inside, { bigint: true }).catch(() => undefined); // gone again
        if (this.#over) return;
        if (!stats) continue;
        const entry = { folder: stats.isDirectory(), stats: this.#known.size < MOST_KNOWN ? stats : undefined };
        const isNew = !this.#known.has(child);
        this.#known.set(child, entry);
        if (isNew) found?.(child, entry);
        if (entry.folder && this.#options.recursive && (await this.#options.mayKnow(join(this.#options.real, child)))) {
          await this.#enter(child, inside, found);
        }
      }
    } finally {
      await folder.close();
    }
  }

  #watch(below: string, path: string, recursive: boolean): void {
    if (this.#over || this.#watchers.has(below)) return;
    if (!this.#options.take()) throw ioError('ENOSPC');
    try {
      const watcher = watch(path, { recursive: recursive && NATIVE_RECURSION, persistent: false });
      this.#watchers.set(below, watcher);
      watcher.on('change', (_kind, name) => {
        if (this.#known.get(below)?.folder && name !== null) this.#hint(join(below, String(name)));
        // What happens to a folder itself has its name, or none.
        this.#hint(below);
      });
      // Windows says so when a watched folder goes.
      watcher.on('error', () => this.#hint(below));
    } catch (error) {
      this.#options.giveBack();
      throw error;
    }
  }

  #unwatch(below: string): void {
    const watcher = this.#watchers.get(below);
    if (!watcher) return;
    this.#watchers.delete(below);
    watcher.close();
    this.#options.giveBack();
  }

  #hint(below: string): void {
    if (this.#over) return;
    if (this.#dirty.size < MOST_DIRTY) this.#dirty.add(below);
    else this.#overflowed = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer || this.#looking || this.#over) return;
    const { delayMs } = this.#options;
    const look = () => {
      this.#timer = undefined;
      void this.#look();
    };
    this.#timer = delayMs ? setTimeout(look, Math.min(delayMs, 0x7fff_ffff)) : setImmediate(look);
  }

  async #look(): Promise<void> {
    this.#looking = true;
    try {
      if (this.#overflowed) await this.#startAnew();
      else for (const event of await this.#changes()) await this.#tell(event);
    } catch (error) {
      if (!this.#over) this.#options.failed(error);
    } finally {
      this.#looking = false;
      if (this.#dirty.size > 0 || this.#overflowed) this.#schedule();
    }
  }

  /** Too much has happened to tell it: the page hears that, as of a full queue of the system. */
  async #startAnew(): Promise<void> {
    this.#overflowed = false;
    this.#dirty.clear();
    for (const below of [...this.#known.keys()]) if (below !== '') this.#known.delete(below);
    for (const below of [...this.#watchers.keys()]) if (below !== '') this.#unwatch(below);
    if (this.#known.get('')?.folder) await this.#enter('', this.#options.real);
    await this.#options.send({ type: 'other', paths: [], attrs: { flag: 'rescan' } });
  }

  async #tell({ type, at }: Change): Promise<void> {
    const { given, real, mayKnow, send } = this.#options;
    for (const below of at) if (!(await mayKnow(join(real, below)))) return;
    if (!this.#over)
      await send({ type, paths: at.map((below) => (below === '' ? given : join(given, below))), attrs: {} });
  }

  /** What is different at the names that were hinted at. */
  async #changes(): Promise<Change[]> {
    const { real, delayMs } = this.#options;
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    const gone: Named[] = [];
    const come: Named[] = [];
    const changes: Change[] = [];
    for (const below of dirty) {
      const before = this.#known.get(below);
      const stats = await lstat(join(real, below), { bigint: true }).catch(() => undefined); // nothing is there
      if (this.#over) return [];
      if (!stats) {
        if (before) gone.push({ below, entry: before });
        continue;
      }
      const entry = { folder: stats.isDirectory(), stats };
      if (!before || (before.stats && before.stats.ino !== stats.ino)) come.push({ below, entry });
      else {
        this.#known.set(below, entry);
        const type = difference(before, entry);
        if (type) changes.push({ type, at: [below] });
      }
    }
    // What is in a folder goes before it.
    gone.sort((a, b) => depthOf(b) - depthOf(a));
    come.sort((a, b) => depthOf(a) - depthOf(b));
    const renames: Change[] = [];
    for (const { below, entry } of gone) {
      this.#forget(below);
      const index = come.findIndex((each) => entry.stats && each.entry.stats?.ino === entry.stats.ino);
      if (index === -1) {
        changes.push({ type: { remove: { kind: kindOf(entry) } }, at: [below] });
        continue;
      }
      const [{ below: to, entry: now }] = come.splice(index, 1) as [Named];
      renames.push(...renamed(below, to, delayMs !== undefined));
      await this.#learn(to, now);
    }
    for (const { below, entry } of come) {
      if (this.#known.has(below)) this.#forget(below);
      changes.push({ type: { create: { kind: kindOf(entry) } }, at: [below] });
      if (delayMs === undefined && !entry.folder && entry.stats?.size) changes.push({ type: DATA, at: [below] });
      await this.#learn(below, entry, (child, { folder }) =>
        changes.push({ type: { create: { kind: folder ? 'folder' : 'file' } }, at: [child] }),
      );
    }
    return [...renames, ...changes];
  }

  async #learn(below: string, entry: Entry, found?: (below: string, entry: Entry) => void): Promise<void> {
    const { real, recursive, mayKnow } = this.#options;
    this.#known.set(below, entry);
    if (!entry.folder || !recursive || !(await mayKnow(join(real, below)))) return;
    // It may be gone again, or too much: then its own changes stay untold.
    await this.#enter(below, join(real, below), found).catch(() => undefined);
  }

  #forget(below: string): void {
    this.#known.delete(below);
    this.#unwatch(below);
    if (below === '') return;
    const inside = join(below, 'x').slice(0, -1);
    for (const each of [...this.#known.keys()]) if (each.startsWith(inside)) this.#known.delete(each);
    for (const each of [...this.#watchers.keys()]) if (each.startsWith(inside)) this.#unwatch(each);
  }
}

interface Named {
  readonly below: string;
  readonly entry: Entry;
}

interface Change {
  readonly type: unknown;
  readonly at: readonly string[];
}

const depthOf = ({ below }: Named) => below.split(sep).length;

const DATA = { modify: { kind: 'data', mode: 'any' } };
const METADATA = { modify: { kind: 'metadata', mode: 'any' } };

const kindOf = ({ folder, stats }: Entry) =>
  folder ? 'folder' : !stats || stats.isFile() || stats.isSymbolicLink() ? 'file' : 'other';

function renamed(from: string, to: string, gathered: boolean): Change[] {
  const rename = (mode: string, ...at: string[]): Change => ({ type: { modify: { kind: 'rename', mode } }, at });
  return gathered ? [rename('both', from, to)] : [rename('from', from), rename('to', to), rename('both', from, to)];
}

function difference(before: Entry, { folder, stats: now }: Entry): unknown {
  const then = before.stats;
  if (!then || !now) return folder ? undefined : DATA;
  if (!folder && (then.size !== now.size || then.mtimeNs !== now.mtimeNs)) return DATA;
  if (then.mode !== now.mode || then.uid !== now.uid || then.gid !== now.gid) return METADATA;
  return !folder && then.ctimeNs !== now.ctimeNs ? METADATA : undefined;
}
