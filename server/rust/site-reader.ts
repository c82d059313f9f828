/** Where a file emits events, listens to them, makes windows and names them. */
import type { Node } from 'web-tree-sitter';
import { comparedWith } from './compared-label.ts';
import type { Lines } from './lines.ts';
import type { RustEvent, RustNamingCall, RustSite, RustText, RustWindow } from './model.ts';
import { typeOfExpression } from './payload.ts';
import { type Expression, type TextValue, textsOf } from './text-value.ts';
import { pathOf } from './type-ref.ts';

export interface SiteReaderOptions {
  readonly path: string;
  readonly source: string;
  readonly lines: Lines;
  /** the module at an offset; undefined where nothing is part of the app: in tests */
  moduleAt(offset: number): readonly string[] | undefined;
  /** whether there is no more time */
  isLate(): boolean;
  /** Calls `look` with the tree of a small text, which is gone afterwards. */
  parse(text: string, look: (root: Node) => void): void;
}

export interface Sites {
  readonly events: readonly RustEvent[];
  readonly windows: readonly RustWindow[];
  readonly namingCalls: readonly RustNamingCall[];
}

const METHODS =
  'emit(?:_to|_filter|_str|_str_to|_str_filter|_all)?|(?:listen|once)(?:_any|_global)?|get_(?:webview_window|webview|window)';
const FUNCTIONS = 'new|builder|labeled|webview_window|webview|window';
const TYPE_ARGUMENTS = /(?:::\s*<[^()]{0,200}>\s*)?/.source;
/** `.method(` and `Type::function(`. A long word has one beginning: nothing is gone through for each of its letters. */
const CALL = new RegExp(
  `(?:\\.\\s*(?<method>${METHODS})|\\b\\p{Lu}\\w*\\s*${TYPE_ARGUMENTS}::\\s*(?<fn>${FUNCTIONS}|${METHODS}))\\s*${TYPE_ARGUMENTS}\\(`,
  'gu',
);

