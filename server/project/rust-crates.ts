/** The crates whose Rust code belongs to an app: that of `src-tauri/`, and those that its Cargo.toml names by path. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Document } from '#core/acl/document.ts';
import * as z from 'zod';
import { isElsewhere } from './files.ts';

/** No project has so many of its own. */
const MAX_CRATES = 64;

const Dependency = z.union([
  z.looseObject({ path: z.string().optional(), workspace: z.boolean().optional(), package: z.string().optional() }),
  z.unknown().transform(() => undefined),
]);
const Dependencies = z.record(z.string(), Dependency).catch({});
const Manifest = z.looseObject({
  dependencies: Dependencies.optional(),
  target: z
    .record(z.string(), z.looseObject({ dependencies: Dependencies.optional() }))
    .catch({})
    .optional(),
  workspace: z.looseObject({ dependencies: Dependencies.optional() }).optional().catch(undefined),
});
type Manifest = z.infer<typeof Manifest>;

/** The folders of the crates, that of the app first; none where `folder` has no Cargo.toml. */
export async function findCrates(folder: string): Promise<readonly string[]> {
  const found = new Set<string>();
  const waiting = [resolve(folder)];
  for (let crate = waiting.shift(); crate !== undefined && found.size < MAX_CRATES; crate = waiting.shift()) {
    if (found.has(crate)) continue;
    const manifest = await readManifest(crate);
    if (!manifest) continue;
    found.add(crate);
    waiting.push(...(await pathsOf(manifest, crate)));
  }
  return [...found];
}

const PLUGIN = /^tauri-plugin-/;

/** What of a crate says which plugins its app has. */
export interface CratePlugins {
  /** keys of those by their convention, also for other platforms: `fs` for `tauri-plugin-fs` */
  readonly named: ReadonlySet<string>;
  /** keys that the other crates would have: plugins may have any name */
  readonly possible: ReadonlySet<string>;
}

/** The plugins that a Cargo.toml names. Undefined for a crate that is no Tauri app. */
export function pluginsIn(text: string): CratePlugins | undefined {
  const manifest = parseManifest(text);
  const tables = [manifest, ...Object.values(manifest.target ?? {})];
  const names = tables.flatMap(({ dependencies = {} }) =>
    Object.entries(dependencies).map(([name, dependency]) => dependency?.package ?? name),
  );
  if (!names.includes('tauri')) return undefined;
  const keys = (some: readonly string[]) =>
    new Set(some.map((name) => name.replace(PLUGIN, '').toLowerCase().replaceAll('_', '-')));
  return {
    named: keys(names.filter((name) => PLUGIN.test(name))),
    possible: keys(names.filter((name) => !PLUGIN.test(name))),
  };
}

/** What a build.rs tells Tauri's build to make. */
export interface BuildScript {
  /** whether it makes permissions of the app's commands (`AppManifest`) */
  readonly makesPermissions: boolean;
  /** names of plugins that the app defines itself (`.plugin("name", InlinedPlugin::new())`) */
  readonly inlined: ReadonlySet<string>;
}

export const NO_BUILD_SCRIPT: BuildScript = { makesPermissions: false, inlined: new Set() };

export function readBuildScript(text: string): BuildScript {
  const inlined = [...text.matchAll(/\.plugin\(\s*"([^"]+)"/g)].flatMap(([, name]) => name ?? []);
  return { makesPermissions: /\bAppManifest\b/.test(text), inlined: new Set(inlined) };
}

async function pathsOf(manifest: Manifest, crate: string): Promise<string[]> {
  const tables = [manifest, ...Object.values(manifest.target ?? {})];
  const entries = tables.flatMap(({ dependencies = {} }) => Object.entries(dependencies));
  const paths: string[] = [];
  let workspace: Workspace | undefined;
  for (const [name, dependency] of entries) {
    if (dependency?.path !== undefined) paths.push(resolve(crate, dependency.path));
    else if (dependency?.workspace) {
      workspace ??= await findWorkspace(crate, manifest);
      const path = workspace.dependencies[name]?.path;
      if (path !== undefined) paths.push(resolve(workspace.folder, path));
    }
  }
  return paths.filter((path) => !isElsewhere(path, crate));
}

interface Workspace {
  readonly folder: string;
  readonly dependencies: z.infer<typeof Dependencies>;
}

/** The workspace that a crate belongs to: its own, or the nearest above. */
async function findWorkspace(crate: string, own: Manifest): Promise<Workspace> {
  let folder = crate;
  let manifest: Manifest | undefined = own;
  while (!manifest?.workspace) {
    const above = dirname(folder);
    if (above === folder) return { folder: crate, dependencies: {} };
    folder = above;
    manifest = await readManifest(folder);
  }
  return { folder, dependencies: manifest.workspace.dependencies ?? {} };
}

/** Undefined where there is none; what cannot be read as one has no dependencies. */
async function readManifest(folder: string): Promise<Manifest | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, 'Cargo.toml'), 'utf8');
  } catch {
    return undefined;
  }
  return parseManifest(text);
}

function parseManifest(text: string): Manifest {
  try {
    return Manifest.safeParse(new Document(text, 'toml').value).data ?? {};
  } catch {
    return {}; // half written: it is read again when it changes
  }
}
