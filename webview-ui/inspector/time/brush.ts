/**
 * The range of time in the filter's text, `at:1.2s..3.9s`. The brush keeps no range of its own: what it shows is what
 * the filter says, so that it can be typed, saved and taken back like any other part of a filter.
 */
import type { Filter, Span } from '#core/filter/ast.ts';
import { parseFilter } from '#core/filter/parse.ts';
import { printFilter } from '#core/filter/print.ts';
import type { Range } from './scale.ts';

/** The range that all of what is shown is in; one that stands after "or" or "not" is not. */
export function rangeIn(filter: Filter | undefined): Range | undefined {
  const found = findRange(filter);
  return found && { from: found.from, to: found.to };
}

export const readRange = (text: string) => rangeIn(parseFilter(text).filter);

/** The filter with another range, or without one. What is no filter gives way to the range. */
export function writeRange(text: string, range: Range | undefined): string {
  const term = range ? `at:${inSeconds(range.from)}s..${inSeconds(range.to)}s` : '';
  const { filter } = parseFilter(text);
  const found = findRange(filter);
  if (found && term !== '') return text.slice(0, found.start) + term + text.slice(found.end);
  if (found)
    return partsOf(filter)
      .flatMap((part) => (part.start === found.start ? [] : printPart(part)))
      .join(' ');
  if (term === '') return text;
  if (!filter) return term;
  return `${filter.kind === 'or' ? `(${text.trim()})` : text.trim()} ${term}`;
}

function findRange(filter: Filter | undefined): (Range & Span) | undefined {
  for (const part of partsOf(filter)) {
    const [range, ...others] = part.kind === 'number' && part.key === 'at' ? part.ranges : [];
    if (range?.from === undefined || range.to === undefined || others.length > 0) continue;
    return { start: part.start, end: part.end, from: range.from, to: range.to };
  }
  return undefined;
}

/** What must all be true. */
function partsOf(filter: Filter | undefined): readonly Filter[] {
  if (!filter) return [];
  return filter.kind === 'and' ? filter.of : [filter];
}

const printPart = (part: Filter) => (part.kind === 'or' ? `(${printFilter(part)})` : printFilter(part));

/** Milliseconds are exact enough: two messages in one of them are told apart by their numbers. */
const inSeconds = (milliseconds: number) => Number((Math.max(0, milliseconds) / 1000).toFixed(3));
