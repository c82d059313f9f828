/** Text of a page for VS Code's own surfaces: shown as it is, never read as anything else, and never without end. */

/** What nobody sees, or what turns the direction of the text around it. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
/** What stands between the two halves of `[text](command:…)`, which VS Code's notifications would make a link of. */
const NOTHING = '\u200b';

/** @param limit characters; what is longer is cut, and ends with an ellipsis */
export function plainText(text: string, limit: number): string {
  const seen = text
    .slice(0, limit * 2)
    .replace(/\r\n?/g, '\n')
    .replace(UNSEEN, '');
  const kept = text.length > limit * 2 || seen.length > limit ? `${seen.slice(0, limit)}…` : seen;
  return kept.toWellFormed().replaceAll('](', `]${NOTHING}(`);
}

/** The same in one line. */
export function plainLine(text: string, limit: number): string {
  return plainText(text, limit).replace(/\s+/g, ' ').trim();
}

const MAX_MESSAGE = 4000;

/** A message of ours, which may have words of pages and projects in it. */
export const plainMessage = (text: string) => plainText(text, MAX_MESSAGE);
