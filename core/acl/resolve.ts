/**
 * From capabilities and manifests to tables: which command is allowed or denied where, and with which scopes (Tauri's
 * `Resolved`). The tables are plain data.
 */
import { pluginCommand } from '../call.ts';
import { type Capability, identifierOf, type PermissionEntry, type Target } from './capability.ts';
import { Glob } from './glob.ts';
import { APP_KEY, parseIdentifier, printIdentifier } from './identifier.ts';
import type { Manifest, Manifests, Permission, ScopeLists } from './manifest.ts';
import { AclError, type Path } from './place.ts';
import { UrlPattern } from './url-pattern.ts';

/** Pages of the app itself, or of addresses that a URL pattern covers. */
export type Context = 'local' | { readonly remote: string };

/** Where a capability holds: in a window or webview whose label a pattern matches, in one of the contexts. */
export interface Reach {
  readonly capability: string;
  readonly windows: readonly string[];
  readonly webviews: readonly string[];
  readonly contexts: readonly Context[];
}

export interface ScopeValues {
  readonly allow: readonly unknown[];
  readonly deny: readonly unknown[];
}

/** One reason why a command is allowed or denied. */
export interface ResolvedCommand {
  readonly context: Context;
  readonly windows: readonly string[];
  readonly webviews: readonly string[];
  readonly scopeId: number | undefined;
  readonly referencedBy: { readonly capability: string; readonly permission: string };
}

/** What an entry of a capability grants by name, for handlers that ask. */
export interface Grant {
  readonly reach: Reach;
  /** the reference, and every set and permission behind it, with the scope that each brings */
  readonly scopes: ReadonlyMap<string, ScopeValues>;
}

type Commands = ReadonlyMap<string, readonly ResolvedCommand[]>;

/** The tables that decide. Structured clones of them are as good. */
export interface Resolved {
  /** whether the app has a manifest, and so its own commands need permissions */
  readonly hasAppAcl: boolean;
  readonly allowedCommands: Commands;
  readonly deniedCommands: Commands;
  readonly commandScope: ReadonlyMap<number, ScopeValues>;
  /** by key of the manifest; for the whole app, whichever capability brought it */
  readonly globalScope: ReadonlyMap<string, ScopeValues>;
  readonly grants: readonly Grant[];
  /** every capability in force on the target */
  readonly reaches: readonly Reach[];
}

export interface ResolveInput {
  readonly capabilities: Iterable<Capability>;
  readonly manifests: Manifests;
  /** undefined: nothing is left out for its platform */
  readonly target: Target | undefined;
  /** identifiers that handlers ask for by name: no manifest needs to know them */
  readonly declared?: ReadonlySet<string>;
}

/** Something wrong in a capability, or in a manifest that it reaches. */
export interface Problem {
  readonly code: 'identifier' | 'unknown-manifest' | 'unknown-permission' | 'cycle' | 'size' | 'glob' | 'url-pattern';
  readonly message: string;
  readonly capability: Capability;
  /** inside the capability */
  readonly path: Path;
}

/** No real set comes near; sets that name each other twice would double with every level. */
const MAX_REACHED = 10_000;
const MAX_DEPTH = 200;

/** The name under which a command is called: the plugins of Tauri's own go without `core:`. */
export function commandKey(key: string, command: string): string {
  return key === APP_KEY ? command : pluginCommand(key.replace(/^core:/, ''), command);
}

/**
 * Resolves capabilities.
 *
 * @param report takes what is wrong; the rest is resolved without it, and never allows more than the files say. Without
 * it the first problem is thrown, an {@link AclError} with Tauri's text.
 */
export function resolve(input: ResolveInput, report: (problem: Problem) => void = fail): Resolved {
  const resolver = new Resolver(input, report);
  const sorted = [...input.capabilities].sort((a, b) => compareBytes(a.identifier, b.identifier));
  for (const capability of sorted) resolver.add(capability);
  return resolver.resolved();
}

function fail({ message }: Problem): never {
  throw new AclError(message);
}

/** Order of the UTF-8 bytes, which is that of the code points. */
export function compareBytes(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const at = left.findIndex((char, index) => char !== right[index]);
  if (at < 0) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}

