/** Attributes: their tokens, and what serde's say. */
import type { BothWays, SerdeRules } from './model.ts';

/** `path`, `path = value` or `path(items)`. */
export interface Meta {
  readonly path: string;
  /** a string literal's content, or the expression as written */
  readonly value?: string;
  readonly items?: readonly Meta[];
  /** where the content of a string literal stands */
  readonly literal?: Extent;
}

/** A piece of a text by its offsets. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<raw>b?r(?<hashes>#*)"(?<content>[\s\S]*?)"\k<hashes>)|(?<text>b?"(?:[^"\\]|\\[\s\S])*")|(?<name>(?:r#)?[\p{L}_][\p{L}\p{N}_]*)|(?<other>::|[\s\S])/gu;

/** One token; blanks and comments are none. */
export interface Token {
  readonly kind: 'name' | 'string' | 'other';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** of a string: its content */
  readonly content?: Extent;
}

/** The tokens of a piece of Rust that begins at `offset`: enough for attributes and lists of paths. */
export function tokensOf(source: string, offset = 0): Token[] {
  const tokens: Token[] = [];
  for (const match of source.matchAll(TOKEN)) {
    const { raw, content = '', text, name, other } = match.groups ?? {};
    const start = offset + match.index;
    const end = start + match[0].length;
    if (raw !== undefined) tokens.push({ kind: 'string', text: content, start, end, content: contentOf(raw, start) });
    else if (text !== undefined)
      tokens.push({ kind: 'string', text: stringValue(text), start, end, content: contentOf(text, start) });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name.replace(/^r#/, ''), start, end });
    else if (other !== undefined) tokens.push({ kind: 'other', text: other, start, end });
  }
  return tokens;
}

/** Of a string literal, what stands between its quotes. */
export function contentOf(literal: string, start: number): Extent {
  return { start: start + literal.indexOf('"') + 1, end: start + literal.lastIndexOf('"') };
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  0: '\0',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** The content of a string literal with its quotes. */
export function stringValue(literal: string): string {
  const inner = literal.slice(literal.indexOf('"') + 1, -1);
  return inner.replace(
    /\\(?:u\{([0-9a-fA-F_]{1,8})\}|x([0-7][0-9a-fA-F])|\r?\n\s*|([\s\S]))/g,
    (_, unicode, byte, char) => {
      if (char !== undefined) return ESCAPES[char] ?? char;
      const code = Number.parseInt((unicode ?? byte ?? '').replaceAll('_', ''), 16);
      return code <= 0x10_ffff ? String.fromCodePoint(code) : '';
    },
  );
}

/** How deep attributes are followed: deeper ones are no Rust that anybody writes. */
const DEPTH = 16;

/** What stands between `#[` and `]` of an attribute at `offset`. `cfg_attr` gives what it would add: whether its condition holds is not known here. */
export function metasOf(attribute: string, offset: number): Meta[] {
  const start = /^#!?\s*\[/.exec(attribute)?.[0].length ?? 0;
  const inner = attribute.slice(start).replace(/\]$/, '');
  return flattenConditions(parseItems(tokensOf(inner, offset + start)));
}

function flattenConditions(metas: readonly Meta[], depth = 0): Meta[] {
  return metas.flatMap((meta) =>
    meta.path === 'cfg_attr' && depth < DEPTH ? flattenConditions(meta.items?.slice(1) ?? [], depth + 1) : [meta],
  );
}

function parseItems(tokens: readonly Token[], depth = 0): Meta[] {
  return splitAtCommas(tokens).flatMap((part) => parseMeta(part, depth) ?? []);
}

function parseMeta(tokens: readonly Token[], depth: number): Meta | undefined {
  let at = 0;
  while (tokens[at]?.kind === 'name' || tokens[at]?.text === '::') at++;
  const path = tokens
    .slice(0, at)
    .map(({ text }) => text)
    .join('');
  const next = tokens[at];
  if (!path) return next?.kind === 'string' ? { path: '', value: next.text } : undefined;
  if (next?.text === '=' && next.kind === 'other') {
    const rest = tokens.slice(at + 1);
    const [first] = rest;
    if (rest.length !== 1 || first?.kind !== 'string') return { path, value: rest.map(({ text }) => text).join('') };
    return { path, value: first.text, ...(first.content && { literal: first.content }) };
  }
  if (next?.text !== '(') return { path };
  return { path, items: depth < DEPTH ? parseItems(tokens.slice(at + 1, -1), depth + 1) : [] };
}

/** Splits at the commas that stand in no bracket. `<` is no bracket here. */
export function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [];
  let part: Token[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'other') {
      if ('([{'.includes(token.text)) depth++;
      if (')]}'.includes(token.text)) depth--;
      if (token.text === ',' && depth === 0) {
        parts.push(part);
        part = [];
        continue;
      }
    }
    part.push(token);
  }
  parts.push(part);
  return parts.filter(({ length }) => length > 0);
}

