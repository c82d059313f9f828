/** Which file an import means: relative paths, `paths` of tsconfig.json, `imports` of package.json, and usual aliases. */
import ts from 'typescript';

/** What files that configure imports say. */
interface ScriptConfig {
  readonly extends: readonly string[];
  /** folder that `paths` are relative to */
  readonly base: string;
  readonly hasBaseUrl: boolean;
  readonly paths: readonly (readonly [pattern: string, targets: readonly string[]])[];
}

interface PackageConfig {
  readonly name: string | undefined;
  readonly imports: readonly (readonly [pattern: string, targets: readonly string[]])[];
  /** files that the package itself may be */
  readonly entries: readonly string[];
}

/** Endings that an import may leave out. */
const ENDINGS = [
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.svelte',
  '.vue',
  '.svelte.ts',
  '.svelte.js',
  '.d.ts',
];
/** What may be written for a file of TypeScript. */
const COMPILED: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.d.ts'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};
/** Aliases that Vite's and SvelteKit's templates set up, where no configuration says otherwise. */
const ALIASES: readonly (readonly [string, string])[] = [
  ['@/', 'src/'],
  ['~/', 'src/'],
  ['$lib/', 'src/lib/'],
  ['$lib', 'src/lib'],
  ['@/', ''],
  ['~/', ''],
];
const MAX_EXTENDS = 8;

/** Knows which files there are, and how they are imported. */
export class ImportResolver {
  readonly #has: (path: string) => boolean;
  /** by folder */
  readonly #packages = new Map<string, PackageConfig>();
  /** by path */
  readonly #configs = new Map<string, ScriptConfig>();
  readonly #memo = new Map<string, Map<string, string | undefined>>();

  constructor(has: (path: string) => boolean) {
    this.#has = has;
  }

