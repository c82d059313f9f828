/** Text of a workspace in Markdown for people: it says nothing to whoever shows it. */

/** Code in a block of its own; the fence is longer than any in it. */
export function block(language: 'typescript' | 'rust', code: string): string {
  const fence = fenceFor(code, 3);
  return `${fence}${language}\n${code}\n${fence}`;
}

/** Code in a line. */
export function code(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ');
  const fence = fenceFor(line, 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return fence + pad + line + pad + fence;
}

/** Text as it is. */
export const plain = (text: string) => text.replaceAll(/[\\`*_{}[\]()#+\-.!<>|~]/g, '\\$&');

/**
 * What a comment or a description says: Markdown, as its author meant it, but without tags and without pictures, which would
 * be fetched from elsewhere. Code stays as it is: `Vec<u8>`, `vec![0]`. Only so much of it: nobody reads more here.
 */
export function prose(whole: string): string {
  const text = whole.length > MAX_PROSE ? `${whole.slice(0, MAX_PROSE)}…` : whole;
  let at = 0;
  let written = '';
  for (const { 0: span, index } of text.matchAll(CODE)) {
    written += withoutMarkup(text.slice(at, index)) + (PICTURE.test(span) ? withoutMarkup(span) : span);
    at = index + span.length;
  }
  return written + withoutMarkup(text.slice(at));
}

const MAX_PROSE = 10_000;
/** A block between fences, or a span on one line. */
const CODE = /^(```+|~~~+)[^`\n]*\n[^]*?^\1[ \t]*$|(?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\2(?!`)/gm;
/** What is taken for code here may be none to who shows it: so there is no picture in it either. */
const PICTURE = /!\[[^\]]*\]\s*[[(:]/;

const withoutMarkup = (text: string) => text.replaceAll('![', '!\\[').replaceAll('<', '&lt;').replaceAll(']:', ']\\:');

/** A link to a place of a file. */
export const link = (text: string, uri: string) => `[${plain(text)}](${uri.replaceAll(/[()\s]/g, percentEncoded)})`;

const percentEncoded = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** Paragraphs, without those that have nothing to say. */
export const paragraphs = (texts: readonly (string | undefined | false)[]): string =>
  texts.filter((text) => text !== undefined && text !== false && text !== '').join('\n\n');

function fenceFor(text: string, least: number): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  return '`'.repeat(longest >= least ? longest + 1 : least);
}