/** The last segments of everything that `derive` names. */
export function derivesOf(metas: readonly Meta[]): string[] {
  // TauRPC's short form of them.
  const added = metas.some(({ path }) => /(?:^|::)ipc_type$/.test(path)) ? ['Serialize', 'Deserialize'] : [];
  const derived = metas
    .filter(({ path }) => path === 'derive')
    .flatMap(({ items }) => items ?? [])
    .map(({ path }) => path.split('::').at(-1) ?? '');
  return [...derived, ...added];
}

const NO_RULES: SerdeRules = {
  rename: {},
  renameAll: {},
  renameAllFields: {},
  skip: {},
  with: {},
  convert: {},
  untagged: false,
  transparent: false,
  flatten: false,
  denyUnknownFields: false,
  other: false,
};

/** The rules of all `serde(…)` attributes of one item. */
export function serdeRulesOf(metas: readonly Meta[]): SerdeRules {
  let rules = NO_RULES;
  for (const meta of metas) {
    if (meta.path === 'serde') for (const item of meta.items ?? []) rules = withRule(rules, item);
    // serde_with: the conversion is that of another crate.
    if (meta.path === 'serde_as') rules = { ...rules, with: { in: 'serde_as', out: 'serde_as' } };
  }
  return rules;
}

function withRule(rules: SerdeRules, meta: Meta): SerdeRules {
  const value = meta.value ?? '';
  switch (meta.path) {
    case 'rename':
      return { ...rules, rename: bothWays(meta) };
    case 'rename_all':
      return { ...rules, renameAll: bothWays(meta) };
    case 'rename_all_fields':
      return { ...rules, renameAllFields: bothWays(meta) };
    case 'tag':
      return { ...rules, tag: value };
    case 'content':
      return { ...rules, content: value };
    case 'untagged':
      return { ...rules, untagged: true };
    case 'transparent':
      return { ...rules, transparent: true };
    case 'flatten':
      return { ...rules, flatten: true };
    case 'deny_unknown_fields':
      return { ...rules, denyUnknownFields: true };
    case 'other':
      return { ...rules, other: true };
    case 'default':
      return { ...rules, default: meta.value ?? true };
    case 'skip':
      return { ...rules, skip: { in: true, out: true } };
    case 'skip_serializing':
      return { ...rules, skip: { ...rules.skip, out: true } };
    case 'skip_deserializing':
      return { ...rules, skip: { ...rules.skip, in: true } };
    case 'skip_serializing_if':
      return { ...rules, skipIf: value };
    case 'with':
      return { ...rules, with: { in: value, out: value } };
    case 'serialize_with':
      return { ...rules, with: { ...rules.with, out: value } };
    case 'deserialize_with':
      return { ...rules, with: { ...rules.with, in: value } };
    case 'from':
    case 'try_from':
      return { ...rules, convert: { ...rules.convert, in: value } };
    case 'into':
      return { ...rules, convert: { ...rules.convert, out: value } };
    default:
      return rules;
  }
}

/** `rename = "a"`, or `rename(serialize = "a", deserialize = "b")`. */
function bothWays({ value, items }: Meta): BothWays {
  if (value !== undefined) return { in: value, out: value };
  const input = items?.find(({ path }) => path === 'deserialize')?.value;
  const output = items?.find(({ path }) => path === 'serialize')?.value;
  return { ...(input !== undefined && { in: input }), ...(output !== undefined && { out: output }) };
}
