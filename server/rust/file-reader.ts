/** Collects what a Rust file has from its syntax trees. */
import type { Node } from 'web-tree-sitter';
import type { Extent } from './attributes.ts';
import { crateOf } from './crates.ts';
import { commandMeta, commandOf, type RawCommand } from './command-item.ts';
import type {
  PrivateModule,
  RegisteredCommand,
  RustConstant,
  RustEvent,
  RustFile,
  CollectedEvent,
  RustNamingCall,
  RustType,
  RustUse,
  RustWindow,
} from './model.ts';
import { Lines } from './lines.ts';
import { EVENTS_MACRO, handlerList, LIST_MACRO, pluginEvents } from './registration.ts';
import { settleAlone } from './settle.ts';
import { type Item, type ItemPlace, itemsOf } from './syntax.ts';
import { placedText, readSites, type SiteReaderOptions } from './site-reader.ts';
import { literalText, textsOf } from './text-value.ts';
import { pathOf } from './type-ref.ts';
import { typeOf } from './type-item.ts';
import { proceduresMeta, proceduresOf } from './taurpc.ts';
import { derivedTexts, matchedTexts, type VariantText } from './variant-texts.ts';
import { usesOf } from './use-item.ts';

/** Items in items: modules in modules, functions in functions. */
const DEPTH = 64;

