/** Permission files, and the manifests that Tauri's build step wrote. */
import * as z from 'zod';
import { parseText, readShape } from './data.ts';
import type { Document, Format } from './document.ts';
import { APP_KEY } from './identifier.ts';
import { appManifest, type Manifest, type Manifests, PermissionData, PermissionFileData, SetData } from './manifest.ts';
import { bundledManifests } from './manifests/bundled.ts';
import { AclError } from './place.ts';

/** A parsed permission file, with what lints need of it. */
export interface PermissionFile {
  readonly file: string;
  readonly document: Document;
  readonly data: PermissionFileData;
}

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['json', 'json'],
  ['toml', 'toml'],
]);

/** Whether Tauri reads a file of a `permissions` folder: by its ending, and not below a folder `schemas`. */
export function isPermissionFile(path: string): boolean {
  const [name = '', ...folders] = path.split(/[/\\]/).reverse();
  return FORMATS.has(name.split('.').at(-1) as string) && !folders.includes('schemas');
}

/** Reads a permission file. Throws an {@link AclError} with Tauri's text and the place. */
export function parsePermissionFile(file: string, text: string): PermissionFile {
  const extension = file.split('.').at(-1) as string;
  const format = FORMATS.get(extension);
  if (!format) throw new AclError(`unknown permission format ${extension}`);
  const document = parseText(file, text, format);
  return { file, document, data: readShape(PermissionFileData, file, document, [], document.value) };
}

const WrittenManifests = z.record(
  z.string(),
  z.object({
    default_permission: z.object({ description: z.string().nullish(), permissions: z.array(z.string()) }).nullish(),
    permissions: z.record(z.string(), PermissionData),
    permission_sets: z.record(z.string(), SetData),
  }),
);

/**
 * Reads `gen/schemas/acl-manifests.json`, which Tauri's build step writes: the truth about the plugins of a project.
 *
 * @throws AclError with the place
 */
export function parseManifests(file: string, text: string): Manifests {
  const document = parseText(file, text, 'json');
  const written = readShape(WrittenManifests, file, document, [], document.value);
  const manifests = Object.entries(written).map(([key, each]): [string, Manifest] => {
    const { default_permission: defaults, permissions, permission_sets: sets } = each;
    return [
      key,
      {
        permissions: new Map(Object.entries(permissions)),
        sets: new Map(Object.entries(sets)),
        ...(defaults && { default: { description: defaults.description ?? '', permissions: defaults.permissions } }),
      },
    ];
  });
  return new Map(manifests);
}

/**
 * The manifests of a project: those that its build wrote, or else the bundled ones, and the app's own by its permission
 * files (`permissions/**`), which are newer than what the build wrote.
 */
export function projectManifests(written: Manifests | undefined, files: readonly PermissionFile[]): Manifests {
  const app = appManifest(files.map(({ data }) => data));
  return new Map([...(written ?? bundledManifests()), ...(app ? [[APP_KEY, app] as const] : [])]);
}
