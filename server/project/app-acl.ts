/** The access control of one app: what its files say, together with what its TypeScript backend declares. */
import {
  type Access,
  type AuthorityOptions,
  type AuthorityProblem,
  authorityFor,
  referenceAt,
  refuse,
  type RuntimeAuthority,
} from '#core/acl/authority.ts';
import { type Capability, identifierOf, type Target } from '#core/acl/capability.ts';
import { type CapabilitySource, placeIn } from '#core/acl/capability-file.ts';
import { type Explanation, explain, referenceTo } from '#core/acl/explain.ts';
import type { Directories } from '#core/acl/grants.ts';
import { type Manifests, mergeManifest } from '#core/acl/manifest.ts';
import { projectManifests } from '#core/acl/manifest-file.ts';
import { type OverviewEntry, overview } from '#core/acl/overview.ts';
import type { Place } from '#core/acl/place.ts';
import type { Origin } from '#core/acl/reach.ts';
import { calledCommand, pluginCommand } from '#core/call.ts';
import type { AclFiles } from './acl-files.ts';

/** What of a backend concerns the ACL. */
export interface DeclaredByBackend {
  readonly commands: readonly { readonly name: string; readonly permissions: readonly string[] }[];
  readonly plugins: readonly {
    readonly name: string;
    readonly commands: readonly { readonly name: string; readonly permissions: readonly string[] }[];
  }[];
}

/** Something wrong in a capability file, where it stands. */
export interface AclFinding {
  readonly place: Place;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

export interface AppAclOptions {
  readonly backend?: DeclaredByBackend | undefined;
  /** behind `$HOME` and its like in the scopes of handlers */
  readonly directories?: Directories;
  /** where Tauri's versions differ */
  readonly switches?: AclSwitches;
}

/** What the settings `ipcWorkbench.permissions.*` decide. */
export type AclSwitches = Pick<AuthorityOptions, 'denyMode' | 'remoteAppCommands' | 'scopeIds' | 'messages'>;

const NOTHING: DeclaredByBackend = { commands: [], plugins: [] };

/** The platform by which capabilities and permissions are left out. */
export function targetOf(platform: NodeJS.Platform): Target {
  return platform === 'win32' ? 'windows' : platform === 'darwin' ? 'macOS' : 'linux';
}

/** What can be asked about the access control of an app, be it of a project or of another extension. */
export interface Acl {
  readonly authority: RuntimeAuthority;
  /** Explains what the ACL says to a call. */
  explain(access: Access): Explanation;
  /** Everything that a window may do, and what it is denied, with the page that it shows. */
  overview(window: string, origin: Origin): OverviewEntry[];
  /** The permissions that a command's handler asks for. */
  askedBy(command: string): readonly string[];
}

/** The access control of one project: what its files say, together with what its TypeScript backend declares. */
export class AppAcl implements Acl {
  readonly files: AclFiles;
  readonly authority: RuntimeAuthority;
  readonly findings: readonly AclFinding[];
  /** of the plugins, and of the app itself */
  readonly manifests: Manifests;
  readonly #target: Target;
  readonly #backend: DeclaredByBackend;

  constructor(files: AclFiles, { backend = NOTHING, directories, switches }: AppAclOptions = {}) {
    this.files = files;
    const target = targetOf(process.platform);
    this.#target = target;
    this.#backend = backend;
    this.manifests = manifestsOf(files, backend);
    const asked = new Set([
      ...backend.commands.flatMap(({ permissions }) => permissions),
      ...backend.plugins.flatMap(({ commands }) => commands.flatMap(({ permissions }) => permissions)),
    ]);
    const findings: AclFinding[] = [];
    this.authority = authorityFor(
      { capabilities: capabilitiesOf(files.enabled), manifests: this.manifests, target },
      (problem) => {
        const finding = this.#finding(problem, asked);
        if (finding) findings.push(finding);
      },
      { ...switches, directories },
    );
    this.findings = findings;
  }

  /** Whether there is a manifest of that plugin, by its key such as `core:window`. */
  knows(key: string): boolean {
    return this.manifests.has(key);
  }

  explain(access: Access): Explanation {
    const { enabled, disabled } = this.files;
    return explain(
      {
        authority: this.authority,
        manifests: this.manifests,
        target: this.#target,
        enabled: capabilitiesOf(enabled),
        disabled: capabilitiesOf(disabled),
      },
      access,
    );
  }