const COMMAND = /\bcommand\b/;
const FUNCTION_NAME = /\bfn\s+(?:r#)?(\w+)/g;
const TEXT_CONSTANT = /\b(?:const|static)\s+(\w+)\s*:\s*&\s*(?:'static\s+)?str\s*=\s*"/g;
/** Up to the next `#`: a text of nothing but beginnings must not be gone through for each of them. */
const COMMAND_ATTRIBUTE = /#\s*\[[^\]#]*\bcommand\b/;

/** Items in a macro's braces: a text that has them at their place, and blanks before. */
export interface Hidden {
  readonly source: string;
  readonly module: readonly string[];
}

/** Collects what one file has. */
export class FileReader {
  readonly #path: string;
  readonly #source: string;
  readonly #lines: Lines;
  /** when what is not read yet is left out */
  readonly #end: number;
  /** what the file has at all: where it has none, its bodies need no look */
  readonly #hasLists: boolean;
  readonly #hasCommands: boolean;
  readonly #commands: { readonly item: Item; readonly module: readonly string[] }[] = [];
  readonly #traits: { readonly item: Item; readonly module: readonly string[] }[] = [];
  readonly #raw: RawCommand[] = [];
  readonly #types: RustType[] = [];
  readonly #registered: RegisteredCommand[] = [];
  readonly #openLists: RustFile['openLists'][number][] = [];
  readonly #commandMacros: RustFile['commandMacros'][number][] = [];
  readonly #events: RustEvent[] = [];
  readonly #uses: RustUse[] = [];
  readonly #windows: RustWindow[] = [];
  readonly #namingCalls: RustNamingCall[] = [];
  readonly #pluginEvents: CollectedEvent[] = [];
  readonly #constants: RustConstant[] = [];
  /** bodies of modules; those of tests have no module */
  readonly #bodies: { readonly start: number; readonly end: number; readonly module: readonly string[] | undefined }[] =
    [];
  readonly #impls: RustFile['impls'][number][] = [];
  readonly #modules: (readonly string[])[] = [];
  readonly #privateModules: PrivateModule[] = [];
  #damage: RustFile['damage'];
  #hidden: { readonly start: number; readonly end: number; readonly module: readonly string[] }[] = [];

  constructor(path: string, source: string, end: number) {
    this.#path = path;
    this.#source = source;
    this.#lines = new Lines(source);
    this.#end = end;
    this.#hasLists = hasList(source);
    this.#hasCommands = COMMAND_ATTRIBUTE.test(source);
  }

  get path(): string {
    return this.#path;
  }

  /** These parts of the file are broken. */
  setDamaged(parts: readonly Extent[]): void {
    const text = parts.map(({ start, end }) => this.#source.slice(start, end)).join('\n');
    const functions = parts.flatMap(({ start, end }) => {
      const names = this.#source.slice(start, end).matchAll(FUNCTION_NAME);
      return Array.from(names, ({ 1: name = '', index, 0: all }) => {
        const stop = start + index + all.length;
        return { name, at: this.#lines.span(stop - name.length, stop) };
      });
    });
    const types = Array.from(text.matchAll(/\b(?:struct|enum|type)\s+(\w+)/g), ({ 1: name = '' }) => name);
    this.#damage = { functions, types, hasLists: LIST_MACRO.test(text) };
  }

  /** Whether there is no more time: asking the tree can cost more than to parse it. */
  get isLate(): boolean {
    return performance.now() > this.#end;
  }

  #text(node: Node): string {
    return this.#source.slice(node.startIndex, node.endIndex);
  }

  #placeIn(module: readonly string[]): ItemPlace {
    return { file: this.#path, module, lines: this.#lines };
  }

  visit(list: Node, module: readonly string[], depth = 0): void {
    if (depth > DEPTH) return;
    for (const item of itemsOf(list)) {
      if (this.isLate) break;
      this.#visitItem(item, module, depth);
    }
    // Names of attributes are looked up among the imports, which may stand behind them.
    if (depth === 0) this.#settleCommands();
  }

  #visitItem(item: Item, module: readonly string[], depth: number): void {
    const { node, metas } = item;
    switch (node.type) {
      case 'function_item':
      case 'function_signature_item':
        if (metas.some(({ path }) => COMMAND.test(path))) this.#commands.push({ item, module });
        this.#visitBody(node, module, depth);
        break;
      case 'struct_item':
      case 'enum_item':
      case 'type_item': {
        if (node.type === 'enum_item') for (const text of derivedTexts(item)) this.#addConstant(text, module);
        const type = typeOf(item, this.#placeIn(module));
        if (type) this.#types.push(type);
        break;
      }
      case 'mod_item':
        this.#visitModule(item, module, depth);
        break;
      case 'use_declaration':
        this.#uses.push(...usesOf(node, module));
        break;
      case 'const_item':
      case 'static_item':
        this.#visitConstant(node, module);
        break;
      case 'impl_item':
        this.#visitImpl(node, module, depth);
        break;
      case 'trait_item': {
        const [name, body] = [node.childForFieldName('name'), node.childForFieldName('body')];
        if (name && body) this.#visitConstants(body, module, name.text);
        if (metas.some(({ path }) => /\bprocedures$/.test(path))) this.#traits.push({ item, module });
        break;
      }
      case 'macro_definition':
        this.#visitMacro(node);
        break;
      case 'macro_invocation':
        this.#visitInvocation(node, module);
        break;
      case 'expression_statement':
      case 'ERROR':
      case 'declaration_list':
      case 'foreign_mod_item':
        this.visit(node, module, depth + 1);
        break;
      default:
        if (this.#hasLists && hasList(this.#text(node))) this.#visitLists(node, module);
    }
  }

  #visitModule({ node, metas }: Item, module: readonly string[], depth: number): void {
    const name = node.childForFieldName('name')?.text;
    const body = node.childForFieldName('body');
    if (!name) return;
    // Nothing in a module for tests is part of the app.
    const isTest = metas.some(({ path, items }) => path === 'cfg' && items?.some((item) => item.path === 'test'));
    const inner = [...module, name];
    if (body) this.#bodies.push({ start: body.startIndex, end: body.endIndex, module: isTest ? undefined : inner });
    if (isTest) return;
    this.#modules.push(inner);
    const within = seenWithin(node, module);
    if (within) this.#privateModules.push({ module: inner, within });
    if (body) this.visit(body, inner, depth + 1);
  }

  /** Bodies are left alone, except where they register commands or have some inside. */
  #visitBody(node: Node, module: readonly string[], depth: number): void {
    if (!this.#hasLists && !this.#hasCommands) return;
    const body = node.childForFieldName('body');
    if (!body) return;
    const text = this.#text(body);
    if (this.#hasLists && hasList(text)) this.#visitLists(body, module);
    if (this.#hasCommands && COMMAND_ATTRIBUTE.test(text)) this.#visitNested(body, module, depth + 1);
  }

  #visitNested(body: Node, module: readonly string[], depth: number): void {
    if (depth > DEPTH) return;
    for (const item of itemsOf(body)) if (item.node.type === 'function_item') this.#visitItem(item, module, depth);
  }

  #visitLists(node: Node, module: readonly string[]): void {
    for (const macro of node.descendantsOfType('macro_invocation')) {
      if (this.isLate) return;
      this.#visitInvocation(macro, module);
    }
  }

  #visitConstant(node: Node, module: readonly string[], owner?: string): void {
    const name = node.childForFieldName('name')?.text;
    const value = node.childForFieldName('value');
    const [text] = value ? textsOf({ node: value, base: 0, scope: value }) : [];
    if (name && text && text.kind !== 'unknown') {
      this.#addConstant({ name, value: text, ...(owner !== undefined && { owner }) }, module);
    }
    if (value && this.#hasLists && hasList(value.text)) this.#visitLists(value, module);
  }

  #addConstant(constant: Omit<VariantText, 'owner'> & { readonly owner?: string }, module: readonly string[]): void {
    const value = placedText(constant.value, this.#lines);
    this.#constants.push({ ...constant, value, file: this.#path, module });
  }

  #visitImpl(node: Node, module: readonly string[], depth: number): void {
    const trait = node.childForFieldName('trait');
    const type = node.childForFieldName('type');
    const traitName = trait && lastSegment(trait);
    const typeName = type && lastSegment(type);
    const body = node.childForFieldName('body');
    if (traitName && typeName && IMPLS.has(traitName)) {
      const writesText = traitName === 'Serialize' && body !== null && writesOnlyText(this.#text(body));
      this.#impls.push({ trait: traitName, type: typeName, ...(writesText && { writesText }) });
    }
    if (!body) return;
    const text = this.#text(body);
    if (this.#hasLists && hasList(text)) this.#visitLists(body, module);
    if (this.#hasCommands && COMMAND_ATTRIBUTE.test(text)) this.#visitNested(body, module, depth + 1);
    if (!typeName) return;
    this.#visitConstants(body, module, typeName);
    if (/=>[^"=]*"/.test(text)) for (const each of matchedTexts(body, typeName)) this.#addConstant(each, module);
  }

  /** Constants of an `impl` or a trait. */
  #visitConstants(body: Node, module: readonly string[], owner: string): void {
    if (!/\bconst\b/.test(this.#text(body))) return;
    for (const node of body.namedChildren) if (node.type === 'const_item') this.#visitConstant(node, module, owner);
  }

  /** A macro's own text has `$name` where names would stand: that it makes commands is all that can be said. */
  #visitMacro(node: Node): void {
    const place = { file: this.#path, line: node.startPosition.row + 1, column: node.startPosition.column + 1 };
    if (LIST_MACRO.test(node.text)) this.#openLists.push(place);
    if (/#\s*\[\s*(?:tauri\s*::\s*)?command\b/.test(node.text)) this.#commandMacros.push(place);
  }

  #visitInvocation(node: Node, module: readonly string[]): void {
    const list = handlerList(node, this.#placeIn(module));
    if (list) {
      this.#registered.push(...list.commands);
      if (list.open) this.#openLists.push(list.open);
      return;
    }
    this.#pluginEvents.push(...pluginEvents(node, this.#placeIn(module)));
    const tree = node.namedChildren.find(({ type }) => type === 'token_tree');
    const text = tree && (this.#hasLists || this.#hasCommands) ? this.#text(tree) : '';
    if (!tree || !(COMMAND_ATTRIBUTE.test(text) || LIST_MACRO.test(text))) return;
    this.#hidden.push({ start: tree.startIndex + 1, end: tree.endIndex - 1, module });
  }

  /** The insides of macros, once: what is hidden in them again is not looked for. */
  *hidden(): Generator<Hidden> {
    const text = this.#source;
    // One text at a time: each is as long as the file up to there.
    for (const { start, end, module } of this.#hidden.splice(0)) {
      if (this.isLate) return;
      yield { source: text.slice(0, start).replace(/[^\r\n]+/g, blanks) + text.slice(start, end), module };
    }
  }

  readSites(root: Node, parse: SiteReaderOptions['parse']): void {
    const { events, windows, namingCalls } = readSites(root, {
      path: this.#path,
      source: this.#source,
      lines: this.#lines,
      moduleAt: (offset) => this.#moduleAt(offset),
      isLate: () => this.isLate,
      parse,
    });
    this.#events.push(...events);
    this.#windows.push(...windows);
    this.#namingCalls.push(...namingCalls);
  }

  /** Constants in macros' braces: `events! { pub const DONE: &str = "done"; }`. */
  readHiddenConstants(root: Node): void {
    for (const match of this.#source.matchAll(TEXT_CONSTANT)) {
      if (this.isLate) return;
      const start = match.index + match[0].length - 1;
      const literal = root.descendantForIndex(start, start + 1);
      const string = literal?.type === 'string_literal' ? literal : literal?.parent;
      const module = this.#moduleAt(start);
      if (string?.type !== 'string_literal' || string.parent?.type !== 'token_tree' || !module) continue;
      this.#addConstant({ name: match[1] ?? '', value: literalText(string, 0) }, module);
    }
  }

  /** Undefined in tests. */
  #moduleAt(offset: number): readonly string[] | undefined {
    // Inner modules stand behind those around them.
    const around = this.#bodies.findLast(({ start, end }) => start <= offset && offset < end);
    return around ? around.module : crateOf(this.#path).module;
  }

  #settleCommands(): void {
    for (const { item, module } of this.#commands.splice(0)) {
      const meta = commandMeta(item.metas, this.#uses);
      const command = meta && commandOf(item, meta, this.#placeIn(module));
      if (command) this.#raw.push(command);
    }
    for (const { item, module } of this.#traits.splice(0)) {
      const meta = proceduresMeta(item.metas, this.#uses);
      if (!meta) continue;
      const { commands, events } = proceduresOf(item, meta, this.#placeIn(module));
      this.#raw.push(...commands);
      this.#events.push(...events);
    }
  }

  result(problem?: string): RustFile {
    const file: Omit<RustFile, 'commands'> = {
      path: this.#path,
      types: this.#types,
      registered: this.#registered,
      pluginEvents: this.#pluginEvents,
      openLists: this.#openLists,
      commandMacros: this.#commandMacros,
      events: this.#events,
      windows: this.#windows,
      namingCalls: this.#namingCalls,
      uses: this.#uses,
      constants: this.#constants,
      impls: this.#impls,
      modules: this.#modules,
      privateModules: this.#privateModules,
      addsCapabilities: /\.\s*add_capability\s*\(/.test(this.#source),
      ...(this.#damage && { damage: this.#damage }),
      ...(problem !== undefined && { problem }),
    };
    return settleAlone(file, this.#raw);
  }
}

/** Where a module is seen that stands in another one; undefined: in all of the crate. */
function seenWithin(node: Node, module: readonly string[]): readonly string[] | undefined {
  const visibility = node.namedChildren.find(({ type }) => type === 'visibility_modifier')?.text.replace(/\s+/g, '');
  if (visibility === undefined || visibility === 'pub(self)') return module;
  return visibility === 'pub(super)' ? module.slice(0, -1) : undefined;
}

const blanks = (text: string) => ' '.repeat(text.length);

/** Which methods of serde's Serializer a body calls. */
const WRITES = /\b(?:serialize|collect)_(?!with\b)\w+/;
const writesOnlyText = (body: string) => {
  if (/\.\s*to_string\(\)\s*\.\s*serialize\(|String\s*::\s*serialize\(/.test(body)) return !WRITES.test(body);
  const written = body.match(new RegExp(WRITES, 'g')) ?? [];
  return written.length > 0 && written.every((method) => method === 'serialize_str' || method === 'collect_str');
};

const IMPLS = new Set(['CommandArg', 'Serialize', 'Deserialize', 'DeserializeOwned', 'Default']);

function lastSegment(node: Node): string | undefined {
  return pathOf((node.childForFieldName('type') ?? node).text.replace(/\s+/g, ''))?.at(-1);
}

const hasList = (text: string) => LIST_MACRO.test(text) || EVENTS_MACRO.test(text);
