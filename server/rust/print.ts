/** Shapes as TypeScript: zod schemas, and types. */
import { JSON_VALUE, type Presence, type Shape, type ShapeField } from './shape.ts';

/** Lines that are longer are broken where they can be. */
const WIDTH = 100;

export interface PrintOptions {
  /** declared types that refer to themselves: they have a type of their own name, and are read when they are used */
  readonly recursive: ReadonlySet<string>;
  /** no types: the file is JavaScript */
  readonly javascript: boolean;
}

/** A schema; `column` is where its first line begins, `indent` that of its other lines. */
export function printSchema(shape: Shape, options: PrintOptions, indent = '', column = indent.length): string {
  return new Printer(options, false).schema(shape, indent, column);
}

/** The schema of a type that refers to itself: what comes in is what goes out, so that one type says both. */
export function printRecursive(shape: Shape, options: PrintOptions, indent: string): string {
  return new Printer(options, true).schema(shape, indent, indent.length);
}

class Printer {
  readonly #options: PrintOptions;
  readonly #plain: boolean;

  constructor(options: PrintOptions, plain: boolean) {
    this.#options = options;
    this.#plain = plain;
  }

  schema(shape: Shape, indent: string, column: number): string {
    const flat = this.#schema(shape, undefined);
    if (column + flat.length <= WIDTH && !flat.includes('\n') && !flat.includes('// ')) return flat;
    return this.#schema(shape, indent);
  }

  /** On one line without `indent`. */
  #schema(shape: Shape, indent: string | undefined): string {
    const inner = indent === undefined ? undefined : `${indent}  `;
    const nested = (each: Shape, at = inner) =>
      at === undefined ? this.#schema(each, at) : this.schema(each, at, at.length);
    switch (shape.kind) {
      case 'leaf':
        return shape.zod;
      case 'unknown':
        return `z.unknown() /* Rust: ${comment(shape.rust)} */`;
      case 'reference':
        return shape.name;
      case 'literal':
        return `z.literal(${quote(shape.value)})`;
      case 'enum':
        return `z.enum(${list('[', shape.values.map(quote), ']', indent)})${this.#meta(shape.title)}`;
      case 'nullable':
        return `${this.#schema(shape.of, indent)}.nullable()`;
      case 'array':
        return `z.array(${this.#schema(shape.item, indent)})${shape.length === undefined ? '' : `.length(${shape.length})`}`;
      case 'tuple':
        return `z.tuple(${list(
          '[',
          shape.items.map((each) => nested(each)),
          ']',
          indent,
        )})`;
      case 'record':
        return `z.record(${this.#schema(shape.key, indent)}, ${this.#schema(shape.value, indent)})`;
      case 'object': {
        const fields = shape.fields.map((field) => this.#field(field, inner));
        const rest = shape.rest ? `.catchall(${this.#schema(shape.rest, indent)})` : '';
        return `z.${shape.strict ? 'strictObject' : 'object'}(${list('{', fields, '}', indent)})${rest}${this.#meta(shape.title)}`;
      }
      case 'union': {
        const options = shape.options.map((each) => nested(each));
        if (options.length === 0) return 'z.never()';
        if (options.length === 1) return `${options[0]}`;
        return `z.union(${list('[', options, ']', indent)})${this.#meta(shape.title)}`;
      }
      case 'tagged': {
        const options = shape.options.map((each) => nested(each));
        return `z.discriminatedUnion(${quote(shape.tag)}, ${list('[', options, ']', indent)})${this.#meta(shape.title)}`;
      }
      case 'and': {
        const [first, ...others] = shape.parts.map((each) => this.#schema(each, indent));
        return `${first}${others.map((each) => `.and(${each})`).join('')}`;
      }
      case 'channel': {
        const type =
          shape.of && !this.#options.javascript ? `<${printType(shape.of, outputWords(this.#options.recursive))}>` : '';
        return `channel${type}()`;
      }
    }
  }

  #field({ key, shape, presence, comment: why }: ShapeField, indent: string | undefined): string {
    const name = propertyName(key);
    const value =
      indent === undefined ? this.#schema(shape, indent) : this.schema(shape, indent, indent.length + name.length + 2);
    // `.nullable()` and `.optional()` are one word together.
    const none =
      presence.kind === 'optional' || presence.kind === 'nullish' || (presence.kind === 'default' && this.#plain);
    if (shape.kind === 'nullable' && none)
      return this.#field(
        { key, shape: shape.of, presence: { kind: 'nullish' }, ...(why !== undefined && { comment: why }) },
        indent,
      );
    const remark = why === undefined ? '' : ` /* ${comment(why)} */`;
    return `${name}: ${value}${this.#presence(presence)}${remark}`;
  }

