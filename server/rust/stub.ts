/** Handlers in TypeScript for commands in Rust: typed, and waiting to be written. */
import type { Place, RustArgument, RustCommand } from './model.ts';
import { lowerCamelCase, upperCamelCase } from './names.ts';
import { inOrder } from './order.ts';
import {
  comment,
  outputWords,
  type PrintOptions,
  printRecursive,
  printSchema,
  printType,
  propertyName,
  quote,
} from './print.ts';
import { type Bound, NO_ENV } from './resolve.ts';
import type { RustIndex } from './rust-index.ts';
import { resultOf } from './settle.ts';
import { helpersIn, NOTHING, referencesIn, type Shape } from './shape.ts';
import { Shapes } from './shapes.ts';

/** A const of the generated file that handlers speak of. */
export interface Declaration {
  readonly name: string;
  readonly code: string;
}

export interface Stub {
  /** the const that holds the command */
  readonly name: string;
  /** what is imported from `ipc-workbench`; `z` is all of zod's */
  readonly imports: readonly string[];
  /** schemas of Rust's types, each after those that it speaks of */
  readonly declarations: readonly Declaration[];
  readonly code: string;
  /** what could not be translated, one sentence each */
  readonly notes: readonly string[];
}

export interface StubOptions {
  /** names that the file has already */
  readonly taken?: Iterable<string>;
  /** no types: the file is JavaScript */
  readonly javascript?: boolean;
  /** how a file is called, where it has an absolute path: that is of one machine. As it is, unless this says otherwise */
  readonly shown?: (file: string) => string;
}

/** The handler of one command. */
export function stubFor(command: RustCommand, index: RustIndex, options: StubOptions = {}): Stub {
  const writer = new StubWriter(index, options);
  const written = writer.handlerOf(command);
  const { code, declarations } = writer.print(written);
  return {
    name: written.name,
    imports: librariesIn(declarations.map((each) => each.code).join('\n') + code),
    declarations,
    code,
    notes: [...writer.notes],
  };
}

/** A command of which only calls tell. */
export interface CalledCommand {
  readonly name: string;
  /** what calls send, each with its schema as code */
  readonly args: readonly { readonly key: string; readonly schema: string }[];
}

/** The handler of a command that is called and not in Rust. */
export function stubOfCall({ name: called, args }: CalledCommand, taken: Iterable<string>): Stub {
  const camel = identifier(lowerCamelCase(called));
  const name = freeName(camel, new Set([...RESERVED, ...taken]), [`${camel}Command`]);
  const printed = args.map(({ key, schema }) => `${propertyName(key)}: ${schema}`);
  const given = printed.length === 0 ? '{}' : `{ args: { ${printed.join(', ')} } }`;
  const body = `throw reject(${quote(`${called} is not written yet`)});`;
  const code = `const ${name} = command(${quote(called)}, ${given}, () => {\n  ${body}\n});`;
  return { name, imports: librariesIn(code), declarations: [], code, notes: [] };
}

function freeName(name: string, taken: ReadonlySet<string>, others: readonly string[]): string {
  let free = [name, ...others].find((each) => !taken.has(each));
  for (let count = 2; free === undefined; count++) if (!taken.has(`${name}${count}`)) free = `${name}${count}`;
  return free;
}

