/** Schemas of zod as they are written: what an argument is as TypeScript, and whether it may be left out. */
import ts from 'typescript';
import { memberName, type Scope, unwrapped } from './scopes.ts';

export interface Schema {
  /** of what the page gives; undefined where it cannot be told */
  readonly type: string | undefined;
  /** whether a handler gets something else than that */
  readonly isChanged: boolean;
  readonly isRequired: boolean | 'unknown';
  readonly isChannel: boolean;
}

const UNKNOWN: Schema = { type: undefined, isChanged: false, isRequired: 'unknown', isChannel: false };
const MAX_DEPTH = 12;

/** Types of schemas that have no arguments which change them. */
const PLAIN: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  int: 'number',
  int32: 'number',
  uint32: 'number',
  float32: 'number',
  float64: 'number',
  nan: 'number',
  boolean: 'boolean',
  bigint: 'bigint',
  date: 'Date',
  null: 'null',
  void: 'void',
  never: 'never',
  email: 'string',
  url: 'string',
  uuid: 'string',
  guid: 'string',
  emoji: 'string',
  nanoid: 'string',
  cuid: 'string',
  cuid2: 'string',
  ulid: 'string',
  ipv4: 'string',
  ipv6: 'string',
  base64: 'string',
  base64url: 'string',
  hex: 'string',
  jwt: 'string',
};

/** Types of schemas that take anything: nothing has to be there. */
const ANYTHING: Readonly<Record<string, string>> = { any: 'any', unknown: 'unknown', undefined: 'undefined' };

/** Methods after which a schema's input is another one. */
const OPENING = new Set(['optional', 'default', 'prefault', 'catch', 'exactOptional']);

/** Reads schemas where they stand, and those of constants of the same file. */
export class Schemas {
  readonly #source: ts.SourceFile;
  /** whether a name is zod's namespace */
  readonly #isZod: (node: ts.Expression, scope: Scope) => boolean;
  readonly #isChannel: (node: ts.Expression, scope: Scope) => boolean;

  constructor(
    source: ts.SourceFile,
    isZod: (node: ts.Expression, scope: Scope) => boolean,
    isChannel: (node: ts.Expression, scope: Scope) => boolean,
  ) {
    this.#source = source;
    this.#isZod = isZod;
    this.#isChannel = isChannel;
  }

  of(expression: ts.Expression, scope: Scope, depth = 0): Schema {
    if (depth > MAX_DEPTH) return UNKNOWN;
    const node = unwrapped(expression);
    if (ts.isIdentifier(node)) {
      const binding = scope.find(node.text);
      const origin = binding?.assigned.length === 0 ? binding.origin : undefined;
      return origin?.kind === 'expression' ? this.of(origin.node, origin.scope, depth + 1) : UNKNOWN;
    }
    if (!ts.isCallExpression(node)) return UNKNOWN;
    const callee = unwrapped(node.expression);
    if (this.#isChannel(callee, scope)) {
      const [type] = node.typeArguments ?? [];
      return { ...some(`Channel<${type?.getText(this.#source) ?? 'unknown'}>`), isChannel: true };
    }
    if (!ts.isPropertyAccessExpression(callee)) return UNKNOWN;
    const { text } = callee.name;
    const next = (each: ts.Expression | undefined) => (each ? this.of(each, scope, depth + 1) : UNKNOWN);
    if (this.#isZod(callee.expression, scope)) return this.#made(text, node, scope, next, depth);
    // `z.iso.datetime()`, `z.coerce.number()`
    if (ts.isPropertyAccessExpression(callee.expression) && this.#isZod(callee.expression.expression, scope)) {
      const group = callee.expression.name.text;
      if (group === 'iso') return some('string');
      return UNKNOWN;
    }
    return this.#changed(text, next(callee.expression));
  }

  /** `schema.method(…)` */
  #changed(method: string, schema: Schema): Schema {
    const { type } = schema;
    if (OPENING.has(method))
      return { ...schema, isRequired: false, isChanged: schema.isChanged || method !== 'optional' };
    if (method === 'nullish') return { ...schema, type: orNull(type), isRequired: false };
    if (method === 'nullable') return { ...schema, type: orNull(type) };
    if (method === 'array') return { ...some(type && arrayOf(type)), isChanged: schema.isChanged };
    // What the page gives stays the same.
    if (CHECKS.has(method)) return schema;
    if (method === 'transform' || method === 'pipe' || method === 'overwrite') return { ...schema, isChanged: true };
    return { ...schema, type: undefined };
  }

