/** Follows values across files: imports, members, what calls give, what functions are called with. */
import { instanceOf, memberOf, resultOf, TAURI_EVENTS } from './known.ts';
import { type Argument, type Candidate, type FunctionValue, METHOD, type Reading, type Value } from './model.ts';

/** Where a value stands. */
export interface Place {
  readonly reading: Reading;
  readonly frame: Frame | undefined;
  /** how many functions were entered from the call that is looked at */
  readonly level: number;
}

/** A call of a function that is being followed: what its parameters are. */
export interface Frame {
  readonly of: FunctionValue;
  readonly args: readonly Argument[];
  /** where the arguments stand */
  readonly from: Place;
  readonly outer: Frame | undefined;
}

export interface Located extends Place {
  readonly value: Value | LinkedValue;
}

/** What there is only across files. */
export type LinkedValue =
  | { readonly kind: 'module'; readonly path: string }
  /** a name of Tauri's own, that stands in no file here */
  | { readonly kind: 'name'; readonly text: string }
  /** `events.saved.listen` */
  | {
      readonly kind: 'eventMethod';
      readonly method: string;
      readonly name: Value;
      readonly payload: string | undefined;
    };

export interface LinkHost {
  /** Undefined for a file that is not there. */
  reading(path: string): Reading | undefined;
  /** The file that an import means. */
  resolve(from: string, specifier: string): string | undefined;
  /** Methods of the classes in a file's package that may pass on to Tauri, by their name. */
  methods(from: string): readonly Located[];
}

/** Longer ways are circles. */
const MAX_STEPS = 40;
const MAX_ALTERNATIVES = 32;
const MAX_LEVEL = 3;

/** A call that reaches something of Tauri's, itself or through functions. */
export interface Reached {
  readonly callee: Located;
  readonly candidate: Candidate;
  /** where the candidate stands */
  readonly place: Place;
  /** the function whose parameters it passes on; undefined where it is the call itself */
  readonly through: FunctionValue | undefined;
}

export class Linker {
  readonly #host: LinkHost;

  constructor(host: LinkHost) {
    this.#host = host;
  }

  /** What a value is in the end; there may be several, and none where it cannot be told. */
  resolve(value: Value | LinkedValue, place: Place, steps = 0): Located[] {
    if (steps > MAX_STEPS) return [];
    const { reading, frame, level } = place;
    switch (value.kind) {
      case 'unknown':
        return [];
      case 'either':
        return value.values.flatMap((each) => this.resolve(each, place, steps + 1)).slice(0, MAX_ALTERNATIVES);
      case 'import':
        return this.#imported(reading.path, value.from, value.name, level, steps + 1);
      case 'member':
        return this.resolve(value.of, place, steps + 1).flatMap((each) => this.#member(each, value.name, steps + 1));
      case 'result':
        return this.resolve(value.of, place, steps + 1).flatMap((each) =>
          this.#result(each, value.args, place, steps + 1),
        );
      case 'instance':
        return this.resolve(value.of, place, steps + 1).flatMap((each) => this.#instance(each));
      case 'parameter': {
        let found: Frame | undefined = frame;
        while (found && found.of !== value.of) found = found.outer;
        if (!found || value.isRest) return [];
        const arg = found.args[value.index];
        if (found.args.slice(0, value.index + 1).some(({ isSpread }) => isSpread)) return [];
        return this.resolve(arg?.value ?? { kind: 'nothing' }, found.from, steps + 1);
      }
      default:
        return [{ value, reading, frame, level }];
    }
  }

  #imported(from: string, specifier: string, name: string, level: number, steps: number): Located[] {
    const path = this.#host.resolve(from, specifier);
    return path === undefined ? [] : this.exportOf(path, name, level, steps);
  }

  /** What a file exports by a name. */
  exportOf(path: string, name: string, level = 0, steps = 0, seen = new Set<string>()): Located[] {
    const reading = seen.has(path) || steps > MAX_STEPS ? undefined : this.#host.reading(path);
    if (!reading) return [];
    seen.add(path);
    if (name === '*') return [{ value: { kind: 'module', path }, reading, frame: undefined, level }];
    for (const each of reading.before ? [reading, reading.before] : [reading]) {
      const value = each.exports.get(name);
      if (value) return this.resolve(value, { reading: each, frame: undefined, level }, steps + 1);
    }
    if (name === 'default') return [];
    for (const star of [...reading.stars, ...(reading.before?.stars ?? [])]) {
      const target = this.#host.resolve(path, star);
      const found = target === undefined ? [] : this.exportOf(target, name, level, steps + 1, seen);
      if (found.length > 0) return found;
    }
    return [];
  }

  #member({ value, reading, frame, level }: Located, name: string, steps: number): Located[] {
    const here = { reading, frame, level };
    switch (value.kind) {
      case 'known': {
        const text = value.name === 'TauriEvent' ? TAURI_EVENTS[name] : undefined;
        if (text !== undefined) return [{ value: { kind: 'name', text }, ...here }];
        const known = memberOf(value.name, name);
        return known === undefined ? [] : [{ value: { kind: 'known', name: known }, ...here }];
      }
      case 'module':
        return this.exportOf(value.path, name, level, steps);
      case 'object': {
        const found = value.members.findLast(({ key }) => key === name);
        if (found) return this.resolve(found.value, here, steps);
        return value.spreads.flatMap((each) =>
          this.resolve(each, here, steps).flatMap((spread) => this.#member(spread, name, steps + 1)),
        );
      }
      case 'class':
        return this.resolve(value.statics.get(name) ?? { kind: 'unknown' }, here, steps);
      case 'instance':
        if (value.of.kind !== 'class') return [];
        return this.resolve(value.of.members.get(name) ?? { kind: 'unknown' }, here, steps);
      case 'event': {
        const { name: event, payload } = value;
        return [{ value: { kind: 'eventMethod', method: name, name: event, payload }, ...here }];
      }
      default:
        return [];
    }
  }

  #result({ value, reading, frame, level }: Located, args: readonly Argument[], from: Place, steps: number): Located[] {
    if (value.kind === 'event') return [{ value, reading, frame, level }];
    if (value.kind === 'known') {
      const name = resultOf(value.name);
      return name === undefined ? [] : [{ value: { kind: 'known', name }, reading, frame, level }];
    }
    if (value.kind !== 'function') return [];
    const inner: Frame = { of: value, args, from, outer: frame };
    return this.resolve(value.returns, { reading, frame: inner, level: level + 1 }, steps);
  }

