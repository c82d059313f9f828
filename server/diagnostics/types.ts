/** Types as TypeScript, as far as a literal can be compared with them. */
import type { TypeDeclaration, ValueKind } from '../index/facts.ts';

/** The sorts of values that a type is plainly made of; undefined where some of it is not plain. `types` are those it names. */
export function kindsOf(
  type: string,
  types: readonly TypeDeclaration[] = [],
  seen: ReadonlySet<string> = new Set(),
): ReadonlySet<ValueKind> | undefined {
  const kinds = new Set<ValueKind>();
  for (const part of membersOf(type)) {
    const kind = kindOf(part);
    const named = kind === undefined && !seen.has(part) ? types.find(({ name }) => name === part) : undefined;
    const found = named ? kindsOf(named.text, types, new Set([...seen, part])) : kind && [kind];
    if (!found) return undefined;
    for (const each of found) kinds.add(each);
  }
  return kinds;
}

function kindOf(type: string): ValueKind | undefined {
  if (type === 'string' || type === 'number' || type === 'boolean' || type === 'null') return type;
  if (/^(?:'[^']*'|"[^"]*")$/.test(type)) return 'string';
  if (type === 'true' || type === 'false') return 'boolean';
  if (/^-?\d[\d.]*$/.test(type)) return 'number';
  if (type.endsWith('[]') || /^(?:Array<.*>|\[.*\])$/s.test(type)) return 'array';
  return /^(?:\{.*\}|Record<.*>)$/s.test(type) ? 'object' : undefined;
}

/** The members of a union; a type that is none is its own. */
function membersOf(type: string): string[] {
  const members: string[] = [];
  let depth = 0;
  let quote: string | undefined;
  let start = 0;
  for (let at = 0; at < type.length; at++) {
    const char = type[at] as string;
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
    } else if (char === "'" || char === '"' || char === '`') quote = char;
    else if ('([{<'.includes(char)) depth++;
    else if (')]}'.includes(char) || (char === '>' && type[at - 1] !== '=')) depth--;
    else if (char === '|' && depth === 0) {
      members.push(type.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...members, type.slice(start).trim()].filter((member) => member !== '');
}
