/** What the answer of a command looks like as JSON: a beginning for somebody who writes one. */
import type { RustCommand } from './model.ts';
import type { Bound } from './resolve.ts';
import type { RustIndex } from './rust-index.ts';
import { resultOf } from './settle.ts';
import type { Leaf, Shape } from './shape.ts';
import { Shapes } from './shapes.ts';

export interface AnswerSample {
  readonly result: unknown;
  readonly error: unknown;
}

/** The simplest values that the types allow; what is not translated is null. */
export function answerSample(command: RustCommand, index: RustIndex): AnswerSample {
  const { ok, error } = resultOf(command, index.names);
  const shapes = new Shapes(index.names, new Set());
  const sample = (bound: Bound | undefined) => {
    if (!bound) return null;
    const shape = shapes.shapeOf(bound, 'out', 'the answer');
    const declared = new Map([...shapes.declared.values()].map((each) => [each.name, each.shape]));
    return sampleOf(shape, declared, new Set());
  };
  return { result: sample(ok), error: sample(error) ?? `${command.name} failed` };
}

type Declared = ReadonlyMap<string, Shape>;

/** @param open declared types that are being made: one inside of itself has no end */
function sampleOf(shape: Shape, declared: Declared, open: ReadonlySet<string>): unknown {
  const inner = (each: Shape) => sampleOf(each, declared, open);
  switch (shape.kind) {
    case 'leaf':
      return leafSample(shape);
    case 'reference': {
      const meant = declared.get(shape.name);
      return meant && !open.has(shape.name) ? sampleOf(meant, declared, new Set([...open, shape.name])) : null;
    }
    case 'literal':
      return shape.value;
    case 'enum':
      return shape.values[0] ?? null;
    case 'array':
      return shape.length === undefined
        ? manyOf(inner(shape.item))
        : Array.from({ length: Math.min(shape.length, 16) }, () => inner(shape.item));
    case 'tuple':
      return shape.items.map(inner);
    case 'record':
      return {};
    case 'object':
      return Object.fromEntries(
        shape.fields
          .filter(({ presence }) => presence.kind !== 'optional')
          .map(({ key, shape: field }) => [key, inner(field)]),
      );
    case 'union':
    case 'tagged': {
      const [first] = shape.options;
      return first ? inner(first) : null;
    }
    case 'and':
      return Object.assign({}, ...shape.parts.map(inner));
    default:
      return null;
  }
}

/** One item shows what the items are; of a type inside of itself there is none. */
const manyOf = (item: unknown) => (item === null ? [] : [item]);

function leafSample({ ts, zod, zero }: Leaf): unknown {
  if (ts === 'string') return zod.includes('datetime') ? new Date(0).toISOString() : '';
  if (ts === 'number') return 0;
  if (ts === 'boolean') return false;
  return zero === '[]' ? [] : zero === '{}' ? {} : null;
}