  #instance(of: Located): Located[] {
    const { value } = of;
    if (value.kind === 'class') return [{ ...of, value: { kind: 'instance', of: value, args: [] } }];
    if (value.kind !== 'known') return [];
    return [{ ...of, value: { kind: 'known', name: instanceOf(value.name) ?? value.name } }];
  }

  // ---- calls

  /** What of Tauri's a call reaches. */
  *reach(candidate: Candidate, place: Place, through?: FunctionValue): Generator<Reached> {
    for (const callee of this.#callees(candidate, place)) {
      const { value } = callee;
      if (value.kind === 'known' || value.kind === 'eventMethod') yield { callee, candidate, place, through };
      else if (value.kind === 'function' && place.level < MAX_LEVEL && !isEntered(place.frame, value)) {
        const frame: Frame = { of: value, args: candidate.args, from: place, outer: callee.frame };
        const inner: Place = { reading: callee.reading, frame, level: place.level + 1 };
        for (const use of value.uses) yield* this.reach(use, inner, value);
      }
    }
  }

  #callees({ callee }: Candidate, place: Place): readonly Located[] {
    const found = this.resolve(callee, place);
    const isMethod = found.length === 0 && callee.kind === 'member' && callee.name === METHOD;
    return isMethod ? this.#host.methods(place.reading.path) : found;
  }

  /** The argument of a call at an index, with what is spread into it; undefined where there is none. */
  argument(candidate: Candidate, place: Place, index: number): ArgumentAt | undefined {
    let passed = 0;
    for (const arg of candidate.args) {
      if (!arg.isSpread) {
        if (passed === index) return { arg, place };
        passed++;
        continue;
      }
      const { value } = arg;
      const frame = value.kind === 'parameter' && value.isRest ? place.frame : undefined;
      if (value.kind !== 'parameter' || !frame || frame.of !== value.of)
        return { arg: { ...arg, value: { kind: 'unknown' } }, place };
      const rest = frame.args.slice(value.index);
      const found = rest[index - passed];
      if (found) return { arg: found, place: frame.from };
      passed += rest.length;
    }
    return undefined;
  }
}

export interface ArgumentAt {
  readonly arg: Argument;
  readonly place: Place;
}

function isEntered(frame: Frame | undefined, value: FunctionValue): boolean {
  for (let each = frame; each; each = each.from.frame) if (each.of === value) return true;
  return false;
}
