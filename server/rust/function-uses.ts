/** Where the functions of a project are named in its Rust code: calls, imports, lists of commands. */
import type { Node } from 'web-tree-sitter';
import { crateOf } from './crates.ts';
import { isBinding, isShadowed } from './locals.ts';
import type { RustCommand, RustFile, RustUse } from './model.ts';
import { identifiersNamed, isPlainMacro, macroAround, type NameUse, useOf } from './name-uses.ts';
import type { Names } from './resolve.ts';
import { usesOf } from './use-item.ts';

/** A function, by where it is declared. */
export interface FunctionPlace {
  readonly name: string;
  readonly file: string;
  readonly module: readonly string[];
  /** of its name, from 1 */
  readonly line: number;
}

interface Scope {
  readonly file: string;
  readonly module: readonly string[];
}

const LISTS = new Set(['generate_handler', 'collect_commands']);
/** Imports of imports. */
const DEPTH = 12;

/** Follows paths to functions, through imports and what modules pass on. */
export class FunctionPaths {
  readonly #names: Names;
  readonly #uses = new Map<string, { readonly use: RustUse; readonly file: string }[]>();
  readonly #modules = new Set<string>();
  /** where private modules are seen */
  readonly #within = new Map<string, readonly string[]>();

  constructor(files: Iterable<RustFile>, names: Names) {
    this.#names = names;
    for (const { path, uses, modules, privateModules } of files) {
      const { root, module } = crateOf(path);
      for (const use of uses) {
        const key = keyOf(root, use.module);
        const list = this.#uses.get(key);
        if (list) list.push({ use, file: path });
        else this.#uses.set(key, [{ use, file: path }]);
      }
      for (const each of [module, ...modules]) this.#modules.add(keyOf(root, each));
      for (const { module, within } of privateModules) this.#within.set(keyOf(root, module), within);
    }
  }

  /**
   * Whether a path, as it is written in a module, leads to the function.
   *
   * @param inner what functions around the path import, which goes before what its module has
   * @param uses what its module imports in that file
   */
  leadsTo(
    path: readonly string[],
    scope: Scope,
    wanted: FunctionPlace,
    inner: readonly RustUse[],
    uses: readonly RustUse[],
  ): boolean {
    const [first = '', ...rest] = path;
    const { root } = crateOf(scope.file);
    const relative = relativePath(path, scope.module);
    if (relative) return this.#isIn(root, relative, scope.file, wanted, 0);
    const nearest = inner.find(({ name }) => name === first);
    if (nearest) return this.#follow([...nearest.path, ...rest], scope, wanted, 1);
    const all = [...inner, ...uses];
    const imported = all.filter(({ name }) => name === first);
    const globs = all.filter(({ name }) => name === '*');
    if (rest.length === 0) {
      if (isDeclaredIn(root, scope.module, scope.file, wanted) && first === wanted.name) return true;
      const paths = [...imported.map((use) => use.path), ...globs.map((use) => [...use.path, first])];
      return paths.some((each) => this.#follow(each, scope, wanted, 1));
    }
    const [use] = imported;
    return this.#follow(use ? [...use.path, ...rest] : path, scope, wanted, 1);
  }

  /**
   * How a list in a module names a command of its crate: in the module that has it, or in one that passes on all of that.
   * To pass on the function by its name is not enough: a list wants a macro that stands beside it. Undefined where what
   * is private is in the way.
   */
  commandPath({ file, module }: Scope, command: RustCommand): string | undefined {
    const { root } = crateOf(file);
    const { rustName } = command;
    if (!isDeclaredIn(root, command.module, file, { ...command, name: rustName })) return undefined;
    const home = this.#homesOf(root, command.module).find((each) => this.#isSeen(root, each, module));
    if (!home) return undefined;
    const steps = isWithin(home, module) ? home.slice(module.length) : ['crate', ...home];
    return [...steps, rustName].join('::');
  }

  /** A module, then those that pass on all that it has; the nearest first. */
  #homesOf(root: string, module: readonly string[]): readonly (readonly string[])[] {
    const globs = [...this.#uses.values()]
      .flat()
      .filter(({ use, file }) => use.name === '*' && use.isPublic && crateOf(file).root === root);
    const homes = new Map([[keyOf(root, module), module]]);
    // What is added meanwhile is gone through, too.
    for (const home of homes.keys()) {
      for (const { use } of globs) {
        const target = relativePath(use.path, use.module) ?? [...use.module, ...use.path];
        const key = keyOf(root, use.module);
        if (keyOf(root, target) === home && !homes.has(key)) homes.set(key, use.module);
      }
    }
    return [...homes.values()];
  }

  /** Whether a module and all around it are seen from another one. */
  #isSeen(root: string, module: readonly string[], from: readonly string[]): boolean {
    return module.every((_, at) => isWithin(from, this.#within.get(keyOf(root, module.slice(0, at + 1))) ?? []));
  }

  /** A path that begins with a module or a crate, as those of imports do. */
  #follow(path: readonly string[], scope: Scope, wanted: FunctionPlace, depth: number): boolean {
    const { root } = crateOf(scope.file);
    const [first = '', ...rest] = path;
    const relative = relativePath(path, scope.module);
    if (relative) return this.#isIn(root, relative, scope.file, wanted, depth);
    if (rest.length === 0) return false;
    if (this.#modules.has(keyOf(root, [...scope.module, first]))) {
      return this.#isIn(root, [...scope.module, ...path], scope.file, wanted, depth);
    }
    // `use crate::commands; use commands::greet;`
    const uses = this.#uses.get(keyOf(root, scope.module)) ?? [];
    const imported = uses.find(({ use, file }) => file === scope.file && use.name === first && use.path[0] !== first);
    if (imported && depth <= DEPTH) return this.#follow([...imported.use.path, ...rest], scope, wanted, depth + 1);
    return this.#names.cratesNamed(first).some((crate) => this.#isIn(crate, rest, undefined, wanted, depth));
  }

  /** Whether an absolute path of a crate is the function, or an import that leads to it. */
  #isIn(
    root: string,
    path: readonly string[],
    from: string | undefined,
    wanted: FunctionPlace,
    depth: number,
  ): boolean {
    const module = path.slice(0, -1);
    const name = path.at(-1) ?? '';
    if (depth > DEPTH) return false;
    if (name === wanted.name && isDeclaredIn(root, module, from, wanted)) return true;
    return (this.#uses.get(keyOf(root, module)) ?? []).some(({ use, file }) => {
      if ((use.name !== name && use.name !== '*') || !isOfTarget(file, module, from)) return false;
      const target = use.name === '*' ? [...use.path, name] : use.path;
      return this.#follow(target, { file, module }, wanted, depth + 1);
    });
  }
}

