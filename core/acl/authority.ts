/** Decides every call by the resolved capabilities, and says why not in Tauri's words (its `RuntimeAuthority`). */
import { calledCommand } from '../call.ts';
import type { Authority } from '../command.ts';
import { type Capability, identifierOf, type Target } from './capability.ts';
import { type Directories, Grants } from './grants.ts';
import { APP_KEY, printIdentifier } from './identifier.ts';
import { allowingNames, type Manifests } from './manifest.ts';
import { AclError } from './place.ts';
import { type Labels, type Origin, ReachCompiler } from './reach.ts';
import {
  type Problem,
  type Resolved,
  type ResolvedCommand,
  type ResolveInput,
  resolve,
  type ScopeValues,
} from './resolve.ts';
import { NO_SCOPE, NO_SCOPES, type Scopes } from './scope/scope.ts';

/** Where Tauri's versions differ, or we from them. */
export interface AuthorityOptions {
  /** `tauri-2.12`: a denial holds for every window and origin; `scoped-origin`: only for origins that it names */
  readonly denyMode: 'tauri-2.12' | 'scoped-origin';
  /** whether pages of other addresses may call the commands of an app without a manifest (before Tauri 2.11.1) */
  readonly remoteAppCommands: 'deny' | 'allow';
  /** `merged`: capabilities added at run time may share scopes with others, as in Tauri up to 2.12 */
  readonly scopeIds: 'rebased' | 'merged';
  /** the text that the page gets: with all reasons, or as short as in a release build */
  readonly messages: 'debug' | 'release';
  /** for which capabilities added at run time are resolved */
  readonly target: Target | undefined;
  /** behind the variables of the scopes that handlers ask for */
  readonly directories: Directories | undefined;
}

const DEFAULTS: AuthorityOptions = {
  denyMode: 'tauri-2.12',
  remoteAppCommands: 'deny',
  scopeIds: 'rebased',
  messages: 'debug',
  target: undefined,
  directories: undefined,
};

/** A call, as far as the ACL looks at it. */
export interface Access {
  /** as it was called, such as `plugin:fs|read_file` */
  readonly command: string;
  readonly window: string;
  readonly webview: string;
  readonly origin: Origin;
}

export type Decision =
  /** `entries` are what allows it; none where the ACL is not asked */
  | { readonly allowed: true; readonly entries: readonly ResolvedCommand[] }
  | {
      readonly allowed: false;
      /** for the page */
      readonly message: string;
      /** with all reasons */
      readonly debug: string;
      readonly release: string;
    };

/** An entry that is about a command, and whether it is about this call. */
export interface Candidate {
  readonly entry: ResolvedCommand;
  readonly denies: boolean;
  readonly originFits: boolean;
  readonly labelFits: boolean;
}

interface CompiledEntry {
  readonly entry: ResolvedCommand;
  readonly labels: Labels;
  readonly fits: (origin: Origin) => boolean;
}

type Table = Map<string, CompiledEntry[]>;

/** Names of commands come from pages, without end if a page wants: neither many nor long ones are remembered. */
const MAX_REFUSALS = 200;
const MAX_REMEMBERED_LENGTH = 1024;
const EXEMPT = 'plugin:__TAURI_CHANNEL__|fetch';
const NONE: readonly CompiledEntry[] = [];

export class RuntimeAuthority {
  readonly options: AuthorityOptions;
  readonly #manifests: Manifests;
  readonly #hasAppAcl: boolean;
  /** what it was made of */
  readonly #base: Resolved;
  #compiler = new ReachCompiler();
  readonly #allowed: Table = new Map();
  readonly #denied: Table = new Map();
  readonly #commandScope = new Map<number, ScopeValues>();
  readonly #globalScope = new Map<string, ScopeValues>();
  readonly #refusals = new Map<string, string>();
  #grants: Grants;

  /** @param manifests what texts of refusals name */
  constructor(resolved: Resolved, manifests: Manifests, options: Partial<AuthorityOptions> = {}) {
    this.options = { ...DEFAULTS, ...options };
    this.#manifests = manifests;
    this.#hasAppAcl = resolved.hasAppAcl;
    this.#base = resolved;
    this.#grants = this.#noGrants();
    this.#add(resolved, (id) => id);
  }

