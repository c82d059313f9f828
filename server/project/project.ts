/** A project: a folder with Tauri's own files, read as Tauri reads them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Document } from '#core/acl/document.ts';
import type { Path, Place } from '#core/acl/place.ts';
import * as z from 'zod';
import { isFile } from './files.ts';
import { type AclFiles, readAclFiles } from './acl-files.ts';
import { ProjectError, type TauriConfig } from './config.ts';
import { ConfigFiles, findConfig } from './config-files.ts';

export interface Project {
  /** the folder that holds `src-tauri/` (or the configuration itself) and `src-ipc/` */
  readonly root: string;
  readonly name: string;
  readonly version: string;
  readonly configFile: string;
  /** paths of the configuration are relative to this folder */
  readonly configFolder: string;
  readonly config: TauriConfig;
  /** where a value of the configuration stands, in the file that it comes from */
  placeOf(...path: Path): Place;
  /** what of `build.frontendDist` is there: the folder of the built frontend, or the files and folders that it lists */
  readonly frontendFiles: readonly string[];
  /** the development server, where the configuration names one */
  readonly devUrl: string | undefined;
  /** what its windows may do */
  readonly acl: AclFiles;
  /** the file with the handlers; undefined where there is none */
  readonly backendFile: string | undefined;
}

const BACKEND_NAMES = ['main.ts', 'main.mts', 'main.js', 'main.mjs'] as const;

/** Where a project is. */
export interface ProjectPlace {
  readonly configFile: string;
  readonly root: string;
}

/**
 * The project that `folder` means: its configuration is in `src-tauri/`, in the folder itself, or in another folder of it,
 * since `src-tauri` may have another name.
 */
export function locateProject(folder: string): ProjectPlace | undefined {
  const configFile = findConfig(join(folder, 'src-tauri')) ?? findConfig(folder) ?? findConfigBelow(folder);
  if (configFile === undefined) return undefined;
  const configFolder = dirname(configFile);
  if (basename(configFolder) === 'src-tauri' || isCrateOf(dirname(configFolder), configFolder)) {
    return { configFile, root: dirname(configFolder) };
  }
  return { configFile, root: configFolder };
}

function findConfigBelow(folder: string): string | undefined {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const names = readdirSync(folder).filter((name) => !name.startsWith('.') && name !== 'node_modules');
  return names
    .sort()
    .map((name) => findConfig(join(folder, name)))
    .find((file) => file !== undefined);
}

/** Whether a folder with a configuration is what `src-tauri` is, by another name: the crate beside a frontend. */
function isCrateOf(folder: string, crate: string): boolean {
  const own = ['package.json', 'src-ipc'].some((name) => existsSync(join(crate, name)));
  const above = ['package.json', 'src-ipc'].some((name) => existsSync(join(folder, name)));
  return existsSync(join(crate, 'Cargo.toml')) && !own && above;
}

/**
 * Reads the project at `folder`.
 *
 * @param backend path of the handlers' file (the setting `ipcWorkbench.backend`), relative to the folder
 * @throws ProjectError where there is no configuration, or a file is wrong
 */
export function readProject(folder: string, backend?: string): Project {
  const place = locateProject(folder);
  if (!place) {
    throw new ProjectError(
      `${basename(folder)} has no tauri.conf.json (looked in src-tauri/, in the folder itself and in those of it)`,
      join(folder, 'tauri.conf.json'),
    );
  }
  const { configFile, root } = place;
  const files = new ConfigFiles(configFile);
  const { config } = files;
  const configFolder = dirname(configFile);
  const { devUrl, frontendDist } = config.build;
  const distUrl = typeof frontendDist === 'string' && isUrl(frontendDist) ? frontendDist : undefined;
  const crate = readCrate(join(configFolder, 'Cargo.toml'));
  return {
    root,
    name: projectName(config, configFolder, root),
    version: versionOf(files, configFolder) ?? crate.version ?? '0.0.0',
    configFile,
    configFolder,
    config,
    placeOf: (...path) => files.placeOf(path),
    frontendFiles: distUrl === undefined ? frontendFiles(configFolder, [frontendDist ?? []].flat()) : [],
    devUrl: devUrl ?? distUrl,
    acl: readAclFiles(configFolder, files),
    backendFile: findBackend(root, backend),
  };
}

/** What an app is called: by its configuration, else by its crate, else by its folder. */
export function projectName(config: TauriConfig, configFolder: string, root: string): string {
  return config.productName ?? readCrate(join(configFolder, 'Cargo.toml')).name ?? basename(root);
}

/** What of a list of files and folders is there. */
function frontendFiles(folder: string, paths: readonly string[]): string[] {
  return paths.map((path) => resolve(folder, path)).filter(existsSync);
}

/** `version` of the configuration: a version, or the path of a package.json that has it. */
function versionOf(files: ConfigFiles, configFolder: string): string | undefined {
  const { version } = files.config;
  if (version === undefined || !version.endsWith('.json')) return version;
  const file = resolve(configFolder, version);
  try {
    return Version.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
  } catch (error) {
    const { file: where, ...at } = files.placeOf(['version']);
    throw new ProjectError(`version: "${version}" is no package.json with a version`, where, { ...at, cause: error });
  }
}

const Version = z.object({ version: z.string() });
const Crate = z.object({ package: z.object({ name: z.string().optional(), version: z.unknown() }) });

/** What the configuration does not say, Tauri takes from the crate. */
function readCrate(file: string): { readonly name?: string | undefined; readonly version?: string } {
  if (!isFile(file)) return {};
  try {
    const { name, version } = Crate.parse(new Document(readFileSync(file, 'utf8'), 'toml').value).package;
    // `version.workspace = true` stands for that of a workspace.
    return { name, ...(typeof version === 'string' && { version }) };
  } catch {
    return {}; // Cargo says what is wrong with it
  }
}

const isUrl = (text: string) => /^https?:\/\//.test(text);

/** The file with the handlers of the project at `root`. */
export function findBackend(root: string, setting?: string): string | undefined {
  const candidates = setting ? [resolve(root, setting)] : BACKEND_NAMES.map((name) => join(root, 'src-ipc', name));
  return candidates.find(isFile);
}
