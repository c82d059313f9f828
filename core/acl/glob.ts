/**
 * Glob patterns as Rust's `glob` crate matches them: `?`, `*`, `**` as a whole path component, `[abc]`, `[!a-z]`.
 * Braces, `!` and backslashes are literal. Tauri uses it for window labels and for paths.
 */

export interface GlobOptions {
  /** whether `*`, `?` and `[…]` must not match a `/` */
  readonly separator: boolean;
  /** whether a component that begins with a dot is matched only by a pattern that names the dot */
  readonly leadingDot: boolean;
  /** whether ASCII letters match in either case, as in the scopes of Tauri's fs plugin */
  readonly ignoreCase?: boolean;
}

/** Labels of windows and webviews match with the crate's default options. */
export const LABEL_OPTIONS: GlobOptions = { separator: false, leadingDot: false };

type Token =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'any' | 'sequence' | 'recursive' }
  | { readonly kind: 'within'; readonly not: boolean; readonly members: readonly Member[] };

/** One character of a class, or a range of them by code point. */
type Member = string | readonly [low: string, high: string];

type IsSeparator = (char: string | undefined) => boolean;

const SEPARATORS: Record<'posix' | 'windows', IsSeparator> = {
  posix: (char) => char === '/',
  windows: (char) => char === '/' || char === '\\',
};

/**
 * A compiled pattern. The constructor throws for what Rust's crate refuses, in its words:
 * `Pattern syntax error near position {n}: {reason}`.
 */
export class Glob {
  readonly text: string;
  readonly #tokens: readonly Token[];
  readonly #separates: IsSeparator;

  /** @param windows whether `\` separates as well, and equals `/`, as the crate has it on Windows */
  constructor(pattern: string, { windows = false }: { readonly windows?: boolean } = {}) {
    this.text = pattern;
    this.#separates = windows ? SEPARATORS.windows : SEPARATORS.posix;
    this.#tokens = compile([...pattern], this.#separates);
  }

  matches(text: string, options: GlobOptions = LABEL_OPTIONS): boolean {
    return match(this.#tokens, [...text], options, this.#separates);
  }
}

function compile(chars: readonly string[], separates: IsSeparator): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < chars.length) {
    const char = chars[at] as string;
    if (char === '?') {
      tokens.push({ kind: 'any' });
      at++;
    } else if (char === '*') {
      at = compileStars(chars, at, tokens, separates);
    } else if (char === '[') {
      at = compileClass(chars, at, tokens);
    } else {
      tokens.push({ kind: 'char', char });
      at++;
    }
  }
  return tokens;
}

function compileStars(chars: readonly string[], start: number, tokens: Token[], separates: IsSeparator): number {
  let end = start;
  while (chars[end] === '*') end++;
  const count = end - start;
  if (count === 1) {
    tokens.push({ kind: 'sequence' });
    return end;
  }
  if (count > 2) throw syntaxError(start + 2, 'wildcards are either regular `*` or recursive `**`');
  const alone = 'recursive wildcards must form a single path component';
  if (start > 0 && !separates(chars[start - 1])) throw syntaxError(start - 1, alone);
  if (end < chars.length && !separates(chars[end])) throw syntaxError(end, alone);
  if (tokens.at(-1)?.kind !== 'recursive') tokens.push({ kind: 'recursive' });
  // `**/` also matches nothing, so the slash belongs to the wildcard.
  return end < chars.length ? end + 1 : end;
}

function compileClass(chars: readonly string[], start: number, tokens: Token[]): number {
  const not = chars[start + 1] === '!';
  const from = start + (not ? 2 : 1);
  // The first character may be a `]` of its own.
  const end = chars.indexOf(']', from + 1);
  if (end === -1) throw syntaxError(start, 'invalid range pattern');
  const members: Member[] = [];
  for (let at = from; at < end; at++) {
    const low = chars[at] as string;
    if (chars[at + 1] === '-' && at + 2 < end) {
      members.push([low, chars[at + 2] as string]);
      at += 2;
    } else members.push(low);
  }
  tokens.push({ kind: 'within', not, members });
  return end + 1;
}

function syntaxError(position: number, reason: string): Error {
  return new Error(`Pattern syntax error near position ${position}: ${reason}`);
}

/**
 * From the last token to the first: `next[at]` says whether the tokens behind the present one match the text from `at`
 * on. No pattern makes it slow, however many stars it has, and no text is too long.
 */
function match(
  tokens: readonly Token[],
  text: readonly string[],
  options: GlobOptions,
  isSeparator: IsSeparator,
): boolean {
  const { length } = text;
  const separates = (at: number) => isSeparator(text[at]);
  const same = (wanted: string, char: string) =>
    sameChar(wanted, char, options) || (isSeparator(wanted) && isSeparator(char));
  const hidden = (at: number) => options.leadingDot && text[at] === '.' && (at === 0 || separates(at - 1));
  // What `?`, `*` and `[…]` must not match.
  const closed = (at: number) => hidden(at) || (options.separator && separates(at));
  let next = new Uint8Array(length + 1);
  next[length] = 1;
  for (const [index, token] of [...tokens.entries()].reverse()) {
    const here = new Uint8Array(length + 1);
    // `**` may go on at `at`, having begun before.
    let open = false;
    for (let at = length; at >= 0; at--) {
      const more = at < length;
      let fits: boolean | undefined;
      switch (token.kind) {
        case 'char':
          fits = more && same(token.char, text[at] as string) && next[at + 1] === 1;
          break;
        case 'any':
          fits = more && !closed(at) && next[at + 1] === 1;
          break;
        case 'within':
          fits = more && !closed(at) && isWithin(token, text[at] as string, same, options) && next[at + 1] === 1;
          break;
        case 'sequence':
          fits = next[at] === 1 || (more && !closed(at) && here[at + 1] === 1);
          break;
        case 'recursive': {
          // It ends only at the edge of a component, or with the text.
          const rest: boolean = (index === tokens.length - 1 && !more) || (more && !hidden(at) && open);
          fits = next[at] === 1 || rest;
          open = (at > 0 && separates(at - 1) && next[at] === 1) || rest;
          break;
        }
      }
      here[at] = fits ? 1 : 0;
    }
    next = here;
  }
  return next[0] === 1;
}

function sameChar(wanted: string, char: string, { ignoreCase }: GlobOptions): boolean {
  return wanted === char || (ignoreCase === true && lower(wanted) === lower(char));
}

function isWithin(
  { members, not }: Extract<Token, { kind: 'within' }>,
  char: string,
  same: (wanted: string, char: string) => boolean,
  { ignoreCase }: GlobOptions,
): boolean {
  const letter = /^[a-z]$/i;
  const inside = members.some((member) => {
    if (typeof member === 'string') return same(member, char);
    const [low, high] = member;
    if (isBetween(low, char, high)) return true;
    if (!ignoreCase || !letter.test(low) || !letter.test(high)) return false;
    return isBetween(lower(low), lower(char), lower(high));
  });
  return inside !== not;
}

function isBetween(low: string, char: string, high: string): boolean {
  const point = char.codePointAt(0) as number;
  return (low.codePointAt(0) as number) <= point && point <= (high.codePointAt(0) as number);
}

/** Only ASCII letters have a case for the crate. */
const lower = (char: string) => (/^[A-Z]$/.test(char) ? char.toLowerCase() : char);
