/**
 * Decides whether a window holds a permission, and says why not. It answers a handler's own questions
 * (`permissions: […]` of a command, `authority.require` inside it).
 */
import type { Authority, Scope } from '../command.ts';
import { IpcError } from '../error.ts';
import type { Capability, PermissionEntry } from './capability.ts';
import { Glob, type GlobOptions } from './glob.ts';

/** How paths of a scope match: `*` stays within a component, and dotfiles must be named on Unix. */
const PATH_OPTIONS: GlobOptions = { separator: true, leadingDot: true };

interface Granted {
  readonly capability: string;
  readonly identifier: string;
  readonly allow: readonly unknown[];
  readonly deny: readonly unknown[];
}

/** The permissions of one app's windows. */
export class Permissions {
  readonly #capabilities: readonly Capability[];

  constructor(capabilities: readonly Capability[]) {
    this.#capabilities = capabilities;
  }

  get capabilities(): readonly Capability[] {
    return this.#capabilities;
  }

  /** The authority that a handler called from `window` asks. */
  of(window: string): Authority {
    return {
      allows: (permission, value) => this.#refusal(window, permission, value) === undefined,
      require: (permission, value) => {
        const refusal = this.#refusal(window, permission, value);
        if (refusal !== undefined) throw IpcError.permissionDenied(refusal);
      },
    };
  }

  /** The scope that the window's capabilities attach to `permissions`. */
  scope(window: string, permissions: readonly string[]): Scope {
    const granted = permissions.flatMap((permission) => this.#granted(window, permission));
    return { allow: granted.flatMap((each) => each.allow), deny: granted.flatMap((each) => each.deny) };
  }

  /** Why the window does not hold `permission` (for `value`); undefined where it does. */
  #refusal(window: string, permission: string, value: string | undefined): string | undefined {
    const granted = this.#granted(window, permission);
    if (granted.length === 0) {
      const own = this.#capabilities.filter((each) => appliesTo(each, window)).map((each) => each.identifier);
      return `${permission} is not granted to window "${window}". ${
        own.length > 0 ? `Its capabilities are: ${own.join(', ')}.` : 'No capability names this window.'
      } Add "${permission}" to a capability of this window.`;
    }
    if (value === undefined) return undefined;
    const denied = granted.find((each) => each.deny.some((entry) => covers(entry, value)));
    if (denied) {
      return `${permission} does not cover "${value}" in window "${window}": capability "${denied.capability}" denies it.`;
    }
    const scoped = granted.filter((each) => each.allow.length > 0);
    if (scoped.some((each) => each.allow.some((entry) => covers(entry, value)))) return undefined;
    const looked = granted.map((each) => `"${each.capability}" allows ${describeScope(each.allow)}`).join('; ');
    return `${permission} does not cover "${value}" in window "${window}": capability ${looked}.`;
  }

  #granted(window: string, permission: string): Granted[] {
    return this.#capabilities
      .filter((capability) => appliesTo(capability, window))
      .flatMap((capability) =>
        capability.permissions
          .filter((entry) => identifierOf(entry) === permission)
          .map((entry) => granted(capability, entry)),
      );
  }
}

function granted(capability: Capability, entry: PermissionEntry): Granted {
  return {
    capability: capability.identifier,
    identifier: identifierOf(entry),
    allow: typeof entry === 'string' ? [] : (entry.allow ?? []),
    deny: typeof entry === 'string' ? [] : (entry.deny ?? []),
  };
}

function identifierOf(entry: PermissionEntry): string {
  return typeof entry === 'string' ? entry : entry.identifier;
}

function appliesTo(capability: Capability, window: string): boolean {
  return (
    capability.local && [...capability.windows, ...capability.webviews].some((label) => globMatches(label, window))
  );
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

function globMatches(pattern: string, text: string, options?: GlobOptions): boolean {
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
