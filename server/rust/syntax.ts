/** What items of a syntax tree have in common: the attributes and doc comments before them. */
import type { Node } from 'web-tree-sitter';
import type { Lines } from './lines.ts';
import { type Meta, metasOf } from './attributes.ts';

/** A node with what stands before it. */
export interface Item {
  readonly node: Node;
  readonly metas: readonly Meta[];
  readonly doc?: string;
  /** where it begins with its attributes and doc comment: an offset */
  readonly start: number;
}

/** Where items stand. */
export interface ItemPlace {
  readonly file: string;
  readonly module: readonly string[];
  readonly lines: Lines;
}

/**
 * The children of a node that are no comments or attributes, each with those before it. Goes through the list once:
 * asking a node for its sibling costs more the later it stands.
 */
export function itemsOf(list: Node): Item[] {
  const items: Item[] = [];
  let before: Node[] = [];
  for (const node of list.namedChildren) {
    if (PREAMBLE.has(node.type)) {
      before.push(node);
      continue;
    }
    const preamble = readPreamble(before);
    items.push({ node, ...preamble, start: preamble.start ?? node.startIndex });
    before = [];
  }
  return items;
}

/** A field's visibility is a child of the list in tuple structs. */
const PREAMBLE = new Set(['attribute_item', 'line_comment', 'block_comment', 'visibility_modifier']);

interface Preamble {
  /** texts' places are offsets in the file */
  readonly metas: readonly Meta[];
  readonly doc?: string;
  readonly start?: number;
}

function readPreamble(nodes: readonly Node[]): Preamble {
  const metas: Meta[] = [];
  const doc: string[] = [];
  let start: number | undefined;
  for (const node of nodes) {
    if (node.type === 'attribute_item') {
      const added = metasOf(node.text, node.startIndex);
      metas.push(...added);
      start ??= node.startIndex;
      for (const { path, value } of added) if (path === 'doc' && value !== undefined) doc.push(value.trim());
    } else if (node.type !== 'visibility_modifier') {
      const text = docOf(node.text);
      if (text === undefined) continue;
      doc.push(text);
      start ??= node.startIndex;
    }
  }
  const text = doc.join('\n').trim();
  return { metas, ...(text && { doc: text }), ...(start !== undefined && { start }) };
}

/** The text of `/// …` and of a block that begins with two stars; undefined for other comments. */
function docOf(comment: string): string | undefined {
  const line = /^\/\/\/(?!\/) ?([^\r\n]*)/.exec(comment);
  if (line) return line[1]?.trimEnd();
  if (!/^\/\*\*(?![*/])/.test(comment)) return undefined;
  return comment
    .slice(3, -2)
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}
