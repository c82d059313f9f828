/** Which type a path means, across the files of a project. */
import { type CrateName, crateOf } from './crates.ts';
import type { RustFile, RustType, RustTypeRef, RustUse } from './model.ts';

/** Where a name is read. */
export interface Scope {
  readonly file: string;
  readonly crate: string;
  readonly module: readonly string[];
}

/** A type with the place where its names are read, and what stands for its type parameters. */
export interface Bound {
  readonly ref: RustTypeRef;
  readonly scope: Scope;
  readonly env: Env;
}

export type Env = ReadonlyMap<string, Bound>;

export const NO_ENV: Env = new Map();

export type Found =
  | { readonly kind: 'type'; readonly type: RustType }
  /** types that differ under one name; which of them is meant cannot be told */
  | { readonly kind: 'several'; readonly types: readonly RustType[] }
  /** of another crate: the path, its crate first */
  | { readonly kind: 'external'; readonly path: readonly string[] }
  | { readonly kind: 'unknown' };

/** A type with references, aliases and type parameters followed. */
export type Expanded =
  | { readonly kind: 'type'; readonly type: RustType; readonly args: readonly Bound[] }
  | { readonly kind: 'several'; readonly types: readonly RustType[] }
  | { readonly kind: 'external'; readonly path: readonly string[]; readonly args: readonly Bound[] }
  /** a name that nothing here explains */
  | { readonly kind: 'unknown'; readonly name: string; readonly args: readonly Bound[] }
  | { readonly kind: 'tuple'; readonly items: readonly Bound[] }
  | { readonly kind: 'array'; readonly item: Bound; readonly length?: string }
  | { readonly kind: 'trait'; readonly path: readonly string[]; readonly output?: Bound }
  | { readonly kind: 'other' };

/** Names that every module has. */
const PRELUDE = new Set(['Option', 'Result', 'String', 'Vec', 'Box']);
const PRIMITIVE = /^(?:[iu](?:8|16|32|64|128|size)|f32|f64|bool|char|str)$/;
const DEPTH = 24;

/** Crates that are libraries even where a folder of the project has their name, as `apps/tauri` may. */
const LIBRARIES = new Set([
  'std',
  'core',
  'alloc',
  'tauri',
  'serde',
  'serde_json',
  'chrono',
  'uuid',
  'url',
  'time',
  'tokio',
]);

const key = (module: readonly string[]) => module.join('::');
const UNKNOWN: Found = { kind: 'unknown' };

interface Crate {
  readonly types: Map<string, RustType[]>;
  readonly uses: Map<string, { readonly use: RustUse; readonly file: string }[]>;
  readonly modules: Set<string>;
  readonly impls: Set<string>;
  /** types whose `impl Serialize` writes a string */
  readonly texts: Set<string>;
}

/** The names of a set of files. */
export class Names {
  readonly #crates = new Map<string, Crate>();
  readonly #roots = new Map<string, string[]>();
  readonly #answers = new Map<string, Found>();
  /** Where the name in question was looked for: modules pass names on in circles. */
  readonly #visited = new Set<string>();

  /** @param crates what the manifests say; a crate without one has the name of its folder */
  constructor(files: Iterable<Omit<RustFile, 'commands'>>, crates: Iterable<CrateName> = []) {
    const libraries = new Map([...crates].map(({ root, library }) => [root, library]));
    for (const file of files) this.#add(file, libraries);
  }

  #add(file: Omit<RustFile, 'commands'>, libraries: ReadonlyMap<string, string>): void {
    const place = crateOf(file.path);
    let crate = this.#crates.get(place.root);
    if (!crate) {
      crate = { types: new Map(), uses: new Map(), modules: new Set(), impls: new Set(), texts: new Set() };
      this.#crates.set(place.root, crate);
      push(this.#roots, libraries.get(place.root) ?? place.name, place.root);
    }
    for (const type of file.types) push(crate.types, type.name, type);
    for (const use of file.uses) push(crate.uses, key(use.module), { use, file: file.path });
    for (const { trait, type, writesText } of file.impls) {
      crate.impls.add(`${trait} ${type}`);
      if (writesText) crate.texts.add(type);
    }
    for (const module of [place.module, ...file.modules]) crate.modules.add(key(module));
  }