/** Functions that emit what they are called with have such names. */
const NAMING_CALL = /(?:emit|send|notify|publish|broadcast|event)\w{0,60}(?=\s*\()/gi;
const MAX_NAME = 120;
const OWN_METHOD = new RegExp(`^(?:${METHODS}|send|event)$`);
/** `window.label()`: other things have labels, too. */
const LABEL = /(?:window|webview)\w{0,40}(?:\(\))?\s*\.\s*label(?=\(\))/gi;
/** `app.webview_windows().get("main")`: maps have their windows by their labels. */
const ALL_WINDOWS = /\.\s*(?:webview_windows|webviews|windows)\(\)\s*\.\s*(get|get_mut|contains_key|remove)(?=\()/g;
const MAP_METHOD = /^(?:get|get_mut|contains_key|remove)$/;

/** Looks only where the text has such a call: asking the tree for all calls would cost more than to parse it. */
export function readSites(root: Node, options: SiteReaderOptions): Sites {
  const reader = new SiteReader(options);
  for (const match of options.source.matchAll(CALL)) {
    if (options.isLate()) break;
    const name = match.groups?.method ?? match.groups?.fn ?? '';
    const start = match.index + match[0].indexOf(name, match[0].search(/\.|::\s*\w+\s*(?:::\s*<[^()]*>\s*)?\($/));
    reader.look(root.descendantForIndex(start, start + name.length), name);
  }
  for (const match of options.source.matchAll(NAMING_CALL)) {
    if (options.isLate()) break;
    const end = match.index + match[0].length;
    const name = /\w*$/.exec(options.source.slice(Math.max(0, end - MAX_NAME), end))?.[0] ?? '';
    if (!OWN_METHOD.test(name)) reader.lookAtNamingCall(root.descendantForIndex(end - name.length, end), name);
  }
  for (const match of options.source.matchAll(LABEL)) {
    if (options.isLate()) break;
    const end = match.index + match[0].length;
    reader.lookAtLabel(root.descendantForIndex(end - 'label'.length, end));
  }
  for (const match of options.source.matchAll(ALL_WINDOWS)) {
    if (options.isLate()) break;
    const [all, method = ''] = match;
    const end = match.index + all.length;
    reader.look(root.descendantForIndex(end - method.length, end), method);
  }
  return reader;
}

/** A call with what its places are counted from. */
interface Call {
  readonly node: Node;
  readonly base: number;
  /** in the file's own tree */
  readonly scope: Node;
}

class SiteReader implements Sites {
  readonly events: RustEvent[] = [];
  readonly windows: RustWindow[] = [];
  readonly namingCalls: RustNamingCall[] = [];
  readonly #options: SiteReaderOptions;
  /** in other files an `emit` that cannot be read is none of Tauri's */
  readonly #isTauri: boolean;

  constructor(options: SiteReaderOptions) {
    this.#options = options;
    this.#isTauri = /\btauri\b|\bAppHandle\b|\bWebviewWindow\b/.test(options.source);
  }

  /** @param name the node of a method's or function's name, or of a word in a comment or a string */
  look(name: Node | null, word: string): void {
    if (name?.text !== word) return;
    if (name.parent?.type === 'token_tree') this.#lookInMacro(name);
    else if (name.type === 'field_identifier' || name.parent?.type === 'scoped_identifier') {
      const call = callOf(name);
      if (call) this.#read({ node: call, base: 0, scope: call });
    }
  }

  /** A call that gives a name to a function, which may pass it on. */
  lookAtNamingCall(name: Node | null, word: string): void {
    if (name?.text !== word) return;
    const node = name.parent?.type === 'call_expression' ? name.parent : callOf(name);
    const args = node?.childForFieldName('arguments')?.namedChildren.filter(({ type }) => !type.endsWith('_comment'));
    if (!node || !args) return;
    const call = { node, base: 0, scope: node };
    const texts = args.flatMap((argument, index) =>
      NO_NAMES.has(argument.type)
        ? []
        : this.#sitesOf(call, argument).map(({ value, site }) => ({
            index,
            text: isName(value) ? this.#textOf(value) : ({ kind: 'unknown' } as const),
            site,
          })),
    );
    if (texts.length > 0) this.namingCalls.push({ function: word, texts });
  }

  /** @param name the name of the method that gives a window's label, or a word in a comment or a string */
  lookAtLabel(name: Node | null): void {
    if (name?.text !== 'label') return;
    for (const node of comparedWith(name)) this.#window({ node, base: 0, scope: name }, 'name', node);
  }

  /** In a macro there are only tokens: the call is parsed as if it stood alone. */
  #lookInMacro(name: Node): void {
    let end = name.nextSibling;
    while (end && end.type !== 'token_tree') end = end.nextSibling;
    if (!end?.text.startsWith('(')) return;
    const { source, parse } = this.#options;
    const isMethod = name.previousSibling?.text === '.';
    const start = isMethod ? name.startIndex : pathStart(name).startIndex;
    const before = `fn f() { ${isMethod ? 'x.' : ''}`;
    parse(`${before}${source.slice(start, end.endIndex)}; }`, (root) => {
      const call = root.descendantsOfType('call_expression')[0];
      if (call) this.#read({ node: call, base: start - before.length, scope: name });
    });
  }

  #read(call: Call): void {
    const callee = calleeOf(call.node);
    const args = (call.node.childForFieldName('arguments')?.namedChildren ?? []).filter(
      ({ type }) => !type.endsWith('_comment'),
    );
    if (!callee) return;
    const { method, type, receiver } = callee;
    if (/^(?:emit|listen|once)/.test(method)) {
      // `Emitter::emit(&app, "name", payload)` is `app.emit("name", payload)`.
      const given = type?.at(-1) === 'Emitter' || type?.at(-1) === 'Listener' ? args.slice(1) : args;
      if (type && given === args) this.#typedEvent(call, method, named(type), args);
      else this.#event(call, method, receiver, given);
      return;
    }
    const position = labelPosition(method, type?.at(-1));
    const label = position === undefined ? undefined : args[position];
    if (!label) return;
    const role = method === 'new' || method === 'builder' ? 'make' : 'name';
    const isRemote = role === 'make' && /\bWebviewUrl\s*::\s*External\b/.test(args[(position ?? 0) + 1]?.text ?? '');
    this.#window(call, role, label, isRemote);
  }

  #event(call: Call, method: string, receiver: Node | undefined, args: readonly Node[]): void {
    const names = method.endsWith('_to') ? 1 : 0;
    const count = /_(?:to|filter)$/.test(method) ? 3 : 2;
    if (args.length === count - 1 && method.startsWith('emit') && receiver) {
      this.#typedEvent(call, method, this.#typeOf(call, receiver), args);
      return;
    }
    const name = args[names];
    if (args.length !== count || !name) return;
    const target = names === 1 && args[0] ? this.#targetOf(call, args[0]) : undefined;
    const payload =
      method.startsWith('emit') && args[names + 1] ? this.#typeOf(call, args[names + 1] as Node) : undefined;
    for (const { value, site } of this.#sitesOf(call, name)) {
      if (!isName(value) && !this.#mayBeTauris(method, receiver, args)) continue;
      this.events.push({
        ...site,
        role: method.startsWith('emit') ? 'emit' : 'listen',
        method,
        name: this.#textOf(value),
        ...(target && { target }),
        ...(payload && { payload }),
      });
    }
  }

  /** Whether a call whose event is not known has one at all: other things emit and listen, too. */
  #mayBeTauris(method: string, receiver: Node | undefined, args: readonly Node[]): boolean {
    if (
      !this.#isTauri ||
      args.some(({ type }, index) => NO_NAMES.has(type) && (index === 0 || !method.startsWith('emit')))
    )
      return false;
    return receiver?.type !== 'self' || !new RegExp(`\\bfn\\s+${method}\\b`).test(this.#options.source);
  }

  /** tauri-specta: `Progress { … }.emit(&app)`, `Progress::listen(&app, …)`. */
  #typedEvent(call: Call, method: string, type: RustEvent['payload'], args: readonly Node[]): void {
    const site = this.#siteOf(call, nameNode(call.node) ?? call.node);
    if (!type || !site) return;
    const target = method === 'emit_to' && args[1] ? this.#targetOf(call, args[1]) : undefined;
    this.events.push({
      ...site,
      role: method.startsWith('emit') ? 'emit' : 'listen',
      method,
      name: { kind: 'event type', type },
      ...(target && { target }),
      payload: type,
    });
  }

  /** What `emit_to` names; a label that is a plain text is a name of a window, too. */
  #targetOf(call: Call, node: Node): RustText | undefined {
    const inner =
      calleeOf(node)?.type?.at(-1) === 'EventTarget'
        ? node.childForFieldName('arguments')?.namedChildren[0]
        : undefined;
    const [value] = textsOf(this.#expression(call, inner ?? node));
    if (!value || value.kind === 'unknown' || value.kind === 'parameter') return undefined;
    // `EventTarget::…("label")` is found by itself.
    if (!inner) this.#window(call, 'name', node);
    return this.#textOf(value);
  }

  #window(call: Call, role: RustWindow['role'], label: Node, isRemote = false): void {
    for (const { value, site } of this.#sitesOf(call, label)) {
      if ((value.kind === 'unknown' || value.kind === 'parameter') && role === 'name') continue;
      this.windows.push({ ...site, role, label: this.#textOf(value), ...(isRemote && { isRemote }) });
    }
  }

  #sitesOf(call: Call, name: Node): { readonly value: TextValue; readonly site: RustSite }[] {
    return textsOf(this.#expression(call, name)).flatMap((value) => {
      const site = this.#siteOf(call, name);
      return site ? { value, site } : [];
    });
  }

  /** Undefined in tests. */
  #siteOf({ node, base, scope }: Call, name: Node): RustSite | undefined {
    const { lines, path, moduleAt } = this.#options;
    const module = moduleAt(scope.startIndex);
    if (!module) return undefined;
    const isQuoted = name.type === 'string_literal' && name.text.startsWith('"');
    const quote = isQuoted ? 1 : 0;
    const caller = functionAround(scope);
    return {
      file: path,
      module,
      at: lines.span(base + node.startIndex, base + node.endIndex),
      nameAt: lines.span(base + name.startIndex + quote, base + name.endIndex - quote),
      ...(caller !== undefined && { caller }),
    };
  }

  #typeOf(call: Call, node: Node) {
    return typeOfExpression(this.#expression(call, node));
  }

  #expression({ base, scope, node: call }: Call, node: Node): Expression {
    return { node, base, scope: scope === call ? node : scope };
  }

  #textOf(value: TextValue): RustText {
    return placedText(value, this.#options.lines);
  }
}

