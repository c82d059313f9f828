/** Adds a handler to a backend that is there already, and leaves all else as it is. */
import type { TextEdit } from '#core/acl/edit.ts';
import type { RustCommand } from './model.ts';
import { lowerCamelCase } from './names.ts';
import { quote } from './print.ts';
import type { RustIndex } from './rust-index.ts';
import {
  type Call,
  callsOf,
  type Import,
  importsIn,
  namesOf,
  scriptTokens,
  type Token,
  type Value,
  valueOf,
} from './script.ts';
import { type CalledCommand, librariesIn, type Stub, type StubOptions, stubFor, stubOfCall } from './stub.ts';

export type { TextEdit };

const LIBRARY = 'ipc-workbench';

/**
 * The edits that add the handler of one command to a `src-ipc/main.ts`: what it imports, the types that are not there,
 * the handler, and its place in `app({ commands: […] })`, or in the `plugin({ … })` that has it. None where the file has
 * a handler of that name, or no `app({ … })` that it could be added to.
 */
export function addStub(source: string, command: RustCommand, index: RustIndex, options: StubOptions = {}): TextEdit[] {
  const file = new Backend(source);
  const called = command.name.slice(command.name.indexOf('|') + 1);
  if (command.plugin === undefined && file.hasCommand(called)) return [];
  const stub = stubFor(command, index, { ...options, taken: file.namesExceptSchemas() });
  return file.add(stub, command.plugin);
}

/** The edits that add the handler of a command that is called and not in Rust, as {@link addStub} does. */
export function addHandler(source: string, command: CalledCommand): TextEdit[] {
  const file = new Backend(source);
  if (file.hasCommand(command.name)) return [];
  return file.add(stubOfCall(command, file.names), undefined);
}