  /** `z.kind(…)` */
  #made(
    kind: string,
    node: ts.CallExpression,
    scope: Scope,
    next: (each: ts.Expression | undefined) => Schema,
    depth: number,
  ): Schema {
    const [first, second] = node.arguments;
    const plain = PLAIN[kind];
    if (plain !== undefined) return some(plain);
    const anything = ANYTHING[kind];
    if (anything !== undefined) return { ...some(anything), isRequired: false };
    switch (kind) {
      case 'optional':
      case '_default':
      case 'prefault':
        return { ...next(first), isRequired: false };
      case 'nullish':
        return { ...next(first), type: orNull(next(first).type), isRequired: false };
      case 'nullable':
        return { ...next(first), type: orNull(next(first).type) };
      case 'array':
      case 'set': {
        const { type, isChanged } = next(first);
        return { ...some(type && (kind === 'set' ? `Set<${type}>` : arrayOf(type))), isChanged };
      }
      case 'object':
      case 'strictObject':
      case 'looseObject':
        return first ? this.#object(first, scope, depth) : UNKNOWN;
      case 'record': {
        const [key, value] = second ? [next(first).type, next(second).type] : ['string', next(first).type];
        return some(key && value && `Record<${key}, ${value}>`);
      }
      case 'enum':
      case 'literal':
        return some(first && this.#literals(first, scope));
      case 'union':
      case 'discriminatedUnion':
      case 'xor':
        return this.#union(kind === 'discriminatedUnion' ? second : first, scope, depth);
      case 'tuple': {
        const items =
          first && ts.isArrayLiteralExpression(first) ? first.elements.map((each) => next(each).type) : [undefined];
        return some(second || items.includes(undefined) ? undefined : `[${items.join(', ')}]`);
      }
      default:
        return UNKNOWN;
    }
  }

  #object(node: ts.Expression, scope: Scope, depth: number): Schema {
    const members: string[] = [];
    const unknown = some(undefined);
    let isAnyChanged = false;
    if (!ts.isObjectLiteralExpression(node)) return unknown;
    for (const property of node.properties) {
      const key = property.name && memberName(property.name);
      const isShorthand = ts.isShorthandPropertyAssignment(property);
      if (key === undefined || !(isShorthand || ts.isPropertyAssignment(property))) return unknown;
      const value = isShorthand ? property.name : property.initializer;
      const { type, isRequired, isChanged } = this.of(value, scope, depth + 1);
      if (type === undefined) return unknown;
      isAnyChanged ||= isChanged;
      const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
      members.push(`${name}${isRequired === true ? '' : '?'}: ${type}`);
    }
    return { ...some(members.length === 0 ? '{}' : `{ ${members.join('; ')} }`), isChanged: isAnyChanged };
  }

  #union(node: ts.Expression | undefined, scope: Scope, depth: number): Schema {
    if (!node || !ts.isArrayLiteralExpression(node)) return UNKNOWN;
    const schemas = node.elements.map((each) => this.of(each, scope, depth + 1));
    const types = schemas.map(({ type }) => type);
    const isRequired = schemas.some((each) => each.isRequired === false)
      ? false
      : schemas.every((each) => each.isRequired === true) || 'unknown';
    const isChanged = schemas.some((each) => each.isChanged);
    return { ...some(types.includes(undefined) ? undefined : [...new Set(types)].join(' | ')), isRequired, isChanged };
  }

  /** A literal, a list of them, or the values of an object or enum. */
  #literals(expression: ts.Expression, scope: Scope): string | undefined {
    const node = unwrapped(expression);
    if (ts.isStringLiteralLike(node)) return JSON.stringify(node.text);
    if (ts.isNumericLiteral(node)) return node.text;
    if (node.kind === ts.SyntaxKind.TrueKeyword) return 'true';
    if (node.kind === ts.SyntaxKind.FalseKeyword) return 'false';
    if (node.kind === ts.SyntaxKind.NullKeyword) return 'null';
    if (ts.isIdentifier(node)) {
      const binding = scope.find(node.text);
      const origin = binding?.assigned.length === 0 ? binding.origin : undefined;
      if (origin?.kind !== 'expression') return undefined;
      const of = unwrapped(origin.node);
      return ts.isArrayLiteralExpression(of) || ts.isObjectLiteralExpression(of)
        ? this.#literals(of, origin.scope)
        : undefined;
    }
    const values = ts.isArrayLiteralExpression(node)
      ? node.elements
      : ts.isObjectLiteralExpression(node)
        ? node.properties.map((each) => (ts.isPropertyAssignment(each) ? each.initializer : undefined))
        : [undefined];
    const types = values.map((each) => (each && !ts.isIdentifier(each) ? this.#literals(each, scope) : undefined));
    return types.length === 0 || types.includes(undefined) ? undefined : types.join(' | ');
  }
}

/** Methods that only look at a value. */
const CHECKS = new Set(
  (
    'min max length size nonempty regex includes startsWith endsWith email url uuid int positive negative nonnegative ' +
    'nonpositive finite safe multipleOf step gt gte lt lte trim toLowerCase toUpperCase normalize describe meta refine ' +
    'superRefine check register brand readonly strict loose passthrough strip nonoptional datetime date time ip cuid ulid ' +
    'lowercase uppercase'
  ).split(' '),
);

const some = (type: string | undefined): Schema => ({ type, isChanged: false, isRequired: true, isChannel: false });
const orNull = (type: string | undefined) => type && `${type} | null`;
const arrayOf = (type: string) => (/^[\w$]+$/.test(type) ? `${type}[]` : `Array<${type}>`);
