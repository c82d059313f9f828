/** Types in a syntax tree. */
import type { Node } from 'web-tree-sitter';
import type { RustTypeRef } from './model.ts';

/** Deeper types are no Rust that anybody writes, and would be a stack that overflows. */
const DEPTH = 48;

export const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** The type that a node of the tree stands for. */
export function typeRefOf(node: Node, depth = 0): RustTypeRef {
  const text = oneLine(node.text);
  if (depth > DEPTH) return { kind: 'other', text };
  switch (node.type) {
    case 'primitive_type':
    case 'type_identifier':
    case 'identifier':
      return { kind: 'path', text, path: [bare(text)], args: [] };
    case 'scoped_type_identifier':
    case 'scoped_identifier': {
      const path = pathOf(text);
      return path ? { kind: 'path', text, path, args: [] } : { kind: 'other', text };
    }
    case 'generic_type':
    case 'generic_type_with_turbofish': {
      const path = pathOf(oneLine(node.childForFieldName('type')?.text ?? ''));
      if (!path) return { kind: 'other', text };
      return { kind: 'path', text, path, args: argumentsOf(node, depth) };
    }
    case 'unit_type':
      return { kind: 'tuple', text, items: [] };
    case 'tuple_type':
      return { kind: 'tuple', text, items: typesBelow(node, depth) };
    case 'reference_type': {
      const to = node.childForFieldName('type');
      return to ? { kind: 'reference', text, to: typeRefOf(to, depth + 1) } : { kind: 'other', text };
    }
    case 'array_type': {
      const item = node.childForFieldName('element');
      const length = node.childForFieldName('length')?.text;
      if (!item) return { kind: 'other', text };
      return { kind: 'array', text, item: typeRefOf(item, depth + 1), ...(length !== undefined && { length }) };
    }
    case 'abstract_type':
    case 'dynamic_type':
      return traitOf(node, text, depth);
    case 'bounded_type': {
      const first = typesBelow(node, depth)[0];
      return first ? { ...first, text } : { kind: 'other', text };
    }
    default:
      return { kind: 'other', text };
  }
}

/** The segments of a plain path; undefined for one with types inside of it, such as `<T as Trait>::Item`. */
export function pathOf(text: string): string[] | undefined {
  const segments = text
    .replace(/^::/, '')
    .split('::')
    .map((segment) => bare(segment.trim()));
  return segments.every((segment) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(segment)) ? segments : undefined;
}

const bare = (name: string) => name.replace(/^r#/, '');

function argumentsOf(node: Node, depth: number): RustTypeRef[] {
  const list = node.childForFieldName('type_arguments');
  return list ? typesBelow(list, depth) : [];
}

const NO_TYPES = new Set(['lifetime', 'type_binding', 'line_comment', 'block_comment', 'mutable_specifier']);

function typesBelow(node: Node, depth: number): RustTypeRef[] {
  return node.namedChildren.filter(({ type }) => !NO_TYPES.has(type)).map((child) => typeRefOf(child, depth + 1));
}

function traitOf(node: Node, text: string, depth: number): RustTypeRef {
  const bounds = node.childForFieldName('trait');
  if (!bounds) return { kind: 'other', text };
  const trait = bounds.type === 'bounded_type' ? (bounds.namedChildren[0] ?? bounds) : bounds;
  const path = pathOf(oneLine((trait.childForFieldName('type') ?? trait).text));
  if (!path) return { kind: 'other', text };
  const output = trait
    .childForFieldName('type_arguments')
    ?.namedChildren.find(({ type, text }) => type === 'type_binding' && /^Output\b/.test(text))
    ?.childForFieldName('type');
  return { kind: 'trait', text, path, ...(output && { output: typeRefOf(output, depth + 1) }) };
}
