/**
 * The code in Svelte, Vue and HTML files, as one text of the same length: what is no code is blanks, and line breaks stay.
 * So every offset is one of the file itself, and expressions of templates see the names of its scripts.
 *
 * It is a tolerant scanner and no parser of HTML: text that is not finished yet must not hide what stands before it.
 */

export interface Code {
  readonly text: string;
  readonly language: 'ts' | 'tsx' | 'js';
  /** name of the component that the file is */
  readonly component: string | undefined;
}

type Dialect = 'svelte' | 'vue' | 'html';

/** The code in a file, by the ending of its name. */
export function codeIn(path: string, text: string): Code {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = name.slice(name.lastIndexOf('.') + 1);
  switch (ending) {
    case 'svelte':
    case 'vue':
    case 'html': {
      const scanner = new Scanner(text, ending);
      const component = ending === 'html' ? undefined : name.slice(0, -ending.length - 1);
      return { ...scanner.scan(), component };
    }
    case 'tsx':
      return { text, language: 'tsx', component: undefined };
    case 'ts':
    case 'mts':
    case 'cts':
      return { text, language: 'ts', component: undefined };
    default:
      return { text, language: 'js', component: undefined };
  }
}

/** Elements whose text is no markup; also Svelte's and Vue's styles and Vue's blocks of other tools. */
const RAW = new Set(['script', 'style', 'textarea', 'title', 'noscript', 'iframe']);
const SCRIPT_TYPE = /^(?:|module|(?:text|application)\/(?:javascript|ecmascript|typescript|babel|jsx|tsx))$/i;
const LANGUAGE: Readonly<Record<string, Code['language']>> = {
  '': 'js',
  js: 'js',
  javascript: 'js',
  jsx: 'js',
  ts: 'ts',
  typescript: 'ts',
  tsx: 'tsx',
};

/** How much may be looked at for braces that nothing closes; beyond, braces are text. */
const MAX_UNCLOSED = 2_000_000;

interface Attribute {
  readonly name: string;
  /** of the value, without its quotes */
  readonly start: number;
  readonly end: number;
}

class Scanner {
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #out: string[] = [];
  /** up to where `#out` has the text */
  #done = 0;
  #at = 0;
  #language: Code['language'] = 'js';
  #tag = 0;
  #brace = 0;
  #unclosed = 0;

  constructor(text: string, dialect: Dialect) {
    this.#text = text;
    this.#dialect = dialect;
  }

