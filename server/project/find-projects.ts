/** Finds the projects below the folders of a workspace, as Tauri's CLI looks for one: any folder with a configuration. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CONFIG_NAMES, ConfigFiles, findConfig } from './config-files.ts';
import { type Ignores, ignoresOf, isIgnored } from './gitignore.ts';
import { locateProject, projectName } from './project.ts';

/** How far below a workspace's folder projects are found: `packages/group/app/src-tauri` is four. */
const MAX_DEPTH = 6;
/** So many folders are looked into, so that a home folder opened by mistake costs no more than a moment. */
const MAX_FOLDERS = 20_000;
/** Never a project of the user's, whatever `.gitignore` says; nor is what begins with a dot. */
const SKIPPED = new Set(['node_modules', 'target', 'dist']);
const IGNORE_NAMES = ['.gitignore', '.taurignore'] as const;

export interface FoundProject {
  /** what opens it: the folder of the project, or that of its configuration where several share the former */
  readonly folder: string;
  /** has `src-tauri/` or the configuration itself */
  readonly root: string;
  readonly configFile: string;
  readonly name: string;
  readonly identifier: string;
  /** what is wrong with its configuration */
  readonly problem: string | undefined;
}

/** The projects in and below these folders: those nearer to the top first, then by path. */
export async function findProjects(roots: readonly string[]): Promise<FoundProject[]> {
  const found = new Map<string, FoundProject>();
  for (const root of roots) {
    for await (const { folder, files } of walkFolders(root, MAX_DEPTH)) {
      if (!CONFIG_NAMES.some((name) => files.has(name))) continue;
      const project = projectAt(folder);
      if (project) found.set(project.configFile, project);
    }
  }
  return [...found.values()];
}

/** The project whose configuration is in this folder; undefined where there is none. */
export function projectAt(configFolder: string): FoundProject | undefined {
  const configFile = findConfig(configFolder);
  if (configFile === undefined) return undefined;
  const { root } = locateProject(configFolder) ?? { root: configFolder };
  // Two crates of one package: the folder above would always mean the first.
  const folder = locateProject(root)?.configFile === configFile ? root : configFolder;
  try {
    const { config } = new ConfigFiles(configFile);
    const name = projectName(config, configFolder, root);
    return { folder, root, configFile, name, identifier: config.identifier, problem: undefined };
  } catch (error) {
    return { folder, root, configFile, name: basename(root), identifier: '', problem: (error as Error).message };
  }
}

/**
 * Where `build.beforeDevCommand` runs, as in Tauri's CLI: the folder of the project where it has a package.json, else the
 * first folder below that has one, else the one above the configuration.
 */
export async function frontendPackageFolder(root: string, configFolder: string): Promise<string> {
  for await (const { folder, files } of walkFolders(root, 2)) if (files.has('package.json')) return folder;
  return dirname(configFolder);
}

/** A folder, and what is in it. */
export interface Visited {
  readonly folder: string;
  readonly files: ReadonlySet<string>;
  /** what leaves out files and folders of it */
  readonly ignores: readonly Ignores[];
}

export interface WalkOptions {
  /** files with rules, in each folder; those of later names count more */
  readonly ignoreNames?: readonly string[];
  /** rules of the folders above */
  readonly above?: readonly Ignores[];
}

/** Folders from `root` on, level by level, without what `.gitignore` leaves out. Links are not followed. */
export async function* walkFolders(
  root: string,
  depth: number,
  { ignoreNames = IGNORE_NAMES, above = [] }: WalkOptions = {},
): AsyncGenerator<Visited> {
  let level: readonly { readonly folder: string; readonly outer: readonly Ignores[] }[] = [
    { folder: root, outer: above },
  ];
  let visited = 0;
  for (let below = 0; below <= depth; below++) {
    const next: { folder: string; outer: readonly Ignores[] }[] = [];
    for (const { folder, outer } of level) {
      if (++visited > MAX_FOLDERS) return;
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      const files = new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
      const own = await ignoresOf(folder, files, ignoreNames);
      const ignores = own.length > 0 ? [...outer, ...own] : outer;
      yield { folder, files, ignores };
      for (const { name } of entries.filter((entry) => entry.isDirectory()).sort(byName)) {
        if (isSkipped(name) || isIgnored(join(folder, name), true, ignores)) continue;
        next.push({ folder: join(folder, name), outer: ignores });
      }
    }
    level = next;
  }
}

/** Whether a folder of that name is left out whatever `.gitignore` says. */
export const isSkipped = (name: string): boolean => name.startsWith('.') || SKIPPED.has(name);

const byName = (one: { readonly name: string }, other: { readonly name: string }) => (one.name < other.name ? -1 : 1);
