/** Texts of code without a parser: comments blanked, brackets matched. Shared by both readers of the other count. */

/** Which strings a language has. */
interface Syntax {
  /** quotes of strings that end on their line; others may go on */
  readonly quotes: string;
  readonly openQuotes: string;
  readonly nestedComments: boolean;
  readonly htmlComments: boolean;
}

export const SCRIPT: Syntax = { quotes: `'"`, openQuotes: '`', nestedComments: false, htmlComments: true };
export const RUST: Syntax = { quotes: '', openQuotes: '"', nestedComments: true, htmlComments: false };

/** The text with spaces in place of comments; lines stay where they are. */
export function blankComments(text: string, syntax: Syntax): string {
  let out = '';
  let at = 0;
  const keep = (end: number) => {
    out += text.slice(at, end);
    at = end;
  };
  const blank = (end: number) => {
    out += text.slice(at, end).replace(/[^\n]/g, ' ');
    at = end;
  };
  while (at < text.length) {
    const char = text.charAt(at);
    if (text.startsWith('//', at) && text[at - 1] !== ':') blank(endOf(text, '\n', at, 0));
    else if (text.startsWith('/*', at)) blank(endOfComment(text, at, syntax.nestedComments));
    else if (syntax.htmlComments && text.startsWith('<!--', at)) blank(endOf(text, '-->', at, 3));
    else if (syntax.quotes.includes(char) || syntax.openQuotes.includes(char)) keep(endOfString(text, at, syntax));
    else if (
      syntax === RUST &&
      char === 'r' &&
      /^r#*"/.test(text.slice(at, at + 8)) &&
      !/\w/.test(text[at - 1] ?? '')
    ) {
      const hashes = /^r(#*)"/.exec(text.slice(at, at + 8))?.[1] ?? '';
      keep(endOf(text, `"${hashes}`, at + hashes.length + 2, hashes.length + 1));
    } else if (syntax === RUST && /^'(?:\\.[^']*|[^'\\])'/.test(text.slice(at, at + 12))) {
      keep(text.indexOf("'", at + 2) + 1);
    } else keep(at + 1);
  }
  return out;
}

/** Index behind `end`, or of the text's end. */
function endOf(text: string, end: string, from: number, length: number): number {
  const found = text.indexOf(end, from);
  return found < 0 ? text.length : found + length;
}

function endOfComment(text: string, from: number, nested: boolean): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('*/', at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    } else if (text.startsWith('/*', at) && (nested || depth === 0)) {
      depth++;
      at++;
    }
  }
  return text.length;
}

/** Index behind the string that starts at `from`; just behind its quote where it does not end, as in text of a page. */
function endOfString(text: string, from: number, syntax: Syntax): number {
  const quote = text.charAt(from);
  const onOneLine = syntax.quotes.includes(quote);
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === quote) return at + 1;
    else if (char === '\n' && onOneLine) return from + 1;
  }
  return from + 1;
}

const OPEN = '([{';
const CLOSE = ')]}';

/**
 * What stands between the bracket at `from` and the one that closes it, split at commas that are in no bracket or string;
 * undefined where nothing closes it.
 */
export function splitInside(text: string, from: number, syntax: Syntax): { parts: Part[]; end: number } | undefined {
  const parts: Part[] = [];
  let depth = 0;
  let angle = 0;
  let start = from + 1;
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (syntax.quotes.includes(char) || syntax.openQuotes.includes(char)) {
      at = endOfString(text, at, syntax) - 1;
    } else if (OPEN.includes(char)) depth++;
    else if (syntax === RUST && char === '<') angle++;
    else if (syntax === RUST && char === '>' && text[at - 1] !== '-' && text[at - 1] !== '=') angle--;
    else if (CLOSE.includes(char)) {
      depth--;
      if (depth > 0) continue;
      parts.push({ text: text.slice(start, at), start });
      if (parts.at(-1)?.text.trim() === '') parts.pop();
      return { parts, end: at + 1 };
    } else if (char === ',' && depth === 1 && angle === 0) {
      parts.push({ text: text.slice(start, at), start });
      start = at + 1;
    }
  }
  return undefined;
}

export interface Part {
  readonly text: string;
  readonly start: number;
}

/** The line of an index, from 1. */
export function lineOf(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** The index of the first character from `from` that is no white space. */
export const skipSpace = (text: string, from: number): number => {
  const found = text.slice(from).search(/\S/);
  return found < 0 ? text.length : from + found;
};
