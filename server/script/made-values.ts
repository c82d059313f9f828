/** Values that are made of others: as little as can be said at once, the rest is left to the linker. */
import { type Known, memberOf, moduleOf } from './known.ts';
import { type FunctionValue, UNKNOWN, type Value } from './model.ts';

export const known = (name: Known | undefined): Value => (name === undefined ? UNKNOWN : { kind: 'known', name });

export function imported(from: string, name: string): Value {
  const module = moduleOf(from);
  if (module === undefined) return { kind: 'import', from, name };
  if (module === 'elsewhere') return UNKNOWN;
  // `import core from …` gets the same as `* as core` from bundlers, for modules in CommonJS.
  return known(name === '*' || name === 'default' ? module : memberOf(module, name));
}

/** What a member of a value is: as little as can be said at once, else what is left to the linker. */
export function member(of: Value, name: string): Value {
  switch (of.kind) {
    case 'known':
      if (of.name === 'TauriEvent') return { kind: 'member', of, name };
      return known(memberOf(of.name, name));
    case 'object': {
      const found = of.isConstant ? of.members.findLast(({ key }) => key === name) : undefined;
      if (found) return found.value;
      return of.spreads.length > 0 && of.isConstant ? { kind: 'member', of, name } : UNKNOWN;
    }
    case 'class':
      return of.statics.get(name) ?? UNKNOWN;
    case 'instance':
      if (of.of.kind === 'class') return of.of.members.get(name) ?? UNKNOWN;
      return of.of.kind === 'known' ? UNKNOWN : { kind: 'member', of, name };
    case 'import':
      return of.name === '*' ? imported(of.from, name) : { kind: 'member', of, name };
    case 'either':
      return either(of.values.map((each) => member(each, name)));
    case 'event':
    case 'member':
    case 'result':
    case 'parameter':
      return { kind: 'member', of, name };
    default:
      return UNKNOWN;
  }
}

/** `args[0]`, of arguments that a function gathers or of a list that is written there. */
export function element(of: Value, index: number): Value {
  if (of.kind === 'parameter' && of.isRest) return { ...of, index: of.index + index, isRest: false };
  if (of.kind !== 'array' || of.elements.slice(0, index + 1).some(({ isSpread }) => isSpread)) return UNKNOWN;
  return of.elements[index]?.value ?? UNKNOWN;
}

export function either(values: readonly Value[]): Value {
  const flat = values.flatMap((each) => (each.kind === 'either' ? each.values : [each]));
  const useful = flat.filter(({ kind }) => kind !== 'unknown');
  if (useful.length === 0) return UNKNOWN;
  return useful.length === 1 && flat.length === 1 ? (useful[0] ?? UNKNOWN) : { kind: 'either', values: flat };
}

export function template(parts: readonly (string | Value)[]): Value {
  return {
    kind: 'template',
    parts: parts.flatMap((part) => (typeof part !== 'string' && part.kind === 'template' ? part.parts : [part])),
  };
}

/** Whether a value speaks of a parameter of a function. */
export function parametersIn(value: Value, into: Set<FunctionValue>, depth = 0): void {
  if (depth > 6) return;
  const inner = (each: Value) => parametersIn(each, into, depth + 1);
  switch (value.kind) {
    case 'parameter':
      into.add(value.of);
      break;
    case 'member':
    case 'instance':
      inner(value.of);
      break;
    case 'result':
      inner(value.of);
      for (const each of value.args) inner(each.value);
      break;
    case 'either':
      value.values.forEach(inner);
      break;
    case 'template':
      for (const part of value.parts) if (typeof part !== 'string') inner(part);
      break;
    case 'object':
      value.spreads.forEach(inner);
      for (const each of value.members) inner(each.value);
      break;
    case 'array':
      for (const each of value.elements) inner(each.value);
      break;
    case 'string':
    case 'function':
    case 'class':
    case 'handler':
    case 'import':
    case 'known':
    case 'event':
    case 'nothing':
    case 'unknown':
      break;
  }
}