class Backend {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  readonly #imports: readonly Import[];
  readonly #names: ReadonlySet<string>;
  readonly #newline: string;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = scriptTokens(source);
    this.#imports = importsIn(source, this.#tokens);
    this.#names = namesOf(this.#tokens, this.#imports);
    this.#newline = source.includes('\r\n') ? '\r\n' : '\n';
  }

  hasCommand(name: string): boolean {
    const local = this.#local('command');
    return this.#tokens.some(
      ({ text, kind }, at) =>
        kind === 'name' && text === local && this.#tokens[at + 1]?.text === '(' && this.#tokens[at + 2]?.text === name,
    );
  }

  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** Names that a new const must not have. A schema that is there stands for the type of its name. */
  namesExceptSchemas(): string[] {
    return [...this.#names].filter((name) => !this.#isSchema(name));
  }

  #isSchema(name: string): boolean {
    const value = valueOf(this.#tokens, name);
    const type = this.#tokens[(value?.at ?? 0) + 1];
    return value?.tokens[0]?.text === 'z' || (type?.text === ':' && this.#tokens[(value?.at ?? 0) + 2]?.text === 'z');
  }

  #local(name: string): string {
    return (
      this.#imports
        .filter(({ from }) => from === LIBRARY)
        .flatMap(({ names }) => names)
        .find((each) => each.name === name)?.local ?? name
    );
  }

  add(stub: Stub, plugin: string | undefined): TextEdit[] {
    const app = callsOf(this.#tokens, this.#local('app')).at(-1);
    if (!app) return this.#addApp(stub, plugin);
    const edits: TextEdit[] = [];
    const parts = [...this.#missing(stub), stub.code];
    let before = this.#tokens[app.at]?.start ?? 0;
    const existing = plugin === undefined ? app : this.#pluginCall(plugin);
    if (existing) {
      const { edits: added, start } = this.#addTo(existing, 'commands', stub.name);
      edits.push(...added);
      before = Math.min(before, start);
    } else {
      const name = this.#free(`${lowerCamelCase(plugin ?? '')}Plugin`);
      parts.push(`const ${name} = plugin({ name: ${quote(plugin ?? '')}, commands: [${stub.name}] });`);
      const { edits: added, start } = this.#addTo(app, 'plugins', name);
      edits.push(...added);
      before = Math.min(before, start);
    }
    const code = parts.join('\n\n');
    edits.push(insert(this.#statementStart(before), `${code}\n\n`), ...this.#importEdits(code));
    return this.#finish(edits);
  }

  /** A file without an app gets one, unless it exports something else. */
  #addApp(stub: Stub, plugin: string | undefined): TextEdit[] {
    const exports = this.#tokens.some(
      ({ text, depth }, at) => text === 'default' && depth === 0 && this.#tokens[at - 1]?.text === 'export',
    );
    if (exports) return [];
    const name = this.#free(`${lowerCamelCase(plugin ?? '')}Plugin`);
    const end =
      plugin === undefined
        ? [`export default app({ commands: [${stub.name}] });`]
        : [
            `const ${name} = plugin({ name: ${quote(plugin)}, commands: [${stub.name}] });`,
            `export default app({ plugins: [${name}] });`,
          ];
    const code = [...this.#missing(stub), stub.code, ...end].join('\n\n');
    const lead = this.#source.trim() === '' ? '' : this.#source.endsWith('\n') ? '\n' : '\n\n';
    return this.#finish([...this.#importEdits(code), insert(this.#source.length, `${lead}${code}\n`)]);
  }

  #missing({ declarations }: Stub): string[] {
    return declarations.filter(({ name }) => !this.#names.has(name)).map(({ code }) => code);
  }

  #free(name: string): string {
    let free = name;
    for (let count = 2; this.#names.has(free); count++) free = `${name}${count}`;
    return free;
  }

  #pluginCall(plugin: string): Call | undefined {
    return callsOf(this.#tokens, this.#local('plugin')).find(
      ({ properties }) => properties.get('name')?.tokens[0]?.text === plugin,
    );
  }

  /** Adds a name to the list of a property, and tells where the statement with the list begins. */
  #addTo(call: Call, property: string, name: string): { readonly edits: TextEdit[]; readonly start: number } {
    const start = this.#tokens[call.at]?.start ?? 0;
    const value = call.properties.get(property);
    if (!value) {
      return { edits: [insert(call.inside, ` ${property}: [${name}]${call.empty ? ' ' : ','}`)], start };
    }
    const [only] = value.tokens;
    if (only?.text === '[' && only.kind === 'other') return { edits: this.#addToList(value, name), start };
    const variable = value.tokens.length === 1 && only?.kind === 'name' ? valueOf(this.#tokens, only.text) : undefined;
    if (variable?.tokens[0]?.text === '[') return { edits: this.#addToList(variable, name), start: variable.start };
    const shorthand =
      value.tokens.length === 1 &&
      only?.text === property &&
      !this.#source.slice(0, value.start).trimEnd().endsWith(':');
    return {
      edits: [insert(value.start, shorthand ? `${property}: [...` : '[...'), insert(value.end, `, ${name}]`)],
      start,
    };
  }

  #addToList({ tokens }: Value, name: string): TextEdit[] {
    const open = tokens[0] as Token;
    const close = tokens.findIndex(({ text, kind, depth }) => text === ']' && kind === 'other' && depth === open.depth);
    const end = tokens[close];
    const last = tokens[close - 1];
    if (!end || !last) return [];
    if (last === open) return [insert(open.end, name)];
    const first = tokens[1] as Token;
    const lineStart = this.#source.lastIndexOf('\n', first.start - 1) + 1;
    const indent = this.#source.slice(lineStart, first.start);
    // One item a line: so stands the new one. A comment behind the last item stays there.
    if (indent.trim() === '' && lineStart > open.start) {
      const comma = last.text === ',' && last.kind === 'other';
      const line = this.#source.slice(last.end, end.start);
      const tail = /^[ \t]*(?:\/\/[^\n]*|\/\*[^\n]*?\*\/)?[ \t]*(?=\r?\n)/.exec(line)?.[0] ?? '';
      const added = `\n${indent}${name}${comma ? ',' : ''}`;
      if (comma) return [insert(last.end + tail.length, added)];
      return tail.trim() === ''
        ? [insert(last.end, `,${added}`)]
        : [insert(last.end, ','), insert(last.end + tail.length, added)];
    }
    return [insert(last.end, last.text === ',' && last.kind === 'other' ? ` ${name}` : `, ${name}`)];
  }

  /** Where the statement around an offset begins, with the comments directly above it. */
  #statementStart(offset: number): number {
    let at = this.#tokens.findIndex(({ start }) => start >= offset);
    if (at === -1) return offset;
    while (at > 0) {
      const before = this.#tokens[at - 1] as Token;
      const ends = before.depth === 0 && (before.text === ';' || before.text === '}');
      if (ends || (before.depth === 0 && before.kind === 'string' && /\n/.test(this.#between(at)))) break;
      if (BEGINS.has(this.#tokens[at]?.text ?? '') && this.#tokens[at]?.depth === 0 && before.text !== 'export') break;
      at--;
    }
    let line = this.#source.lastIndexOf('\n', (this.#tokens[at]?.start ?? 0) - 1) + 1;
    while (line > 0) {
      const above = this.#source.lastIndexOf('\n', line - 2) + 1;
      if (!/^\s*(?:\/\/|\/\*|\*)/.test(this.#source.slice(above, line))) break;
      line = above;
    }
    return line;
  }

  #between(at: number): string {
    return this.#source.slice(this.#tokens[at - 1]?.end ?? 0, this.#tokens[at]?.start ?? 0);
  }

  #importEdits(code: string): TextEdit[] {
    const library = this.#imports.filter(({ from, typeOnly }) => from === LIBRARY && !typeOnly);
    const has = new Set(
      library.flatMap(({ names }) => names.filter(({ name, local }) => name === local).map(({ name }) => name)),
    );
    const wanted = librariesIn(code).filter((name) => !has.has(name));
    const zod = /\bz\./.test(code) && !this.#names.has('z');
    const lines: string[] = [];
    const edits: TextEdit[] = [];
    const named = library.find(({ lastName }) => lastName);
    if (wanted.length > 0 && named?.lastName) {
      const { end, empty } = named.lastName;
      edits.push(insert(end, empty ? ` ${wanted.join(', ')} ` : `, ${wanted.join(', ')}`));
    } else if (wanted.length > 0) lines.push(`import { ${wanted.join(', ')} } from '${LIBRARY}';`);
    if (zod) lines.push("import * as z from 'zod';");
    if (lines.length === 0) return edits;
    const last = named ?? this.#imports.at(-1);
    if (last) return [...edits, insert(last.end, `\n${lines.join('\n')}`)];
    const head = /^(?:#![^\n]*\n)?/.exec(this.#source)?.[0].length ?? 0;
    return [...edits, insert(head, `${lines.join('\n')}\n\n`)];
  }

  /** In order, with the file's line ends, one edit for each offset: what was added first stands first. */
  #finish(edits: readonly TextEdit[]): TextEdit[] {
    const imports = edits.filter(({ newText }) => /^\n?import /.test(newText));
    const byOffset = Map.groupBy(
      [...imports, ...edits.filter((edit) => !imports.includes(edit))],
      ({ offset }) => offset,
    );
    return [...byOffset]
      .sort(([a], [b]) => a - b)
      .map(([offset, same]) => {
        const newText = same.map((edit) => edit.newText).join('');
        return { offset, length: 0, newText: newText.replaceAll('\n', this.#newline) };
      });
  }
}

const BEGINS = new Set(['export', 'const', 'let', 'var']);

const insert = (offset: number, newText: string): TextEdit => ({ offset, length: 0, newText });
