/** `generate_handler![…]` and tauri-specta's `collect_commands![…]` and `collect_events![…]`: what an app or a plugin has. */
import type { Node } from 'web-tree-sitter';
import { splitAtCommas, stringValue, type Token, tokensOf } from './attributes.ts';
import type { CollectedEvent, Place, RegisteredCommand } from './model.ts';
import type { ItemPlace } from './syntax.ts';

export const LIST_MACRO = /\b(?:generate_handler|collect_commands)\s*!/;
export const EVENTS_MACRO = /\bcollect_events\s*!/;

/** What one list says; `open` where a macro fills it in. */
export interface HandlerList {
  readonly commands: readonly RegisteredCommand[];
  readonly open?: Place;
}

/** Reads a `macro_invocation`; undefined where it is no list of commands. */
export function handlerList(node: Node, { file, module, lines }: ItemPlace): HandlerList | undefined {
  const name = macroName(node);
  if (name !== 'generate_handler' && name !== 'collect_commands') return undefined;
  const tree = node.namedChildren.find(({ type }) => type === 'token_tree');
  if (!tree) return undefined;
  const tokens = tokensOf(tree.text.slice(1, -1), tree.startIndex + 1);
  const place = { file, line: node.startPosition.row + 1, column: node.startPosition.column + 1 };
  if (tokens.some(({ text }) => text === '$')) return { commands: [], open: place };
  const plugin = pluginOf(node);
  const commands = splitAtCommas(tokens).flatMap((part) => {
    const { cfg, rest } = withoutAttributes(part);
    const segments = pathAt(rest);
    const [first, last] = [rest[0], segments.at(-1)];
    if (!first || !last) return [];
    const path = segments.map(({ text }) => text);
    const { start } = lines.span(first.start, first.start);
    return {
      file,
      line: start.line + 1,
      column: start.character + 1,
      at: lines.span(last.start, last.end),
      path,
      module,
      list: place,
      ...(plugin !== undefined && { plugin }),
      ...(cfg !== undefined && { cfg }),
    };
  });
  return { commands };
}

/** Reads `collect_events![…]` of a plugin: such events have its name before theirs. */
export function pluginEvents(node: Node, { file, module }: ItemPlace): readonly CollectedEvent[] {
  if (macroName(node) !== 'collect_events') return [];
  const tree = node.namedChildren.find(({ type }) => type === 'token_tree');
  const plugin = tree && pluginOf(node);
  if (!tree || plugin === undefined) return [];
  return splitAtCommas(tokensOf(tree.text.slice(1, -1), tree.startIndex + 1)).flatMap((part) => {
    const path = pathAt(withoutAttributes(part).rest).map(({ text }) => text);
    return path.length > 0 ? [{ file, module, path, plugin }] : [];
  });
}

const macroName = (node: Node) => node.childForFieldName('macro')?.text.split('::').at(-1)?.trim();

function withoutAttributes(tokens: readonly Token[]): { readonly cfg?: string; readonly rest: readonly Token[] } {
  let at = 0;
  let cfg: string | undefined;
  while (tokens[at]?.text === '#') {
    let depth = 0;
    const start = at;
    do {
      at++;
      if (tokens[at]?.text === '[') depth++;
      if (tokens[at]?.text === ']') depth--;
    } while (depth > 0 && at < tokens.length);
    at++;
    const text = tokens.slice(start + 2, at - 1).map(({ kind, text }) => (kind === 'string' ? `"${text}"` : text));
    if (text[0] === 'cfg') cfg = text.slice(2, -1).join('').replaceAll(',', ', ').replaceAll('=', ' = ');
  }
  return { ...(cfg !== undefined && { cfg }), rest: tokens.slice(at) };
}

/** `a::b::<R>` without its type arguments. */
function pathAt(tokens: readonly Token[]): Token[] {
  const path: Token[] = [];
  for (const token of tokens) {
    if (token.kind === 'name') path.push(token);
    else if (token.text !== '::') break;
    else if (path.length === 0) continue;
  }
  return path;
}

const NAME = /(?:"(?<name>[^"\\]*)"|(?<constant>[\w:]+(?:!\([^)]{0,200}\))?))\s*,?\s*\)/.source;
const BUILDER = new RegExp(/(?<!\w)\w*Builder(?:\s*::\s*<[^;{}]{0,500}?>)?\s*::\s*new\(\s*/.source + NAME);
const FIRST_BUILDER = new RegExp(`^(?:\\w+\\s*::\\s*)*${BUILDER.source}`);
const SPECTA_PLUGIN = new RegExp(/\.\s*plugin_name\(\s*/.source + NAME);
const APP = /^(?:\w+\s*::\s*)*Builder(?:\s*::\s*<[^;{}]*?>)?\s*::\s*(?:default\(|new\(\s*\))/;
const PLUGIN_RESULT = /->\s*[\w:]*TauriPlugin\b/;

/** The plugin whose builder takes the list; undefined for the app's. */
function pluginOf(list: Node): RegisteredCommand['plugin'] {
  const around = functionAround(list)?.text ?? '';
  const chain = chainAround(list);
  const specta = matchPlugin(SPECTA_PLUGIN, chain);
  if (specta !== undefined) return specta;
  const start = startOf(chain, around);
  const builder = matchPlugin(FIRST_BUILDER, start);
  if (builder !== undefined) return builder;
  if (APP.test(start) && !/collect_(?:commands|events)/.test(chain)) return undefined;
  // A list in a variable or a function of its own: it belongs to the plugin that the function or the file makes.
  if (PLUGIN_RESULT.test(around)) return matchPlugin(BUILDER, around);
  const file = list.tree.rootNode.text;
  if (!PLUGIN_RESULT.test(file) || /\btauri::Builder::default\(\)/.test(file)) return undefined;
  return matchPlugin(SPECTA_PLUGIN, file) ?? matchPlugin(BUILDER, file);
}

/** Where a chain of calls begins: `builder.invoke_handler(…)` begins where the variable gets its value. */
function startOf(chain: string, around: string): string {
  const variable = /^(\w+)\s*\./.exec(chain)?.[1];
  if (variable === undefined) return chain;
  const value = new RegExp(`\\blet\\s+(?:mut\\s+)?${variable}\\b[^=;]{0,500}=\\s*`).exec(around);
  return value ? around.slice(value.index + value[0].length) : chain;
}

function matchPlugin(pattern: RegExp, text: string): RegisteredCommand['plugin'] {
  const { name, constant } = pattern.exec(text)?.groups ?? {};
  if (name !== undefined) return stringValue(`"${name}"`);
  return constant === undefined ? undefined : { constant: constant.split('::').at(-1) ?? constant };
}

/** How far above a list its calls and its function are looked for: in a tree, the way up costs more the deeper it is. */
const MAX_ABOVE = 256;

/** The text of the calls that a list is an argument of: `Builder::new("name").invoke_handler(…)` up to where they end. */
function chainAround(list: Node): string {
  let node = list;
  let left = MAX_ABOVE;
  for (let parent = node.parent; parent && CHAIN.has(parent.type) && left-- > 0; parent = node.parent) node = parent;
  return node.text;
}

const CHAIN = new Set(['arguments', 'call_expression', 'field_expression', 'try_expression', 'await_expression']);

function functionAround(node: Node): Node | undefined {
  let left = MAX_ABOVE;
  for (let parent = node.parent; parent && left-- > 0; parent = parent.parent) {
    if (parent.type === 'function_item') return parent;
  }
  return undefined;
}