  /** The folders of the crates that a path may name so. */
  cratesNamed(name: string): readonly string[] {
    return this.#roots.get(name) ?? [];
  }

  scopeOf({ file, module }: { readonly file: string; readonly module: readonly string[] }): Scope {
    return { file, crate: crateOf(file).root, module };
  }

  /** Whether the crate of a type has an `impl Trait for` it. */
  implements(type: RustType, trait: string): boolean {
    return this.#crates.get(crateOf(type.file).root)?.impls.has(`${trait} ${type.name}`) ?? false;
  }

  /** Whether an `impl Serialize for` a type writes a string, as those of errors do. */
  writesText(type: RustType): boolean {
    return this.#crates.get(crateOf(type.file).root)?.texts.has(type.name) ?? false;
  }

  /** Follows references, aliases and type parameters, up to a type that has a form of its own. */
  expand(bound: Bound, depth = 0): Expanded {
    const { ref, scope, env } = bound;
    const at = (ref: RustTypeRef): Bound => ({ ref, scope, env });
    if (depth > DEPTH) return { kind: 'other' };
    switch (ref.kind) {
      case 'reference':
        return this.expand(at(ref.to), depth + 1);
      case 'tuple':
        return { kind: 'tuple', items: ref.items.map(at) };
      case 'array':
        return { kind: 'array', item: at(ref.item), ...(ref.length !== undefined && { length: ref.length }) };
      case 'trait':
        return { kind: 'trait', path: ref.path, ...(ref.output && { output: at(ref.output) }) };
      case 'other':
        return { kind: 'other' };
      case 'path':
        return this.#expandPath(bound, ref.path, ref.args.map(at), depth);
    }
  }