/** Whether a module is another one, or below it. */
export const isWithin = (module: readonly string[], around: readonly string[]): boolean =>
  around.every((part, at) => module[at] === part);

const keyOf = (root: string, module: readonly string[]) => `${root} ${module.join('::')}`;

function isDeclaredIn(
  root: string,
  module: readonly string[],
  from: string | undefined,
  wanted: FunctionPlace,
): boolean {
  if (crateOf(wanted.file).root !== root || module.join('::') !== wanted.module.join('::')) return false;
  return isOfTarget(wanted.file, module, from);
}

/**
 * Whether a module of a file is one that another file means by that path: `lib.rs` and `main.rs` are roots of two crates in
 * one folder.
 *
 * @param from undefined for a file of another crate, which can mean the library only
 */
function isOfTarget(file: string, module: readonly string[], from: string | undefined): boolean {
  const isMain = (path: string) => path.endsWith('/main.rs');
  return module.length > 0 || file === from || !(isMain(file) || (from !== undefined && isMain(from)));
}

/** `crate::…`, `self::…`, `super::…` from the crate's root; undefined for other paths. */
function relativePath(path: readonly string[], module: readonly string[]): readonly string[] | undefined {
  const [first, ...rest] = path;
  if (first === 'crate' || first === '$crate') return rest;
  if (first === 'self') return [...module, ...rest];
  if (first !== 'super') return undefined;
  const up = path.findIndex((step) => step !== 'super');
  return [...module.slice(0, -up), ...path.slice(up)];
}

/** All places of a file that name the function: its declaration, lists, imports, calls. */
export function functionUses(root: Node, file: string, wanted: FunctionPlace, paths: FunctionPaths): NameUse[] {
  const uses: NameUse[] = [];
  const imports = new Imports(root, file);
  for (const node of identifiersNamed(root, wanted.name)) {
    const scope = { file, module: moduleAround(node, file) };
    if (node.type !== 'identifier' || isBinding(node) || isName(node)) continue;
    if (isDeclaration(node)) {
      if (file === wanted.file && node.startPosition.row === wanted.line - 1) uses.push(useOf(node));
      continue;
    }
    const path = pathTo(node);
    if (!path || (path.length === 1 && isShadowed(node))) continue;
    const { inner, outer } = isImported(node) ? { inner: [], outer: [] } : imports.for(node, scope.module);
    if (!paths.leadsTo(path, scope, wanted, inner, outer)) continue;
    const inMacro = macroAround(node);
    const isCertain = !inMacro || LISTS.has(inMacro.macro ?? '') || isPlainMacro(inMacro, wanted.name);
    uses.push(useOf(node, '', isCertain));
  }
  return uses;
}

/** All imports of a file: also those in functions, and in modules for tests. */
class Imports {
  readonly #all: readonly { readonly use: RustUse; readonly block: Node | undefined }[];

