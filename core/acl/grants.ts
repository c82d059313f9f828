/**
 * Decides whether a window holds a permission, and says why not. It answers a handler's own questions
 * (`permissions: […]` of a command, `authority.require` inside it).
 */
import type { Authority, Scope } from '../command.ts';
import { IpcError } from '../error.ts';
import { Glob, type GlobOptions } from './glob.ts';
import { type Origin, ReachCompiler } from './reach.ts';
import type { Reach, Resolved, ScopeValues } from './resolve.ts';

/** How paths of a scope match: `*` stays within a component, and dotfiles must be named on Unix. */
const PATH_OPTIONS: GlobOptions = { separator: true, leadingDot: true };

/** What grants are made of: plain data, and a structured clone of it is as good. */
export type GrantData = Pick<Resolved, 'grants' | 'reaches'>;

interface Granted extends ScopeValues {
  readonly capability: string;
}

/** The permissions that the capabilities of one app grant by name. */
export class Grants {
  readonly data: GrantData;
  readonly #compiler = new ReachCompiler();
  readonly #applies = new Map<Reach, (window: string, webview: string, origin: Origin) => boolean>();
  readonly #byName = new Map<string, { readonly reach: Reach; readonly scope: ScopeValues }[]>();

  constructor(data: GrantData) {
    this.data = data;
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
    const denied = granted.find((each) => each.deny.some((entry) => covers(entry, value)));
    if (denied) {
      return `${permission} does not cover "${value}" in window "${window}": capability "${denied.capability}" denies it.`;
    }
    if (granted.some((each) => each.allow.some((entry) => covers(entry, value)))) return undefined;
    const looked = granted.map((each) => `"${each.capability}" allows ${describeScope(each.allow)}`).join('; ');
    return `${permission} does not cover "${value}" in window "${window}": capability ${looked}.`;
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

function covers(entry: unknown, value: string): boolean {
  const pattern = patternOf(entry);
  // Windows writes paths with backslashes; patterns have slashes, and a backslash in one is literal.
  const path = /^[a-z]:\\/i.test(value) ? value.replaceAll('\\', '/') : value;
  return pattern !== undefined && globMatches(pattern, path, PATH_OPTIONS);
}

function patternOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { path, url } = entry as { path?: unknown; url?: unknown };
  return typeof path === 'string' ? path : typeof url === 'string' ? url : undefined;
}

function globMatches(pattern: string, text: string, options: GlobOptions): boolean {
  try {
    return new Glob(pattern).matches(text, options);
  } catch {
    // A pattern that Rust refuses matches nothing; reading the capability file reports it.
    return false;
  }
}

function describeScope(allow: readonly unknown[]): string {
  return allow.length === 0 ? 'no path' : allow.map((entry) => JSON.stringify(patternOf(entry) ?? entry)).join(', ');
}