  #expandPath({ scope, env }: Bound, path: readonly string[], args: readonly Bound[], depth: number): Expanded {
    const name = path.at(-1) ?? '';
    const parameter = path.length === 1 ? env.get(name) : undefined;
    if (parameter) return this.expand(parameter, depth + 1);
    const found = this.find(path, scope);
    if (found.kind === 'unknown') return { kind: 'unknown', name, args };
    if (found.kind === 'external') return { ...found, args };
    if (found.kind === 'several') return found;
    const { type } = found;
    if (type.body.kind !== 'alias') return { kind: 'type', type, args };
    return this.expand({ ref: type.body.to, scope: this.scopeOf(type), env: this.environment(type, args) }, depth + 1);
  }

  /** What stands for the type parameters of `type`, given its arguments. */
  environment(type: RustType, args: readonly Bound[]): Env {
    const env = new Map<string, Bound>();
    type.generics.forEach(({ name, default: fallback }, index) => {
      const given = args[index];
      if (given) env.set(name, given);
      else if (fallback) env.set(name, { ref: fallback, scope: this.scopeOf(type), env: new Map(env) });
    });
    return env;
  }

  find(path: readonly string[], scope: Scope): Found {
    const question = `${scope.file} ${key(scope.module)} ${key(path)}`;
    let found = this.#answers.get(question);
    if (!found) {
      this.#visited.clear();
      found = this.#find(path, scope, 0);
      this.#answers.set(question, found);
    }
    return found;
  }

  #find(path: readonly string[], scope: Scope, depth: number): Found {
    const crate = this.#crates.get(scope.crate);
    const [first = '', ...rest] = path;
    if (!crate || depth > DEPTH) return UNKNOWN;
    const relative = this.#relative(path, scope);
    if (relative) return this.#findIn(scope.crate, relative.slice(0, -1), relative.at(-1) ?? '', depth + 1);
    if (rest.length === 0) {
      const own = this.#typesIn(crate, scope.module, first);
      if (own) return own;
    }
    const uses = this.#usesIn(scope);
    const imported = uses.find(({ name }) => name === first);
    if (imported) return this.#follow([...imported.path, ...rest], scope, depth + 1);
    if (rest.length > 0) return this.#follow(path, scope, depth + 1);
    if (PRIMITIVE.test(first)) return { kind: 'external', path: ['std', first] };
    const globs = uses.filter(({ name }) => name === '*');
    const passed = agreed(globs.map(({ path }) => this.#throughGlob(path, first, scope, depth + 1)));
    if (passed) return passed;
    if (PRELUDE.has(first)) return { kind: 'external', path: ['std', first] };
    const local = globs.some(({ path }) => this.#moduleOf(path, scope));
    return (local ? choose(crate.types.get(first) ?? []) : undefined) ?? UNKNOWN;
  }

  /** What the file of a scope imports in its module. */
  #usesIn({ crate, module, file }: Scope): RustUse[] {
    const uses = this.#crates.get(crate)?.uses.get(key(module)) ?? [];
    return uses.filter((each) => each.file === file).map(({ use }) => use);
  }

  /** A path that names its first segment by itself: a module, a crate of the project, or another crate. */
  #follow(path: readonly string[], scope: Scope, depth: number): Found {
    const name = path.at(-1) ?? '';
    const module = this.#moduleOf(path.slice(0, -1), scope);
    if (module) return this.#findIn(module.crate, module.module, name, depth);
    if (path.length === 1) return UNKNOWN;
    // `use crate::models; use models::User;`
    const [first = '', ...rest] = path;
    const imported = this.#usesIn(scope).find(({ name, path }) => name === first && path[0] !== first);
    if (imported && depth <= DEPTH) return this.#follow([...imported.path, ...rest], scope, depth + 1);
    return { kind: 'external', path };
  }

  /** The module that a path names; undefined where it is none of the project. */
  #moduleOf(
    path: readonly string[],
    scope: Scope,
  ): { readonly crate: string; readonly module: readonly string[] } | undefined {
    const relative = this.#relative(path, scope);
    if (relative) return { crate: scope.crate, module: relative };
    const [first] = path;
    if (first === undefined) return undefined;
    const crate = this.#crates.get(scope.crate);
    const below = [...scope.module, ...path];
    if (crate?.modules.has(key([...scope.module, first]))) return { crate: scope.crate, module: below };
    const roots = this.#roots.get(first);
    const root = roots?.[0];
    if (root !== undefined && roots?.length === 1 && !LIBRARIES.has(first))
      return { crate: root, module: path.slice(1) };
    return undefined;
  }

  /** `crate::…`, `self::…`, `super::…` from the crate's root; undefined for other paths. */
  #relative(path: readonly string[], scope: Scope): readonly string[] | undefined {
    const [first, ...rest] = path;
    if (first === 'crate' || first === '$crate') return rest;
    if (first === 'self') return [...scope.module, ...rest];
    if (first !== 'super') return undefined;
    let up = 0;
    while (path[up] === 'super') up++;
    return [...scope.module.slice(0, -up), ...path.slice(up)];
  }

  /** A name in a module: declared there, passed on by a `pub use`, or the only one of its name in the crate. */
  #findIn(root: string, path: readonly string[], name: string, depth: number): Found {
    const crate = this.#crates.get(root);
    const module = crate ? declaredModule(crate, path) : path;
    if (!crate || depth > DEPTH || !this.#visit(root, module, name)) return UNKNOWN;
    const own = this.#typesIn(crate, module, name);
    if (own) return own;
    const passed = this.#throughUses(crate, root, module, name, depth);
    if (passed) return passed;
    return choose(crate.types.get(name) ?? []) ?? this.#passedOn(crate, root, name, depth) ?? UNKNOWN;
  }

  /** Whether it is the first visit. */
  #visit(root: string, module: readonly string[] | '*', name: string): boolean {
    const place = `${root} ${module === '*' ? module : key(module)} ${name}`;
    return !this.#visited.has(place) && this.#visited.add(place) !== undefined;
  }

  /** What any module of a crate passes on under a name. */
  #passedOn(crate: Crate, root: string, name: string, depth: number): Found | undefined {
    if (!this.#visit(root, '*', name)) return undefined;
    for (const uses of crate.uses.values()) {
      for (const { use, file } of uses) {
        if (use.name !== name || !use.isPublic) continue;
        const found = this.#follow(use.path, { file, crate: root, module: use.module }, depth + 4);
        if (found.kind !== 'unknown') return found;
      }
    }
    return undefined;
  }

  #throughGlob(path: readonly string[], name: string, scope: Scope, depth: number): Found | undefined {
    if (depth > DEPTH) return undefined;
    const target = this.#moduleOf(path, scope);
    if (!target) return isKnownGlob(path, name) ? { kind: 'external', path: [...path, name] } : undefined;
    const crate = this.#crates.get(target.crate);
    const module = crate ? declaredModule(crate, target.module) : target.module;
    if (!crate || !this.#visit(`glob ${target.crate}`, module, name)) return undefined;
    const own = this.#typesIn(crate, module, name);
    if (own) return own;
    return this.#throughUses(crate, target.crate, module, name, depth);
  }

  /** What the imports of a module make of a name. There are several where each is for a platform of its own. */
  #throughUses(crate: Crate, root: string, module: readonly string[], name: string, depth: number): Found | undefined {
    const uses = crate.uses.get(key(module)) ?? [];
    const through = (wanted: string) =>
      agreed(
        uses
          .filter(({ use }) => use.name === wanted)
          .map(({ use, file }) => {
            const scope = { file, crate: root, module };
            return wanted === '*'
              ? this.#throughGlob(use.path, name, scope, depth + 1)
              : this.#follow(use.path, scope, depth + 1);
          }),
      );
    return through(name) ?? through('*');
  }

  #typesIn(crate: Crate, module: readonly string[], name: string): Found | undefined {
    const wanted = key(module);
    return choose((crate.types.get(name) ?? []).filter((type) => key(type.module) === wanted));
  }
}

