/** Which fields may be absent, and what that means. */
import type { RustField, RustType } from './model.ts';
import { OPTIONAL, type Presence, REQUIRED, type Shape, type ShapeField, zeroOf } from './shape.ts';

type Fact = Pick<ShapeField, 'presence' | 'comment'>;

/** serde_with's way to tell an absent field from null. */
export const DOUBLE_OPTION = /(?:^|::)double_option$/;

export function presenceOf({ serde }: RustField, shape: Shape, owner: RustType, direction: 'in' | 'out'): Fact {
  // serde reads a missing field as None by itself, but not where a function of the author's reads it.
  const option = shape.kind === 'nullable' && serde.with.in === undefined;
  if (DOUBLE_OPTION.test(serde.with.in ?? serde.with.out ?? '')) return { presence: { kind: 'nullish' } };
  if (serde.skipIf !== undefined) {
    if (option || shape.kind === 'nullable') return { presence: { kind: 'nullish' } };
    return { presence: direction === 'in' && serde.default === undefined ? REQUIRED : OPTIONAL };
  }
  if (typeof serde.default === 'string') {
    return { presence: absent(shape), comment: `absent: ${serde.default}()` };
  }
  if (serde.default === true) return { presence: defaultOf(shape) };
  if (option) return { presence: { kind: 'default', value: 'null' } };
  if (owner.serde.default === undefined) return { presence: REQUIRED };
  const plain = owner.serde.default === true && owner.derives.includes('Default');
  return plain
    ? { presence: defaultOf(shape) }
    : { presence: absent(shape), comment: `absent: that of ${owner.name}::default()` };
}

const absent = (shape: Shape): Presence => (shape.kind === 'nullable' ? { kind: 'nullish' } : OPTIONAL);

function defaultOf(shape: Shape): Presence {
  const value = zeroOf(shape);
  return value === undefined ? OPTIONAL : { kind: 'default', value };
}
