/** What is known of a project's permissions, capabilities and windows, for those who complete, explain and check names of them. */
import { APP_KEY, printIdentifier } from '#core/acl/identifier.ts';
import { identifierOf } from '#core/acl/capability.ts';
import type { CapabilitySource } from '#core/acl/capability-file.ts';
import { Glob } from '#core/acl/glob.ts';
import { identifiersOf, type Manifests } from '#core/acl/manifest.ts';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import { splitReference } from '#core/acl/reference.ts';
import type { WindowSite } from './facts.ts';
import type { ProjectAcl, ProjectIndex } from './project-index.ts';

/** A permission, set or default that a capability can name. */
export interface Known {
  readonly identifier: string;
  /** of its manifest */
  readonly key: string;
  readonly base: string;
}

export class AclFacts {
  readonly acl: ProjectAcl;
  readonly manifests: Manifests;
  readonly #project: ProjectIndex;
  #inlined: ReadonlySet<string> | undefined;
  #labels: readonly string[] | undefined;

  /** undefined where the project has no configuration */
  static of(project: ProjectIndex): AclFacts | undefined {
    const { acl } = project;
    return acl && new AclFacts(project, acl);
  }

  private constructor(project: ProjectIndex, acl: ProjectAcl) {
    this.#project = project;
    this.acl = acl;
    this.manifests = withBundled(acl);
  }

  /** The capabilities in force and the others. */
  get capabilities(): readonly CapabilitySource[] {
    const { enabled, disabled } = this.acl.files;
    return [...enabled, ...disabled];
  }

  /** All that a capability can name. */
  get known(): Known[] {
    return [...this.manifests].flatMap(([key, manifest]) =>
      identifiersOf(key, manifest).map((identifier) => ({
        identifier,
        key,
        base: splitReference(identifier).base,
      })),
    );
  }

  /** What an identifier means; undefined where nothing has it. */
  find(identifier: string): Known | undefined {
    const { prefix, base } = splitReference(identifier);
    const key = prefix ?? APP_KEY;
    const manifest = this.manifests.get(key);
    if (!manifest) return undefined;
    const isKnown = base === 'default' || manifest.permissions.has(base) || manifest.sets.has(base);
    return isKnown ? { identifier: printIdentifier(key, base), key, base } : undefined;
  }

  /** Whether the project has a plugin, by its key: Tauri's own it always has, others by Cargo.toml or by handlers. */
  hasPlugin(key: string): boolean {
    const { files, plugins } = this.acl;
    if (key === APP_KEY || /^core(?::|$)/.test(key) || this.inlined.has(key) || plugins === undefined) return true;
    // Plugins may come by other crates of the project: what its build wrote knows them all.
    return plugins.named.has(key) || files.written?.has(key) === true;
  }

  /** Plugins that the project defines itself, in handlers or in build.rs. */
  get inlined(): ReadonlySet<string> {
    this.#inlined ??= new Set([...this.acl.buildScript.inlined, ...pluginsOfHandlers(this.#project)]);
    return this.#inlined;
  }

  /** Permissions that handlers ask for by name: no manifest needs to have them. */
  get declared(): ReadonlySet<string> {
    return new Set([...this.#project.commands.values()].flat().flatMap(({ permissions }) => permissions));
  }

  /** Labels of all windows that the project is known to make. */
  get labels(): readonly string[] {
    this.#labels ??= [...new Set(this.#project.windows.flatMap(({ label }) => label ?? []))];
    return this.#labels;
  }

  /** Labels that capabilities and code speak of, and no window has. */
  get labelsMeant(): string[] {
    const named = this.capabilities
      .flatMap(({ capability }) => capability.windows)
      .filter((label) => /^[\w\-/:]+$/.test(label));
    const project = this.#project;
    const inCode = [...project.files].flatMap((file) => project.facts(file).windowReferences.map(({ label }) => label));
    const known = new Set(this.labels);
    return [...new Set([...named, ...inCode])].filter((label) => !known.has(label));
  }

  get windows(): readonly WindowSite[] {
    return this.#project.windows;
  }

  /** Whether there may be windows whose labels are not known. */
  get hasOtherWindows(): boolean {
    return this.#project.windows.some(({ label, pattern }) => label === undefined && pattern === undefined);
  }

  /** The windows that a pattern of a capability is about. */
  windowsOf(pattern: string): WindowSite[] {
    const glob = globOf(pattern);
    return this.#project.windows.filter((site) => glob && couldMatch(glob, site));
  }

  /** The capabilities that name a permission. */
  capabilitiesWith(identifier: string): CapabilitySource[] {
    return this.capabilities.filter(({ capability }) =>
      capability.permissions.some((entry) => identifierOf(entry) === identifier),
    );
  }
}

function pluginsOfHandlers({ commands }: ProjectIndex): string[] {
  const names = [...commands].filter(([, [first]]) => first?.source === 'handler');
  return names.flatMap(([name]) => /^plugin:([^|]+)\|/.exec(name)?.[1] ?? []);
}

/** Undefined for a text that is no pattern. */
export function globOf(pattern: string): Glob | undefined {
  try {
    return new Glob(pattern);
  } catch {
    return undefined;
  }
}

/** Whether the label of a window fits a glob, or may: of one with parts made at run time. */
export function couldMatch(glob: Glob, { label, pattern }: WindowSite): boolean {
  if (label !== undefined) return glob.matches(label);
  if (pattern === undefined) return true;
  const sample = labelPattern(pattern);
  return sample === undefined || glob.matches(sample.replaceAll('*', 'x')) || glob.matches(sample.replaceAll('*', '1'));
}

/** A regular expression for labels as a glob: `^note-.*$` as `note-*`; undefined for one that is no such thing. */
export function labelPattern(expression: string): string | undefined {
  const glob = expression
    .replace(/^\^/, '')
    .replace(/\$$/, '')
    .replace(/(?:\(\?:)?(?:\.|\[\^?[^\]]*\]|\\[dws])[*+]\??\)?/g, '*')
    .replace(/\\([-/:_])/g, '$1');
  return /^[\w\-/:*]+$/.test(glob) ? glob : undefined;
}

/**
 * The project's manifests; those that are bundled also for plugins that Cargo.toml names and the last build did not know.
 */
function withBundled({ acl, files, plugins }: ProjectAcl): Manifests {
  if (!files.written) return acl.manifests;
  const missing = [...bundledManifests()].filter(([key]) => plugins?.named.has(key) && !acl.manifests.has(key));
  return missing.length === 0 ? acl.manifests : new Map([...acl.manifests, ...missing]);
}
