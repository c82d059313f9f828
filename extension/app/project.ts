/** A project: a folder with Tauri's own files, read as Tauri reads them (DESIGN.md, "A project"). */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isFile } from '../backend/files.ts';
import { type AclFiles, readAclFiles } from './acl-files.ts';
import { findConfig, ProjectError, readConfig, type TauriConfig } from './config.ts';

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
  /** what its windows may do */
  readonly acl: AclFiles;
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
  const read = readConfig(configFile);
  const { config } = read;
  const configFolder = dirname(configFile);
  const root = basename(configFolder) === 'src-tauri' ? dirname(configFolder) : configFolder;
  const { frontendDist } = config.build;
  const dist =
    typeof frontendDist === 'string' && !isUrl(frontendDist) ? resolve(configFolder, frontendDist) : undefined;
  const devUrl =
    config.build.devUrl ?? (typeof frontendDist === 'string' && isUrl(frontendDist) ? frontendDist : undefined);
  return {
    root,
    name: config.productName ?? basename(root),
    configFile,
    configFolder,
    config,
    frontendFolder: dist && existsSync(dist) && statSync(dist).isDirectory() ? dist : undefined,
    devUrl,
    acl: readAclFiles(configFolder, configFile, read),
    backendFile: findBackend(root, backend),
  };
}

const isUrl = (text: string) => /^https?:\/\//.test(text);

/** The file with the handlers of the project at `root`. */
export function findBackend(root: string, setting?: string): string | undefined {
  const candidates = setting ? [resolve(root, setting)] : BACKEND_NAMES.map((name) => join(root, 'src-ipc', name));
  return candidates.find(isFile);
}
