/** From Rust's types to shapes: the names of declared types, and what could not be translated. */
import { convertedShape, knownShape } from './known.ts';
import type { BothWays, RustField, RustType, RustTypeRef, RustVariant, SerdeRules } from './model.ts';
import { renameField, renameVariant, upperCamelCase } from './names.ts';
import { quote } from './print.ts';
import { type Bound, type Env, type Expanded, type Names, type Scope } from './resolve.ts';
import { DOUBLE_OPTION, presenceOf } from './presence.ts';
import { leaf, NULL, type ObjectShape, REQUIRED, type Shape, type ShapeField, STRING } from './shape.ts';
import { typeRefFromText } from './type-text.ts';

/** From the page (Deserialize), or to it (Serialize). */
export type Direction = 'in' | 'out';

/** A type that gets a const of its own. */
export interface Declared {
  readonly name: string;
  readonly type: RustType;
  shape: Shape;
  /** why it is not translated */
  problem?: string;
}

const DEPTH = 40;
/** Types in types: aliases of pairs of aliases become twice as many with each. */
const MAX_SHAPES = 10_000;
/** Looks for types that differ by direction. */
const MAX_LOOKS = 200_000;

export class Shapes {
  readonly notes = new Set<string>();
  readonly declared = new Map<string, Declared>();
  readonly #names: Names;
  readonly #taken: Set<string>;
  #depth = 0;
  #count = 0;
  #looks = 0;

  /** @param taken names that declared types must not have */
  constructor(names: Names, taken: Set<string>) {
    this.#names = names;
    this.#taken = taken;
  }

  /** The shape of a type. `where` names the place in notes. */
  shapeOf(bound: Bound, direction: Direction, where: string): Shape {
    if (this.#depth > DEPTH) return this.#unknown(bound.ref.text, where, 'is too deep');
    if (++this.#count > MAX_SHAPES) return this.#unknown(bound.ref.text, where, 'is too large');
    this.#depth++;
    try {
      return this.#shapeOf(bound, this.#names.expand(bound), direction, where);
    } finally {
      this.#depth--;
    }
  }

  #shapeOf(bound: Bound, type: Expanded, direction: Direction, where: string): Shape {
    const { text } = bound.ref;
    const inner = (each: Bound) => this.shapeOf(each, direction, where);
    switch (type.kind) {
      case 'tuple':
        return type.items.length === 0 ? NULL : { kind: 'tuple', items: type.items.map(inner) };
      case 'array':
        return { kind: 'array', item: inner(type.item), ...lengthOf(type.length) };
      case 'type':
        return { kind: 'reference', name: this.#declare(type.type, type.args, direction).name };
      case 'external': {
        if (isChannel(type.path)) return this.#channelOf(type.args[0], where);
        const known = knownShape(type.path, (index) => {
          const argument = type.args[index];
          return argument ? inner(argument) : this.#unknown(text, where, 'lacks a type argument');
        });
        return known ?? this.#unknown(text, where, `is a type of the crate ${type.path[0]}`);
      }
      case 'several': {
        const places = type.types.map(({ file, line }) => `${file}:${line}`).join(', ');
        return this.#unknown(text, where, `may be any of several types: ${places}`);
      }
      case 'unknown':
        if (type.name === 'Channel') return this.#channelOf(type.args[0], where);
        return this.#unknown(text, where, 'was not found');
      case 'trait':
      case 'other':
        return this.#unknown(text, where, 'has no form that is known here');
    }
  }

  #channelOf(sent: Bound | undefined, where: string): Shape {
    const type = sent && this.#names.expand(sent);
    const raw = !type || (type.kind === 'external' && /^(?:InvokeResponseBody|Response)$/.test(type.path.at(-1) ?? ''));
    return raw ? { kind: 'channel' } : { kind: 'channel', of: this.shapeOf(sent, 'out', `${where}, its messages`) };
  }

  #unknown(rust: string, where: string, reason: string): Shape {
    this.notes.add(`${where}: \`${rust}\` ${reason}`);
    return { kind: 'unknown', rust };
  }

