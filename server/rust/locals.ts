/** What a name in a function's body means: a local variable, or what is outside. */
import type { Node } from 'web-tree-sitter';

/** Nodes that are part of a pattern. */
const PATTERNS = new Set([
  'tuple_pattern',
  'tuple_struct_pattern',
  'struct_pattern',
  'field_pattern',
  'captured_pattern',
  'ref_pattern',
  'mut_pattern',
  'or_pattern',
  'slice_pattern',
  'reference_pattern',
  'match_pattern',
]);

const isField = (parent: Node, field: string, child: Node) => parent.childForFieldName(field)?.id === child.id;

/** Whether a name makes a variable where it stands: in a pattern, and no path in there. */
export function isBinding(name: Node): boolean {
  let child = name;
  for (let parent = name.parent; parent; child = parent, parent = parent.parent) {
    if (PATTERNS.has(parent.type)) {
      const isPath = isField(parent, 'type', child) || isField(parent, 'condition', child);
      if (isPath || (parent.type === 'field_pattern' && child.type === 'field_identifier')) return false;
      continue;
    }
    return parent.type === 'closure_parameters' || isField(parent, 'pattern', child);
  }
  return false;
}

/** Whether a pattern, or the conditions of an `if`, make a variable of that name. */
function binds(node: Node | null, name: string): boolean {
  if (!node?.text.includes(name)) return false;
  const own = node.namedChildCount === 0 ? [node] : [];
  const names = [...own, ...node.descendantsOfType(['identifier', 'shorthand_field_identifier'])];
  return names.some((each) => each?.text === name && isBinding(each));
}

/**
 * Whether a name is that of something between it and the function around: a variable, a parameter of a closure, a function
 * in the body.
 *
 * @param within the function whose parameters are meant; without it, parameters of all functions count as between
 * @param name that is looked for, where the node is not the name itself
 */
export function isShadowed(node: Node, within?: Node, name = node.text): boolean {
  let child = node;
  let left = false;
  for (let parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (parent.id === within?.id) return false;
    switch (parent.type) {
      case 'function_item':
        // A function in a function sees nothing of its variables.
        if (within || binds(parent.childForFieldName('parameters'), name)) return true;
        left = true;
        break;
      case 'block':
        for (const statement of parent.namedChildren) {
          if (statement.type === 'function_item' && statement.childForFieldName('name')?.text === name) return true;
          const isBefore = !left && statement.type === 'let_declaration' && statement.endIndex <= child.startIndex;
          if (isBefore && binds(statement.childForFieldName('pattern'), name)) return true;
        }
        break;
      default:
        if (!left && isBoundBy(parent, child, name)) return true;
    }
  }
  return false;
}

/** Whether an expression makes the name for that part of it. */
function isBoundBy(parent: Node, child: Node, name: string): boolean {
  switch (parent.type) {
    case 'closure_expression':
      return isField(parent, 'body', child) && binds(parent.childForFieldName('parameters'), name);
    case 'match_arm':
      return isField(parent, 'value', child) && binds(parent.childForFieldName('pattern'), name);
    case 'match_pattern':
      return isField(parent, 'condition', child) && binds(parent.namedChildren[0] ?? null, name);
    case 'for_expression':
      return isField(parent, 'body', child) && binds(parent.childForFieldName('pattern'), name);
    case 'if_expression':
      return isField(parent, 'consequence', child) && binds(parent.childForFieldName('condition'), name);
    case 'while_expression':
      return isField(parent, 'body', child) && binds(parent.childForFieldName('condition'), name);
    case 'let_chain':
      return parent.namedChildren.some((each) => each.endIndex <= child.startIndex && binds(each, name));
    default:
      return false;
  }
}
