/**
 * Decides whether a window holds a permission, and says why not. It answers a handler's own questions
 * (`permissions: […]` of a command, `authority.require` inside it).
 */
import type { Authority, Scope } from '../command.ts';
import { IpcError } from '../error.ts';
import { Glob, type GlobOptions } from './glob.ts';
import type { BaseDirectory } from '../base-directory.ts';
import { type Origin, ReachCompiler } from './reach.ts';
import { rustPath } from '../rust-path.ts';
import { hasParent, type PathPlace, parseScopePath } from './scope/path.ts';
import type { Reach, Resolved, ScopeValues } from './resolve.ts';

/** How paths of a scope match: `*` stays within a component, and dotfiles must be named on Unix. */
const ALLOWS: GlobOptions = { separator: true, leadingDot: true };
/** What denies does so in every spelling: on many disks another case is the same file. */
const DENIES: GlobOptions = { ...ALLOWS, ignoreCase: true };
/** A URL; one letter before the colon is a drive of Windows. */
const URL_START = /^[a-z][a-z\d+.-]+:/i;

/** What grants are made of: plain data, and a structured clone of it is as good. */
export type GrantData = Pick<Resolved, 'grants' | 'reaches'> & {
  /** the directories behind `$HOME` and its like; absent: scopes are taken as they are written */
  readonly directories?: Directories | undefined;
};

/** The directories of the machine and the app that variables of scopes name, as plain data. */
export interface Directories {
  /** whether paths are those of Windows */
  readonly windows: boolean;
  readonly paths: ReadonlyMap<BaseDirectory, string>;
}

interface Granted extends ScopeValues {
  readonly capability: string;
}

/** The permissions that the capabilities of one app grant by name. */
export class Grants {
  readonly data: GrantData;
  readonly #compiler = new ReachCompiler();
  readonly #applies = new Map<Reach, (window: string, webview: string, origin: Origin) => boolean>();
  readonly #patterns = new Map<string, Glob | undefined>();
  readonly #place: PathPlace | undefined;
  readonly #byName = new Map<string, { readonly reach: Reach; readonly scope: ScopeValues }[]>();

