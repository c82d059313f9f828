/** A project: a folder with Tauri's own files, read as Tauri reads them (DESIGN.md, "A project"). */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Capability, CapabilityFile } from '#core/acl/capability.ts';
import * as z from 'zod';
import { isFile } from '../backend/files.ts';
import { aboutFile, findConfig, ProjectError, readConfig, readDataFile, type TauriConfig } from './config.ts';

export interface Project {
  /** the folder that holds `src-tauri/` (or the configuration itself) and `src-ipc/` */
  readonly root: string;
  readonly name: string;
  readonly configFile: string;
  /** paths of the configuration are relative to this folder */
  readonly configFolder: string;
  readonly config: TauriConfig;
  /** the folder with the built frontend; undefined where there is none */
  readonly frontendFolder: string | undefined;
  /** the development server, where the configuration names one */
  readonly devUrl: string | undefined;
  readonly capabilities: readonly Capability[];
  readonly capabilityFolder: string;
  /** the file with the handlers; undefined where there is none */
  readonly backendFile: string | undefined;
}

const BACKEND_NAMES = ['main.ts', 'main.mts', 'main.js', 'main.mjs'] as const;

/** The configuration of the project at `folder`: in `src-tauri/`, or in the folder itself. */
export function findProjectConfig(folder: string): string | undefined {
  return findConfig(join(folder, 'src-tauri')) ?? findConfig(folder);
}

/**
 * Reads the project at `folder`.
 *
 * @param backend path of the handlers' file (the setting `ipcWorkbench.backend`), relative to the folder
 * @throws ProjectError where there is no configuration, or a file is wrong
 */
export function readProject(folder: string, backend?: string): Project {
  const configFile = findProjectConfig(folder);
  if (!configFile) {
    throw new ProjectError(
      `${basename(folder)} has no tauri.conf.json (looked in src-tauri/ and in the folder itself)`,
      join(folder, 'tauri.conf.json'),
    );
  }
  const config = readConfig(configFile);
  const configFolder = dirname(configFile);
  const root = basename(configFolder) === 'src-tauri' ? dirname(configFolder) : configFolder;
  const { frontendDist } = config.build;
  const dist =
    typeof frontendDist === 'string' && !isUrl(frontendDist) ? resolve(configFolder, frontendDist) : undefined;
  const devUrl =
    config.build.devUrl ?? (typeof frontendDist === 'string' && isUrl(frontendDist) ? frontendDist : undefined);
  const capabilityFolder = join(configFolder, 'capabilities');
  return {
    root,
    name: config.productName ?? basename(root),
    configFile,
    configFolder,
    config,
    frontendFolder: dist && existsSync(dist) && statSync(dist).isDirectory() ? dist : undefined,
    devUrl,
    capabilities: readCapabilities(config, configFile, capabilityFolder),
    capabilityFolder,
    backendFile: findBackend(root, backend),
  };
}

const isUrl = (text: string) => /^https?:\/\//.test(text);

/** The file with the handlers of the project at `root`. */
export function findBackend(root: string, setting?: string): string | undefined {
  const candidates = setting ? [resolve(root, setting)] : BACKEND_NAMES.map((name) => join(root, 'src-ipc', name));
  return candidates.find(isFile);
}

/** The capabilities in force: all files of the folder, or those that the configuration names (and its inline ones). */
export function readCapabilities(config: TauriConfig, configFile: string, folder: string): Capability[] {
  const files = existsSync(folder) ? aboutFile(folder, () => listDataFiles(folder)) : [];
  const found = files.flatMap((file) => readCapabilityFile(file));
  const chosen = config.app.security.capabilities;
  if (chosen.length === 0) return found;
  return chosen.map((entry) => {
    if (typeof entry === 'string') {
      const named = found.find((each) => each.identifier === entry);
      if (named) return named;
      throw new ProjectError(`app.security.capabilities names "${entry}", and no capability file has it`, configFile);
    }
    return parseWith(Capability, entry, configFile);
  });
}

function readCapabilityFile(file: string): Capability[] {
  return parseWith(CapabilityFile, readDataFile(file), file);
}

function parseWith<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProjectError(`not a capability: ${z.prettifyError(parsed.error).split('\n')[0]}`, file, {
    cause: parsed.error,
  });
}

function listDataFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(json|json5|toml)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