/** A module that `pub use inner::*` passes on has another path than where it is declared: the only one that ends so. */
function declaredModule({ modules }: Crate, path: readonly string[]): readonly string[] {
  const wanted = key(path);
  if (path.length === 0 || modules.has(wanted)) return path;
  const same = [...modules].filter((module) => module.endsWith(`::${wanted}`));
  return same.length === 1 ? (same[0] ?? '').split('::') : path;
}

/** The names that `use crate::*` of another crate is known to bring. */
const GLOBS: Readonly<Record<string, RegExp>> = {
  tauri:
    /^(?:AppHandle|State|Window|Webview|WebviewWindow|ResourceId|Theme|Url|Channel|CommandScope|GlobalScope|Request|Response|JavaScriptChannelId)$/,
  serde_json: /^(?:Value|Map|Number)$/,
  chrono: /^(?:DateTime|NaiveDate|NaiveDateTime|NaiveTime|Utc|Local|FixedOffset)$/,
  std: /^(?:HashMap|HashSet|BTreeMap|BTreeSet|VecDeque|PathBuf|Path|Duration|Arc|Rc|Mutex|RwLock|Cow|SystemTime)$/,
};

const isKnownGlob = (path: readonly string[], name: string) => GLOBS[path[0] ?? '']?.test(name) ?? false;

/** What several imports of one name mean. */
function agreed(founds: readonly (Found | undefined)[]): Found | undefined {
  const known = founds.filter((found) => found !== undefined && found.kind !== 'unknown');
  const types = known.flatMap((found) => (found?.kind === 'type' ? [found.type] : []));
  return types.length === known.length ? choose([...new Set(types)]) : known[0];
}

/** One type, or several that differ; declarations for several platforms with one form count as one. */
function choose(types: readonly RustType[]): Found | undefined {
  const [first] = types;
  if (!first) return undefined;
  if (types.length === 1) return { kind: 'type', type: first };
  const form = formOf(first);
  return types.every((type) => formOf(type) === form) ? { kind: 'type', type: first } : { kind: 'several', types };
}

const formOf = ({ generics, derives, serde, body }: RustType) =>
  JSON.stringify([generics, [...derives].sort(), serde, body]);

export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
