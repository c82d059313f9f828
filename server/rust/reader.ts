/** Reads Rust files: the commands, the types that they speak of, and what registers them. */
import type { Node, Parser } from 'web-tree-sitter';
import type { Extent } from './attributes.ts';
import { type ManifestUses, manifestUses } from './build-script.ts';
import { chunksOf, only, without } from './chunks.ts';
import { crateOf } from './crates.ts';
import { FileReader } from './file-reader.ts';
import { itemStart } from './item-start.ts';
import { declarationOf, type FunctionPaths, type FunctionPlace, functionUses } from './function-uses.ts';
import type { RustFile } from './model.ts';
import type { NameUse, TextPosition } from './name-uses.ts';
import { type ParameterUses, parameterUses } from './parameter-uses.ts';

/** What `web-tree-sitter` needs: its runtime, and Rust's grammar. Bytes, or paths. */
export interface ReaderFiles {
  readonly runtime: Uint8Array | string;
  readonly grammar: Uint8Array | string;
}

/** A file that takes longer is none that a person wrote. */
const PARSE_LIMIT_MS = 2_000;
const TOO_LONG = 'the file took too long to read';
const LENGTH_LIMIT = 4_000_000;
/** Where more is broken than somebody types at one time, items are taken as the parser finds them. */
const MAX_BROKEN = 8;

export class RustReader implements Disposable {
  readonly #parser: Parser;

  private constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** Loads the parser: some tens of milliseconds, once. */
  static async create({ runtime, grammar }: ReaderFiles): Promise<RustReader> {
    const { Language, Parser } = await import('web-tree-sitter');
    await Parser.init(typeof runtime === 'string' ? { locateFile: () => runtime } : { wasmBinary: runtime });
    const language = await Language.load(grammar);
    const parser = new Parser();
    parser.setLanguage(language);
    return new RustReader(parser);
  }

  /** What a file says. Never throws: what cannot be understood is left out. `path` has forward slashes. */
  read(path: string, text: string): RustFile {
    const end = performance.now() + PARSE_LIMIT_MS;
    const file = new FileReader(path, text, end);
    if (text.length > LENGTH_LIMIT) return file.result('the file is too long to be read');
    const isWhole = this.#look(text, end, (root) => {
      if (!root.hasError) this.#readTree(file, root, end);
      return !root.hasError;
    });
    if (isWhole === undefined) return file.result(TOO_LONG);
    if (!isWhole) this.#readBroken(file, text, end);
    for (const { source, module } of file.hidden()) this.#look(source, end, (root) => file.visit(root, module));
    return file.result(file.isLate ? TOO_LONG : undefined);
  }

  /** Items are read without those that are broken, and these by themselves: each has what the parser makes of it. */
  #readBroken(file: FileReader, text: string, end: number): void {
    const isBroken = ({ start, end: stop }: Extent) =>
      this.#look(text.slice(start, stop), end, (root) => root.hasError) ?? true;
    const broken = chunksOf(text).filter(isBroken);
    if (broken.length === 0 || broken.length > MAX_BROKEN) {
      this.#look(text, end, (root) => this.#readTree(file, root, end));
      return;
    }
    file.setDamaged(broken);
    this.#look(without(text, broken), end, (root) => this.#readTree(file, root, end));
    for (const each of broken) this.#look(only(text, each), end, (root) => this.#readTree(file, root, end));
  }

  #readTree(file: FileReader, root: Node, end: number): void {
    file.visit(root, crateOf(file.path).module);
    file.readHiddenConstants(root);
    file.readSites(root, (part, look) => this.#look(part, end, look));
  }

  /** Where a file names a function. */
  functionUses(path: string, text: string, wanted: FunctionPlace, paths: FunctionPaths): readonly NameUse[] {
    return (
      this.#look(text, performance.now() + PARSE_LIMIT_MS, (root) => functionUses(root, path, wanted, paths)) ?? []
    );
  }

  /**
   * Where a build script lists a command; undefined for one that cannot be read.
   *
   * @param plugin whose command it is; undefined for one of the app
   */
  manifestUses(text: string, command: string, plugin: string | undefined): ManifestUses | undefined {
    return this.#look(text, performance.now() + PARSE_LIMIT_MS, (root) => manifestUses(root, command, plugin));
  }

  /** Where a module of a file has a function, or imports something, of a name. */
  declarationOf(path: string, text: string, wanted: Pick<FunctionPlace, 'name' | 'module'>): NameUse | undefined {
    return this.#look(text, performance.now() + PARSE_LIMIT_MS, (root) => declarationOf(root, path, wanted));
  }

  /**
   * What a new name for a parameter changes.
   *
   * @param at the name of the function
   * @returns undefined where there is no such function, or it has no such parameter
   */
  parameterUses(text: string, at: TextPosition, name: string): ParameterUses | undefined {
    return this.#look(text, performance.now() + PARSE_LIMIT_MS, (root) => {
      const node = functionNamedAt(root, at);
      return node && parameterUses(node, name);
    });
  }

  /** Of the function with its name at a place: where it begins behind its attributes, and whether it says who sees it. */
  functionAt(text: string, at: TextPosition): { readonly start: number; readonly isPublic: boolean } | undefined {
    return this.#look(text, performance.now() + PARSE_LIMIT_MS, (root) => {
      const node = functionNamedAt(root, at);
      const isPublic = node?.namedChildren.some(({ type }) => type === 'visibility_modifier') ?? false;
      return node && { start: node.startIndex, isPublic };
    });
  }

  /** Where the item of a module begins that has an offset in it, with what belongs to it; undefined where a macro has it. */
  itemStart(text: string, offset: number): number | undefined {
    return this.#look(text, performance.now() + PARSE_LIMIT_MS, (root) => itemStart(root, text, offset));
  }

  /** What `look` finds in the tree of a text, which is gone afterwards; undefined where there was no time to make one. */
  #look<T>(text: string, end: number, look: (root: Node) => T): T | undefined {
    const tree = this.#parser.parse(text, null, { progressCallback: () => performance.now() > end });
    if (!tree) {
      this.#parser.reset();
      return undefined;
    }
    try {
      return look(tree.rootNode);
    } finally {
      tree.delete();
    }
  }

  dispose(): void {
    this.#parser.delete();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

function functionNamedAt(root: Node, { line, character }: TextPosition): Node | undefined {
  const node = root.descendantForPosition({ row: line, column: character });
  return node?.parent?.type === 'function_item' ? node.parent : undefined;
}
