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
import { aboutFile, problemWith } from './config.ts';
import type { ConfigFiles } from './config-files.ts';
import { type ProjectReader, STRICT } from './project-reader.ts';

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
  /** of these, the identifiers that a configuration beside it names: one of another platform, or for `--config` */
  readonly enabledElsewhere: ReadonlySet<string>;
  /** `permissions/**`, by the first folder below: the name of a plugin, or none */
  readonly permissions: readonly (PermissionFile & { readonly folder: string | undefined })[];
  /** `gen/schemas/acl-manifests.json`; undefined where Tauri did not build the project */
  readonly written: Manifests | undefined;
}

/**
 * Reads the files in `folder`, beside the configuration.
 *
 * @param reader takes what is wrong, as ProjectError with the file and the place, and Tauri's text where Tauri has one; by
 * itself it throws the first problem. A capability that is wrong is left out.
 */
export function readAclFiles(folder: string, files: ConfigFiles, reader: ProjectReader = STRICT): AclFiles {
  const capabilityFolder = join(folder, 'capabilities');
  const path = ['app', 'security', 'capabilities'];
  const { file, document } = files.layerOf(path);
  const report = (where: string) => (error: AclError) => reader.report(problemWith(where, error));
  const found = collectCapabilities(
    listFiles(capabilityFolder, isCapabilityFile).map(
      (each) => reader.read(each, (text) => parseCapabilityFile(each, text)) ?? [],
    ),
    report(file),
  );
  const entries = files.config.app.security.capabilities;
  const enabled = enableCapabilities(found, { entries, file, document, path }, report(file));
  for (const source of enabled) checkPatterns(source, report(source.file));
  const permissionFolder = join(folder, 'permissions');
  const permissions = listFiles(permissionFolder, isPermissionFile).flatMap((each) => {
    const [first, ...rest] = relative(permissionFolder, each).split(/[/\\]/);
    const read = reader.read(each, (text) => parsePermissionFile(each, text));
    return read ? [{ ...read, folder: rest.length > 0 ? first : undefined }] : [];
  });
  const disabled = found.filter((source) => !enabled.includes(source));
  const built = join(folder, 'gen', 'schemas', 'acl-manifests.json');
  const written = isFile(built) ? reader.read(built, (text) => parseManifests(built, text)) : undefined;
  return {
    folder: capabilityFolder,
    listed: entries.length > 0 ? document.placeOf(file, path) : undefined,
    enabled,
    disabled,
    enabledElsewhere: namedBeside(folder, disabled),
    permissions,
    written,
  };
}

/** Reports a label or an address that is no pattern: at its place, where the authority would know none. */
function checkPatterns(source: CapabilitySource, report: (problem: AclError) => void): void {
  const declared = new Set(source.capability.permissions.map(identifierOf));
  const input = { capabilities: [source.capability], manifests: new Map(), target: undefined, declared };
  resolve(input, ({ message, path }) => report(new AclError(message, placeIn(source, path))));
}

const CONFIGURATION = /^(?:tauri.*\.conf\.json5?|Tauri.*\.toml)$/;

/** By their words alone: who uses such a file, and how, is not known here. */
function namedBeside(folder: string, disabled: readonly CapabilitySource[]): ReadonlySet<string> {
  if (disabled.length === 0) return new Set();
  const names = readdirSync(folder).filter((name) => CONFIGURATION.test(name) && isFile(join(folder, name)));
  const texts = names
    .map((name) => join(folder, name))
    .map((file) => aboutFile(file, () => readFileSync(file, 'utf8')));
  const identifiers = disabled.map(({ capability }) => capability.identifier);
  return new Set(
    identifiers.filter((each) => texts.some((text) => text.includes(`"${each}"`) || text.includes(`'${each}'`))),
  );
}

function listFiles(folder: string, test: (path: string) => boolean): string[] {
  if (!existsSync(folder)) return [];
  return aboutFile(folder, () => readdirSync(folder, { withFileTypes: true, recursive: true }))
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ entry, path }) => entry.isFile() && test(path))
    .map(({ path }) => path)
    .sort();
}
