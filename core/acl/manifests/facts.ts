/** Manifests in short form: most of one follows from its commands. */
import { mergeManifest, type Manifest, type PermissionFileData } from '../manifest.ts';

type Permission = PermissionFileData['permission'][number];
type Scope = Permission['scope'];

export interface Facts {
  /** commands that the default set allows, in its order; absent where the plugin has no default */
  readonly default?: string;
  /** the other commands */
  readonly commands?: string;
  /** further members of the default set */
  readonly alsoDefault?: string;
  readonly permissions?: readonly Permission[];
  readonly sets?: PermissionFileData['set'];
}

export const words = (text: string | undefined): string[] => (text ? text.split(/\s+/) : []);

/** A permission of several commands, or of none: then its scope is the plugin's. */
export function permission(
  identifier: string,
  allow: string,
  { deny = '', ...more }: { deny?: string; scope?: Scope; platforms?: Permission['platforms'] } = {},
): Permission {
  return {
    version: undefined,
    identifier,
    description: undefined,
    scope: { allow: undefined, deny: undefined },
    platforms: undefined,
    ...more,
    commands: { allow: words(allow), deny: words(deny) },
  };
}

/** The manifest with the permissions `allow-…` and `deny-…` of every command. */
export function manifestOf(facts: Facts): Manifest {
  const allowed = words(facts.default);
  const defaults = [...allowed.map((command) => `allow-${command.replaceAll('_', '-')}`), ...words(facts.alsoDefault)];
  const data: PermissionFileData = {
    default:
      facts.default === undefined ? undefined : { version: undefined, description: undefined, permissions: defaults },
    set: [...(facts.sets ?? [])],
    permission: [...(facts.permissions ?? [])],
  };
  return mergeManifest([data], [...allowed, ...words(facts.commands)]);
}