  #presence(presence: Presence): string {
    switch (presence.kind) {
      case 'required':
        return '';
      case 'optional':
        return '.optional()';
      case 'nullish':
        return '.nullish()';
      case 'default':
        if (this.#plain) return '.optional()';
        return `.default(${presence.value})`;
    }
  }

  #meta(title: string | undefined): string {
    return title === undefined ? '' : `.meta({ title: ${quote(title)} })`;
  }
}

/** The items of a list, one a line where `indent` is given. */
function list(open: string, items: readonly string[], close: string, indent: string | undefined): string {
  const [before, after] = open === '{' && items.length > 0 ? ['{ ', ' }'] : [open, close];
  if (indent === undefined || items.length === 0)
    return `${before}${items.join(', ')}${items.length === 0 ? close : after}`;
  return `${open}\n${items.map((item) => `${indent}  ${item},\n`).join('')}${indent}${close}`;
}

/** How a type says what shapes alone do not. */
export interface TypeWords {
  /** a declared type */
  reference(name: string): string;
  /** undefined where it is not known what the channel sends */
  channel(message: string | undefined): string;
  /** any JSON */
  readonly json: string;
  /** whether a member is marked as one that may be absent */
  isAbsent(presence: Presence): boolean;
  /** what such a member's type has besides its own */
  readonly absent: string;
}

/** The words for the type of what a schema gives. */
export const outputWords = (recursive: ReadonlySet<string>): TypeWords => ({
  reference: (name) => (recursive.has(name) ? name : `z.output<typeof ${name}>`),
  channel: () => 'unknown',
  json: JSON_VALUE.ts,
  isAbsent: ({ kind }) => kind !== 'required',
  absent: ' | undefined',
});

export function printType(shape: Shape, words: TypeWords): string {
  const type = (each: Shape) => printType(each, words);
  const inList = (each: Shape) => {
    const text = type(each);
    return each.kind !== 'object' && /[|&]/.test(text) ? `(${text})` : text;
  };
  switch (shape.kind) {
    case 'leaf':
      return shape === JSON_VALUE ? words.json : shape.ts;
    case 'unknown':
      return 'unknown';
    case 'channel':
      return words.channel(shape.of && type(shape.of));
    case 'reference':
      return words.reference(shape.name);
    case 'literal':
      return quote(shape.value);
    case 'enum':
      return shape.values.map(quote).join(' | ');
    case 'nullable':
      return `${type(shape.of)} | null`;
    case 'array':
      return `${inList(shape.item)}[]`;
    case 'tuple':
      return `[${shape.items.map(type).join(', ')}]`;
    case 'record':
      return `Record<string, ${type(shape.value)}>`;
    case 'object': {
      const fields = shape.fields.map(({ key, shape, presence }) => {
        const absent = words.isAbsent(presence);
        const none = presence.kind === 'nullish' && shape.kind !== 'nullable' ? ' | null' : '';
        return `${propertyName(key)}${absent ? '?' : ''}: ${type(shape)}${none}${absent ? words.absent : ''}`;
      });
      if (shape.rest) fields.push('[key: string]: unknown');
      return fields.length === 0 ? 'Record<string, never>' : `{ ${fields.join('; ')} }`;
    }
    case 'union':
    case 'tagged':
      return shape.options.length === 0 ? 'never' : shape.options.map(type).join(' | ');
    case 'and':
      return shape.parts.map(inList).join(' & ');
  }
}

export const quote = (value: string | number) =>
  typeof value === 'number'
    ? String(value)
    : `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'").replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;

/** A text that cannot end the comment that it stands in. */
export const comment = (text: string) => text.replaceAll('*/', '* /');

/** A key as an object has it: with quotes where it must. */
export const propertyName = (key: string) => {
  if (key === '__proto__') return "['__proto__']";
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : quote(key);
};
