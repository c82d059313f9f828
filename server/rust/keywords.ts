/** Rust's keywords of all editions, which name nothing. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod move ' +
    'mut pub ref return self Self static struct super trait true type unsafe use where while abstract become box do ' +
    'final macro override priv try typeof unsized virtual yield _'
  ).split(' '),
);
