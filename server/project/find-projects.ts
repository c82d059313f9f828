/** Finds the projects below the folders of a workspace, as Tauri's CLI looks for one: any folder with a configuration. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { CONFIG_NAMES, ConfigFiles, findConfig } from './config-files.ts';
import { GitIgnore } from './gitignore.ts';
import { locateProject } from './project.ts';

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

function projectAt(configFolder: string): FoundProject | undefined {
  const configFile = findConfig(configFolder);
  if (configFile === undefined) return undefined;
  const { root } = locateProject(configFolder) ?? { root: configFolder };
  // Two crates of one package: the folder above would always mean the first.
  const folder = locateProject(root)?.configFile === configFile ? root : configFolder;
  try {
    const { config } = new ConfigFiles(configFile);
    const { productName = basename(root), identifier } = config;
    return { folder, configFile, name: productName, identifier, problem: undefined };
  } catch (error) {
    return { folder, configFile, name: basename(root), identifier: '', problem: (error as Error).message };
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

interface Visited {
  readonly folder: string;
  readonly files: ReadonlySet<string>;
}

/** Folders from `root` on, level by level, without what `.gitignore` leaves out. */
export async function* walkFolders(root: string, depth: number): AsyncGenerator<Visited> {
  let level: readonly { readonly folder: string; readonly ignores: readonly Ignores[] }[] = [
    { folder: root, ignores: [] },
  ];
  let visited = 0;
  for (let below = 0; below <= depth; below++) {
    const next: { folder: string; ignores: readonly Ignores[] }[] = [];
    for (const { folder, ignores } of level) {
      if (++visited > MAX_FOLDERS) return;
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      const files = new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
      yield { folder, files };
      const all = [...ignores, ...(await ignoresOf(folder, files))];
      for (const { name } of entries.filter((entry) => entry.isDirectory()).sort(byName)) {
        if (name.startsWith('.') || SKIPPED.has(name) || isIgnored(join(folder, name), all)) continue;
        next.push({ folder: join(folder, name), ignores: all });
      }
    }
    level = next;
  }
}

interface Ignores {
  readonly folder: string;
  readonly rules: GitIgnore;
}

async function ignoresOf(folder: string, files: ReadonlySet<string>): Promise<Ignores[]> {
  const texts = IGNORE_NAMES.filter((name) => files.has(name)).map((name) =>
    readFile(join(folder, name), 'utf8').catch(() => ''),
  );
  return (await Promise.all(texts)).map((text) => ({ folder, rules: new GitIgnore(text) }));
}

/** The rules nearest to a folder decide. */
function isIgnored(folder: string, ignores: readonly Ignores[]): boolean {
  const said = ignores.map((each) => each.rules.ignores(relative(each.folder, folder).split(sep).join('/')));
  return said.findLast((answer) => answer !== undefined) ?? false;
}

const byName = (one: { readonly name: string }, other: { readonly name: string }) => (one.name < other.name ? -1 : 1);
