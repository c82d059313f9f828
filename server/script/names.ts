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

/** The argument of the call that is looked at from which a value inside of a function comes. */
export function outerArgument({ arg, place }: ArgumentAt): ArgumentAt | undefined {
  if (place.level === 0) return { arg, place };
  const parameter = parameterOf(arg.value);
  let frame = place.frame;
  while (frame && frame.of !== parameter?.of) frame = frame.outer;
  const given = parameter && frame?.args[parameter.index];
  return given && frame ? outerArgument({ arg: given, place: frame.from }) : undefined;
}

/** The parameter that a value is, or that it is made of. */
function parameterOf(value: Value): Extract<Value, { kind: 'parameter' }> | undefined {
  switch (value.kind) {
    case 'parameter':
      return value;
    case 'member':
      return parameterOf(value.of);
    case 'either':
      return firstOf(value.values);
    case 'template':
      return firstOf(value.parts.filter((part) => typeof part !== 'string'));
    case 'object':
      return value.spreads.length === 1 ? firstOf(value.spreads) : undefined;
    default:
      return undefined;
  }
}

function firstOf(values: readonly Value[]): Extract<Value, { kind: 'parameter' }> | undefined {
  for (const each of values) {
    const found = parameterOf(each);
    if (found) return found;
  }
  return undefined;
}

/** Where an argument stands; a string without its quotes. A constant's string stands elsewhere. */
export function argumentRange({ arg, place }: ArgumentAt): FileRange {
  const { value } = arg;
  const isHere = value.kind === 'string' && arg.start <= value.start && value.end <= arg.end;
  return rangeIn(place.reading, isHere ? value : arg);
}
