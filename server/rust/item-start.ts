/** Where items of modules begin, for what is put before them. */
import type { Node } from 'web-tree-sitter';
import { itemsOf } from './syntax.ts';

/** Items with code in them. A macro's tokens may have modules that cannot be seen. */
const ITEMS = new Set(['function_item', 'impl_item', 'const_item', 'static_item']);

/**
 * Where the item of the innermost module around an offset begins, with its attributes, its doc comment, and the line
 * comments directly above; undefined where it is none that has code.
 */
export function itemStart(root: Node, text: string, offset: number): number | undefined {
  let node = root.descendantForIndex(offset);
  while (node?.parent && !isModule(node.parent)) node = node.parent;
  const list = node?.parent;
  if (!list || !ITEMS.has(node?.type ?? '')) return undefined;
  const item = itemsOf(list).find((each) => each.node.id === node?.id);
  return item && withCommentsAbove(text, item.start);
}

const isModule = ({ type, parent }: Node) =>
  type === 'source_file' || (type === 'declaration_list' && parent?.type === 'mod_item');

function withCommentsAbove(text: string, start: number): number {
  let first = start;
  let lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(lineStart, start).trim() !== '') return start;
  while (lineStart > 0) {
    const above = text.lastIndexOf('\n', lineStart - 2) + 1;
    // `//!` is about the module.
    const indent = /^[ \t]*(?=\/\/(?!!))/.exec(text.slice(above, lineStart))?.[0];
    if (indent === undefined) break;
    first = above + indent.length;
    lineStart = above;
  }
  return first;
}