  constructor(data: GrantData) {
    this.data = data;
    const { directories } = data;
    this.#place = directories && {
      windows: directories.windows,
      directory: (name) => directories.paths.get(name),
    };
    for (const { reach, scopes } of data.grants) {
      for (const [name, scope] of scopes) {
        const known = this.#byName.get(name);
        if (known) known.push({ reach, scope });
        else this.#byName.set(name, [{ reach, scope }]);
      }
    }
  }

  /** The authority that a handler called from `window` asks. */
  of(window: string, webview = window, origin: Origin = 'local'): Authority {
    const refusal = (permission: string, value: string | undefined) =>
      this.#refusal(window, webview, origin, permission, value);
    return {
      allows: (permission, value) => refusal(permission, value) === undefined,
      require: (permission, value) => {
        const text = refusal(permission, value);
        if (text !== undefined) throw IpcError.permissionDenied(text);
      },
    };
  }

  /** The scope that the window's capabilities attach to `permissions`. */
  scope(window: string, permissions: readonly string[], webview = window, origin: Origin = 'local'): Scope {
    const granted = permissions.flatMap((permission) => this.#granted(window, webview, origin, permission));
    return { allow: granted.flatMap((each) => each.allow), deny: granted.flatMap((each) => each.deny) };
  }

  /** The identifiers of the capabilities that are about a window. */
  capabilitiesOf(window: string, webview = window, origin: Origin = 'local'): string[] {
    return this.data.reaches
      .filter((reach) => this.#reaches(reach, window, webview, origin))
      .map(({ capability }) => capability);
  }

  /** Why the window does not hold `permission` (for `value`); undefined where it does. */
  #refusal(
    window: string,
    webview: string,
    origin: Origin,
    permission: string,
    value: string | undefined,
  ): string | undefined {
    const granted = this.#granted(window, webview, origin, permission);
    if (granted.length === 0) {
      const own = this.capabilitiesOf(window, webview, origin);
      return `${permission} is not granted to window "${window}". ${
        own.length > 0 ? `Its capabilities are: ${own.join(', ')}.` : 'No capability names this window.'
      } Add "${permission}" to a capability of this window.`;
    }
    if (value === undefined) return undefined;
    if (!URL_START.test(value) && hasParent(value, this.#isWindows(value))) {
      return `${permission} does not cover "${value}" in window "${window}": a path with ".." is in no scope; resolve it first (validatePath).`;
    }
    const text = this.#spelt(value);
    if (text === undefined) {
      return `${permission} does not cover "${value}" in window "${window}": it is no URL that can be read.`;
    }
    const spellings = [text, decoded(text)];
    const denied = granted.find((each) =>
      each.deny.some((entry) => spellings.some((spelling) => this.#covers(entry, spelling, DENIES))),
    );
    if (denied) {
      return `${permission} does not cover "${value}" in window "${window}": capability "${denied.capability}" denies it.`;
    }
    if (granted.some((each) => each.allow.some((entry) => this.#covers(entry, text, ALLOWS)))) return undefined;
    const looked = granted.map((each) => `"${each.capability}" allows ${describeScope(each.allow)}`).join('; ');
    return `${permission} does not cover "${value}" in window "${window}": capability ${looked}.`;
  }

  /**
   * One spelling for all of a path: doubled separators would slip past a denial. Of a URL, the one that browsers mean: a
   * `#` or `\\` before the host that a pattern names would make it another host. Undefined for a URL that is none.
   */
  #spelt(value: string): string | undefined {
    if (value.includes('://')) return URL.parse(value)?.href;
    if (URL_START.test(value)) return value;
    const windows = this.#isWindows(value);
    const path = rustPath(windows).rejoin(value);
    // Windows writes paths with backslashes; patterns have slashes, and a backslash in one is literal.
    return (windows ? path.replaceAll('\\', '/') : path).replace(/^\.\//, '');
  }

  #isWindows(value: string): boolean {
    return this.#place?.windows ?? /^[a-z]:[\\/]/i.test(value);
  }

  #covers(entry: unknown, value: string, options: GlobOptions): boolean {
    const pattern = patternOf(entry);
    if (pattern === undefined) return false;
    if (!this.#patterns.has(pattern)) this.#patterns.set(pattern, this.#compile(pattern));
    return this.#patterns.get(pattern)?.matches(value, options) ?? false;
  }

  /** Undefined for what matches nothing: a pattern that Rust refuses, which reading the file reports, or an unknown directory. */
  #compile(pattern: string): Glob | undefined {
    const path = pattern.startsWith('$') && this.#place ? parseScopePath(pattern, this.#place) : pattern;
    try {
      return path === undefined ? undefined : new Glob(this.#place?.windows ? path.replaceAll('\\', '/') : path);
    } catch {
      return undefined;
    }
  }

  #granted(window: string, webview: string, origin: Origin, permission: string): Granted[] {
    return (this.#byName.get(permission) ?? [])
      .filter(({ reach }) => this.#reaches(reach, window, webview, origin))
      .map(({ reach, scope }) => ({ capability: reach.capability, ...scope }));
  }

  #reaches(reach: Reach, window: string, webview: string, origin: Origin): boolean {
    let applies = this.#applies.get(reach);
    if (!applies) {
      const labels = this.#compiler.labels(reach);
      const contexts = reach.contexts.map((context) => this.#compiler.context(context));
      applies = (window, webview, origin) => contexts.some((fits) => fits(origin)) && labels.match(window, webview);
      this.#applies.set(reach, applies);
    }
    return applies(window, webview, origin);
  }
}

/** With `%61` as `a`: what a server reads. Only for denials: what is allowed must be written so. */
function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

function patternOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { path, url } = entry as { path?: unknown; url?: unknown };
  return typeof path === 'string' ? path : typeof url === 'string' ? url : undefined;
}

function describeScope(allow: readonly unknown[]): string {
  return allow.length === 0 ? 'no path' : allow.map((entry) => JSON.stringify(patternOf(entry) ?? entry)).join(', ');
}
