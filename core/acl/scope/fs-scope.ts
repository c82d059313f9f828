/** Which files may be used: Tauri's `tauri::scope::fs` (tauri-acl 4.3, 7.3). */
import { reject } from '../../error.ts';
import { type RustPath, rustPath } from '../../rust-path.ts';
import { Glob, type GlobOptions } from '../glob.ts';
import { hasParent, isStrangeOnWindows, withoutVerbatim } from './path.ts';

/** What a scope needs to know of the file system. Both may answer at once or later. */
export interface FileLinks {
  /** where a symbolic link leads, as it is written; undefined where `path` is none. Throws where that cannot be told. */
  readlink(path: string): Promise<string | undefined> | string | undefined;
  /** the canonical path; undefined where nothing is at `path`. Throws where that cannot be told. */
  realpath(path: string): Promise<string | undefined> | string | undefined;
}

export interface FsScopeOptions {
  readonly windows: boolean;
  readonly links: FileLinks;
  /** whether `*` does not match a name that begins with a dot; by default so on Unix only, as in Tauri */
  readonly requireLiteralLeadingDot?: boolean | undefined;
  /**
   * Tauri-acl's switch `strictFsScope`, on by default: a path and the file that it leads to must both be in the scope, where
   * Tauri looks at one of them, and at the path alone where the file is not there yet. It also refuses `..`, and on
   * Windows names that are read as something else.
   */
  readonly strict?: boolean | undefined;
}

interface Pattern {
  readonly glob: Glob;
  /** the same pattern by the place that its beginning leads to; undefined where that is the same. Found when first needed. */
  canonical(): Promise<Glob | undefined>;
}

type Patterns = Map<string, Pattern>;

/** How many links a path may lead through, as on Linux. */
const MOST_LINKS = 40;

/**
 * The allowed and the forbidden paths. Forbidden ones win; what is not allowed is refused. Patterns ignore the case of
 * ASCII letters, as Tauri's do.
 */
export class FsScope {
  readonly #options: FsScopeOptions;
  readonly #paths: RustPath;
  readonly #glob: GlobOptions;
  readonly #allowed: Patterns = new Map();
  readonly #forbidden: Patterns = new Map();

  constructor(options: FsScopeOptions) {
    this.#options = options;
    this.#paths = rustPath(options.windows);
    const leadingDot = options.requireLiteralLeadingDot ?? !options.windows;
    this.#glob = { separator: true, leadingDot, ignoreCase: true };
  }

