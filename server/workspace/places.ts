/** Where the projects of a workspace are: each with its crates, and with the packages whose scripts it shows. */
import { basename, dirname, resolve } from 'node:path';
import type { ProjectFolder } from '../index/project-index.ts';
import {
  ConfigFiles,
  type FoundProject,
  findCrates,
  type Package,
  projectAt,
  readPackage,
  type TauriConfig,
} from '../project/index.ts';
import { isBelow, slashes } from './file-tree.ts';
import { kindOf } from './kinds.ts';

export interface ProjectPlace {
  readonly folder: ProjectFolder;
  /** scripts below it are the project's; two crates of one package have the same */
  readonly scriptRoot: string;
  /** folders of the crates that the app is built of */
  readonly crates: readonly string[];
  /** folders of packages elsewhere whose scripts it shows */
  readonly packages: ReadonlySet<string>;
}

/** Whoever depends on one of these speaks the IPC: a frontend of its own, or an extension with webviews. */
const API = '@tauri-apps/api';
const LIBRARY = 'ipc-workbench';

/**
 * The projects among the files of a workspace: folders with a configuration of Tauri, and packages without one that
 * speak its IPC and belong to none.
 *
 * @param roots the folders of the workspace
 */
export async function findPlaces(roots: readonly string[], files: Iterable<string>): Promise<ProjectPlace[]> {
  const configFolders = new Set<string>();
  const packages: Package[] = [];
  for (const file of files) {
    const kind = kindOf(file);
    if (kind === 'config') configFolders.add(folderOf(file));
    else if (kind === 'package') packages.push(await readPackage(file));
  }
  const places: ProjectPlace[] = [];
  for (const folder of configFolders) {
    const found = projectAt(folder);
    if (found) places.push(await placeOf(found, packages));
  }
  return [...places, ...withoutConfiguration(roots, places, packages)];
}

async function placeOf(
  { folder, root, configFile, name }: FoundProject,
  all: readonly Package[],
): Promise<ProjectPlace> {
  const configFolder = slashes(dirname(configFile));
  const scriptRoot = slashes(root);
  return {
    folder: { root: slashes(folder), configFile: slashes(configFile), configFolder, name },
    scriptRoot,
    crates: (await findCrates(configFolder)).map(slashes),
    packages: packagesOf(scriptRoot, configFolder, frontendOf(configFile), all),
  };
}

/** What a configuration says of its frontend; nothing where it cannot be read. */
function frontendOf(configFile: string): Partial<TauriConfig['build']> {
  try {
    return new ConfigFiles(configFile).config.build;
  } catch {
    return {};
  }
}

/**
 * The packages outside of a project's folder whose scripts it shows: those that `frontendDist` and `beforeDevCommand` of
 * the configuration lead to, by path or by name, and those that a package of the project depends on.
 */
function packagesOf(
  root: string,
  configFolder: string,
  { frontendDist = [], beforeDevCommand }: Partial<TauriConfig['build']>,
  all: readonly Package[],
): ReadonlySet<string> {
  const words = beforeDevCommand?.script.split(/[\s"'=]+/) ?? [];
  const paths = [frontendDist, beforeDevCommand?.cwd ?? [], words.filter((word) => word.includes('/'))].flat();
  // The command runs in the folder of the project; all else is relative to the configuration.
  const targets = paths.flatMap((path) => [resolve(configFolder, path), resolve(root, path)]);
  const leads = new Set(targets.map((path) => nearest(slashes(path), all)));
  const found = new Set(
    all.filter(
      (each) => isIn(each.folder, root) || leads.has(each) || (each.name !== undefined && words.includes(each.name)),
    ),
  );
  // A set goes on with what is added to it.
  for (const { dependencies } of found) {
    for (const each of all) if (each.name !== undefined && dependencies.has(each.name)) found.add(each);
  }
  return new Set([...found].map(({ folder }) => folder).filter((folder) => !isIn(folder, root)));
}

/** Packages that speak Tauri's IPC, or ours, and are part of no project: each is one by itself. */
function withoutConfiguration(
  roots: readonly string[],
  configured: readonly ProjectPlace[],
  packages: readonly Package[],
): ProjectPlace[] {
  const places: ProjectPlace[] = [];
  for (const { folder, name, dependencies } of packages.toSorted((a, b) => a.folder.length - b.folder.length)) {
    const isPart = configured.some((each) => isIn(folder, each.scriptRoot) || each.packages.has(folder));
    if (isPart || places.some((each) => isIn(folder, each.scriptRoot))) continue;
    const isExtension = dependencies.has(LIBRARY);
    // The frontend of a workspace with one app is that app's; above several apps nothing stands by itself.
    const isFrontend =
      dependencies.has(API) &&
      !configured.some((each) => isIn(each.scriptRoot, folder)) &&
      soleIn(roots, configured, folder) === undefined;
    if (!isExtension && !isFrontend) continue;
    places.push({
      folder: { root: folder, configFile: undefined, configFolder: folder, name: name ?? basename(folder) },
      scriptRoot: folder,
      crates: [],
      packages: new Set(),
    });
  }
  return places;
}

/** The only project with a configuration of the workspace's folder that a file is in. */
export function soleIn<P extends Pick<ProjectPlace, 'folder' | 'scriptRoot'>>(
  roots: readonly string[],
  places: readonly P[],
  file: string,
): P | undefined {
  const root = deepest(
    roots.filter((each) => isIn(file, each)),
    (each) => each,
  );
  if (root === undefined) return undefined;
  const own = places.filter(({ folder, scriptRoot }) => folder.configFile !== undefined && isIn(scriptRoot, root));
  return own.length === 1 ? own[0] : undefined;
}

function nearest(path: string, packages: readonly Package[]): Package | undefined {
  return deepest(
    packages.filter(({ folder }) => isIn(path, folder)),
    ({ folder }) => folder,
  );
}

/** Of things with folders that all contain one path: the nearest to it. */
export function deepest<T>(items: readonly T[], folderOf: (item: T) => string): T | undefined {
  let found: T | undefined;
  for (const item of items) if (!found || folderOf(item).length > folderOf(found).length) found = item;
  return found;
}

const folderOf = (file: string) => slashes(dirname(file));
export const isIn = (path: string, folder: string): boolean => path === folder || isBelow(path, folder);
