/** The files of a project that say what its windows may do: capabilities, permissions, and what Tauri's build made of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { identifierOf } from '#core/acl/capability.ts';
import {
  type CapabilitySource,
  collectCapabilities,
  enableCapabilities,
  isCapabilityFile,
  parseCapabilityFile,
  placeIn,
} from '#core/acl/capability-file.ts';
import type { Manifests } from '#core/acl/manifest.ts';
import { isPermissionFile, parseManifests, parsePermissionFile, type PermissionFile } from '#core/acl/manifest-file.ts';
import { AclError, type Place } from '#core/acl/place.ts';
import { resolve } from '#core/acl/resolve.ts';
import { isFile } from './files.ts';
import { aboutFile } from './config.ts';
import type { ConfigFiles } from './config-files.ts';

/** Folders beside the configuration; a change in one of them decides the next call. */
export const ACL_FOLDERS = ['capabilities', 'permissions', join('gen', 'schemas')] as const;

export interface AclFiles {
  /** where capability files lie, or would */
  readonly folder: string;
  /** where the configuration lists the capabilities in force; undefined where all are */
  readonly listed: Place | undefined;
  /** the capabilities in force */
  readonly enabled: readonly CapabilitySource[];
  /** those of files that `app.security.capabilities` does not name */
  readonly disabled: readonly CapabilitySource[];
  /** `permissions/**`, by the first folder below: the name of a plugin, or none */
  readonly permissions: readonly (PermissionFile & { readonly folder: string | undefined })[];
  /** `gen/schemas/acl-manifests.json`; undefined where Tauri did not build the project */
  readonly written: Manifests | undefined;
}

/**
 * Reads the files in `folder`, beside the configuration.
 *
 * @throws ProjectError with the file and the place, and Tauri's text where Tauri has one
 */
export function readAclFiles(folder: string, files: ConfigFiles): AclFiles {
  const capabilityFolder = join(folder, 'capabilities');
  const path = ['app', 'security', 'capabilities'];
  const { file, document } = files.layerOf(path);
  const found = aboutFile(file, () =>
    collectCapabilities(
      listFiles(capabilityFolder, isCapabilityFile).map((each) =>
        aboutFile(each, () => parseCapabilityFile(each, readFileSync(each, 'utf8'))),
      ),
    ),
  );
  const entries = files.config.app.security.capabilities;
  const enabled = aboutFile(file, () => enableCapabilities(found, { entries, file, document, path }));
  for (const source of enabled) aboutFile(source.file, () => assertPatterns(source));
  const permissionFolder = join(folder, 'permissions');
  const permissions = listFiles(permissionFolder, isPermissionFile).map((each) => {
    const [first, ...rest] = relative(permissionFolder, each).split(/[/\\]/);
    const read = aboutFile(each, () => parsePermissionFile(each, readFileSync(each, 'utf8')));
    return { ...read, folder: rest.length > 0 ? first : undefined };
  });
  const built = join(folder, 'gen', 'schemas', 'acl-manifests.json');
  const written = isFile(built)
    ? aboutFile(built, () => parseManifests(built, readFileSync(built, 'utf8')))
    : undefined;
  return {
    folder: capabilityFolder,
    listed: entries.length > 0 ? document.placeOf(file, path) : undefined,
    enabled,
    disabled: found.filter((source) => !enabled.includes(source)),
    permissions,
    written,
  };
}

/** Throws for a label or an address that is no pattern: at its place, where the authority would know none. */
function assertPatterns(source: CapabilitySource): void {
  const declared = new Set(source.capability.permissions.map(identifierOf));
  const input = { capabilities: [source.capability], manifests: new Map(), target: undefined, declared };
  resolve(input, ({ message, path }) => {
    throw new AclError(message, placeIn(source, path));
  });
}

function listFiles(folder: string, test: (path: string) => boolean): string[] {
  if (!existsSync(folder)) return [];
  return aboutFile(folder, () => readdirSync(folder, { withFileTypes: true, recursive: true }))
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ entry, path }) => entry.isFile() && test(path))
    .map(({ path }) => path)
    .sort();
}
