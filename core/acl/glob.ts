/**
 * Glob patterns as Rust's `glob` crate matches them: `?`, `*`, `**` as a whole path component, `[abc]`, `[!a-z]`.
 * Braces, `!` and backslashes are literal. Tauri uses it for window labels and for paths.
 */

export interface GlobOptions {
  /** whether `*`, `?` and `[…]` must not match a `/` */
  readonly separator: boolean;
  /** whether a component that begins with a dot is matched only by a pattern that names the dot */
  readonly leadingDot: boolean;
}

/** Labels of windows and webviews match with the crate's default options. */
export const LABEL_OPTIONS: GlobOptions = { separator: false, leadingDot: false };

type Token =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'any' | 'sequence' | 'recursive' }
  | { readonly kind: 'within'; readonly not: boolean; readonly ranges: readonly (readonly [string, string])[] };

/** A compiled pattern. The constructor throws for what Rust's crate refuses. */
export class Glob {
  readonly text: string;
  readonly #tokens: readonly Token[];

  constructor(pattern: string) {
    this.text = pattern;
    this.#tokens = compile([...pattern]);
  }

  matches(text: string, options: GlobOptions = LABEL_OPTIONS): boolean {
    return match(this.#tokens, [...text], options);
  }
}

function compile(chars: readonly string[]): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < chars.length) {
    const char = chars[at] as string;
    if (char === '?') {
      tokens.push({ kind: 'any' });
      at++;
    } else if (char === '*') {
      at = compileStars(chars, at, tokens);
    } else if (char === '[') {
      at = compileClass(chars, at, tokens);
    } else {
      tokens.push({ kind: 'char', char });
      at++;
    }
  }
  return tokens;
}

function compileStars(chars: readonly string[], start: number, tokens: Token[]): number {
  let end = start;
  while (chars[end] === '*') end++;
  const count = end - start;
  if (count === 1) {
    tokens.push({ kind: 'sequence' });
    return end;
  }
  if (count > 2) throw new Error('wildcards are either regular `*` or recursive `**`');
  const opens = start === 0 || chars[start - 1] === '/';
  const closes = end === chars.length || chars[end] === '/';
  if (!opens || !closes) throw new Error('recursive wildcards must form a single path component');
  // `**/` also matches nothing, so the slash belongs to the wildcard.
  const after = chars[end] === '/' ? end + 1 : end;
  if (tokens.at(-1)?.kind !== 'recursive') tokens.push({ kind: 'recursive' });
  return after;
}

function compileClass(chars: readonly string[], start: number, tokens: Token[]): number {
  const not = chars[start + 1] === '!';
  const from = start + (not ? 2 : 1);
  // The first character may be a `]` of its own.
  const end = chars.indexOf(']', from + 1);
  if (end === -1 || from >= chars.length) throw new Error('invalid range pattern');
  const ranges: [string, string][] = [];
  for (let at = from; at < end; at++) {
    const low = chars[at] as string;
    if (chars[at + 1] === '-' && at + 2 < end) {
      ranges.push([low, chars[at + 2] as string]);
      at += 2;
    } else ranges.push([low, low]);
  }
  tokens.push({ kind: 'within', not, ranges });
  return end + 1;
}

function match(tokens: readonly Token[], text: readonly string[], options: GlobOptions): boolean {
  // Dynamic programming over (token, position): no pattern makes it slow, however many stars it has.
  const known = new Map<number, boolean>();
  const width = text.length + 1;
  const at = (token: number, position: number): boolean => {
    const key = token * width + position;
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = step(token, position);
    known.set(key, answer);
    return answer;
  };
  const step = (index: number, position: number): boolean => {
    const token = tokens[index];
    if (!token) return position === text.length;
    if (token.kind === 'sequence') return sequence(index, position);
    if (token.kind === 'recursive') return recursive(index, position);
    const char = text[position];
    if (char === undefined) return false;
    if (token.kind === 'char') return token.char === char && at(index + 1, position + 1);
    if (isSeparator(char) && options.separator) return false;
    if (hidden(position)) return false;
    if (token.kind === 'within') {
      const inside = token.ranges.some(([low, high]) => low <= char && char <= high);
      if (inside === token.not) return false;
    }
    return at(index + 1, position + 1);
  };
  const sequence = (index: number, position: number): boolean => {
    for (let end = position; ; end++) {
      if (at(index + 1, end)) return true;
      const char = text[end];
      if (char === undefined || (isSeparator(char) && options.separator) || hidden(end)) return false;
    }
  };
  const recursive = (index: number, position: number): boolean => {
    for (let end = position; ; end++) {
      // it ends only at the edge of a component
      if ((end === position || isSeparator(text[end - 1] ?? '')) && at(index + 1, end)) return true;
      if (index === tokens.length - 1 && end === text.length) return true;
      if (text[end] === undefined || hidden(end)) return false;
    }
  };
  const isSeparator = (char: string) => char === '/';
  const hidden = (position: number): boolean =>
    options.leadingDot && text[position] === '.' && (position === 0 || isSeparator(text[position - 1] ?? ''));
  return at(0, 0);
}