  /**
   * A file of configuration, or undefined where it is gone.
   * @returns whether it says something else than before
   */
  setConfig(path: string, text: string | undefined): boolean {
    const folder = folderOf(path);
    const { config }: { config?: unknown } = text === undefined ? {} : ts.parseConfigFileTextToJson(path, text);
    const isChanged = path.endsWith('/package.json')
      ? replace(this.#packages, folder, isObject(config) ? packageConfig(config) : undefined)
      : replace(this.#configs, path, isObject(config) ? scriptConfig(folder, config) : undefined);
    if (isChanged) this.clear();
    return isChanged;
  }

  /** Files came or went. */
  clear(): void {
    this.#memo.clear();
  }

  /** The folder of the package that a file is in; the topmost one where there is no package.json. */
  packageOf(path: string): string {
    return ancestors(folderOf(path)).find((each) => this.#packages.has(each)) ?? '';
  }

  /** The file that a file imports by this name; undefined for packages, and for what is not there. */
  resolve(from: string, specifier: string): string | undefined {
    const folder = folderOf(from);
    let known = this.#memo.get(folder);
    if (!known) this.#memo.set(folder, (known = new Map()));
    if (!known.has(specifier)) known.set(specifier, this.#resolve(folder, specifier.replace(/[?].*$/, '')));
    return known.get(specifier);
  }

  #resolve(folder: string, specifier: string): string | undefined {
    if (/^\.\.?(?:\/|$)/.test(specifier)) return this.#file(join(folder, specifier));
    const folders = ancestors(folder);
    if (specifier.startsWith('/')) return first(folders, (each) => this.#file(join(each, `.${specifier}`)));
    if (specifier.startsWith('#')) {
      const nearest = folders.find((each) => this.#packages.has(each));
      const found =
        nearest === undefined
          ? undefined
          : this.#mapped(this.#packages.get(nearest)?.imports ?? [], nearest, specifier);
      if (found !== undefined) return found;
    }
    return this.#byPaths(folders, specifier) ?? this.#byAlias(folders, specifier) ?? this.#byPackage(specifier);
  }

  /** By the nearest configurations that have `paths` or a `baseUrl`; of one folder all, as Vite's templates split them. */
  #byPaths(folders: readonly string[], specifier: string): string | undefined {
    return first(folders, (folder) => {
      const here = [...this.#configs.keys()].filter((path) => folderOf(path) === folder);
      return first(here, (path) => this.#byConfig(path, specifier));
    });
  }

  #byConfig(path: string, specifier: string, depth = 0): string | undefined {
    const config = this.#configs.get(path);
    if (!config || depth > MAX_EXTENDS) return undefined;
    const found = this.#mapped(config.paths, config.base, specifier);
    if (found !== undefined) return found;
    if (config.hasBaseUrl) {
      const file = this.#file(join(config.base, specifier));
      if (file !== undefined) return file;
    }
    return first(config.extends, (each) => {
      const target = join(folderOf(path), each);
      return this.#byConfig(target.endsWith('.json') ? target : `${target}.json`, specifier, depth + 1);
    });
  }

  #byAlias(folders: readonly string[], specifier: string): string | undefined {
    return first(ALIASES, ([alias, target]) => {
      const isMeant = alias.endsWith('/') ? specifier.startsWith(alias) : specifier === alias;
      if (!isMeant) return undefined;
      return first(folders, (folder) => this.#file(join(folder, target + specifier.slice(alias.length))));
    });
  }

  /** Another package of the same workspace. */
  #byPackage(specifier: string): string | undefined {
    for (const [folder, { name, entries }] of this.#packages) {
      if (name === undefined) continue;
      if (specifier === name) return first(entries, (each) => this.#file(join(folder, each)));
      if (specifier.startsWith(`${name}/`)) {
        const rest = specifier.slice(name.length + 1);
        return this.#file(join(folder, rest)) ?? this.#file(join(folder, `src/${rest}`));
      }
    }
    return undefined;
  }

  /** By a table of patterns with one `*`; the longest match counts. */
  #mapped(
    table: readonly (readonly [pattern: string, targets: readonly string[]])[],
    folder: string,
    specifier: string,
  ): string | undefined {
    const matches = table.flatMap(([pattern, targets]) => {
      const star = pattern.indexOf('*');
      if (star < 0) return pattern === specifier ? [{ length: Infinity, targets, hole: '' }] : [];
      const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
      const fits =
        specifier.length >= head.length + tail.length && specifier.startsWith(head) && specifier.endsWith(tail);
      return fits
        ? [{ length: star, targets, hole: specifier.slice(head.length, specifier.length - tail.length) }]
        : [];
    });
    const [best] = matches.toSorted((a, b) => b.length - a.length);
    return (
      best &&
      first(best.targets, (target) =>
        this.#file(
          join(
            folder,
            target.replace('*', () => best.hole),
          ),
        ),
      )
    );
  }

  /** A file by a path that may lack its ending, or name a folder. */
  #file(path: string): string | undefined {
    if (this.#has(path)) return path;
    const ending = /\.[cm]?jsx?$/.exec(path)?.[0];
    if (ending !== undefined) {
      const found = first(COMPILED[ending] ?? [], (each) => this.#existing(path.slice(0, -ending.length) + each));
      if (found !== undefined) return found;
    }
    return (
      first(ENDINGS, (each) => this.#existing(path + each)) ??
      first(ENDINGS, (each) => this.#existing(`${path}/index${each}`))
    );
  }

  #existing(path: string): string | undefined {
    return this.#has(path) ? path : undefined;
  }
}

/** Sets or deletes; whether that made a difference. */
function replace<T>(map: Map<string, T>, key: string, value: T | undefined): boolean {
  const before = JSON.stringify(map.get(key));
  if (before === JSON.stringify(value)) return false;
  if (value === undefined) map.delete(key);
  else map.set(key, value);
  return true;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const strings = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string');

function scriptConfig(folder: string, config: Json): ScriptConfig {
  const options = isObject(config.compilerOptions) ? config.compilerOptions : {};
  const { baseUrl } = options;
  const paths = isObject(options.paths) ? options.paths : {};
  return {
    extends: strings(config.extends).filter((each) => each.startsWith('.')),
    base: typeof baseUrl === 'string' ? join(folder, baseUrl) : folder,
    hasBaseUrl: typeof baseUrl === 'string',
    paths: Object.entries(paths).map(([pattern, targets]) => [pattern, strings(targets)] as const),
  };
}

function packageConfig({ name, imports, exports, main, module, source }: Json): PackageConfig {
  return {
    name: typeof name === 'string' ? name : undefined,
    imports: isObject(imports)
      ? Object.entries(imports).map(([pattern, target]) => [pattern, targetsOf(target)] as const)
      : [],
    // What is built is ignored by git: sources stand where they usually do.
    entries: [
      ...strings(source),
      ...targetsOf(isObject(exports) && '.' in exports ? exports['.'] : exports),
      ...strings(module),
      ...strings(main),
      'src/index',
      'index',
      'guest-js/index',
    ],
  };
}

/** All files that a target with conditions may be. */
function targetsOf(target: unknown): string[] {
  if (typeof target === 'string') return [target];
  if (Array.isArray(target)) return target.flatMap(targetsOf);
  return isObject(target) ? Object.values(target).flatMap(targetsOf) : [];
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

const folderOf = (path: string) => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

/** A folder and those that it is in, the nearest first. */
function ancestors(folder: string): string[] {
  const all: string[] = [];
  for (let each = folder; ; each = folderOf(each)) {
    all.push(each);
    if (each === '') return all;
  }
}

/** A path from a folder, without `.` and `..`. */
function join(folder: string, path: string): string {
  const parts = folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
