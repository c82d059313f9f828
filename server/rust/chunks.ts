/**
 * Code that is being typed: one half-written function, or a string without its end, can hide all that stands behind it.
 * Items that begin at the beginning of a line are parsed by themselves then.
 */
import type { Extent } from './attributes.ts';

/** Where an item begins, or what belongs before it. A text of many lines is gone through once. */
const LINE =
  /^(?:(?<before>#!?\[|\/\/|\/\*)|(?<item>(?:pub|async|unsafe|extern|const|static|fn|struct|enum|union|trait|impl|mod|use|type|macro_rules!)\b))/gm;

/** The items of a file by how they are laid out, each with what stands before it. */
export function chunksOf(text: string): Extent[] {
  const starts = [0];
  let hasItem = false;
  for (const match of text.matchAll(LINE)) {
    if (hasItem && match.index > 0) {
      starts.push(match.index);
      hasItem = false;
    }
    hasItem ||= match.groups?.item !== undefined;
  }
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? text.length }));
}

/** The text with blanks in the place of some parts. */
export function without(text: string, parts: readonly Extent[]): string {
  let result = '';
  let at = 0;
  for (const { start, end } of parts) {
    result += text.slice(at, start) + blank(text.slice(start, end));
    at = end;
  }
  return result + text.slice(at);
}

/** The text with blanks in the place of all but one part, which then stands where it stood. */
export const only = (text: string, { start, end }: Extent): string =>
  blank(text.slice(0, start)) + text.slice(start, end);

const blank = (text: string) => text.replace(/[^\r\n]+/g, (line) => ' '.repeat(line.length));