/** What code takes from the library. */
export function librariesIn(code: string): string[] {
  const plain = code.replace(/\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'/g, '');
  return ['app', 'channel', 'command', 'plugin', 'reject'].filter((name) =>
    new RegExp(`(?<![.\\w$])${name}(?:<|\\()`).test(plain),
  );
}

/** Names that mean something else in a file of handlers. */
const RESERVED = [
  ...['app', 'channel', 'command', 'plugin', 'reject', 'z', 'IpcError', 'Channel'],
  ...[
    'Array',
    'ArrayBuffer',
    'Boolean',
    'Date',
    'Error',
    'Function',
    'JSON',
    'Map',
    'Math',
    'Number',
    'Object',
    'Promise',
  ],
  ...['Proxy', 'Record', 'Reflect', 'RegExp', 'Request', 'Response', 'Set', 'String', 'Symbol', 'URL', 'Uint8Array'],
  ...[
    'await',
    'break',
    'case',
    'catch',
    'class',
    'const',
    'continue',
    'debugger',
    'default',
    'delete',
    'do',
    'else',
    'enum',
  ],
  ...[
    'export',
    'extends',
    'false',
    'finally',
    'for',
    'function',
    'if',
    'import',
    'in',
    'instanceof',
    'interface',
    'let',
  ],
  ...[
    'new',
    'null',
    'package',
    'private',
    'protected',
    'public',
    'return',
    'static',
    'super',
    'switch',
    'this',
    'throw',
  ],
  ...['true', 'try', 'typeof', 'undefined', 'var', 'void', 'while', 'with', 'yield', 'arguments', 'eval', 'implements'],
  ...[
    'console',
    'process',
    'global',
    'globalThis',
    'fetch',
    'NaN',
    'Infinity',
    'u8',
    'u16',
    'u32',
    'u64',
    'u128',
    'usize',
  ],
  ...[
    'i8',
    'i16',
    'i32',
    'i64',
    'i128',
    'isize',
    'char',
    'Node',
    'Event',
    'File',
    'Buffer',
    'module',
    'require',
    'exports',
  ],
];

/** A handler whose types are shapes yet: names of declarations are printed when all are known. */
export interface Handler {
  readonly command: RustCommand;
  readonly name: string;
  readonly args: readonly { readonly key: string; readonly shape: Shape; readonly optional: boolean }[];
  /** undefined: bytes, or what cannot be said */
  readonly returns: Shape | undefined;
  readonly remarks: readonly string[];
}

/** Writes handlers that share their declarations. */
export class StubWriter {
  readonly #index: RustIndex;
  readonly #shapes: Shapes;
  readonly #taken: Set<string>;
  readonly #javascript: boolean;
  readonly #shown: (file: string) => string;

  constructor(index: RustIndex, { taken = [], javascript = false, shown = (file) => file }: StubOptions = {}) {
    this.#index = index;
    this.#taken = new Set([...RESERVED, ...taken]);
    this.#shapes = new Shapes(index.names, this.#taken);
    this.#javascript = javascript;
    this.#shown = shown;
  }

  /** Where something is in Rust, for people. */
  placeOf({ file, line }: Pick<Place, 'file' | 'line'>): string {
    return `${this.#shown(file)}:${line}`;
  }

  get notes(): ReadonlySet<string> {
    return this.#shapes.notes;
  }

  handlerOf(command: RustCommand): Handler {
    const { names } = this.#index;
    const scope = names.scopeOf(command);
    const remarks: string[] = [];
    const args = command.args.flatMap((argument) => {
      const bound: Bound = { ref: argument.type, scope, env: NO_ENV };
      const shape = this.#argumentShape(argument, bound, remarks);
      if (!shape || argument.key === '') return [];
      return { key: argument.key, shape, optional: shape.kind === 'nullable' };
    });
    const returns = this.#returnsOf(command, remarks);
    for (const other of this.#index.definitions(command.name)) {
      if (!other.registered || other.signature === command.signature) continue;
      this.#shapes.notes.add(`\`${command.name}\` has another form at ${this.placeOf(other)}`);
    }
    const keys = new Set<string>();
    return {
      command,
      name: this.#nameFor(command),
      args: args.filter(({ key }) => !keys.has(key) && keys.add(key)),
      returns,
      remarks,
    };
  }

  #argumentShape(argument: RustArgument, bound: Bound, remarks: string[]): Shape | undefined {
    const where = `argument \`${argument.key}\``;
    switch (argument.kind) {
      case 'injected':
        return undefined;
      case 'raw request':
        remarks.push('The request: `context.request`, its bytes in `context.request.body`.');
        return undefined;
      case 'unknown': {
        const { text } = argument.type;
        this.#shapes.notes.add(`${where}: whether \`${text}\` comes from the page cannot be told`);
        return { kind: 'unknown', rust: text };
      }
      case 'channel':
      case 'value':
        // Nothing can be sent under no name: an Option is None, all else fails in Rust, too.
        if (argument.key !== '') return this.#shapes.shapeOf(bound, 'in', where);
        if (!/^Option\b/.test(argument.type.text)) {
          this.#shapes.notes.add(
            `the argument of type \`${argument.type.text}\` has no name: the command fails in Rust`,
          );
        }
        return undefined;
    }
  }

  #returnsOf(command: RustCommand, remarks: string[]): Shape | undefined {
    const { ok } = resultOf(command, this.#index.names);
    if (!command.declared) return NOTHING;
    if (!ok) return undefined;
    const type = this.#index.names.expand(ok);
    if (type.kind === 'tuple' && type.items.length === 0) return NOTHING;
    const response = (type.kind === 'external' && type.path[0] === 'tauri') || type.kind === 'unknown';
    if (response && 'Response' === (type.kind === 'external' ? type.path.at(-1) : type.name)) {
      remarks.push('Answers with raw bytes: return a `Uint8Array`.');
      return undefined;
    }
    return this.#shapes.shapeOf(ok, 'out', 'the result');
  }

  #nameFor({ rustName, plugin }: RustCommand): string {
    const name = identifier(lowerCamelCase(rustName));
    const inPlugin = plugin === undefined ? [] : [identifier(lowerCamelCase(plugin)) + upperCamelCase(rustName)];
    return this.claim(name, [...inPlugin, `${name}Command`]);
  }

  /** A name that nothing else has. */
  claim(name: string, others: readonly string[] = []): string {
    const free = freeName(name, this.#taken, others);
    this.#taken.add(free);
    return free;
  }

  /** The code of a handler with the declarations that it needs. */
  print(handler: Handler): { readonly code: string; readonly declarations: readonly Declaration[] } {
    const { declarations, options } = this.declarations([handler]);
    return { code: this.printHandler(handler, options), declarations };
  }

  printHandler(handler: Handler, options: PrintOptions): string {
    const { command, args, returns, name, remarks } = handler;
    const parts: string[] = [];
    if (args.length > 0) {
      const printed = args.map(({ key, shape, optional }) => {
        const property = propertyName(key);
        return `${property}: ${printSchema(shape, options, '      ', 6 + property.length)}${optional ? '.default(null)' : ''}`;
      });
      const flat = `args: { ${printed.join(', ')} }`;
      parts.push(fits(flat, 60) ? flat : `args: {\n${printed.map((each) => `      ${each},\n`).join('')}    }`);
    }
    if (returns) parts.push(`returns: ${printSchema(returns, options, '    ', 13)}`);
    const given = `{ ${parts.join(', ')} }`;
    const short = parts.length === 0 ? '{}' : fits(given, 70) ? given : undefined;
    const list = `{\n${parts.map((each) => `    ${each},\n`).join('')}  }`;
    const place = this.placeOf(command);
    const body = `throw reject(${quote(`${command.name} is not written yet. In Rust: ${place}`)});`;
    const called = quote(
      command.plugin === undefined ? command.name : command.name.slice(command.name.indexOf('|') + 1),
    );
    const result = returns === undefined && !options.javascript ? '(): unknown' : '()';
    const head = `const ${name} = command(${called}, ${short}, ${result} => {`;
    const code =
      short === undefined || head.length > 118
        ? `command(\n  ${called},\n  ${list},\n  ${result} => {\n    ${body}\n  },\n);`
        : `command(${called}, ${short}, ${result} => {\n  ${body}\n});`;
    return `${docOf(command, remarks, place)}const ${name} = ${code}`;
  }

  /** Everything that handlers speak of, in order. */
  declarations(handlers: readonly Handler[]): {
    readonly declarations: readonly Declaration[];
    readonly options: PrintOptions;
  } {
    const used = handlers.flatMap(({ args, returns }) => [
      ...args.map(({ shape }) => shape),
      ...(returns ? [returns] : []),
    ]);
    const nodes = [...this.#shapes.declared.values()].map((each) => ({ ...each, refersTo: referencesIn(each.shape) }));
    const { sorted, recursive } = inOrder(reachable(nodes, used.flatMap(referencesIn)));
    const options: PrintOptions = { recursive, javascript: this.#javascript };
    const helpers = new Map(
      [...used, ...sorted.map(({ shape }) => shape)].flatMap(helpersIn).map((helper) => [helper.name, helper]),
    );
    const types = sorted.map(({ name, shape, problem, type }) => {
      const remark = problem === undefined ? '' : ` // ${this.placeOf(type)}: ${problem}`;
      if (!recursive.has(name))
        return { name, code: `const ${name} = ${printSchema(shape, options, '', name.length + 9)};${remark}` };
      const schema = `z.lazy(() =>\n  ${printRecursive(shape, options, '  ')},\n)`;
      if (this.#javascript) return { name, code: `const ${name} = ${schema};` };
      return {
        name,
        code: `type ${name} = ${printType(shape, outputWords(recursive))};\nconst ${name}: z.ZodType<${name}, ${name}> = ${schema};`,
      };
    });
    return { declarations: [...helpers.values(), ...types], options };
  }
}

/** Types that were looked at and are not spoken of, such as those of a map's keys, are left out. */
function reachable<T extends { readonly name: string; readonly refersTo: readonly string[] }>(
  nodes: readonly T[],
  from: readonly string[],
): T[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const found = new Set<string>();
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (!found.has(name) && found.add(name)) open.push(...(byName.get(name)?.refersTo ?? []));
  }
  return nodes.filter(({ name }) => found.has(name));
}

const fits = (text: string, width: number) => text.length <= width && !text.includes('\n') && !text.includes('// ');

const identifier = (name: string) => (/^[\p{L}_$]/u.test(name) ? name : `_${name}`);

function docOf({ doc, signature }: RustCommand, remarks: readonly string[], place: string): string {
  const lines = [...(doc === undefined ? [] : [...doc.split('\n'), '']), `Rust: \`${signature}\``, ...remarks, place];
  return `/**\n${lines.map((text) => ` * ${comment(text)}`.trimEnd()).join('\n')}\n */\n`;
}
