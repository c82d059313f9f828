/** A project: a folder with Tauri's own files, read as Tauri reads them (DESIGN.md, "A project"). */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Capability, identifierOf } from '#core/acl/capability.ts';
import {
  type CapabilitySource,
  collectCapabilities,
  enableCapabilities,
  isCapabilityFile,
  parseCapabilityFile,
  placeIn,
} from '#core/acl/capability-file.ts';
import { AclError } from '#core/acl/place.ts';
import { resolve as resolveCapabilities } from '#core/acl/resolve.ts';
import { isFile } from '../backend/files.ts';
import { aboutFile, type ConfigFile, findConfig, ProjectError, readConfig, type TauriConfig } from './config.ts';

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
  const read = readConfig(configFile);
  const { config } = read;
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
    capabilities: readCapabilities(read, configFile, capabilityFolder),
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
function readCapabilities({ config, document }: ConfigFile, configFile: string, folder: string): Capability[] {
  const files = existsSync(folder) ? aboutFile(folder, () => listCapabilityFiles(folder)) : [];
  const sources = files.map((file) => aboutFile(file, () => parseCapabilityFile(file, readFileSync(file, 'utf8'))));
  const enabled = aboutFile(configFile, () =>
    enableCapabilities(collectCapabilities(sources), {
      entries: config.app.security.capabilities,
      file: configFile,
      document,
      path: ['app', 'security', 'capabilities'],
    }),
  );
  for (const source of enabled) aboutFile(source.file, () => assertPatterns(source));
  return enabled.map(({ capability }) => capability);
}

/** Throws for a label or an address that is no pattern: at its place, where the authority would know none. */
function assertPatterns(source: CapabilitySource): void {
  const declared = new Set(source.capability.permissions.map(identifierOf));
  const input = { capabilities: [source.capability], manifests: new Map(), target: undefined, declared };
  resolveCapabilities(input, ({ message, path }) => {
    throw new AclError(message, placeIn(source, path));
  });
}

function listCapabilityFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ entry, path }) => entry.isFile() && isCapabilityFile(path))
    .map(({ path }) => path)
    .sort();
}
