/** Where a parameter of a function is used: itself, its body, and the attributes that name it. */
import type { Node } from 'web-tree-sitter';
import { metasOf } from './attributes.ts';
import { isBinding, isShadowed } from './locals.ts';
import { formatUses, identifiersNamed, isPlainMacro, macroAround, type NameUse, useOf } from './name-uses.ts';

/** What is known of a parameter that gets another name. */
export interface ParameterUses {
  readonly uses: readonly NameUse[];
  /** all names in the function: a new one must not be among them */
  readonly names: ReadonlySet<string>;
  /** `rename_all` of the attribute that makes the function a command */
  readonly renameAll: string | undefined;
}

/**
 * All places of the parameter `name` of a `function_item`; undefined where it has none of that name.
 *
 * A name that a variable of the body takes over is not its.
 */
export function parameterUses(fn: Node, name: string): ParameterUses | undefined {
  const parameters = fn.childForFieldName('parameters');
  const own = parameters && [...identifiersNamed(parameters, name)].filter(isBinding);
  if (!own || own.length === 0) return undefined;
  const attributes = attributesBefore(fn);
  const metas = attributes.flatMap((attribute) => metasOf(attribute.text, attribute.startIndex));
  const command = metas.find(({ path }) => path.split('::').at(-1) === 'command');
  const names = fn.descendantsOfType(['identifier', 'shorthand_field_identifier']).map((each) => each.text);
  return {
    uses: [
      ...own.map((node) => (node.type === 'identifier' ? useOf(node) : useOf(node, `${name}: `))),
      ...attributes.flatMap((attribute) => inAttribute(attribute, name)),
      ...inBody(fn, name),
    ],
    names: new Set(names),
    renameAll: command?.items?.find(({ path }) => path === 'rename_all')?.value,
  };
}

function inBody(fn: Node, name: string): NameUse[] {
  const body = fn.childForFieldName('body');
  if (!body) return [];
  const literals = body.text.includes('{') ? body.descendantsOfType(['string_literal', 'raw_string_literal']) : [];
  return [
    ...[...identifiersNamed(body, name)].flatMap((node) => bodyUse(node, name, fn) ?? []),
    ...literals
      .filter((literal) => literal.text.includes(name) && !isShadowed(literal, fn, name))
      .flatMap((literal) => formatUses(literal, name)),
  ];
}

function attributesBefore(fn: Node): Node[] {
  const found: Node[] = [];
  let node = fn.previousNamedSibling;
  while (node && (node.type === 'attribute_item' || node.type.endsWith('_comment'))) {
    if (node.type === 'attribute_item') found.push(node);
    node = node.previousNamedSibling;
  }
  return found;
}

/** `#[instrument(skip(name))]` names parameters; what others mean is theirs. */
function inAttribute(attribute: Node, name: string): NameUse[] {
  const isInstrument = /^#\[\s*(?:tracing\s*::\s*)?instrument\b/.test(attribute.text);
  return [...identifiersNamed(attribute, name)].map((node) => useOf(node, '', isInstrument));
}

function bodyUse(node: Node, name: string, fn: Node): NameUse | undefined {
  if (isBinding(node) || isShadowed(node, fn)) return undefined;
  const { parent } = node;
  if (parent?.type === 'label' || parent?.type === 'shorthand_field_identifier') return undefined;
  if (parent?.type === 'scoped_identifier' || node.type !== 'identifier') return undefined;
  if (parent?.type === 'shorthand_field_initializer') return useOf(node, `${name}: `);
  if (parent?.type === 'macro_invocation' || parent?.type === 'function_item') return undefined;
  const inMacro = macroAround(node);
  if (!inMacro) return useOf(node);
  const [before, after] = [node.previousSibling?.text, node.nextSibling?.text];
  if (before === '.' || before === '::' || after === '::' || after === '!') return undefined;
  // `name = value` of a format or log macro is its own name, and so is the key of a struct.
  if (after === '=' || (after === ':' && (before === '{' || before === ','))) return undefined;
  const inBraces = parent?.text.startsWith('{') ?? false;
  const isShorthand = inBraces && (before === '{' || before === ',') && (after === ',' || after === '}');
  // A struct's shorthand needs the name before it; a block with only a name in it looks the same.
  return useOf(node, isShorthand ? `${name}: ` : '', isPlainMacro(inMacro, name) && !isShorthand);
}
