/** JavaScript and TypeScript as far as adding to a file needs it: tokens, names, calls, lists. */

export interface Token {
  readonly kind: 'name' | 'string' | 'other';
  /** a string's content, as far as it has no escapes */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** how many brackets are open before it */
  readonly depth: number;
}

const NEXT =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|(?<text>'(?:[^'\\\n]|\\[\s\S])*'?|"(?:[^"\\\n]|\\[\s\S])*"?)|(?<name>[\p{L}_$][\p{L}\p{N}_$]*)|(?<number>\d[\w.]*)|(?<other>=>|\.\.\.|[\s\S])/uy;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/uy;
/** After these a slash begins a regular expression. */
const BEFORE_REGEX = new Set([
  ...'(,=:[!&|?{};+-*%<>~^',
  '=>',
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'await',
  'void',
]);

/** The tokens of a script. Broken ones end somewhere; nothing is thrown. */
export function scriptTokens(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let depth = 0;
  while (at < source.length) {
    const start = at;
    if (source[at] === '`') {
      at = templateEnd(source, at);
      tokens.push({ kind: 'other', text: '`', start, end: at, depth });
      continue;
    }
    const last = tokens.at(-1);
    if (source[at] === '/' && (last === undefined || (last.kind !== 'string' && BEFORE_REGEX.has(last.text)))) {
      REGEX.lastIndex = at;
      const regex = /^\/[/*]/.test(source.slice(at, at + 2)) ? null : REGEX.exec(source);
      if (regex) {
        at += regex[0].length;
        tokens.push({ kind: 'other', text: '/', start, end: at, depth });
        continue;
      }
    }
    NEXT.lastIndex = at;
    const match = NEXT.exec(source);
    at += match?.[0].length || 1;
    const { text, name, number, other } = match?.groups ?? {};
    if (text !== undefined) tokens.push({ kind: 'string', text: text.slice(1, -1), start, end: at, depth });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, start, end: at, depth });
    else if (number !== undefined) tokens.push({ kind: 'other', text: number, start, end: at, depth });
    else if (other !== undefined) {
      if (')]}'.includes(other)) depth = Math.max(0, depth - 1);
      tokens.push({ kind: 'other', text: other, start, end: at, depth });
      if ('([{'.includes(other)) depth++;
    }
  }
  return tokens;
}

/** Behind the backtick that ends a template; expressions in it may have templates of their own. */
function templateEnd(source: string, start: number): number {
  const open: ('`' | '{')[] = ['`'];
  let at = start + 1;
  for (; at < source.length && open.length > 0; at++) {
    const inText = open.at(-1) === '`';
    const char = source[at];
    if (char === '\\') at++;
    else if (inText && char === '`') open.pop();
    else if (inText && char === '$' && source[at + 1] === '{') {
      open.push('{');
      at++;
    } else if (!inText && char === '`') open.push('`');
    else if (!inText && char === '{') open.push('{');
    else if (!inText && char === '}') open.pop();
  }
  return Math.min(at, source.length);
}

/** An `import … from 'module'`. */
export interface Import {
  readonly from: string;
  readonly start: number;
  readonly end: number;
  readonly typeOnly: boolean;
  /** what is imported by name, and as what */
  readonly names: readonly { readonly name: string; readonly local: string }[];
  /** where the last name in braces ends; undefined without braces */
  readonly lastName?: { readonly end: number; readonly empty: boolean };
  /** `* as name`, and the default */
  readonly others: readonly string[];
}

export function importsIn(source: string, tokens: readonly Token[]): Import[] {
  const found: Import[] = [];
  tokens.forEach((token, at) => {
    if (token.text !== 'import' || token.kind !== 'name' || token.depth > 0) return;
    const next = tokens[at + 1];
    if (!next || next.text === '(' || next.text === '.') return;
    const to = tokens.findIndex(({ kind }, index) => index > at && kind === 'string');
    const from = tokens[to];
    if (!from) return;
    const semicolon = tokens[to + 1]?.text === ';' ? tokens[to + 1] : undefined;
    const inside = tokens.slice(at + 1, to);
    const open = inside.findIndex(({ text }) => text === '{');
    const close = inside.findIndex(({ text }) => text === '}');
    const braces = open === -1 ? undefined : inside.slice(open + 1, close === -1 ? inside.length : close);
    const last = braces?.findLast(({ text }) => text !== ',');
    const star = inside.findIndex(({ text }) => text === '*');
    found.push({
      from: from.text,
      start: token.start,
      end: semicolon?.end ?? from.end,
      typeOnly: next.text === 'type' && tokens[at + 2]?.text !== 'from' && tokens[at + 2]?.text !== ',',
      names: braces ? namesIn(source, braces) : [],
      ...(braces && { lastName: { end: (last ?? inside[open])?.end ?? token.end, empty: last === undefined } }),
      others: [
        ...(star === -1 ? [] : [inside[star + 2]?.text ?? '']),
        ...(next.kind === 'name' && next.text !== 'type' ? [next.text] : []),
      ],
    });
  });
  return found;
}

function namesIn(source: string, braces: readonly Token[]): Import['names'] {
  const first = braces[0];
  const last = braces.at(-1);
  if (!first || !last) return [];
  return source
    .slice(first.start, last.end)
    .replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .split(',')
    .flatMap((part) => {
      const [name, , local = name] = part.trim().split(/\s+/);
      return name && local && name !== 'type' ? { name, local } : [];
    });
}

const DECLARES = new Set(['const', 'let', 'var', 'function', 'class', 'type', 'interface', 'enum', 'namespace']);

/** The names that a file has at its top. */
export function namesOf(tokens: readonly Token[], imports: readonly Import[]): Set<string> {
  const names = new Set(imports.flatMap(({ names, others }) => [...names.map(({ local }) => local), ...others]));
  tokens.forEach(({ kind, text, depth }, at) => {
    const next = tokens[at + 1]?.text === '*' ? tokens[at + 2] : tokens[at + 1];
    if (kind === 'name' && depth === 0 && DECLARES.has(text) && next?.kind === 'name') names.add(next.text);
  });
  return names;
}

/** A list in brackets, or another expression. */
export interface Value {
  readonly start: number;
  readonly end: number;
  /** the tokens of the expression */
  readonly tokens: readonly Token[];
}

/** The object that a call such as `app({ … })` is given: its properties, and where the first would stand. */
export interface Call {
  /** the token of the function's name */
  readonly at: number;
  readonly inside: number;
  readonly empty: boolean;
  readonly properties: ReadonlyMap<string, Value>;
}

export function callsOf(tokens: readonly Token[], name: string): Call[] {
  return tokens.flatMap((token, at) => {
    const [open, brace] = [tokens[at + 1], tokens[at + 2]];
    if (
      token.kind !== 'name' ||
      token.text !== name ||
      tokens[at - 1]?.text === '.' ||
      tokens[at - 1]?.text === 'function'
    )
      return [];
    if (open?.text !== '(' || open.kind !== 'other' || brace?.text !== '{' || brace.kind !== 'other') return [];
    return {
      at,
      inside: brace.end,
      empty: tokens[at + 3]?.text === '}',
      properties: propertiesFrom(tokens, at + 3, brace.depth + 1),
    };
  });
}

function propertiesFrom(tokens: readonly Token[], first: number, depth: number): Map<string, Value> {
  const properties = new Map<string, Value>();
  let at = first;
  while (at < tokens.length && (tokens[at]?.depth ?? 0) >= depth) {
    const end = endOfItem(tokens, at, depth);
    const item = tokens.slice(at, end);
    const [key, colon] = item;
    const value = colon?.text === ':' ? item.slice(2) : item.length === 1 ? item : [];
    const [head, tail] = [value[0], value.at(-1)];
    if (key && key.text !== '...' && head && tail) {
      properties.set(key.text, { start: head.start, end: tail.end, tokens: value });
    }
    at = end + 1;
  }
  return properties;
}

function endOfItem(tokens: readonly Token[], from: number, depth: number): number {
  let at = from;
  while (at < tokens.length) {
    const token = tokens[at] as Token;
    if (token.depth < depth || (token.depth === depth && token.text === ',' && token.kind === 'other')) break;
    at++;
  }
  return at;
}

/** What a `const name = …` holds. */
export function valueOf(tokens: readonly Token[], name: string): (Value & { readonly at: number }) | undefined {
  const at = tokens.findIndex(
    ({ kind, text, depth }, index) =>
      kind === 'name' &&
      text === name &&
      depth === 0 &&
      ['const', 'let', 'var'].includes(tokens[index - 1]?.text ?? ''),
  );
  if (at === -1) return undefined;
  const equals = tokens.findIndex(({ text, depth }, index) => index > at && text === '=' && depth === 0);
  const head = tokens[equals + 1];
  if (equals === -1 || !head) return undefined;
  const close = tokens.findIndex(
    ({ depth, text }, index) => index > equals + 1 && depth === head.depth && ')]}'.includes(text),
  );
  const value = tokens.slice(equals + 1, close + 1);
  const tail = value.at(-1);
  return tail && { at, start: head.start, end: tail.end, tokens: value };
}
