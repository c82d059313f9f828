/** Variables, parameters and constants in functions. */
import type { Node } from 'web-tree-sitter';

export interface Local {
  /** what it is made of; undefined where that is no single expression */
  readonly value?: Node;
  readonly type?: Node;
  /** `let mut`: what it is made of first need not be what it is */
  readonly isMutable?: true;
  /** where it is a parameter of the function; `self` does not count */
  readonly parameter?: { readonly function: string; readonly index: number };
}

/** In a tree the way up costs more the deeper it is. */
const MAX_ABOVE = 256;

/** What a name means at a node of a function's body; undefined for what is outside of the function. */
export function localNamed(name: string, at: Node): Local | undefined {
  let child = at;
  let left = MAX_ABOVE;
  for (let parent = at.parent; parent && left-- > 0; child = parent, parent = parent.parent) {
    const found = localIn(parent, child, name);
    if (found) return found;
    if (parent.type === 'function_item') return undefined;
  }
  return undefined;
}

function localIn(parent: Node, child: Node, name: string): Local | undefined {
  switch (parent.type) {
    case 'block':
      return inBlock(parent, child, name);
    case 'function_item':
      return parameterNamed(parent.childForFieldName('parameters'), name, parent.childForFieldName('name')?.text);
    case 'closure_expression':
      return parameterNamed(parent.childForFieldName('parameters'), name);
    case 'match_arm':
    case 'for_expression':
      return mentions(parent.childForFieldName('pattern'), name) ? {} : undefined;
    case 'if_expression':
    case 'while_expression':
      return letCondition(parent.childForFieldName('condition'), name) ? {} : undefined;
    default:
      return undefined;
  }
}

/** The last `let` before the node, or a constant of the block. */
function inBlock(block: Node, child: Node, name: string): Local | undefined {
  let found: Local | undefined;
  for (const statement of block.namedChildren) {
    if (statement.type === 'const_item' || statement.type === 'static_item') {
      if (statement.childForFieldName('name')?.text === name) found ??= localOf(statement);
      continue;
    }
    if (statement.type !== 'let_declaration' || statement.endIndex > child.startIndex) continue;
    const pattern = statement.childForFieldName('pattern');
    if (pattern?.type === 'identifier') {
      if (pattern.text === name) found = localOf(statement);
    } else if (mentions(pattern, name)) found = pattern?.type === 'mut_pattern' ? localOf(statement) : {};
  }
  return found;
}

function localOf(statement: Node): Local {
  const value = statement.childForFieldName('value');
  const type = statement.childForFieldName('type');
  const isMutable = statement.namedChildren.some((child) => child.type === 'mutable_specifier');
  return { ...(value && { value }), ...(type && { type }), ...(isMutable && { isMutable }) };
}

function parameterNamed(parameters: Node | null, name: string, fn?: string): Local | undefined {
  const named =
    parameters?.namedChildren.filter(({ type }) => type !== 'self_parameter' && type !== 'attribute_item') ?? [];
  for (const [index, parameter] of named.entries()) {
    const pattern = parameter.type === 'parameter' ? parameter.childForFieldName('pattern') : parameter;
    if (!mentions(pattern, name)) continue;
    if (pattern?.type !== 'identifier') return {};
    const type = parameter.childForFieldName('type');
    return { ...(type && { type }), ...(fn !== undefined && { parameter: { function: fn, index } }) };
  }
  return undefined;
}

function letCondition(condition: Node | null, name: string): boolean {
  if (condition?.type === 'let_condition') return mentions(condition.childForFieldName('pattern'), name);
  return condition?.type === 'let_chain' && condition.namedChildren.some((each) => letCondition(each, name));
}

/** Whether a pattern has the name among its words. */
function mentions(pattern: Node | null, name: string): boolean {
  return pattern?.text.split(/[^\p{L}\p{N}_]+/u).includes(name) ?? false;
}
