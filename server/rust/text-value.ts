/** Which text an expression has, as far as its file tells. */
import type { Node } from 'web-tree-sitter';
import { contentOf, type Extent, stringValue } from './attributes.ts';
import { localNamed } from './local-values.ts';
import { pathOf } from './type-ref.ts';

/** As {@link RustText}, with offsets for places. */
export type TextValue =
  | { readonly kind: 'text'; readonly text: string; readonly literal?: Extent }
  | { readonly kind: 'pattern'; readonly pattern: string; readonly literal: Extent }
  | { readonly kind: 'constant'; readonly path: readonly string[]; readonly method?: string }
  | { readonly kind: 'parameter'; readonly function: string; readonly index: number }
  | { readonly kind: 'unknown' };

/** A node of a tree whose text begins at `base` of the file; `scope` is where its names are read, in the file's own tree. */
export interface Expression {
  readonly node: Node;
  readonly base: number;
  readonly scope: Node;
}

const UNKNOWN: TextValue = { kind: 'unknown' };
const DEPTH = 12;
/** More branches nobody writes for a name. */
const MAX_VALUES = 64;

/** Calls that give the text that they are called with. */
const SAME = new Set(['to_string', 'to_owned', 'into', 'as_str', 'as_ref', 'clone', 'borrow', 'deref', 'into_owned']);
const WRAPS = /(?:^|::)(?:String::from|Cow::(?:from|Borrowed)|Into::into|Arc::from|Box::from|EventName::new)$/;

/** All texts that an expression may have: several where it has branches. */
export function textsOf(expression: Expression, depth = 0): readonly TextValue[] {
  const { node, base } = expression;
  if (depth > DEPTH) return [UNKNOWN];
  const inner = (next: Node | null | undefined) =>
    next ? textsOf({ ...expression, node: next }, depth + 1) : [UNKNOWN];
  switch (node.type) {
    case 'string_literal':
    case 'raw_string_literal':
      return [literalText(node, base)];
    case 'reference_expression':
      return inner(node.childForFieldName('value'));
    case 'parenthesized_expression':
      return inner(node.namedChildren[0]);
    case 'call_expression':
      return callText(node, inner);
    case 'macro_invocation':
      return [macroText(node, base)];
    case 'identifier':
      return localText(expression, depth);
    case 'scoped_identifier':
      return [constantText(node, expression.scope)];
    case 'if_expression':
    case 'match_expression':
    case 'block':
      return branchesOf(node).flatMap(inner).slice(0, MAX_VALUES);
    default:
      return [UNKNOWN];
  }
}

type Inner = (next: Node | null | undefined) => readonly TextValue[];

function callText(call: Node, inner: Inner): readonly TextValue[] {
  const callee = call.childForFieldName('function');
  const args = call.childForFieldName('arguments')?.namedChildren ?? [];
  if (callee?.type !== 'field_expression') {
    const name = callee?.text.replace(/\s+|<[^()]*?>/g, '') ?? '';
    return WRAPS.test(name) ? inner(args[0]) : [UNKNOWN];
  }
  const method = callee.childForFieldName('field')?.text ?? '';
  const receiver = callee.childForFieldName('value');
  const isVariant = receiver?.type === 'scoped_identifier' && args.length === 0;
  if (!SAME.has(method) && !isVariant) return [UNKNOWN];
  return inner(receiver).map((value) => (value.kind === 'constant' ? { method, ...value } : value));
}

