/** The access control of one app: what its files say, together with what its TypeScript backend declares. */
import {
  type Access,
  type AuthorityOptions,
  type AuthorityProblem,
  authorityFor,
  referenceAt,
  type RuntimeAuthority,
} from '#core/acl/authority.ts';
import type { Capability, Target } from '#core/acl/capability.ts';
import { type CapabilitySource, placeIn } from '#core/acl/capability-file.ts';
import { type Explanation, explain } from '#core/acl/explain.ts';
import type { Directories } from '#core/acl/grants.ts';

import { type Manifests, mergeManifest } from '#core/acl/manifest.ts';
import { projectManifests } from '#core/acl/manifest-file.ts';
import { AclError, type Place } from '#core/acl/place.ts';
import type { AclFiles } from './acl-files.ts';

/** What of a backend concerns the ACL. */
export interface DeclaredByBackend {
  readonly commands: readonly { readonly permissions: readonly string[] }[];
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

export class AppAcl {
  readonly files: AclFiles;
  readonly authority: RuntimeAuthority;
  readonly findings: readonly AclFinding[];
  readonly #manifests: Manifests;
  readonly #target: Target;

  constructor(files: AclFiles, { backend = NOTHING, directories, switches }: AppAclOptions = {}) {
    this.files = files;
    const target = targetOf(process.platform);
    this.#target = target;
    this.#manifests = manifestsOf(files, backend);
    const asked = new Set([
      ...backend.commands.flatMap(({ permissions }) => permissions),
      ...backend.plugins.flatMap(({ commands }) => commands.flatMap(({ permissions }) => permissions)),
    ]);
    const findings: AclFinding[] = [];
    this.authority = authorityFor(
      { capabilities: capabilitiesOf(files.enabled), manifests: this.#manifests, target },
      (problem) => {
        const finding = this.#finding(problem, asked);
        if (finding) findings.push(finding);
      },
      { ...switches, directories },
    );
    this.findings = findings;
  }

  /** Explains what the ACL says to a call. */
  explain(access: Access): Explanation {
    const { enabled, disabled } = this.files;
    return explain(
      {
        authority: this.authority,
        manifests: this.#manifests,
        target: this.#target,
        enabled: capabilitiesOf(enabled),
        disabled: capabilitiesOf(disabled),
      },
      access,
    );
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

/**
 * The authority of an app that an extension hosts: its capabilities, over the bundled manifests and its own plugins.
 *
 * @throws AclError for a capability that Tauri would refuse; only references that nobody knows are taken, as names that
 * handlers ask for
 */
export function hostedAuthority(
  capabilities: readonly Capability[],
  plugins: DeclaredByBackend['plugins'],
): RuntimeAuthority {
  const manifests = manifestsOf({ permissions: [], written: undefined }, { commands: [], plugins });
  return authorityFor({ capabilities, manifests, target: targetOf(process.platform) }, ({ granted, message }) => {
    if (!granted) throw new AclError(message);
  });
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