/** What is no name of an event, and no handler. */
const NO_NAMES = new Set(['integer_literal', 'float_literal', 'boolean_literal', 'unit_expression', 'char_literal']);

/** Whether a value is a name, or may be one: `Op::Add` is none. */
function isName(value: TextValue): boolean {
  if (value.kind === 'constant') return /^[\p{Lu}\d_]+$/u.test(value.path.at(-1) ?? '');
  return value.kind !== 'unknown' && value.kind !== 'parameter';
}

/** A text with its places as lines. */
export function placedText(value: TextValue, lines: Lines): RustText {
  if (value.kind === 'constant' || value.kind === 'unknown' || value.kind === 'parameter') return value;
  const { literal, ...rest } = value;
  const at = literal && lines.span(literal.start, literal.end);
  return rest.kind === 'pattern' ? { ...rest, ...(at && { literal: at }) } : { ...rest, ...(at && { literal: at }) };
}

/** Which argument of a call is a window's label; undefined for calls of another kind. */
function labelPosition(method: string, type: string | undefined): number | undefined {
  if (type === undefined) return method.startsWith('get_') || MAP_METHOD.test(method) ? 0 : undefined;
  if (type === 'EventTarget') return method === 'new' || method === 'builder' ? undefined : 0;
  if (method === 'new' && /^(?:WebviewWindow|Window)Builder$/.test(type)) return 1;
  if (method === 'new' && type === 'WebviewBuilder') return 0;
  return method === 'builder' && /^(?:WebviewWindow|Window)$/.test(type) ? 1 : undefined;
}

