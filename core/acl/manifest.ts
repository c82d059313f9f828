/** Manifests: what permissions and sets a plugin, or the app itself, offers, and which commands they are about. */
import * as z from 'zod';
import { optional, Target } from './capability.ts';
import { printIdentifier } from './identifier.ts';

/** What a scope-carrying permission or reference allows and denies; absent is not the same as empty. */
export interface ScopeLists {
  readonly allow?: readonly unknown[] | undefined;
  readonly deny?: readonly unknown[] | undefined;
}

export interface Permission {
  readonly identifier: string;
  readonly description?: string | undefined;
  readonly commands: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  readonly scope: ScopeLists;
  /** absent: all */
  readonly platforms?: readonly Target[] | undefined;
}

export interface PermissionSet {
  readonly identifier: string;
  readonly description: string;
  /** identifiers: without a prefix, of the same manifest */
  readonly permissions: readonly string[];
}

export interface DefaultSet {
  readonly description: string;
  readonly permissions: readonly string[];
}

/** What one plugin (or the app) offers. */
export interface Manifest {
  readonly default?: DefaultSet | undefined;
  readonly permissions: ReadonlyMap<string, Permission>;
  readonly sets: ReadonlyMap<string, PermissionSet>;
}

/** By key: `fs`, `core:window`, `__app-acl__`. */
export type Manifests = ReadonlyMap<string, Manifest>;

const DEFAULT_DESCRIPTION = 'Default plugin permissions.';

const version = optional(
  z.uint32().refine((value) => value !== 0, 'invalid value: integer `0`, expected a nonzero u64'),
);
const names = z.array(z.string()).default([]);

export const PermissionData = z.object({
  version,
  identifier: z.string(),
  description: optional(z.string()),
  commands: z.object({ allow: names, deny: names }).prefault({}),
  scope: z.object({ allow: optional(z.array(z.unknown())), deny: optional(z.array(z.unknown())) }).prefault({}),
  platforms: optional(z.array(Target)),
});

export const SetData = z.object({ identifier: z.string(), description: z.string(), permissions: z.array(z.string()) });

/** The top level of a permission file; unknown keys are ignored. */
export const PermissionFileData = z.object({
  default: optional(z.object({ version, description: optional(z.string()), permissions: z.array(z.string()) })),
  set: z.array(SetData).default([]),
  permission: z.array(PermissionData).default([]),
});
export type PermissionFileData = z.infer<typeof PermissionFileData>;

/** The permissions that Tauri's build step generates for a command. */
export function commandPermissions(command: string): [allow: Permission, deny: Permission] {
  const name = command.replaceAll('_', '-');
  return [
    {
      identifier: `allow-${name}`,
      description: `Enables the ${command} command without any pre-configured scope.`,
      commands: { allow: [command], deny: [] },
      scope: {},
    },
    {
      identifier: `deny-${name}`,
      description: `Denies the ${command} command without any pre-configured scope.`,
      commands: { allow: [], deny: [command] },
      scope: {},
    },
  ];
}

/** Puts permission files together; of two definitions of one name, the later holds. */
export function mergeManifest(files: Iterable<PermissionFileData>, commands: readonly string[] = []): Manifest {
  const permissions = new Map<string, Permission>();
  const sets = new Map<string, PermissionSet>();
  let defaults: DefaultSet | undefined;
  for (const generated of commands.flatMap(commandPermissions)) permissions.set(generated.identifier, generated);
  for (const file of files) {
    for (const permission of file.permission) permissions.set(permission.identifier, permission);
    for (const set of file.set) sets.set(set.identifier, set);
    if (file.default) {
      const { description = DEFAULT_DESCRIPTION, permissions: members } = file.default;
      defaults = { description, permissions: members };
    }
  }
  return { permissions, sets, ...(defaults && { default: defaults }) };
}

/**
 * The manifest of the app itself, for the key `__app-acl__`; undefined where it holds nothing. That it is there puts the
 * app's own commands under the ACL.
 */
export function appManifest(
  files: Iterable<PermissionFileData>,
  commands: readonly string[] = [],
): Manifest | undefined {
  const manifest = mergeManifest(files, commands);
  const empty = !manifest.default && manifest.permissions.size === 0 && manifest.sets.size === 0;
  return empty ? undefined : manifest;
}

/** A plugin that the app defines itself (Tauri's `InlinedPlugin`): its default allows all its commands, or the listed ones. */
export function inlinedManifest(
  files: Iterable<PermissionFileData>,
  commands: readonly string[],
  allowed?: 'all' | readonly string[],
): Manifest {
  const manifest = mergeManifest(files, commands);
  if (allowed === undefined) return manifest;
  const listed = allowed === 'all' ? commands.map((command) => commandPermissions(command)[0].identifier) : allowed;
  return { ...manifest, default: { description: DEFAULT_DESCRIPTION, permissions: listed } };
}

/** All identifiers that a capability may refer to, as Tauri lists them: by key, then the default, permissions and sets. */
export function identifiersOf(key: string, manifest: Manifest): string[] {
  const bases = [...[...manifest.permissions.keys()].sort(), ...[...manifest.sets.keys()].sort()];
  return [...(manifest.default ? ['default'] : []), ...bases].map((base) => printIdentifier(key, base));
}

/**
 * The names by which a manifest allows a command: its permissions, the sets that reach one, and `default`; sorted. As in
 * Tauri's texts, members of other manifests are not followed.
 */
export function allowingNames(manifest: Manifest, command: string): string[] {
  // Every set once: sets that name each other twice would double with every level, and a page may ask for each command.
  const reaches = (members: readonly string[]): boolean => {
    const waiting = [...members];
    const seen = new Set<string>();
    for (let member = waiting.pop(); member !== undefined; member = waiting.pop()) {
      if (seen.has(member)) continue;
      seen.add(member);
      const permission = manifest.permissions.get(member);
      const inner = member === 'default' ? manifest.default : manifest.sets.get(member);
      if (permission?.commands.allow.includes(command)) return true;
      if (!permission) for (const each of inner?.permissions ?? []) waiting.push(each);
    }
    return false;
  };
  const names = [...manifest.permissions.values()].filter(({ commands }) => commands.allow.includes(command));
  const sets = [...manifest.sets.values()].filter(({ permissions }) => reaches(permissions));
  const found = [...names, ...sets].map(({ identifier }) => identifier);
  if (manifest.default && reaches(manifest.default.permissions)) found.push('default');
  return [...new Set(found)].sort();
}

/** The commands that a name of a manifest allows; members of other manifests are not followed. */
export function commandsOf(manifest: Manifest, name: string): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (each: string) => {
    if (seen.has(each)) return;
    seen.add(each);
    const permission = manifest.permissions.get(each);
    for (const command of permission?.commands.allow ?? []) found.add(command);
    const set = each === 'default' ? manifest.default : manifest.sets.get(each);
    if (!permission) for (const member of set?.permissions ?? []) visit(member);
  };
  visit(name);
  return found;
}