  #declare(type: RustType, args: readonly Bound[], direction: Direction): Declared {
    const env = this.#names.environment(type, args);
    const given = args.map(({ ref, scope, env }) => `${deepText(ref, env)}@${scope.file}`).join(',');
    const way = this.#isDirectional(type, env) ? direction : 'both';
    const key = `${type.file}:${type.line}<${given}>${way}`;
    const known = this.declared.get(key);
    if (known) return known;
    const base = type.name + (args.length > 0 ? `Of${args.map((each) => this.#wordsOf(each)).join('And')}` : '');
    const entry: Declared = { name: this.#nameFor(base, type, way), type, shape: NULL };
    this.declared.set(key, entry);
    const before = this.notes.size;
    const body = this.#bodyOf(type, env, direction);
    entry.shape = typeof body === 'string' ? { kind: 'unknown', rust: type.name } : body;
    if (typeof body !== 'string') return entry;
    entry.problem = body;
    if (before === this.notes.size) this.notes.add(`\`${type.name}\` (${type.file}:${type.line}) ${body}`);
    return entry;
  }

  #wordsOf(bound: Bound): string {
    const type = this.#names.expand(bound);
    if (type.kind === 'type' && type.args.length === 0) return type.type.name;
    return upperCamelCase(deepText(bound.ref, bound.env).replace(/\b\w+::/g, '')) || 'Unit';
  }

  #nameFor(base: string, type: RustType, way: Direction | 'both'): string {
    const module = upperCamelCase(type.module.at(-1) ?? '');
    const suffix = way === 'in' ? 'Input' : 'Output';
    const names = [
      base,
      ...(way === 'both' ? [] : [base + suffix]),
      ...(module ? [module + base] : []),
      `${base}Schema`,
    ];
    let name = names.find((each) => !this.#taken.has(each));
    for (let count = 2; name === undefined; count++) {
      if (!this.#taken.has(`${base}${count}`)) name = `${base}${count}`;
    }
    this.#taken.add(name);
    return name;
  }

  /** The shape of a struct or enum, or why there is none. */
  #bodyOf(type: RustType, env: Env, direction: Direction): Shape | string {
    const scope = this.#names.scopeOf(type);
    const { serde, body, derives } = type;
    const trait = direction === 'in' ? 'Deserialize' : 'Serialize';
    const converted = serde.convert[direction];
    if (converted !== undefined) {
      return this.shapeOf({ ref: typeRefFromText(converted), scope, env }, direction, `\`${type.name}\``);
    }
    if (derives.includes(`${trait}_repr`)) return numbersOf(body);
    if (derives.includes(direction === 'in' ? 'DeserializeFromStr' : 'SerializeDisplay')) return STRING;
    if (!derives.includes(trait)) {
      if (direction === 'out' && this.#names.writesText(type)) return STRING;
      if (this.#names.implements(type, trait)) return `has its own impl of ${trait}`;
      return `does not derive ${trait}`;
    }
    const owner: Owner = { type, scope, env, direction };
    if (body.kind === 'enum') return this.#enumOf(owner, body.variants);
    if (body.kind === 'alias') return 'is an alias';
    const live = body.fields.filter(({ serde }) => !serde.skip[direction]);
    if (serde.transparent && live[0]) return this.#fieldShape(owner, live[0], type.name);
    if (body.form === 'unit') return NULL;
    if (body.form === 'tuple') return this.#tupleOf(owner, body.fields, type.name);
    return this.#objectOf(owner, body.fields, serde.renameAll, type.name, type.name, tagOf(type, direction));
  }

  /** A newtype is what it holds, as long as it is no tuple of which fields are skipped. */
  #tupleOf(owner: Owner, fields: readonly RustField[], where: string): Shape {
    const shapes = fields
      .filter(({ serde }) => !serde.skip[owner.direction])
      .map((field) => this.#fieldShape(owner, field, where));
    const [only] = shapes;
    return only && fields.length === 1 ? only : { kind: 'tuple', items: shapes };
  }

  #objectOf(
    owner: Owner,
    fields: readonly RustField[],
    rename: BothWays,
    where: string,
    title?: string,
    before: readonly ShapeField[] = [],
  ): Shape {
    const parts = this.#fieldsOf(owner, fields, rename, where);
    const object: ObjectShape = {
      kind: 'object',
      fields: unique([...before, ...parts.fields]),
      ...(title !== undefined && parts.beside.length === 0 && { title }),
      ...(owner.type.serde.denyUnknownFields && { strict: true }),
      ...(parts.rest && { rest: parts.rest }),
    };
    return parts.beside.length === 0 ? object : { kind: 'and', parts: [object, ...parts.beside] };
  }

  #fieldsOf(owner: Owner, fields: readonly RustField[], rename: BothWays, where: string): Fields {
    const found: { fields: ShapeField[]; beside: Shape[]; rest?: Shape } = { fields: [], beside: [] };
    for (const field of fields) {
      if (field.serde.skip[owner.direction]) continue;
      if (field.serde.flatten) {
        const inner = this.#flattened(owner, field, `${where}.${field.name}`);
        found.fields.push(...inner.fields);
        found.beside.push(...inner.beside);
        if (inner.rest) found.rest = inner.rest;
        continue;
      }
      const key = field.serde.rename[owner.direction] ?? renameField(field.name, rename[owner.direction]);
      const shape = this.#fieldShape(owner, field, where);
      found.fields.push({ key, shape, ...presenceOf(field, shape, owner.type, owner.direction) });
    }
    return found;
  }

  /** The fields that a flattened one adds; a map takes all that is left. */
  #flattened(owner: Owner, field: RustField, where: string): Fields {
    if (++this.#count > MAX_SHAPES) return { fields: [], beside: [], rest: UNKNOWN_REST };
    let bound: Bound = { ref: field.type, scope: owner.scope, env: owner.env };
    let type = this.#names.expand(bound);
    const optional = type.kind === 'external' && type.path.at(-1) === 'Option' ? type.args[0] : undefined;
    if (optional) {
      bound = optional;
      type = this.#names.expand(bound);
    }
    const inner = type.kind === 'type' ? this.#innerFields(type.type, type.args, owner.direction) : undefined;
    if (inner) {
      if (!optional) return inner;
      return { ...inner, fields: inner.fields.map((each) => ({ ...each, presence: { kind: 'optional' } })) };
    }
    const shape = this.shapeOf(bound, owner.direction, `\`${where}\``);
    if (shape.kind === 'record') return { fields: [], beside: [], rest: shape.value };
    if (shape.kind === 'unknown' || shape.kind === 'leaf') return { fields: [], beside: [], rest: UNKNOWN_REST };
    if (optional) {
      const record: Shape = { kind: 'record', key: STRING, value: UNKNOWN_REST };
      return { fields: [], beside: [{ kind: 'union', options: [shape, record] }] };
    }
    return { fields: [], beside: [shape] };
  }

  /** The fields of a plain struct, to stand among those of another; undefined for types of another form. */
  #innerFields(type: RustType, args: readonly Bound[], direction: Direction): Fields | undefined {
    const { body, serde, derives } = type;
    if (body.kind !== 'struct' || body.form !== 'struct' || serde.transparent) return undefined;
    if (serde.convert[direction] !== undefined) return undefined;
    if (!derives.includes(direction === 'in' ? 'Deserialize' : 'Serialize') || this.#depth > DEPTH) return undefined;
    const owner: Owner = {
      type,
      scope: this.#names.scopeOf(type),
      env: this.#names.environment(type, args),
      direction,
    };
    this.#depth++;
    try {
      const inner = this.#fieldsOf(owner, body.fields, serde.renameAll, type.name);
      return { ...inner, fields: [...tagOf(type, direction), ...inner.fields] };
    } finally {
      this.#depth--;
    }
  }

  #fieldShape({ scope, env, direction }: Owner, { type, name, serde }: RustField, owner: string): Shape {
    const where = `\`${/^\d+$/.test(name) ? owner : `${owner}.${name}`}\``;
    const converter = serde.with[direction];
    if (converter === undefined || DOUBLE_OPTION.test(converter))
      return this.shapeOf({ ref: type, scope, env }, direction, where);
    return convertedShape(converter) ?? this.#unknown(type.text, where, `is written by \`${converter}\``);
  }

  #enumOf(owner: Owner, all: readonly RustVariant[]): Shape {
    const { type, direction } = owner;
    const { tag, content, untagged } = type.serde;
    const variants = all.filter(({ serde }) => !serde.skip[direction]);
    const named = unique(
      variants.map((variant) => ({
        key: variant.serde.rename[direction] ?? renameVariant(variant.name, type.serde.renameAll[direction]),
        variant,
      })),
    );
    const title = type.name;
    const plain = !tag && !untagged && named.every(({ variant }) => variant.kind === 'unit' && !variant.serde.untagged);
    if (plain && named.length > 0 && !named.some(({ variant }) => variant.serde.other)) {
      return { kind: 'enum', values: named.map(({ key }) => key), title };
    }
    const options = named.map(({ key, variant }) => this.#variantOf(owner, key, variant));
    const loose = named.some(({ variant }) => variant.serde.untagged || variant.serde.other);
    if (
      tag !== undefined &&
      !untagged &&
      !loose &&
      options.length > 0 &&
      options.every(({ kind }) => kind === 'object')
    ) {
      return { kind: 'tagged', tag, options, title };
    }
    return { kind: 'union', options, ...((untagged || content !== undefined || tag !== undefined) && { title }) };
  }

  #variantOf(owner: Owner, key: string, variant: RustVariant): Shape {
    const { tag, content, untagged } = owner.type.serde;
    const name: Shape = variant.serde.other ? STRING : { kind: 'literal', value: key };
    if (untagged || variant.serde.untagged) return this.#payloadOf(owner, variant);
    if (tag === undefined) {
      if (variant.kind === 'unit') return name;
      return { kind: 'object', fields: [{ key, shape: this.#payloadOf(owner, variant), presence: REQUIRED }] };
    }
    const tagged: ShapeField = { key: tag, shape: name, presence: REQUIRED };
    if (content !== undefined) {
      const payload =
        variant.kind === 'unit' ? [] : [{ key: content, shape: this.#payloadOf(owner, variant), presence: REQUIRED }];
      return { kind: 'object', fields: [tagged, ...payload] };
    }
    if (variant.kind === 'unit') return { kind: 'object', fields: [tagged] };
    const where = `${owner.type.name}::${variant.name}`;
    if (variant.kind === 'struct') {
      return this.#objectOf(owner, variant.fields, this.#fieldRules(owner, variant), where, undefined, [tagged]);
    }
    return this.#taggedNewtype(owner, variant, tagged, where);
  }

  /** What an internally tagged variant holds stands beside the tag. */
  #taggedNewtype(owner: Owner, variant: RustVariant, tagged: ShapeField, where: string): Shape {
    const [field] = variant.fields;
    if (!field || field.serde.skip[owner.direction]) return { kind: 'object', fields: [tagged] };
    const { fields, beside, rest } = this.#flattened(owner, field, where);
    const object: Shape = { kind: 'object', fields: unique([tagged, ...fields]), ...(rest && { rest }) };
    return beside.length === 0 ? object : { kind: 'and', parts: [object, ...beside] };
  }

  #payloadOf(owner: Owner, variant: RustVariant): Shape {
    const where = `${owner.type.name}::${variant.name}`;
    if (variant.kind === 'unit') return NULL;
    if (variant.kind === 'tuple') return this.#tupleOf(owner, variant.fields, where);
    return this.#objectOf(owner, variant.fields, this.#fieldRules(owner, variant), where);
  }

  #fieldRules({ type, direction }: Owner, { serde }: RustVariant): BothWays {
    const rule = serde.renameAll[direction] ?? type.serde.renameAllFields[direction];
    return rule === undefined ? {} : { [direction]: rule };
  }

  /** Whether a type looks different when it comes from a page and when it goes there. */
  #isDirectional(type: RustType, env: Env, seen = new Set<RustType>()): boolean {
    if (seen.has(type) || seen.size > 200) return false;
    seen.add(type);
    const { body } = type;
    if (differs(type.serde)) return true;
    const reads = ['Deserialize', 'Serialize'].map((trait) => type.derives.includes(trait));
    const both = reads[0] === reads[1];
    if (!both && ['Deserialize', 'Serialize'].some((trait) => this.#names.implements(type, trait))) return true;
    if (body.kind === 'alias') return false;
    if (body.kind === 'enum' && body.variants.some(({ serde }) => differs(serde))) return true;
    const fields = body.kind === 'enum' ? body.variants.flatMap((variant) => variant.fields) : body.fields;
    const scope = this.#names.scopeOf(type);
    return fields.some(
      (field) =>
        differs(field.serde) ||
        (field.serde.skipIf !== undefined && field.serde.default === undefined && !/^Option\b/.test(field.type.text)) ||
        this.#mentionsDirectional({ ref: field.type, scope, env }, seen),
    );
  }

  #mentionsDirectional(bound: Bound, seen: Set<RustType>, depth = 0): boolean {
    if (depth > DEPTH || ++this.#looks > MAX_LOOKS) return false;
    const type = this.#names.expand(bound);
    const inner = (each: Bound) => this.#mentionsDirectional(each, seen, depth + 1);
    switch (type.kind) {
      case 'type':
        return (
          this.#isDirectional(type.type, this.#names.environment(type.type, type.args), seen) || type.args.some(inner)
        );
      case 'external':
        return type.args.some(inner);
      case 'tuple':
        return type.items.some(inner);
      case 'array':
        return inner(type.item);
      default:
        return false;
    }
  }
}

interface Owner {
  readonly type: RustType;
  readonly scope: Scope;
  readonly env: Env;
  readonly direction: Direction;
}

interface Fields {
  readonly fields: readonly ShapeField[];
  /** shapes that the object has to have, too */
  readonly beside: readonly Shape[];
  readonly rest?: Shape;
}

/** `tag` on a struct adds its name when it is written, and is not asked for when it is read. */
function tagOf({ name, serde }: RustType, direction: Direction): ShapeField[] {
  if (serde.tag === undefined) return [];
  const value = serde.rename[direction] ?? name;
  return [{ key: serde.tag, shape: { kind: 'literal', value }, presence: { kind: 'default', value: quote(value) } }];
}

const isChannel = (path: readonly string[]) =>
  path[0] === 'tauri' && (path.at(-1) === 'Channel' || path.at(-1) === 'JavaScriptChannelId');

const UNKNOWN_REST = leaf('z.unknown()', 'unknown');

const differs = ({ rename, renameAll, renameAllFields, skip, with: converter, convert }: SerdeRules) =>
  [rename, renameAll, renameAllFields, skip, converter, convert].some((each) => each.in !== each.out);

/** Declarations for several platforms may give a name twice; the first counts. */
function unique<T extends { readonly key: string }>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.filter(({ key }) => !seen.has(key) && seen.add(key));
}

function lengthOf(length: string | undefined): { readonly length?: number } {
  const number = Number(length?.replace(/_|usize$/g, ''));
  return Number.isSafeInteger(number) ? { length: number } : {};
}

/** serde_repr: an enum is its number. */
function numbersOf(body: RustType['body']): Shape | string {
  if (body.kind !== 'enum') return 'is no enum';
  let next = 0;
  const values: Shape[] = [];
  for (const { value } of body.variants) {
    const number = value === undefined ? next : Number(value.replaceAll('_', ''));
    if (!Number.isSafeInteger(number)) return 'has numbers that are computed';
    values.push({ kind: 'literal', value: number });
    next = number + 1;
  }
  return { kind: 'union', options: values };
}

function deepText(ref: RustTypeRef, env: Env, depth = 0): string {
  const given = ref.kind === 'path' && ref.path.length === 1 ? env.get(ref.path[0] ?? '') : undefined;
  return given && depth < DEPTH ? deepText(given.ref, given.env, depth + 1) : ref.text;
}