/** A permission that a reference reaches, and the names on the way to it, itself included. */
interface Reached {
  readonly key: string;
  readonly permission: Permission;
  readonly names: readonly string[];
}

/** Where a reference stands; problems are reported there. */
interface Site {
  readonly capability: Capability;
  readonly entry: PermissionEntry;
  readonly path: Path;
}

interface MutableScope {
  readonly allow: unknown[];
  readonly deny: unknown[];
}

class Resolver {
  readonly #input: ResolveInput;
  readonly #report: (problem: Problem) => void;
  readonly #allowed = new Map<string, ResolvedCommand[]>();
  readonly #denied = new Map<string, ResolvedCommand[]>();
  readonly #commandScope = new Map<number, ScopeValues>();
  readonly #globalScope = new Map<string, MutableScope>();
  readonly #grants: Grant[] = [];
  readonly #reaches: Reach[] = [];
  /** members of sets that the present reference led to */
  #steps = 0;

  constructor(input: ResolveInput, report: (problem: Problem) => void) {
    this.#input = input;
    this.#report = report;
  }

  resolved(): Resolved {
    return {
      hasAppAcl: this.#input.manifests.has(APP_KEY),
      allowedCommands: sortByKey(this.#allowed),
      deniedCommands: sortByKey(this.#denied),
      commandScope: this.#commandScope,
      globalScope: sortByKey(this.#globalScope),
      grants: this.#grants,
      reaches: this.#reaches,
    };
  }

  add(capability: Capability): void {
    if (!this.#applies(capability.platforms)) return;
    const reach = this.#reach(capability);
    this.#reaches.push(reach);
    capability.permissions.forEach((entry, index) => {
      const site: Site = { capability, entry, path: ['permissions', index] };
      const reached = this.#expand(site);
      if (!reached) return;
      const applying = reached.filter(({ permission }) => this.#applies(permission.platforms));
      for (const each of applying) this.#register(site, reach, each);
      this.#grants.push({ reach, scopes: grantedScopes(entry, applying) });
    });
  }

  #applies(platforms: readonly Target[] | undefined): boolean {
    const { target } = this.#input;
    return target === undefined || platforms === undefined || platforms.includes(target);
  }

  // ---- where

  #reach(capability: Capability): Reach {
    const good = (list: 'windows' | 'webviews') =>
      capability[list]
        .filter((pattern, index) => this.#compiles(capability, [list, index], 'glob', () => new Glob(pattern)))
        .sort(compareBytes);
    const remotes = capability.remote?.urls ?? [];
    const contexts = remotes.filter((url, index) =>
      this.#compiles(capability, ['remote', 'urls', index], 'url-pattern', () => new UrlPattern(url), url),
    );
    return {
      capability: capability.identifier,
      windows: good('windows'),
      webviews: good('webviews'),
      contexts: [...(capability.local ? (['local'] as const) : []), ...contexts.map((remote) => ({ remote }))],
    };
  }

  #compiles(capability: Capability, path: Path, code: Problem['code'], compile: () => unknown, url?: string): boolean {
    try {
      compile();
      return true;
    } catch (error) {
      const lead = url === undefined ? 'failed to run glob' : `invalid URL pattern for remote URL ${url}`;
      this.#report({ code, message: `${lead}: ${(error as Error).message}`, capability, path });
      return false;
    }
  }

  // ---- what

  /** What a reference reaches; undefined where it was reported and counts for nothing. */
  #expand(site: Site): Reached[] | undefined {
    const text = identifierOf(site.entry);
    let identifier: ReturnType<typeof parseIdentifier>;
    try {
      identifier = parseIdentifier(text);
    } catch (error) {
      this.#problem(site, 'identifier', (error as Error).message);
      const colon = text.lastIndexOf(':');
      this.#keepDenial(site, colon < 0 ? APP_KEY : text.slice(0, colon), text.slice(colon + 1));
      return undefined;
    }
    const { prefix: key = APP_KEY, base } = identifier;
    const { manifests, declared } = this.#input;
    const manifest = manifests.get(key);
    const known = manifest && (base === 'default' || manifest.sets.has(base) || manifest.permissions.has(base));
    if (!known) {
      if (declared?.has(text)) {
        this.#keepDenial(site, key, base);
        return [];
      }
      if (manifest) this.#problem(site, 'unknown-permission', `unknown permission ${base} for ${showKey(key)}`);
      else {
        const available = [...manifests.keys()].sort(compareBytes).map(showKey).join(', ');
        this.#problem(site, 'unknown-manifest', `unknown ACL for ${showKey(key)}, expected one of ${available}`);
      }
      this.#keepDenial(site, key, base);
      return undefined;
    }
    const reached: Reached[] = [];
    const names = [printIdentifier(key, base)];
    this.#steps = 0;
    if (base === 'default') this.#expandSet(site, key, base, manifest.default?.permissions ?? [], names, reached);
    else {
      const set = manifest.sets.get(base);
      if (set) this.#expandSet(site, key, base, set.permissions, names, reached);
      else reached.push({ key, permission: manifest.permissions.get(base) as Permission, names });
    }
    return reached;
  }

  #expandSet(
    site: Site,
    key: string,
    set: string,
    members: readonly string[],
    names: readonly string[],
    reached: Reached[],
  ): void {
    for (const member of members) {
      if (++this.#steps > MAX_REACHED || names.length > MAX_DEPTH) return this.#tooLarge(site, key, names, reached);
      const at = this.#locate(key, member);
      const { manifest, base } = at;
      const name = printIdentifier(at.key, base);
      const permission = base === 'default' ? undefined : manifest.permissions.get(base);
      const inner = base === 'default' ? (manifest.default?.permissions ?? []) : manifest.sets.get(base)?.permissions;
      if (permission) reached.push({ key: at.key, permission, names: [...names, name] });
      else if (!inner) {
        this.#problem(site, 'unknown-permission', `permission ${member} not found from set ${set}`);
        this.#keepDenial(site, at.key, base);
      } else if (names.includes(name)) {
        const circle = [...names.slice(names.indexOf(name)), name].join(' → ');
        this.#problem(site, 'cycle', `permission set ${name} contains itself: ${circle}`);
      } else this.#expandSet(site, at.key, base, inner, [...names, name], reached);
    }
  }

  /** What lies behind is unknown, and may deny: all that was reached is given up, and denied with the set's own plugin. */
  #tooLarge(site: Site, key: string, names: readonly string[], reached: Reached[]): void {
    // Said once: every set above would say it again.
    if (this.#steps === Number.POSITIVE_INFINITY) return;
    this.#steps = Number.POSITIVE_INFINITY;
    this.#problem(
      site,
      'size',
      `${names[0]} reaches more than ${MAX_REACHED} permissions, or through more than ${MAX_DEPTH} sets`,
    );
    for (const each of new Set([key, ...reached.splice(0).map((one) => one.key)])) this.#denyAll(site, each, 'size');
  }

  /** Where a member of a set of `key` is looked for: in the manifest that its prefix names, if there is one. */
  #locate(key: string, member: string): { key: string; manifest: Manifest; base: string } {
    const colon = member.lastIndexOf(':');
    const other = colon < 0 ? undefined : this.#input.manifests.get(member.slice(0, colon));
    if (other) return { key: member.slice(0, colon), manifest: other, base: member.slice(colon + 1) };
    return { key, manifest: this.#input.manifests.get(key) as Manifest, base: member };
  }

  #problem({ capability, path }: Site, code: Problem['code'], message: string): void {
    this.#report({ code, message, capability, path });
  }