  /** The patterns, as they are compared. */
  get allowed(): readonly string[] {
    return [...this.#allowed.keys()];
  }

  get forbidden(): readonly string[] {
    return [...this.#forbidden.keys()];
  }

  /** Adds a glob pattern. Throws a rejection `invalid glob pattern: {reason}`. */
  allowPattern(pattern: string): void {
    this.#add(this.#allowed, ...this.#split(pattern));
  }

  forbidPattern(pattern: string): void {
    this.#add(this.#forbidden, ...this.#split(pattern));
  }

  /** Adds exactly this file, whatever characters its name has; where it is a link, also what it leads to by now. */
  async allowFile(path: string): Promise<void> {
    await this.#add(this.#allowed, path, '').canonical();
  }

  async forbidFile(path: string): Promise<void> {
    await this.#add(this.#forbidden, path, '').canonical();
  }

  /** Adds this directory and what is in it; with `recursive`, also what is in its directories. */
  async allowDirectory(path: string, recursive: boolean): Promise<void> {
    await this.#addDirectory(this.#allowed, path, recursive);
  }

  async forbidDirectory(path: string, recursive: boolean): Promise<void> {
    await this.#addDirectory(this.#forbidden, path, recursive);
  }

  /**
   * What this scope, and `also` another one with it, say of an absolute path. Also `forbidden`: a path of which it
   * cannot be told where it leads. The answer holds for the moment: where others may swap folders for links meanwhile,
   * ask again with the file open.
   *
   * With `strict` the file system is not asked for a path that is not allowed as it is written: a refused call reaches
   * for no network share, and its time tells nothing.
   */
  async decide(path: string, also?: FsScope): Promise<'allowed' | 'forbidden' | 'neither'> {
    const scopes = also ? [this, also] : [this];
    const forbids = (place: string) =>
      this.#covers(
        scopes.map((each) => each.#forbidden),
        place,
      );
    const allows = (place: string) =>
      this.#covers(
        scopes.map((each) => each.#allowed),
        place,
      );
    const plain = this.#usual(path);
    const strict = this.#options.strict !== false;
    if (strict) {
      if (this.#isUnclear(plain) || (await forbids(plain))) return 'forbidden';
      if (!(await allows(plain))) return 'neither';
    }
    const place = await this.#placeOf(plain, strict);
    if (place === undefined || (await forbids(place))) return 'forbidden';
    return (await allows(place)) ? 'allowed' : 'neither';
  }

  /** Whether `path` (absolute) may be used. */
  async isAllowed(path: string): Promise<boolean> {
    return (await this.decide(path)) === 'allowed';
  }

  /** Looks at the patterns as they are written first: in most cases that is enough, and asks no file system. */
  async #covers(all: readonly Patterns[], path: string): Promise<boolean> {
    const patterns = all.flatMap((each) => [...each.values()]);
    if (patterns.some(({ glob }) => glob.matches(path, this.#glob))) return true;
    const others = await Promise.all(patterns.map((each) => each.canonical()));
    return others.some((glob) => glob?.matches(path, this.#glob));
  }

  #isUnclear(path: string): boolean {
    const { windows } = this.#options;
    return hasParent(path, windows) || (windows && isStrangeOnWindows(path));
  }

  async #addDirectory(patterns: Patterns, path: string, recursive: boolean): Promise<void> {
    const added = [this.#add(patterns, path, ''), this.#add(patterns, path, recursive ? '**' : '*')];
    await Promise.all(added.map((each) => each.canonical()));
  }

  /** A pattern as the plain path that it begins with, and the rest from the first part with a wildcard on. */
  #split(pattern: string): [path: string, rest: string] {
    const parts = this.#paths.components(this.#usual(pattern)).map(({ text }) => text);
    const wild = parts.findIndex((part) => /[*?[\]]/.test(part));
    if (wild === -1) return [pattern, ''];
    const join = (all: readonly string[]) => all.reduce(this.#paths.push, '');
    return [join(parts.slice(0, wild)), join(parts.slice(wild))];
  }

  #add(patterns: Patterns, path: string, rest: string): Pattern {
    const plain = this.#usual(path);
    const textOf = (base: string) => this.#append(escapeGlob(base), rest);
    const text = textOf(plain);
    let found: Promise<Glob | undefined> | undefined;
    const find = async () => {
      const canonical = textOf(await this.#canonicalAncestor(plain));
      return canonical === text ? undefined : this.#compile(canonical);
    };
    const pattern: Pattern = { glob: this.#compile(text), canonical: () => (found ??= find()) };
    patterns.set(text, pattern);
    return pattern;
  }

  #compile(text: string): Glob {
    try {
      return new Glob(text, { windows: this.#options.windows });
    } catch (error) {
      throw reject(`invalid glob pattern: ${(error as Error).message}`);
    }
  }

  /** `path` with as much of its beginning as exists made canonical: a scope may be named by way of a link. */
  async #canonicalAncestor(path: string): Promise<string> {
    let rest = '';
    for (let existing: string | undefined = path; existing; existing = this.#paths.parent(existing)) {
      const canonical = await this.#tryRealpath(existing);
      if (canonical !== undefined) return this.#append(this.#usual(canonical), rest);
      rest = this.#append(this.#paths.fileName(existing) ?? '', rest);
    }
    return path;
  }

  async #tryRealpath(path: string): Promise<string | undefined> {
    try {
      return await this.#options.links.realpath(path);
    } catch {
      return undefined; // a pattern for what cannot be looked at stays as it is written
    }
  }

  /** Where `path` leads; undefined where that cannot be told. */
  async #placeOf(path: string, strict: boolean): Promise<string | undefined> {
    try {
      return this.#usual(
        await (strict ? canonicalPath(path, this.#options.links, this.#paths) : this.#tauriPlace(path)),
      );
    } catch {
      return undefined; // what cannot be followed is not given
    }
  }

  /** Where Tauri looks: one link is followed, and made canonical only where something is there. */
  async #tauriPlace(path: string): Promise<string> {
    const target = (await this.#options.links.readlink(path)) ?? path;
    return (await this.#options.links.realpath(target)) ?? target;
  }

  #usual(path: string): string {
    return this.#paths.rejoin(this.#options.windows ? withoutVerbatim(path) : path);
  }

  #append(base: string, rest: string): string {
    if (base === '' || rest === '') return base + rest;
    return base + (base.endsWith(this.#paths.separator) ? '' : this.#paths.separator) + rest;
  }
}

/**
 * Where `path` (absolute) leads, also where its last parts are not there yet: a link to nothing is a way to make
 * something. Throws where it cannot be told.
 */
export async function canonicalPath(path: string, files: FileLinks, paths: RustPath, links = 0): Promise<string> {
  const canonical = await files.realpath(path);
  if (canonical !== undefined) return canonical;
  const parent = paths.parent(path);
  const name = paths.fileName(path);
  if (parent === undefined || parent === '' || name === undefined) return path;
  const folder = await canonicalPath(parent, files, paths, links);
  const target = await files.readlink(path);
  if (target === undefined) return paths.push(folder, name);
  if (links === MOST_LINKS) throw new Error('too many symbolic links');
  return canonicalPath(paths.push(folder, target), files, paths, links + 1);
}

/** A text as the pattern that matches it alone. */
function escapeGlob(text: string): string {
  return text.replace(/[[\]*?]/g, '[$&]');
}
