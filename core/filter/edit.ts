/** Filters made by clicks: a value of the list or of a payload becomes a term, a term becomes part of the filter. */
import type { PathRoot, PathStep, TextKey } from './ast.ts';
import { parseFilter } from './parse.ts';
import { printFilter, quote } from './print.ts';

/** `cmd:save_note`: exactly this text, with quotes where it needs them. */
export function textTerm(key: TextKey, text: string): string {
  const plain = `${key}:${text}`;
  const { filter } = parseFilter(plain);
  const [item, ...rest] = filter?.kind === 'text' ? filter.items : [];
  const isPlain = rest.length === 0 && item?.kind === 'glob' && item.text === text && !/[*?()]/.test(text);
  return isPlain ? plain : `${key}:${quote(text)}`;
}

/** `args.note.id=7`: a value inside of a body. Of objects and lists only that they are there. */
export function pathTerm(root: PathRoot, path: readonly (string | number)[], value: unknown): string {
  const steps = path.map(
    (step): PathStep => (typeof step === 'number' ? { kind: 'element', index: step } : { kind: 'member', name: step }),
  );
  const at = { start: 0, end: 0, kind: 'path', root, steps } as const;
  if (typeof value === 'object' && value !== null) {
    return printFilter({ ...at, condition: { kind: 'fits', items: [{ kind: 'glob', text: '*' }] } });
  }
  const scalar =
    typeof value === 'number'
      ? ({ kind: 'number', value } as const)
      : ({ kind: 'text', text: String(value), quoted: typeof value === 'string' } as const);
  return printFilter({ ...at, condition: { kind: 'compare', op: '=', value: scalar } });
}

/** A filter that asks for a term, too. Its opposite goes, and what is there already stays as it is. */
export function addTerm(text: string, term: string): string {
  const { filter, problem } = parseFilter(text);
  // What is no filter cannot be narrowed.
  if (problem || !filter) return term;
  const { filter: added } = parseFilter(term);
  if (!added) return text;
  const printed = printFilter(added);
  const opposite = printFilter(added.kind === 'not' ? added.of : { ...added, kind: 'not', of: added });
  const parts = filter.kind === 'and' ? filter.of : [filter];
  const slices = parts.map((part) => ({ printed: printFilter(part), isOr: part.kind === 'or' }));
  if (slices.some((part) => part.printed === printed)) return text;
  const kept = slices.filter((part) => part.printed !== opposite);
  return [...kept.map((part) => (part.isOr ? `(${part.printed})` : part.printed)), term].join(' ');
}
