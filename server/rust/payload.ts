/** Which type an expression has, where that is written near it. */
import type { RustTypeRef } from './model.ts';
import { localNamed } from './local-values.ts';
import { type Expression, ownerOf } from './text-value.ts';
import { pathOf, typeRefOf } from './type-ref.ts';

const DEPTH = 8;

/** Calls that give the same type as what they are called with, as far as the page is concerned. */
const SAME = new Set(['clone', 'to_owned', 'as_ref', 'borrow', 'deref', 'cloned', 'copied']);

/** Undefined where it would need a type checker. */
export function typeOfExpression(expression: Expression, depth = 0): RustTypeRef | undefined {
  const { node, scope } = expression;
  if (depth > DEPTH) return undefined;
  const inner = (next: Expression['node'] | null | undefined) =>
    next ? typeOfExpression({ ...expression, node: next }, depth + 1) : undefined;
  switch (node.type) {
    case 'string_literal':
    case 'raw_string_literal':
      return named(['str']);
    case 'boolean_literal':
      return named(['bool']);
    case 'char_literal':
      return named(['char']);
    case 'integer_literal':
      return named([/[iu](?:8|16|32|64|128|size)$/.exec(node.text)?.[0] ?? 'i32']);
    case 'float_literal':
      return named(['f64']);
    case 'unit_expression':
      return { kind: 'tuple', text: '()', items: [] };
    case 'reference_expression':
      return inner(node.childForFieldName('value'));
    case 'parenthesized_expression':
      return inner(node.namedChildren[0]);
    case 'struct_expression': {
      const name = node.childForFieldName('name');
      return name ? constructed(typeRefOf(name)) : undefined;
    }
    case 'call_expression':
      return typeOfCall(expression, inner);
    case 'scoped_identifier': {
      const path = pathOf(node.text.replace(/\s+/g, ''));
      return path && isType(path.at(-1)) ? constructed(named(path)) : undefined;
    }
    case 'macro_invocation':
      return node.childForFieldName('macro')?.text === 'format' ? named(['String']) : undefined;
    case 'self': {
      const owner = ownerOf(scope);
      return owner === undefined ? undefined : named([owner]);
    }
    case 'identifier': {
      const local = localNamed(node.text, scope);
      if (local?.type) return typeRefOf(local.type);
      if (local?.value) return typeOfExpression({ node: local.value, base: 0, scope: local.value }, depth + 1);
      return !local && isType(node.text) ? named([node.text]) : undefined;
    }
    default:
      return undefined;
  }
}

function typeOfCall(
  { node }: Expression,
  inner: (next: Expression['node'] | null | undefined) => RustTypeRef | undefined,
): RustTypeRef | undefined {
  const callee = node.childForFieldName('function');
  const first = node.childForFieldName('arguments')?.namedChildren[0];
  if (callee?.type === 'field_expression') {
    const method = callee.childForFieldName('field')?.text ?? '';
    if (method === 'to_string') return named(['String']);
    return SAME.has(method) ? inner(callee.childForFieldName('value')) : undefined;
  }
  const path = callee ? pathOf(callee.text.replace(/\s+/g, '')) : undefined;
  const last = path?.at(-1);
  if (!path || last === undefined) return undefined;
  if (path.length === 1 && last === 'Some') {
    const of = inner(first);
    return of && { kind: 'path', text: `Option<${of.text}>`, path: ['Option'], args: [of] };
  }
  // `Payload(x)`, `Event::Payload(x)` and `Payload::new(x)`.
  if (isType(last)) return constructed(named(path));
  return isType(path.at(-2)) && /^(?:new|from|default)$/.test(last) ? named(path.slice(0, -1)) : undefined;
}

/** A variant's type is that of its enum: `State::Ready { … }`. */
function constructed(type: RustTypeRef): RustTypeRef {
  return type.kind === 'path' && isType(type.path.at(-2)) ? named(type.path.slice(0, -1)) : type;
}

const isType = (name: string | undefined) =>
  name !== undefined && /^\p{Lu}/u.test(name) && !/^[\p{Lu}\d_]{2,}$/u.test(name);

const named = (path: readonly string[]): RustTypeRef => ({ kind: 'path', text: path.join('::'), path, args: [] });