  scan(): Pick<Code, 'text' | 'language'> {
    const text = this.#text;
    while (this.#at < text.length) {
      const next = this.#next();
      if (next < 0) break;
      this.#at = next;
      if (text[next] === '{') this.#braces();
      else if (text.startsWith('<!--', next)) {
        const end = text.indexOf('-->', next + 4);
        this.#at = end < 0 ? text.length : end + 3;
      } else if (/[a-zA-Z]/.test(text[next + 1] ?? '')) this.#element();
      else this.#at = next + 1;
    }
    this.#blank(text.length);
    return { text: this.#out.join(''), language: this.#language };
  }

  /** Where the next tag or expression begins. */
  #next(): number {
    const from = this.#at;
    if (this.#tag >= 0 && this.#tag <= from) this.#tag = this.#text.indexOf('<', from);
    if (this.#dialect === 'html') return this.#tag;
    if (this.#brace >= 0 && this.#brace <= from) {
      this.#brace = this.#text.indexOf(this.#dialect === 'vue' ? '{{' : '{', from);
    }
    return this.#tag < 0 || (this.#brace >= 0 && this.#brace < this.#tag) ? this.#brace : this.#tag;
  }

  // ---- elements

  #element(): void {
    const text = this.#text;
    const name = /^[a-zA-Z][^\s/>]*/.exec(text.slice(this.#at + 1, this.#at + 65))?.[0] ?? '';
    this.#at += 1 + name.length;
    const lower = name.toLowerCase();
    const attributes = this.#attributes(lower === 'script');
    const isClosed = text[this.#at - 2] === '/';
    if (isClosed && this.#dialect !== 'html') return;
    const isTemplate = lower === 'template' && this.#dialect === 'vue';
    const language = this.#valueOf(attributes, 'lang');
    // Pug and other languages of templates are not read.
    const isRaw = RAW.has(lower) || (isTemplate && language !== '' && language !== 'html');
    if (!isRaw) return;
    const start = this.#at;
    const end = this.#endOf(lower, start);
    if (lower === 'script') this.#script(attributes, start, end);
    this.#at = end;
  }

  /** Where the end tag of a raw element begins; the end of the text where it has none yet. */
  #endOf(name: string, from: number): number {
    const tag = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
    tag.lastIndex = from;
    return tag.exec(this.#text)?.index ?? this.#text.length;
  }

  #script(attributes: readonly Attribute[], start: number, end: number): void {
    const type = this.#valueOf(attributes, 'type');
    const language = LANGUAGE[this.#valueOf(attributes, 'lang').toLowerCase()];
    const byType = /tsx?$|typescript$/i.test(type) ? 'ts' : undefined;
    if (language === undefined || !SCRIPT_TYPE.test(type)) return;
    const own = byType ?? language;
    if (own === 'tsx' || this.#language === 'js') this.#language = own;
    this.#blank(start);
    this.#copy(end);
  }

  #valueOf(attributes: readonly Attribute[], name: string): string {
    const found = attributes.find((each) => each.name === name);
    return found ? this.#text.slice(found.start, found.end) : '';
  }

  /** Reads attributes up to the `>` of the tag, and leaves out what is code in them. */
  #attributes(isScript: boolean): Attribute[] {
    const text = this.#text;
    const found: Attribute[] = [];
    for (;;) {
      while (isSpace(text.charCodeAt(this.#at))) this.#at++;
      const char = text[this.#at];
      if (char === undefined) return found;
      if (char === '>') {
        this.#at++;
        return found;
      }
      // A tag that is not finished: the next one begins.
      if (char === '<') return found;
      if (char === '{' && this.#dialect === 'svelte') {
        this.#braces();
        continue;
      }
      if (char === '/' || char === '=' || char === '"' || char === "'") {
        this.#at++;
        continue;
      }
      found.push(this.#attribute(isScript));
    }
  }

  #attribute(isScript: boolean): Attribute {
    const text = this.#text;
    const from = this.#at;
    while (this.#at < text.length && !/[\s=>/]/.test(text[this.#at] ?? '')) this.#at++;
    // A name has at least one character, whatever it is.
    if (this.#at === from) this.#at++;
    const name = text.slice(from, this.#at);
    const after = this.#at;
    while (isSpace(text.charCodeAt(this.#at))) this.#at++;
    if (text[this.#at] !== '=') {
      this.#at = after;
      return { name, start: after, end: after };
    }
    this.#at++;
    while (isSpace(text.charCodeAt(this.#at))) this.#at++;
    const quote = text[this.#at];
    if (quote === '"' || quote === "'") return this.#quoted(name, quote, isScript);
    const start = this.#at;
    if (quote === '{' && this.#dialect === 'svelte') this.#braces();
    else while (this.#at < text.length && !/[\s>]/.test(text[this.#at] ?? '')) this.#at++;
    return { name, start, end: this.#at };
  }

  #quoted(name: string, quote: string, isScript: boolean): Attribute {
    const text = this.#text;
    const start = this.#at + 1;
    if (this.#dialect === 'svelte') {
      // Quotes in an expression do not end the value.
      this.#at = start;
      while (this.#at < text.length && text[this.#at] !== quote) {
        if (text[this.#at] === '{') this.#braces();
        else this.#at++;
      }
      const end = this.#at;
      this.#at = Math.min(end + 1, text.length);
      return { name, start, end };
    }
    const closing = text.indexOf(quote, start);
    const end = closing < 0 ? text.length : closing;
    this.#at = Math.min(end + 1, text.length);
    if (closing >= 0 && !isScript && this.#isCode(name)) this.#expression(start - 1, start, end, end + 1, true);
    return { name, start, end };
  }

  /** Whether an attribute's value is code: `@click`, `:style`, `v-if`, `onclick`. */
  #isCode(name: string): boolean {
    return this.#dialect === 'vue' ? /^(?:@|:|#|v-)/.test(name) : /^on[a-z]+$/i.test(name);
  }

  // ---- expressions

  /** `{…}` of Svelte or `{{ … }}` of Vue. Braces without an end are text. */
  #braces(): void {
    const start = this.#at;
    const width = this.#dialect === 'vue' ? 2 : 1;
    const end = this.#unclosed > MAX_UNCLOSED ? -start : endOfBraces(this.#text, start);
    if (end <= 0) {
      this.#unclosed += -end - start;
      this.#at = start + width;
      return;
    }
    this.#at = end;
    const inner = start + width;
    // `{#await x}`, `{:then y}`, `{@const z = …}`, `{/if}`
    const head = this.#text.slice(inner, inner + 32);
    const [block = ''] = width === 1 ? (/^\s*(?:[#:@][a-z]+(?: if\b)?|\/[a-z]+)/.exec(head) ?? []) : [];
    this.#expression(start, inner + block.length, end - width, end, false);
  }

  /**
   * @param from where what stands around the expression begins, and `to` where it ends: signs that keep it apart from
   * others go there
   */
  #expression(from: number, start: number, end: number, to: number, hasEntities: boolean): void {
    const code = this.#text.slice(start, end);
    if (code.trim() === '') return;
    this.#blank(from);
    // An object would be a block, and a function a declaration.
    const isWrapped = /^\s*(?:\{|function\b|class\b)/.test(code);
    this.#put(isWrapped ? '(' : ';', start);
    this.#out.push(hasEntities && code.includes('&') ? decoded(code) : code);
    this.#done = end;
    this.#put(isWrapped ? ')' : ';', to);
  }

  // ---- the text that is made

  /** One sign and blanks up to an offset. */
  #put(sign: string, to: number): void {
    this.#out.push(sign);
    this.#done++;
    this.#blank(to);
  }

  #copy(to: number): void {
    this.#out.push(this.#text.slice(this.#done, to));
    this.#done = to;
  }

  #blank(to: number): void {
    if (to <= this.#done) return;
    this.#out.push(this.#text.slice(this.#done, to).replaceAll(/[^\r\n]/g, ' '));
    this.#done = to;
  }
}

/**
 * Offset behind the brace that closes the one at `start`; strings, templates and comments are skipped. Where there is
 * none: how far was looked, as a negative number.
 */
function endOfBraces(text: string, start: number): number {
  // What is open: a brace, or the template string around an expression.
  const open: string[] = [];
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (open.at(-1) === '`' && char !== '`' && char !== '\\' && !(char === '$' && text[at + 1] === '{')) continue;
    switch (char) {
      case '\\':
        at++;
        break;
      case '`':
        if (open.at(-1) === '`') open.pop();
        else open.push('`');
        break;
      case '$':
        if (open.at(-1) === '`') {
          open.push('{');
          at++;
        }
        break;
      case '{':
        open.push('{');
        break;
      case '}':
        open.pop();
        if (open.length === 0) return at + 1;
        break;
      case '"':
      case "'": {
        const end = endOfString(text, at);
        // A quote that nothing closes on its line: text of a comment, or not finished.
        if (end === undefined) return -at;
        at = end;
        break;
      }
      case '/':
        if (text[at + 1] === '*') {
          const end = text.indexOf('*/', at + 2);
          if (end < 0) return -text.length;
          at = end + 1;
        } else if (text[at + 1] === '/') {
          const end = text.indexOf('\n', at);
          if (end < 0) return -text.length;
          at = end;
        }
        break;
      default:
    }
  }
  return -text.length;
}

/** Where the quote is that ends a string. */
function endOfString(text: string, start: number): number | undefined {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === quote) return at;
    else if (char === '\n') return undefined;
  }
  return undefined;
}

const isSpace = (code: number) => code === 32 || (code >= 9 && code <= 13);

/** Entities as what they mean, with blanks beside it that keep the length. */
function decoded(code: string): string {
  let isOpen = false;
  return code.replaceAll(/&amp;&amp;|&(?:quot|apos|#39|#34|amp|lt|gt);/g, (entity) => {
    const sign = ENTITIES[entity] ?? '';
    if (sign !== '"' && sign !== "'") return sign.padEnd(entity.length);
    // Inside of a string nothing may be added: blanks stand outside of its quotes.
    isOpen = !isOpen;
    return isOpen ? sign.padStart(entity.length) : sign.padEnd(entity.length);
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;&amp;': '&&',
  '&quot;': '"',
  '&#34;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
};