  /** What is granted by name; another object after every change. */
  get grants(): Grants {
    return this.#grants;
  }

  /** The authority that a handler called from `window` asks. */
  of(window: string, webview?: string, origin?: Origin): Authority {
    return this.#grants.of(window, webview, origin);
  }

  /** Whether a call may go on to its command. The stage before dispatch asks this, once per call. */
  decide(access: Access): Decision {
    const entries = this.resolveAccess(access);
    if (entries || !this.enforces(access)) return { allowed: true, entries: entries ?? [] };
    const debug = this.#refusalOf(access);
    const release = `Command ${access.command} not allowed by ACL`;
    return { allowed: false, message: this.options.messages === 'debug' ? debug : release, debug, release };
  }

  /** Whether a call needs a permission: a plugin's command, any of an app with a manifest, any from another address. */
  enforces({ command, origin }: Access): boolean {
    if (command === EXEMPT) return false;
    if (command.startsWith('plugin:') || this.#hasAppAcl) return true;
    return origin !== 'local' && this.options.remoteAppCommands === 'deny';
  }

  /** The entries that allow a call; undefined where none does, or one denies it (Tauri's `resolve_access`). */
  resolveAccess({ command, window, webview, origin }: Access): ResolvedCommand[] | undefined {
    if (this.#denials(command, origin).length > 0) return undefined;
    const entries = this.#allowed.get(command);
    if (!entries) return undefined;
    const kept: ResolvedCommand[] = [];
    for (const { entry, labels, fits } of entries) {
      if (fits(origin) && labels.match(window, webview)) kept.push(entry);
    }
    return kept.length > 0 ? kept : undefined;
  }

  /** The commands that capabilities allow or deny, as they are called. */
  get commands(): readonly string[] {
    return [...new Set([...this.#allowed.keys(), ...this.#denied.keys()])];
  }

  /** Every entry about a command, denials first, and how it fits a call. */
  candidates({ command, window, webview, origin }: Access): Candidate[] {
    const look = (table: Table, denies: boolean) =>
      (table.get(command) ?? []).map(({ entry, labels, fits }) => {
        return { entry, denies, originFits: fits(origin), labelFits: labels.match(window, webview) };
      });
    return [...look(this.#denied, true), ...look(this.#allowed, false)];
  }

  /** The scope of a call: the values of all entries that allow it, in their order (Tauri's `CommandScope`). */
  commandScope(entries: readonly ResolvedCommand[]): ScopeValues {
    const scopes = entries.flatMap(({ scopeId }) => this.#commandScope.get(scopeId ?? Number.NaN) ?? []);
    return { allow: scopes.flatMap(({ allow }) => allow), deny: scopes.flatMap(({ deny }) => deny) };
  }

  /** The scope of a whole plugin, by the key of its manifest (Tauri's `GlobalScope`). */
  globalScope(key: string): ScopeValues {
    return this.#globalScope.get(key) ?? NO_SCOPE;
  }

  /** Both scopes of a call that is allowed. Most calls have none: then it is always the same object. */
  scopesOf(called: string, entries: readonly ResolvedCommand[]): Scopes {
    if (this.#commandScope.size === 0 && this.#globalScope.size === 0) return NO_SCOPES;
    const { plugin } = calledCommand(called);
    const keys = manifestKeys(plugin);
    const global = keys.map((key) => this.#globalScope.get(key)).find((scope) => scope !== undefined);
    const command = entries.some(({ scopeId }) => scopeId !== undefined) ? this.commandScope(entries) : NO_SCOPE;
    return command === NO_SCOPE && !global ? NO_SCOPES : { command, global: global ?? NO_SCOPE };
  }

  /**
   * Adds capabilities while the app runs (Tauri's `add_capability`). As in files, a reference that no manifest knows is
   * granted by its name, unless it denies.
   *
   * @param report takes what is wrong, granted references too. Without it, what is not granted is thrown, an
   * {@link AclError} with Tauri's text; where it throws, nothing is added
   */
  addCapability(capabilities: readonly Capability[], report: (problem: AuthorityProblem) => void = refuse): void {
    const { target } = this.options;
    const resolved = resolveOrGrant({ capabilities, manifests: this.#manifests, target }, report);
    const last = Math.max(0, ...this.#commandScope.keys());
    this.#add(resolved, this.options.scopeIds === 'rebased' ? (id) => id + last : (id) => id);
  }

  /** Takes back everything that was added at run time. */
  reset(): void {
    for (const table of [this.#allowed, this.#denied, this.#commandScope, this.#globalScope]) table.clear();
    this.#compiler = new ReachCompiler();
    this.#grants = this.#noGrants();
    this.#add(this.#base, (id) => id);
  }

  #noGrants(): Grants {
    return new Grants({ grants: [], reaches: [], directories: this.options.directories });
  }

  #add(resolved: Resolved, idOf: (id: number) => number): void {
    this.#refusals.clear();
    for (const [table, added] of [
      [this.#allowed, resolved.allowedCommands],
      [this.#denied, resolved.deniedCommands],
    ] as const) {
      for (const [command, entries] of added) {
        const compiled = entries.map((entry) => this.#compile(entry, idOf, table === this.#denied));
        table.set(command, [...(table.get(command) ?? []), ...compiled]);
      }
    }
    for (const [id, scope] of resolved.commandScope) extend(this.#commandScope, idOf(id), scope);
    for (const [key, scope] of resolved.globalScope) extend(this.#globalScope, key, scope);
    const { grants, reaches, directories } = this.#grants.data;
    this.#grants = new Grants({
      directories,
      grants: [...grants, ...resolved.grants],
      reaches: [...reaches, ...resolved.reaches],
    });
  }

  #compile(entry: ResolvedCommand, idOf: (id: number) => number, denies: boolean): CompiledEntry {
    const { scopeId } = entry;
    return {
      entry: scopeId === undefined ? entry : { ...entry, scopeId: idOf(scopeId) },
      // Nobody reads the labels of a denial, and they may be no patterns.
      labels: denies ? { match: () => true } : this.#compiler.labels(entry),
      fits: this.#compiler.context(entry.context, denies),
    };
  }

  #denials(command: string, origin: Origin): readonly CompiledEntry[] {
    const entries = this.#denied.get(command) ?? NONE;
    return this.options.denyMode === 'tauri-2.12' ? entries : entries.filter(({ fits }) => fits(origin));
  }

  // ---- the texts

  /** A page that asks again and again gets the same text; it is long where many capabilities are about the command. */
  #refusalOf(access: Access): string {
    const { command, window, webview, origin } = access;
    const key = JSON.stringify([command, window, webview, origin]);
    const known = this.#refusals.get(key);
    if (known !== undefined) return known;
    if (this.#refusals.size >= MAX_REFUSALS) this.#refusals.clear();
    const text = this.#refusal(access);
    if (key.length <= MAX_REMEMBERED_LENGTH) this.#refusals.set(key, text);
    return text;
  }

  #refusal({ command: called, window, webview, origin }: Access): string {
    const { plugin, name, malformed } = calledCommand(called);
    const pretty = plugin === undefined ? name : `${plugin}.${name}`;
    if (malformed) return `${pretty} not allowed. "${called}" is malformed: it has more than one "|"`;
    const denials = this.#denials(called, origin);
    if (denials.length > 0) {
      const from = origin === 'local' ? 'local' : `remote: ${normalized(origin.remote)}`;
      return `${pretty} explicitly denied on origin ${from}\n\nreferenced by: ${references(denials)}`;
    }
    const entries = this.#allowed.get(called);
    if (entries) {
      const url = origin === 'local' ? 'local' : normalized(origin.remote);
      const on = `allowed on: ${entries.map(({ entry }) => describeEntry(entry)).join(', ')}`;
      return `${pretty} not allowed on window "${window}", webview "${webview}", URL: ${url}\n\n${on}\n\nreferenced by: ${references(entries)}`;
    }
    return `${pretty} not allowed. ${this.#unreferenced(plugin, name)}`;
  }

  #unreferenced(plugin: string | undefined, name: string): string {
    const keys = manifestKeys(plugin);
    const key = keys.find((each) => this.#manifests.has(each));
    const manifest = key === undefined ? undefined : this.#manifests.get(key);
    if (key === undefined || !manifest) return 'Plugin not found';
    const names = allowingNames(manifest, name);
    if (names.length === 0) return 'Command not found';
    return `Permissions associated with this command: ${names.map((each) => printIdentifier(key, each)).join(', ')}`;
  }
}

/**
 * An authority by capabilities alone, where no manifest is known: every identifier that they name is granted by that name,
 * for handlers that ask. Throws an {@link AclError} for a capability that Tauri would refuse.
 */
export function authorityByName(capabilities: readonly Capability[]): RuntimeAuthority {
  const declared = new Set(capabilities.flatMap(({ permissions }) => permissions.map(identifierOf)));
  const manifests: Manifests = new Map();
  return new RuntimeAuthority(resolve({ capabilities, manifests, target: undefined, declared }), manifests);
}

/** Something wrong with the capabilities of an app; `granted` where the reference is good for handlers that ask for it. */
export interface AuthorityProblem extends Problem {
  readonly granted: boolean;
}

/**
 * The authority of an app. A reference that no manifest knows is reported, and yet granted by its name: handlers in
 * TypeScript ask for permissions of their own making. A denial that nobody knows stays a denial.
 */
export function authorityFor(
  input: Omit<ResolveInput, 'declared'>,
  report: (problem: AuthorityProblem) => void,
  options?: Partial<AuthorityOptions>,
): RuntimeAuthority {
  return new RuntimeAuthority(resolveOrGrant(input, report), input.manifests, { ...options, target: input.target });
}

/** Resolves; a reference that no manifest knows is granted by its name, unless it denies. All problems are reported. */
function resolveOrGrant(input: Omit<ResolveInput, 'declared'>, report: (problem: AuthorityProblem) => void): Resolved {
  const declared = new Set<string>();
  const problems: AuthorityProblem[] = [];
  let resolved = resolve(input, (problem) => {
    const identifier = referenceAt(problem);
    const granted = problem.code.startsWith('unknown-') && identifier !== undefined && !DENIES.test(identifier);
    if (granted) declared.add(identifier);
    problems.push({ ...problem, granted });
  });
  if (declared.size > 0) resolved = resolve({ ...input, declared }, () => undefined);
  for (const problem of problems) report(problem);
  return resolved;
}

/** Takes problems where a capability is to be right: throws an {@link AclError} for all but references that are granted. */
export function refuse({ granted, message }: AuthorityProblem): void {
  if (!granted) throw new AclError(message);
}

const DENIES = /(?:^|:)deny-/;

/** The reference that a problem is about. */
export function referenceAt({ capability, path }: Problem): string | undefined {
  const entry = path[0] === 'permissions' ? capability.permissions[path[1] as number] : undefined;
  return entry === undefined ? undefined : identifierOf(entry);
}

/** Where the manifest of a called plugin may stand: those of Tauri's own are called without their prefix. */
function manifestKeys(plugin: string | undefined): readonly string[] {
  return plugin === undefined ? [APP_KEY] : [plugin, `core:${plugin}`];
}

function extend<K>(scopes: Map<K, ScopeValues>, key: K, { allow, deny }: ScopeValues): void {
  const known = scopes.get(key) ?? NO_SCOPE;
  scopes.set(key, { allow: [...known.allow, ...allow], deny: [...known.deny, ...deny] });
}

function references(entries: readonly CompiledEntry[]): string {
  return entries
    .map(({ entry: { referencedBy: by } }) => `capability: ${by.capability}, permission: ${by.permission}`)
    .join(' || ');
}

function describeEntry({ windows, webviews, context }: ResolvedCommand): string {
  const list = (name: string, labels: readonly string[]) =>
    labels.length > 0 ? `${name}: ${labels.map((label) => `"${label}"`).join(', ')}, ` : '';
  const url = context === 'local' ? 'local' : context.remote;
  return `[${list('windows', windows)}${list('webviews', webviews)}URL: ${url}]`;
}

/** A URL as Rust prints it: with the slash behind a bare host. */
function normalized(url: string): string {
  return URL.parse(url)?.href ?? url;
}
