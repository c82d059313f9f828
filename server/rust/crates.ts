/** Where a file stands: its crate, and its module in there. */

export interface CratePlace {
  /** the folder of the crate, as in the path */
  readonly root: string;
  /** the name by which other crates speak of it: that of its folder */
  readonly name: string;
  readonly module: readonly string[];
}

const ROOTS = new Set(['lib', 'main', 'mod']);

export function crateOf(path: string): CratePlace {
  const parts = path.split('/');
  const src = parts.lastIndexOf('src');
  const folder = src === -1 ? parts.slice(0, -1) : parts.slice(0, src);
  const below = src === -1 ? parts.slice(-1) : parts.slice(src + 1);
  const file = (below.pop() ?? '').replace(/\.rs$/, '');
  return {
    root: folder.join('/'),
    name: (folder.at(-1) ?? '').replaceAll('-', '_'),
    module: ROOTS.has(file) ? below : [...below, file],
  };
}

/** The name of a crate in its `Cargo.toml`: that of its library, which other crates write, and that of its package. */
export interface CrateName {
  readonly root: string;
  readonly library: string;
  readonly package: string;
}

/** Reads the two names; undefined for a manifest without a package, as a workspace's is. */
export function crateName(path: string, manifest: string): CrateName | undefined {
  const name = nameIn(manifest, 'package');
  if (name === undefined) return undefined;
  const root = path.split('/').slice(0, -1).join('/');
  return { root, library: (nameIn(manifest, 'lib') ?? name).replaceAll('-', '_'), package: name };
}

function nameIn(manifest: string, section: string): string | undefined {
  const start = new RegExp(`^[ \\t]*\\[${section}\\][^\\n]*$`, 'm').exec(manifest);
  if (!start) return undefined;
  const body = manifest.slice(start.index + start[0].length).split(/^[ \t]*\[/m)[0] ?? '';
  return /^[ \t]*name[ \t]*=[ \t]*["']([^"'\n]+)["']/m.exec(body)?.[1];
}
