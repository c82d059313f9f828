/** Imports that fixes need. */
import type { TextEdit } from '#core/acl/edit.ts';

/** The edits that import a name, where the file does not have it yet; in a file without imports it is a global's member. */
export function importEdit(source: string, name: string, from: string): TextEdit[] {
  const imports = [...source.matchAll(/^[ \t]*import\b([^;'"]*)\bfrom\s*(['"])([^'"\n]+)\2;?/gm)];
  const own = imports.filter(([, , , module]) => module === from);
  if (own.some(([, names = '']) => new RegExp(`[{,\\s]${name}[\\s,}]`).test(names) && !/^\s*type\b/.test(names)))
    return [];
  const named = own.find(([, names = '']) => names.includes('}') && !/^\s*type\b/.test(names));
  if (named) {
    const before = /^[^}]*[^\s,}]/.exec(named[0])?.[0] ?? '';
    const isEmpty = before.endsWith('{');
    return [insert(named.index + before.length, isEmpty ? ` ${name} ` : `, ${name}`)];
  }
  const last = imports.at(-1);
  if (!last) return [];
  const indent = /^[ \t]*/.exec(last[0])?.[0] ?? '';
  return [insert(last.index + last[0].length, `\n${indent}import { ${name} } from ${last[2]}${from}${last[2]};`)];
}

const insert = (offset: number, newText: string): TextEdit => ({ offset, length: 0, newText });