  // ---- what is allowed and denied

  #register({ capability, entry }: Site, reach: Reach, { key, permission }: Reached): void {
    const { allow, deny } = extended(entry, permission.scope);
    const { commands } = permission;
    if (commands.allow.length === 0 && commands.deny.length === 0) {
      const scope = this.#globalScopeOf(key);
      scope.allow.push(...(allow ?? []));
      scope.deny.push(...(deny ?? []));
      return;
    }
    let scopeId: number | undefined;
    if (allow || deny) {
      scopeId = this.#commandScope.size + 1;
      this.#commandScope.set(scopeId, { allow: allow ?? [], deny: deny ?? [] });
    }
    const { windows, webviews, contexts } = reach;
    const referencedBy = { capability: reach.capability, permission: permission.identifier };
    const entries = contexts.map((context) => ({ context, windows, webviews, scopeId, referencedBy }));
    for (const command of commands.allow) push(this.#allowed, commandKey(key, command), entries);
    // A denial holds wherever the capability was to hold, also where its pattern is no pattern.
    const everywhere: Context[] = [
      ...(capability.local ? (['local'] as const) : []),
      ...(capability.remote?.urls ?? []).map((remote) => ({ remote })),
    ];
    const denials = everywhere.map((context) => ({ context, windows, webviews, scopeId, referencedBy }));
    for (const command of commands.deny) push(this.#denied, commandKey(key, command), denials);
  }

  #globalScopeOf(key: string): MutableScope {
    const known = this.#globalScope.get(key);
    if (known) return known;
    const made: MutableScope = { allow: [], deny: [] };
    this.#globalScope.set(key, made);
    return made;
  }

