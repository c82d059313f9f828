/** `use` declarations: which name stands for which path. */
import type { Node } from 'web-tree-sitter';
import { type Token, tokensOf } from './attributes.ts';
import type { RustUse } from './model.ts';

const DEPTH = 32;

export function usesOf(node: Node, module: readonly string[]): RustUse[] {
  const argument = node.childForFieldName('argument');
  if (!argument) return [];
  const isPublic = node.namedChildren.some(({ type }) => type === 'visibility_modifier');
  return entriesOf(tokensOf(argument.text)).map(({ name, path }) => ({ module, name, path, isPublic }));
}

interface Entry {
  readonly name: string;
  readonly path: readonly string[];
}

/** `a::{b as c, d::*, e::{self}}`, token by token. */
function entriesOf(tokens: readonly Token[]): Entry[] {
  const entries: Entry[] = [];
  let at = 0;
  const tree = (prefix: readonly string[], depth: number): void => {
    const path = [...prefix];
    for (; at < tokens.length; at++) {
      const { kind, text } = tokens[at] as Token;
      if (kind === 'name' && text === 'as') break;
      if (kind === 'name') path.push(text);
      else if (text === '*') {
        entries.push({ name: '*', path });
        at++;
        return;
      } else if (text === '{') {
        at++;
        while (at < tokens.length && tokens[at]?.text !== '}') {
          const before = at;
          if (depth < DEPTH) tree(path, depth + 1);
          if (tokens[at]?.text === ',' || at === before) at++;
        }
        at++;
        return;
      } else if (text !== '::') break;
    }
    const hasName = path.length > prefix.length;
    if (path.at(-1) === 'self' && path.length > 1) path.pop();
    let name = path.at(-1);
    if (tokens[at]?.text === 'as') {
      name = tokens[at + 1]?.text;
      at += 2;
    }
    if (name !== undefined && hasName) entries.push({ name, path });
  };
  tree([], 0);
  return entries;
}