function localText(expression: Expression, depth: number): readonly TextValue[] {
  const { node, scope } = expression;
  const local = localNamed(node.text, scope);
  if (!local) return [{ kind: 'constant', path: [node.text.replace(/^r#/, '')] }];
  if (local.parameter) return [{ kind: 'parameter', ...local.parameter }];
  return local.value && !local.isMutable
    ? textsOf({ node: local.value, base: 0, scope: local.value }, depth + 1)
    : [UNKNOWN];
}

function constantText(node: Node, scope: Node): TextValue {
  const path = pathOf(node.text.replace(/\s+/g, ''));
  if (!path) return UNKNOWN;
  if (path[0] !== 'Self') return { kind: 'constant', path };
  const owner = ownerOf(scope);
  return owner === undefined ? UNKNOWN : { kind: 'constant', path: [owner, ...path.slice(1)] };
}

/** The type or trait in whose `impl` or body a node is. */
export function ownerOf(node: Node): string | undefined {
  for (let parent = node.parent; parent; parent = parent.parent) {
    if (parent.type === 'trait_item') return parent.childForFieldName('name')?.text;
    if (parent.type !== 'impl_item') continue;
    const type = parent.childForFieldName('type');
    return type ? pathOf((type.childForFieldName('type') ?? type).text.replace(/\s+/g, ''))?.at(-1) : undefined;
  }
  return undefined;
}

/** The expressions of which one is the value. */
function branchesOf(node: Node): Node[] {
  if (node.type === 'block') return lastOf(node);
  if (node.type === 'match_expression') {
    const arms = node.childForFieldName('body')?.namedChildren ?? [];
    return arms.flatMap((arm) => (arm.type === 'match_arm' ? (arm.childForFieldName('value') ?? []) : []));
  }
  const otherwise = node.childForFieldName('alternative')?.namedChildren[0];
  return [node.childForFieldName('consequence'), otherwise].flatMap((each) => each ?? []);
}

function lastOf(block: Node): Node[] {
  const last = block.namedChildren.at(-1);
  if (!last) return [];
  // A branch that leaves the function gives no text.
  if (last.type === 'expression_statement') return branchOfStatement(last);
  return /_(?:statement|declaration|item)$/.test(last.type) ? [] : [last];
}

/** `if` and `match` at the end of a block are statements in the grammar. */
function branchOfStatement({ text, namedChildren: [only] }: Node): Node[] {
  return only && !text.endsWith(';') && /^(?:if|match)_expression$/.test(only.type) ? [only] : [];
}

/** A string that is written. */
export interface LiteralText {
  readonly kind: 'text';
  readonly text: string;
  readonly literal: Extent;
}

export function literalText(node: Node, base: number): LiteralText {
  const { text } = node;
  const literal = contentOf(text, base + node.startIndex);
  if (node.type === 'string_literal') return { kind: 'text', text: stringValue(text), literal };
  return { kind: 'text', text: text.slice(text.indexOf('"') + 1, text.lastIndexOf('"')), literal };
}

/** `format!("x-{}", id)`, `concat!("x-", "y")`. */
function macroText(node: Node, base: number): TextValue {
  const tree = node.namedChildren.find(({ type }) => type === 'token_tree');
  const tokens = tree?.namedChildren.filter(({ type }) => !type.endsWith('_comment')) ?? [];
  switch (node.childForFieldName('macro')?.text.replace(/^(?:std|core)::/, '')) {
    case 'format':
      return formatText(tokens, base);
    case 'concat':
      return tokens.every(isString) ? { kind: 'text', text: tokens.map(textOf).join('') } : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

const isString = ({ type }: Node) => type === 'string_literal' || type === 'raw_string_literal';
const textOf = (string: Node) => literalText(string, 0).text;

function formatText([first]: readonly Node[], base: number): TextValue {
  if (!first || !isString(first)) return UNKNOWN;
  const value = literalText(first, base);
  const { parts, holes } = formatParts(value.text);
  if (holes === 0) return { ...value, text: parts.join('') };
  if (parts.every((part) => part === '')) return UNKNOWN;
  return { kind: 'pattern', pattern: parts.map(escapePattern).join('.*'), literal: value.literal };
}

/** The texts between the `{…}` of a format string; `{{` is a brace. */
function formatParts(format: string): { readonly parts: readonly string[]; readonly holes: number } {
  const parts = [''];
  for (const [token] of format.matchAll(/\{\{|\}\}|\{[^{}]*\}|[^{}]+|[\s\S]/g)) {
    if (token.length > 1 && token.startsWith('{') && token !== '{{') parts.push('');
    else parts[parts.length - 1] += token === '{{' || token === '}}' ? token.charAt(0) : token;
  }
  return { parts, holes: parts.length - 1 };
}

const escapePattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
