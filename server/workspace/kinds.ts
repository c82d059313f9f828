/** Which files the language server reads, and as what. */

export type FileKind =
  | 'script'
  | 'rust'
  | 'cargo'
  | 'config'
  | 'capability'
  | 'permission'
  | 'manifests'
  | 'package'
  | 'imports';

/** Files with TypeScript or JavaScript in them. */
export const SCRIPT_EXTENSIONS = [
  'ts',
  'tsx',
  'js',
  'jsx',
  'mts',
  'cts',
  'mjs',
  'cjs',
  'svelte',
  'vue',
  'html',
] as const;

const SCRIPT = new RegExp(`\\.(?:${SCRIPT_EXTENSIONS.join('|')})$`);
const CONFIG =
  /^(?:tauri(?:\.(?:linux|macos|windows|android|ios))?\.conf\.json5?|Tauri(?:\.(?:linux|macos|windows|android|ios))?\.toml)$/;
/** What says which files imports of scripts mean. */
const IMPORTS = /^[tj]sconfig(?:\.[\w-]+)*\.json$/;
const DATA = /\.(?:json|json5|toml)$/;

/** What a file is, by its path with forward slashes; undefined for one that is not read. */
export function kindOf(path: string): FileKind | undefined {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (name.endsWith('.rs')) return 'rust';
  if (SCRIPT.test(name)) return 'script';
  if (name === 'Cargo.toml') return 'cargo';
  if (name === 'package.json') return 'package';
  if (IMPORTS.test(name)) return 'imports';
  if (CONFIG.test(name)) return 'config';
  if (!DATA.test(name)) return undefined;
  const folders = parts.slice(0, -1);
  if (name === 'acl-manifests.json' && folders.at(-1) === 'schemas') return 'manifests';
  if (folders.at(-1) === 'schemas') return undefined;
  const capabilities = folders.lastIndexOf('capabilities');
  const permissions = folders.lastIndexOf('permissions');
  if (capabilities > permissions) return 'capability';
  return permissions >= 0 ? 'permission' : undefined;
}
