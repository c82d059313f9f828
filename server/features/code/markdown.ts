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

/** What a comment says: Markdown, as its author meant it, but without pictures, which would be fetched from elsewhere. */
export const prose = (comment: string) => comment.replaceAll('![', '!\\[').replaceAll('<', '&lt;');

/** A link to a place of a file. */
export const link = (text: string, uri: string) => `[${plain(text)}](${uri.replaceAll(/[()\s]/g, encodeURIComponent)})`;

/** Paragraphs, without those that have nothing to say. */
export const paragraphs = (texts: readonly (string | undefined | false)[]): string =>
  texts.filter((text) => text !== undefined && text !== false && text !== '').join('\n\n');

function fenceFor(text: string, least: number): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  return '`'.repeat(longest >= least ? longest + 1 : least);
}