interface Callee {
  readonly method: string;
  /** `a::Type` of `a::Type::function(…)` */
  readonly type?: readonly string[];
  readonly receiver?: Node;
}

function calleeOf(call: Node): Callee | undefined {
  let callee = call.type === 'call_expression' ? call.childForFieldName('function') : null;
  if (callee?.type === 'generic_function') callee = callee.childForFieldName('function');
  if (callee?.type === 'field_expression') {
    const receiver = callee.childForFieldName('value');
    return { method: callee.childForFieldName('field')?.text ?? '', ...(receiver && { receiver }) };
  }
  if (callee?.type !== 'scoped_identifier') return undefined;
  const path = pathOf(callee.text.replace(/\s+|::\s*<[^()]*>/g, ''));
  return path && { method: path.at(-1) ?? '', type: path.slice(0, -1) };
}

/** The name of the method or function that a call has. */
function nameNode(call: Node): Node | null | undefined {
  let callee = call.childForFieldName('function');
  if (callee?.type === 'generic_function') callee = callee.childForFieldName('function');
  return callee?.childForFieldName('field') ?? callee?.childForFieldName('name');
}

/** The call of which a node is the name. */
function callOf(name: Node): Node | undefined {
  let call = name.parent?.parent;
  if (call?.type === 'generic_function') call = call.parent;
  return call?.type === 'call_expression' ? call : undefined;
}

/** Where `a::b::name` begins among the tokens of a macro. */
function pathStart(name: Node): Node {
  let first = name;
  for (
    let before = name.previousSibling;
    before && /^(?:::|\w+|<|>)$/.test(before.text);
    before = before.previousSibling
  ) {
    first = before;
  }
  return first;
}

const MAX_ABOVE = 256;

function functionAround(node: Node): string | undefined {
  let left = MAX_ABOVE;
  for (let parent = node.parent; parent && left-- > 0; parent = parent.parent) {
    if (parent.type === 'function_item') return parent.childForFieldName('name')?.text;
  }
  return undefined;
}

const named = (path: readonly string[]) => ({ kind: 'path', text: path.join('::'), path, args: [] }) as const;