  overview(window: string, origin: Origin): OverviewEntry[] {
    return overviewOf(this.authority, this.manifests, this.#backend, { window, origin });
  }

  askedBy(command: string): readonly string[] {
    return askedBy(this.#backend, command);
  }

  /**
   * Where a capability names what brings a permission to a command, or where it begins; undefined for one that was added
   * at run time.
   */
  placeOf(capability: string, command: string, permission: string): Place | undefined {
    const source = this.sourceOf(capability);
    if (!source) return undefined;
    const base = permission.slice(permission.lastIndexOf(':') + 1);
    const found = { capability: source.capability, manifests: this.manifests };
    const byTables = referenceTo(found, command, base);
    const index =
      byTables >= 0 ? byTables : source.capability.permissions.findIndex((entry) => identifierOf(entry) === permission);
    return placeIn(source, index >= 0 ? ['permissions', index] : ['identifier']);
  }

  /** The plugins of which the capabilities in force name a permission. */
  get plugins(): ReadonlySet<string> {
    const named = capabilitiesOf(this.files.enabled).flatMap(({ permissions }) => permissions.map(identifierOf));
    return new Set(named.flatMap((identifier) => /^[^:]+(?=:)/.exec(identifier) ?? []));
  }

  /** Where a capability stands; undefined for one that was added at run time. */
  sourceOf(capability: string): CapabilitySource | undefined {
    const { enabled, disabled } = this.files;
    return [...enabled, ...disabled].find((source) => source.capability.identifier === capability);
  }

  #finding(problem: AuthorityProblem, asked: ReadonlySet<string>): AclFinding | undefined {
    const reference = referenceAt(problem);
    // Handlers ask for it by name: that is all it has to be good for.
    if (problem.granted && reference !== undefined && asked.has(reference)) return undefined;
    const source = this.sourceOf(problem.capability.identifier);
    if (!source) return undefined;
    const message = problem.granted
      ? `${problem.message}. No plugin that IPC Workbench knows has it; handlers may still ask for "${reference}" by name.`
      : problem.message;
    return { place: placeIn(source, problem.path), message, severity: problem.granted ? 'warning' : 'error' };
  }
}

function capabilitiesOf(sources: readonly CapabilitySource[]): Capability[] {
  return sources.map(({ capability }) => capability);
}

/** The access control of an app that an extension hosts: its capabilities, over the bundled manifests and its own plugins. */
export class HostedAcl implements Acl {
  readonly authority: RuntimeAuthority;
  readonly #capabilities: readonly Capability[];
  readonly #manifests: Manifests;
  readonly #target = targetOf(process.platform);
  readonly #declared: DeclaredByBackend;

  /**
   * Throws an {@link AclError} for a capability that Tauri would refuse; only references that nobody knows are taken, as
   * names that handlers ask for.
   */
  constructor(capabilities: readonly Capability[], declared: DeclaredByBackend, switches?: AclSwitches) {
    this.#capabilities = capabilities;
    this.#declared = declared;
    this.#manifests = manifestsOf({ permissions: [], written: undefined }, declared);
    this.authority = authorityFor({ capabilities, manifests: this.#manifests, target: this.#target }, refuse, switches);
  }

  explain(access: Access): Explanation {
    const { authority } = this;
    const input = { authority, manifests: this.#manifests, target: this.#target };
    return explain({ ...input, enabled: this.#capabilities, disabled: [] }, access);
  }

  overview(window: string, origin: Origin): OverviewEntry[] {
    return overviewOf(this.authority, this.#manifests, this.#declared, { window, origin });
  }

  askedBy(command: string): readonly string[] {
    return askedBy(this.#declared, command);
  }
}

function overviewOf(
  authority: RuntimeAuthority,
  manifests: Manifests,
  { commands, plugins }: DeclaredByBackend,
  { window, origin }: Pick<Access, 'window' | 'origin'>,
): OverviewEntry[] {
  const own = [
    ...commands.map(({ name, permissions }) => ({ called: name, asks: permissions })),
    ...plugins.flatMap((plugin) =>
      plugin.commands.map(({ name, permissions }) => ({ called: pluginCommand(plugin.name, name), asks: permissions })),
    ),
  ];
  return overview({ authority, manifests, commands: own }, { window, webview: window, origin });
}

function askedBy({ commands, plugins }: DeclaredByBackend, called: string): readonly string[] {
  const { plugin, name } = calledCommand(called);
  const among = plugin === undefined ? commands : plugins.find((each) => each.name === plugin)?.commands;
  return among?.find((command) => command.name === name)?.permissions ?? [];
}

/**
 * The manifests of the project, and of the plugins of its backend: each of their commands gets `allow-…` and `deny-…`
 * beside what `permissions/<plugin>/**` says (Tauri's inlined plugins, tauri-acl 1.9).
 */
function manifestsOf(
  { permissions, written }: Pick<AclFiles, 'permissions' | 'written'>,
  backend: DeclaredByBackend,
): Manifests {
  const inlined = new Set(backend.plugins.map(({ name }) => name));
  const ofApp = permissions.filter(({ folder }) => folder === undefined || !inlined.has(folder));
  const manifests = new Map(projectManifests(written, ofApp));
  for (const { name, commands } of backend.plugins) {
    const files = permissions.filter(({ folder }) => folder === name).map(({ data }) => data);
    const own = mergeManifest(
      files,
      commands.map((command) => command.name),
    );
    const known = manifests.get(name);
    const defaults = own.default ?? known?.default;
    manifests.set(name, {
      permissions: new Map([...(known?.permissions ?? []), ...own.permissions]),
      sets: new Map([...(known?.sets ?? []), ...own.sets]),
      ...(defaults && { default: defaults }),
    });
  }
  return manifests;
}
