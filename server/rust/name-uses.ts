/** Where a name is used in a Rust file, and what can be told of the places in macros. */
import type { Node } from 'web-tree-sitter';

/** A place to write another name to. */
export interface NameUse {
  /** from 0, in UTF-16 units */
  readonly range: { readonly start: TextPosition; readonly end: TextPosition };
  /** what a new name needs before it: `name: ` where `User { name }` says both */
  readonly prefix: string;
  /** the field that gets the value, where a struct is made: `User { field: name }` */
  readonly field: { readonly name: string; readonly start: TextPosition } | undefined;
  /** false where a macro decides what it means */
  readonly isCertain: boolean;
}

export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

/** The identifiers of a name in a tree. Looks only where the text has it: to ask the tree for all would cost more. */
export function* identifiersNamed(root: Node, name: string): Generator<Node> {
  const offset = root.startIndex;
  for (const { index } of root.text.matchAll(new RegExp(`(?<![\\w$'])(?:r#)?${name}(?!\\w)`, 'g'))) {
    const start = root.text.startsWith('r#', index) ? index + 2 : index;
    const node = root.descendantForIndex(offset + start, offset + start + name.length);
    if (node && IDENTIFIERS.has(node.type) && node.text.replace(/^r#/, '') === name) yield node;
  }
}

const IDENTIFIERS = new Set(['identifier', 'shorthand_field_identifier']);

export function useOf(node: Node, prefix = '', isCertain = true): NameUse {
  const range = { start: positionOf(node.startPosition), end: positionOf(node.endPosition) };
  return { range, prefix, field: fieldOf(node), isCertain };
}

const positionOf = ({ row, column }: Node['startPosition']): TextPosition => ({ line: row, character: column });

/** The field of a struct, in an expression or a pattern, whose value or variable a name is. */
function fieldOf({ parent, id }: Node): NameUse['field'] {
  const [label, value] = FIELDS[parent?.type ?? ''] ?? [];
  if (!parent || !label || !value || parent.childForFieldName(value)?.id !== id) return undefined;
  const field = parent.childForFieldName(label);
  return field ? { name: field.text, start: positionOf(field.startPosition) } : undefined;
}

const FIELDS: Readonly<Record<string, readonly [label: string, value: string]>> = {
  field_initializer: ['field', 'value'],
  field_pattern: ['name', 'pattern'],
};

/** The tokens of a macro that a node is in: the outermost, and the name of the macro that the innermost belongs to. */
export interface InMacro {
  readonly tokens: Node;
  readonly macro: string | undefined;
}

/** Undefined for a node that is in no macro's tokens. */
export function macroAround(node: Node): InMacro | undefined {
  const inner = node.parent;
  if (inner?.type !== 'token_tree') return undefined;
  let tokens = inner;
  while (tokens.parent?.type === 'token_tree') tokens = tokens.parent;
  return { tokens, macro: macroOf(inner) };
}

/** The macro whose tokens these are; undefined for a group in them. */
function macroOf(tokens: Node): string | undefined {
  const { parent } = tokens;
  if (parent?.type === 'macro_invocation') return parent.childForFieldName('macro')?.text.split('::').at(-1);
  if (parent?.type === 'attribute') return parent.namedChildren[0]?.text;
  const mark = tokens.previousSibling;
  return mark?.text === '!' ? mark.previousSibling?.text : undefined;
}

/** Macros whose tokens are expressions, read as Rust reads them. */
const EXPRESSIONS = new Set(
  'assert assert_eq assert_ne dbg debug_assert debug_assert_eq matches vec join try_join select json'.split(' '),
);

/** Macros with a text in which `{name}` stands for a variable. */
const FORMATS = new Set(
  (
    'format format_args print println eprint eprintln write writeln panic todo unimplemented unreachable ' +
    'trace debug info warn error log anyhow bail ensure'
  ).split(' '),
);

/** Whether the tokens around a name are plain expressions, so that the name means in there what it means outside. */
export function isPlainMacro({ tokens, macro }: InMacro, name: string): boolean {
  const outer = macroOf(tokens);
  const known = [outer, macro ?? outer].every(
    (each) => each !== undefined && (EXPRESSIONS.has(each) || FORMATS.has(each)),
  );
  const own = `\\b${name}\\b`;
  // A variable of the tokens' own, by a closure, a `let` or an arm.
  const bound = new RegExp(`\\|[^|]*${own}[^|]*\\||\\blet\\b[^;=]*${own}|${own}[^;{}]*=>`);
  return known && !bound.test(tokens.text);
}

/** Places in the text of a format macro that mean a variable: `{name}`, `{name:?}`, `{:name$}`. */
export function formatUses(literal: Node, name: string): NameUse[] {
  const text = literal.text;
  const uses: NameUse[] = [];
  const inMacro = macroAround(literal);
  const isNamed = new RegExp(`\\b${name}\\s*=(?!=)`).test(literal.parent?.text ?? '');
  if (!inMacro || isNamed) return [];
  const isCertain = inMacro.macro !== undefined && FORMATS.has(inMacro.macro) && isPlainMacro(inMacro, name);
  for (const { index, 1: inside = '' } of text.matchAll(/\{\{|\{([^{}]*)\}/g)) {
    const [argument = ''] = inside.split(':');
    const spec = inside.slice(argument.length);
    const at = (offset: number) => uses.push(useIn(literal, index + 1 + offset, name.length, isCertain));
    if (argument.trim() === name) at(argument.indexOf(name));
    for (const width of spec.matchAll(new RegExp(`(?<!\\w)${name}\\$`, 'g'))) at(argument.length + width.index);
  }
  return uses;
}

/** A piece of a literal, which may have several lines. */
function useIn(literal: Node, start: number, length: number, isCertain: boolean): NameUse {
  const before = literal.text.slice(0, start).split('\n');
  const line = literal.startPosition.row + before.length - 1;
  const last = before.at(-1)?.length ?? 0;
  const character = before.length === 1 ? literal.startPosition.column + last : last;
  const range = { start: { line, character }, end: { line, character: character + length } };
  return { range, prefix: '', field: undefined, isCertain };
}
