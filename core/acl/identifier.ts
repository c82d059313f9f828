/** Names of permissions and permission sets, as capabilities and sets refer to them (Tauri's `acl::Identifier`). */

const MAX_BYTES = 116;
const FORMAT =
  'identifiers can only include lowercase ASCII, hyphens which are not leading or trailing, and a single colon if using a prefix';
const SEPARATOR = ':'.charCodeAt(0);

/** Key under which the permissions of the app itself stand. */
export const APP_KEY = '__app-acl__';

export interface Identifier {
  readonly text: string;
  /** the plugin's key, such as `fs` or `core:window`; undefined for a permission of the app or of the same manifest */
  readonly prefix: string | undefined;
  readonly base: string;
}

/**
 * Parses an identifier. As Tauri does, it accepts upper case and doubled hyphens in spite of what its texts say.
 *
 * @throws Error with Tauri's text
 */
export function parseIdentifier(text: string): Identifier {
  const problem = problemOf(text);
  if (problem !== undefined) throw new Error(`invalid plugin or permission identifier '${text}': ${problem}`);
  const colon = text.lastIndexOf(':');
  return { text, prefix: colon < 0 ? undefined : text.slice(0, colon), base: text.slice(colon + 1) };
}

/** The text of the error that {@link parseIdentifier} throws; undefined for a good identifier. */
export function identifierProblem(text: string): string | undefined {
  const problem = problemOf(text);
  return problem === undefined ? undefined : `invalid plugin or permission identifier '${text}': ${problem}`;
}

/** An identifier as messages show it: with the key of its manifest, but for the app's. */
export function printIdentifier(key: string, base: string): string {
  return key === APP_KEY ? base : `${key}:${base}`;
}

function problemOf(text: string): string | undefined {
  if (text.startsWith('tauri-plugin-')) return 'identifiers cannot start with tauri-plugin-';
  if (text === '') return 'identifiers cannot be empty';
  const { length } = new TextEncoder().encode(text);
  if (length > MAX_BYTES) return `identifiers cannot be longer than ${MAX_BYTES}, found ${length}`;
  const isCore = text.startsWith('core:');
  let separated = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (/[a-z0-9]/i.test(char)) continue;
    if (at === 0) return FORMAT;
    const before = text[at - 1];
    if (char === '-' && before !== ':') continue;
    if (char !== ':') return FORMAT;
    if (separated && !isCore) return `identifiers can only include a single separator '${SEPARATOR}'`;
    if (before === '-') return FORMAT;
    separated = true;
  }
  if (text.endsWith(':')) return 'identifiers cannot have a prefix without a base';
  if (text.endsWith('-')) return 'identifiers cannot have a trailing hyphen';
  return undefined;
}
