/** Names in Rust: which words are none. */

/** Rust's keywords of all editions, which name nothing. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod move ' +
    'mut pub ref return self Self static struct super trait true type unsafe use where while abstract become box do ' +
    'final macro override priv try typeof unsized virtual yield _'
  ).split(' '),
);

/** Keywords that are none with `r#` before them either. */
const NEVER_RAW = new Set(['self', 'Self', 'super', 'crate', '_']);

/** A name as Rust writes it: raw where it is a keyword; undefined where Rust has no such name. */
export function identifierOf(name: string): string | undefined {
  if (NEVER_RAW.has(name) || !/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name)) return undefined;
  return KEYWORDS.has(name) ? `r#${name}` : name;
}
