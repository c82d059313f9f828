/** Names in calls: what text they are, where it stands, or a pattern of it. */
import type { FileRange } from '../index/facts.ts';
import type { ArgumentAt, Linker, Located, Place } from './link.ts';
import type { Reading, Span, Value } from './model.ts';

export interface Name {
  readonly text: string | undefined;
  /** a regular expression for a text with parts made at run time */
  readonly pattern: string | undefined;
  /** the string that has it, without its quotes */
  readonly literal: FileRange | undefined;
  /** how far from the call that is looked at it stands */
  readonly level: number;
}

export const rangeIn = ({ path, lines }: Reading, span: Span): FileRange => ({ file: path, range: lines.range(span) });

/** What a name can be; none where it cannot be told. The same text counts once. */
export function namesOf(linker: Linker, value: Value, place: Place): Name[] {
  const names = linker.resolve(value, place).flatMap((each) => nameOf(linker, each));
  return names.filter(
    ({ text, pattern }, index) => names.findIndex((each) => each.text === text && each.pattern === pattern) === index,
  );
}

function nameOf(linker: Linker, { value, reading, frame, level }: Located): Name[] {
  if (value.kind === 'string') {
    return [{ text: value.text, pattern: undefined, literal: rangeIn(reading, value), level }];
  }
  if (value.kind === 'name') return [{ text: value.text, pattern: undefined, literal: undefined, level: 0 }];
  if (value.kind !== 'template') return [];
  let text: string | undefined = '';
  let pattern = '';
  let nearest = level;
  for (const part of value.parts) {
    const names = typeof part === 'string' ? undefined : namesOf(linker, part, { reading, frame, level });
    const fixed = typeof part === 'string' ? part : names?.length === 1 ? names[0]?.text : undefined;
    for (const each of names ?? []) nearest = Math.min(nearest, each.level);
    text = text === undefined || fixed === undefined ? undefined : text + fixed;
    pattern += fixed === undefined ? '.*' : escaped(fixed);
  }
  if (text !== undefined) return [{ text, pattern: undefined, literal: undefined, level: nearest }];
  // A hole alone says nothing.
  return /[^.*]/.test(pattern)
    ? [{ text: undefined, pattern: `^${pattern}$`, literal: undefined, level: nearest }]
    : [];
}

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/**
 * The argument of the call that is looked at from which a value inside of a function comes. `missing` where that call
 * gives none; undefined where the value has nothing to do with it.
 */
export function outerArgument({ arg, place }: ArgumentAt): ArgumentAt | 'missing' | undefined {
  if (place.level === 0) return { arg, place };
  const { value } = arg;
  const next = (each: Value) => outerArgument({ arg: { ...arg, value: each }, place });
  switch (value.kind) {
    case 'parameter': {
      let frame = place.frame;
      while (frame && frame.of !== value.of) frame = frame.outer;
      if (!frame) return undefined;
      const given = frame.args[value.index];
      return given ? outerArgument({ arg: given, place: frame.from }) : 'missing';
    }
    case 'member': {
      const of = next(value.of);
      return typeof of === 'object' ? memberAt(of, value.name) : of;
    }
    case 'either':
      return first(value.values, next);
    case 'template':
      return first(
        value.parts.filter((part) => typeof part !== 'string'),
        next,
      );
    case 'object':
      return value.spreads.length === 1 ? first(value.spreads, next) : undefined;
    default:
      return undefined;
  }
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What an object that is written there has by a key. */
export function memberAt({ arg, place }: ArgumentAt, key: string): ArgumentAt | 'missing' | undefined {
  const { value } = arg;
  if (value.kind !== 'object' || !value.isConstant) return undefined;
  const member = value.members.findLast((each) => each.key === key);
  if (member) return { arg: { ...member.valueAt, value: member.value, isSpread: false }, place };
  return value.spreads.length === 0 && !value.isOpen ? 'missing' : undefined;
}

/** Where an argument stands; a string without its quotes. */
export function argumentRange({ arg, place }: ArgumentAt): FileRange {
  const { value } = arg;
  // The string of a constant stands elsewhere.
  const isHere = value.kind === 'string' && arg.start <= value.start && value.end <= arg.end;
  return rangeIn(place.reading, isHere ? value : arg);
}
