/** What a type looks like on the wire: between Rust's types and zod's schemas. */

export type Shape =
  | Leaf
  /** not translated; `rust` says which type it is */
  | { readonly kind: 'unknown'; readonly rust: string }
  /** the const of a declared type */
  | { readonly kind: 'reference'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'enum'; readonly values: readonly string[]; readonly title: string }
  | { readonly kind: 'nullable'; readonly of: Shape }
  | { readonly kind: 'array'; readonly item: Shape; readonly length?: number }
  | { readonly kind: 'tuple'; readonly items: readonly Shape[] }
  | { readonly kind: 'record'; readonly key: Shape; readonly value: Shape }
  | ObjectShape
  | { readonly kind: 'union'; readonly options: readonly Shape[]; readonly title?: string }
  | { readonly kind: 'tagged'; readonly tag: string; readonly options: readonly Shape[]; readonly title: string }
  | { readonly kind: 'and'; readonly parts: readonly Shape[] }
  /** `of`: what is sent, where that has a form of its own */
  | { readonly kind: 'channel'; readonly of?: Shape };

export interface Leaf {
  readonly kind: 'leaf';
  readonly zod: string;
  /** the type in TypeScript */
  readonly ts: string;
  /** a const of the generated file that `zod` names, with its code */
  readonly helper?: { readonly name: string; readonly code: string };
  /** what serde's `default` gives */
  readonly zero?: string;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: readonly ShapeField[];
  readonly title?: string;
  /** unknown fields are an error */
  readonly strict?: boolean;
  /** what a flattened map takes */
  readonly rest?: Shape;
}

export interface ShapeField {
  readonly key: string;
  readonly shape: Shape;
  readonly presence: Presence;
  /** why it is as it is, where the schema alone does not say */
  readonly comment?: string;
}

export type Presence =
  | { readonly kind: 'required' }
  /** `undefined` and absent are one */
  | { readonly kind: 'optional' }
  /** absent or null */
  | { readonly kind: 'nullish' }
  /** absent: the value, as TypeScript */
  | { readonly kind: 'default'; readonly value: string };

export const REQUIRED: Presence = { kind: 'required' };
export const OPTIONAL: Presence = { kind: 'optional' };

export const leaf = (zod: string, ts: string, zero?: string): Leaf => ({
  kind: 'leaf',
  zod,
  ts,
  ...(zero !== undefined && { zero }),
});

/** A number type with a const of its own, so that a schema reads as the Rust does. */
const integer = (name: string, code: string): Leaf => ({
  kind: 'leaf',
  zod: name,
  ts: 'number',
  helper: { name, code: `const ${name} = ${code}` },
  zero: '0',
});

const range = (name: string, min: number, max: number) =>
  integer(name, `z.int().min(${min}).max(${max}).meta({ title: '${name}' });`);
const wide = (name: string, min?: number) =>
  integer(
    name,
    `z.int()${min === undefined ? '' : `.min(${min})`}.meta({ title: '${name}' }); // exact up to 2^53, as numbers of a page are`,
  );

/** Rust's primitive types. */
export const PRIMITIVES: Readonly<Record<string, Leaf>> = {
  u8: range('u8', 0, 255),
  i8: range('i8', -128, 127),
  u16: range('u16', 0, 65_535),
  i16: range('i16', -32_768, 32_767),
  u32: leaf('z.uint32()', 'number', '0'),
  i32: leaf('z.int32()', 'number', '0'),
  u64: wide('u64', 0),
  i64: wide('i64'),
  u128: wide('u128', 0),
  i128: wide('i128'),
  usize: wide('usize', 0),
  isize: wide('isize'),
  f32: leaf('z.number()', 'number', '0'),
  f64: leaf('z.number()', 'number', '0'),
  bool: leaf('z.boolean()', 'boolean', 'false'),
  char: {
    kind: 'leaf',
    zod: 'char',
    ts: 'string',
    helper: { name: 'char', code: `const char = z.string().regex(/^.$/su, 'expected a character');` },
  },
  str: leaf('z.string()', 'string', "''"),
};

export const STRING = leaf('z.string()', 'string', "''");
export const NULL = leaf('z.null()', 'null');
export const NOTHING = leaf('z.void()', 'void');
export const JSON_VALUE = leaf('z.json()', 'z.core.util.JSONType', 'null');

/** What serde's `default` gives for a shape; undefined where it is not known. */
export function zeroOf(shape: Shape): string | undefined {
  switch (shape.kind) {
    case 'leaf':
      return shape.zero;
    case 'nullable':
      return 'null';
    case 'array':
      return shape.length === undefined ? '[]' : undefined;
    case 'record':
      return '{}';
    default:
      return undefined;
  }
}

/** The names of declared types in a shape. */
export function referencesIn(shape: Shape): string[] {
  return shape.kind === 'reference' ? [shape.name] : childrenOf(shape).flatMap(referencesIn);
}

/** The helpers that a shape names. */
export function helpersIn(shape: Shape): { readonly name: string; readonly code: string }[] {
  if (shape.kind === 'leaf') return shape.helper ? [shape.helper] : [];
  return childrenOf(shape).flatMap(helpersIn);
}

function childrenOf(shape: Shape): readonly Shape[] {
  switch (shape.kind) {
    case 'nullable':
      return [shape.of];
    case 'array':
      return [shape.item];
    case 'tuple':
      return shape.items;
    case 'record':
      return [shape.key, shape.value];
    case 'object':
      return [...shape.fields.map((field) => field.shape), ...(shape.rest ? [shape.rest] : [])];
    case 'union':
    case 'tagged':
      return shape.options;
    case 'and':
      return shape.parts;
    case 'channel':
      return shape.of ? [shape.of] : [];
    default:
      return [];
  }
}
