/** Types in the texts of attributes: `#[serde(from = "Vec<Item>")]`. */
import type { RustTypeRef } from './model.ts';
import { pathOf } from './type-ref.ts';

const DEPTH = 8;

/** A path with arguments; every other type is left untranslated. */
export function typeRefFromText(source: string, depth = 0): RustTypeRef {
  const text = source.trim();
  const generic = /^([^<>]+)<([\s\S]*)>$/.exec(text);
  const path = pathOf((generic?.[1] ?? text).replaceAll(' ', ''));
  if (!path || depth > DEPTH) return { kind: 'other', text };
  const args = generic ? splitArguments(generic[2] ?? '') : [];
  return { kind: 'path', text, path, args: args.map((each) => typeRefFromText(each, depth + 1)) };
}

function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    if (char === '<' || char === '(' || char === '[') depth++;
    if (char === '>' || char === ')' || char === ']') depth--;
    if (char !== undefined && (char !== ',' || depth > 0)) continue;
    const part = text.slice(start, at).trim();
    if (part && !part.startsWith("'")) parts.push(part);
    start = at + 1;
  }
  return parts;
}
