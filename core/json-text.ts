/** JSON as text: laid out, and with its keys in order, without losing what `JSON.parse` would lose. */

/** Lays a JSON text out on lines without reading values, so that also the beginning of a cut text can be shown. */
export function prettyJson(json: string): string {
  const out: string[] = [];
  let indent = '\n';
  for (let at = 0; at < json.length; ) {
    const char = json[at] ?? '';
    if (char === '"') {
      const end = endOfString(json, at);
      out.push(json.slice(at, end));
      at = end;
    } else if (char === '{' || char === '[') {
      const next = skipBlanks(json, at + 1);
      if (json[next] === '}' || json[next] === ']') {
        out.push(char, json[next] ?? '');
        at = next + 1;
      } else {
        indent += '  ';
        out.push(char, indent);
        at = next;
      }
    } else if (char === '}' || char === ']') {
      indent = indent.slice(0, -2) || '\n';
      out.push(indent, char);
      at++;
    } else if (char === ',') {
      out.push(char, indent);
      at = skipBlanks(json, at + 1);
    } else if (char === ':') {
      out.push(': ');
      at = skipBlanks(json, at + 1);
    } else if (isBlank(char)) {
      at++;
    } else {
      const start = at;
      while (at < json.length && !'"{}[],:'.includes(json[at] ?? '') && !isBlank(json[at] ?? '')) at++;
      out.push(json.slice(start, at));
    }
  }
  return out.join('');
}

/**
 * Lays a JSON text out with the keys of its objects in order, so that two texts differ only where their values do. A
 * number stays as it was written: two that JavaScript would round to the same are two. What is no JSON, or too deep to
 * follow, is laid out as it stands.
 */
export function sortedJson(json: string): string {
  try {
    return new Sorter(json).sorted();
  } catch {
    return prettyJson(json);
  }
}

class Sorter {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  sorted(): string {
    const value = this.#value('\n');
    if (skipBlanks(this.#text, this.#at) < this.#text.length) throw new SyntaxError('more than one value');
    return value;
  }

  #peek(): string {
    this.#at = skipBlanks(this.#text, this.#at);
    return this.#text[this.#at] ?? '';
  }

  #value(indent: string): string {
    const char = this.#peek();
    if (char === '{') return this.#object(indent);
    if (char === '[') return this.#array(indent);
    if (char === '"') return JSON.stringify(this.#string());
    const start = this.#at;
    while (
      this.#at < this.#text.length &&
      !'{}[],:"'.includes(this.#text[this.#at] ?? '') &&
      !isBlank(this.#text[this.#at] ?? '')
    )
      this.#at++;
    const token = this.#text.slice(start, this.#at);
    JSON.parse(token);
    return token;
  }

  #object(indent: string): string {
    const inner = `${indent}  `;
    const members = new Map<string, string>();
    this.#items('}', () => {
      if (this.#peek() !== '"') throw new SyntaxError('a key is missing');
      const key = this.#string();
      if (this.#peek() !== ':') throw new SyntaxError('a colon is missing');
      this.#at++;
      members.set(key, this.#value(inner));
    });
    if (members.size === 0) return '{}';
    const inOrder = [...members].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${inner}${inOrder.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(`,${inner}`)}${indent}}`;
  }

  #array(indent: string): string {
    const inner = `${indent}  `;
    const items: string[] = [];
    this.#items(']', () => items.push(this.#value(inner)));
    return items.length === 0 ? '[]' : `[${inner}${items.join(`,${inner}`)}${indent}]`;
  }

  #items(close: string, item: () => void): void {
    this.#at++;
    if (this.#peek() === close) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      const char = this.#peek();
      this.#at++;
      if (char === close) return;
      if (char !== ',') throw new SyntaxError('a comma is missing');
    }
  }

  #string(): string {
    const end = endOfString(this.#text, this.#at);
    const value = JSON.parse(this.#text.slice(this.#at, end)) as string;
    this.#at = end;
    return value;
  }
}

/** The place after a string's closing quote (or the text's end, when it was cut). */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
}

export function skipBlanks(text: string, at: number): number {
  while (at < text.length && isBlank(text[at] ?? '')) at++;
  return at;
}

const isBlank = (char: string) => char === ' ' || char === '\n' || char === '\r' || char === '\t';