  /**
   * A reference that nothing knows may have been meant to deny. What it would deny is unknown, so its plugin as a whole
   * loses: the paths that it denies, or every command.
   */
  #keepDenial(site: Site, key: string, base: string): void {
    const { entry } = site;
    const { manifests } = this.#input;
    // Before 2.0 the plugins of Tauri's own had no prefix of theirs.
    const meant = manifests.has(key) || !manifests.has(`core:${key}`) ? key : `core:${key}`;
    if (typeof entry !== 'string' && entry.deny && manifests.has(meant)) {
      this.#globalScopeOf(meant).deny.push(...entry.deny);
    }
    if (base.startsWith('deny-')) this.#denyAll(site, meant, base);
  }

  #denyAll({ capability }: Site, key: string, permission: string): void {
    const commands = [...(this.#input.manifests.get(key)?.permissions.values() ?? [])].flatMap(
      (each) => each.commands.allow,
    );
    const contexts: Context[] = ['local', ...(capability.remote?.urls ?? []).map((remote) => ({ remote }))];
    const entries = contexts.map((context) => ({
      context,
      windows: capability.windows,
      webviews: capability.webviews,
      scopeId: undefined,
      referencedBy: { capability: capability.identifier, permission },
    }));
    for (const command of new Set(commands)) push(this.#denied, commandKey(key, command), entries);
  }
}

/** The scope of a permission as an entry extends it: the entry's values first; absent where neither says anything. */
function extended(entry: PermissionEntry, scope: ScopeLists): ScopeLists {
  const more: ScopeLists = typeof entry === 'string' ? {} : entry;
  const both = (a: readonly unknown[] | undefined, b: readonly unknown[] | undefined) =>
    a || b ? [...(a ?? []), ...(b ?? [])] : undefined;
  return { allow: both(more.allow, scope.allow), deny: both(more.deny, scope.deny) };
}

function grantedScopes(entry: PermissionEntry, reached: readonly Reached[]): Map<string, ScopeValues> {
  const { allow = [], deny = [] }: ScopeLists = typeof entry === 'string' ? {} : entry;
  const scopes = new Map<string, MutableScope>();
  const scopeOf = (name: string): MutableScope => {
    const scope = scopes.get(name) ?? { allow: [...allow], deny: [...deny] };
    scopes.set(name, scope);
    return scope;
  };
  scopeOf(identifierOf(entry));
  for (const { permission, names } of reached) {
    for (const name of new Set(names)) {
      const scope = scopeOf(name);
      scope.allow.push(...(permission.scope.allow ?? []));
      scope.deny.push(...(permission.scope.deny ?? []));
    }
  }
  return scopes;
}

const showKey = (key: string) => (key === APP_KEY ? 'app manifest' : key);

function push(map: Map<string, ResolvedCommand[]>, key: string, entries: readonly ResolvedCommand[]): void {
  if (entries.length === 0) return;
  const known = map.get(key);
  if (known) known.push(...entries);
  else map.set(key, [...entries]);
}

function sortByKey<T>(map: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...map].sort(([a], [b]) => compareBytes(a, b)));
}