  constructor(root: Node, file: string) {
    this.#all = root.descendantsOfType('use_declaration').flatMap((node) => {
      const block = blockAround(node);
      return usesOf(node, moduleAround(node, file)).map((use) => ({ use, block }));
    });
  }

  /** Those that a place sees, in the functions around it and in its module. */
  for(
    node: Node,
    module: readonly string[],
  ): { readonly inner: readonly RustUse[]; readonly outer: readonly RustUse[] } {
    const inner = this.#all.filter(
      ({ block }) => block && block.startIndex <= node.startIndex && node.endIndex <= block.endIndex,
    );
    const outer = this.#all.filter(({ use, block }) => !block && use.module.join('::') === module.join('::'));
    return { inner: inner.map(({ use }) => use).reverse(), outer: outer.map(({ use }) => use) };
  }
}

function blockAround(node: Node): Node | undefined {
  for (let at = node.parent; at && at.type !== 'mod_item'; at = at.parent) if (at.type === 'block') return at;
  return undefined;
}

const isDeclaration = ({ parent, id }: Node) =>
  parent?.type === 'function_item' && parent.childForFieldName('name')?.id === id;

/** Whether it names something else than a value: a module in a path, a field, a macro, a label, a module. */
function isName(node: Node): boolean {
  const { parent, id } = node;
  if (!parent) return false;
  const isField = (field: string) => parent.childForFieldName(field)?.id === id;
  if (parent.type === 'scoped_identifier' || parent.type === 'scoped_use_list') return isField('path');
  if (parent.type === 'use_as_clause') return isField('alias');
  if (parent.type === 'use_wildcard' || parent.type === 'label' || parent.type === 'mod_item') return true;
  if (parent.type === 'macro_invocation') return isField('macro');
  if (parent.type !== 'token_tree') return false;
  const [before, after] = [node.previousSibling?.text, node.nextSibling?.text];
  const isPrefix = after === '::' && node.nextSibling?.nextSibling?.text !== '<';
  return before === '.' || isPrefix || after === '!' || (after === ':' && before !== ':') || after === '=';
}

function moduleAround(node: Node, file: string): readonly string[] {
  const inner: string[] = [];
  for (let parent = node.parent; parent; parent = parent.parent) {
    const name = parent.type === 'mod_item' ? parent.childForFieldName('name')?.text : undefined;
    if (name !== undefined) inner.unshift(name);
  }
  return [...crateOf(file).module, ...inner];
}

/** The path whose last segment a node is; undefined for one that begins with a type, as `<T>::greet`. */
function pathTo(node: Node): readonly string[] | undefined {
  const { parent } = node;
  if (parent?.type === 'token_tree') return pathInTokens(node);
  const whole = parent?.type === 'scoped_identifier' ? parent : node;
  const path = segmentsOf(whole.text);
  if (!path) return undefined;
  const prefixes: string[] = [];
  for (let at = whole.parent; at && at.type !== 'use_declaration'; at = at.parent) {
    if (at.type !== 'scoped_use_list') continue;
    const prefix = segmentsOf(at.childForFieldName('path')?.text ?? '');
    if (!prefix) return undefined;
    prefixes.unshift(...prefix);
  }
  return [...prefixes, ...path];
}

function segmentsOf(text: string): string[] | undefined {
  const path = text.replace(/\s+/g, '').replace(/^::/, '').split('::');
  return path.every((segment) => /^(?:r#)?\w+$/.test(segment))
    ? path.map((segment) => segment.replace(/^r#/, ''))
    : undefined;
}

/** In a macro a path is tokens: names with `::` between them. */
function pathInTokens(node: Node): readonly string[] | undefined {
  const path = [node.text];
  let mark = node.previousSibling;
  while (mark?.text === '::') {
    const before = mark.previousSibling;
    if (!before) break;
    if (!/^(?:r#)?\w+$/.test(before.text)) return undefined;
    path.unshift(before.text);
    mark = before.previousSibling;
  }
  return path;
}

/** Where a module of a file declares a function or imports something of a name; undefined where it does neither. */
export function declarationOf(
  root: Node,
  file: string,
  { name, module }: Pick<FunctionPlace, 'name' | 'module'>,
): NameUse | undefined {
  for (const node of identifiersNamed(root, name)) {
    const isHere = moduleAround(node, file).join('::') === module.join('::');
    if (isHere && (isModuleFunction(node) || isImported(node))) return useOf(node);
  }
  return undefined;
}

function isModuleFunction(node: Node): boolean {
  const list = isDeclaration(node) ? node.parent?.parent : undefined;
  return list?.type === 'source_file' || (list?.type === 'declaration_list' && list.parent?.type === 'mod_item');
}

function isImported(node: Node): boolean {
  if (node.parent?.type === 'use_as_clause') return node.parent.childForFieldName('alias')?.id === node.id;
  if (isName(node)) return false;
  for (let at = node.parent; at; at = at.parent) if (at.type === 'use_declaration') return true;
  return false;
}
