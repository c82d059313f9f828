/**
 * The range of time in the filter's text, `at:1.2s..3.9s`. The brush keeps no range of its own: what it shows is what
 * the filter says, so that it can be typed, saved and taken back like any other part of a filter.
 */
import type { Range } from './scale.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** A range that stands alone: after `|` or `-`, or in brackets, it is not the range of all that is shown. */
const TERM = /(?<=^|[\s&])at:(\d+(?:\.\d+)?)(ms|s|m)?\.\.(\d+(?:\.\d+)?)(ms|s|m)?(?=$|[\s&])/;

export function readRange(filter: string): Range | undefined {
  if (hasAlternatives(filter)) return undefined;
  const found = TERM.exec(filter);
  if (!found) return undefined;
  const [, from, fromUnit, to, toUnit] = found;
  const range = {
    from: Number(from) * (UNITS[fromUnit ?? toUnit ?? 'ms'] ?? 1),
    to: Number(to) * (UNITS[toUnit ?? fromUnit ?? 'ms'] ?? 1),
  };
  return range.to < range.from ? undefined : range;
}

/** The filter with another range, or without one. */
export function writeRange(filter: string, range: Range | undefined): string {
  const term = range ? `at:${inSeconds(range.from)}s..${inSeconds(range.to)}s` : '';
  const isNew = readRange(filter) === undefined;
  if (isNew && term === '') return filter;
  if (!isNew) {
    return filter
      .replace(TERM, term)
      .replace(/\s*&?\s*$|^\s*&?\s*/g, '')
      .replace(/\s{2,}/g, ' ');
  }
  const rest = filter.trim();
  if (rest === '') return term;
  // `a | b at:…` would be the range of b alone.
  return `${hasAlternatives(rest) ? `(${rest})` : rest} ${term}`;
}

/** Milliseconds are exact enough: two messages in one of them are told apart by their numbers. */
const inSeconds = (milliseconds: number) => Number((Math.max(0, milliseconds) / 1000).toFixed(3));

/** Whether the filter has an "or" outside of brackets, quotes and words. */
function hasAlternatives(filter: string): boolean {
  let depth = 0;
  for (const [part] of filter.matchAll(/"[^"]*"?|\/(?:\\.|[^/\\])+\/|[()]|[^\s()"]+/g)) {
    if (part === '(') depth++;
    else if (part === ')') depth--;
    else if (depth === 0 && (part === '|' || part === '||' || part === 'OR')) return true;
  }
  return false;
}
