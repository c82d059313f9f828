/** What the calls of a file are: commands, events, windows. */
import type {
  ArgumentKey,
  CallArguments,
  CallSite,
  EventSite,
  FileRange,
  WindowReference,
  WindowSite,
} from '../index/facts.ts';
import type { Known } from './known.ts';
import type { ArgumentAt, Linker, Place, Reached } from './link.ts';
import type { Candidate, FunctionValue, Member, ObjectValue, Reading, Span, Value } from './model.ts';
import { argumentRange, memberAt, type Name, namesOf, outerArgument, rangeIn } from './names.ts';
import { parametersIn } from './made-values.ts';

export interface Sites {
  readonly calls: CallSite[];
  readonly events: EventSite[];
  readonly windows: WindowSite[];
  readonly windowReferences: WindowReference[];
}

/** Which argument of an event's function is its name. */
const EVENTS: Partial<Record<Known, { readonly role: 'emit' | 'listen'; readonly name: number }>> = {
  listen: { role: 'listen', name: 0 },
  once: { role: 'listen', name: 0 },
  emit: { role: 'emit', name: 0 },
  emitFilter: { role: 'emit', name: 0 },
  emitTo: { role: 'emit', name: 1 },
};

export function sitesOf(linker: Linker, reading: Reading): Sites {
  const maker = new SiteMaker(linker, reading);
  for (const candidate of reading.candidates) maker.add(candidate);
  return maker;
}

class SiteMaker implements Sites {
  readonly calls: CallSite[] = [];
  readonly events: EventSite[] = [];
  readonly windows: WindowSite[] = [];
  readonly windowReferences: WindowReference[] = [];
  readonly #linker: Linker;
  readonly #reading: Reading;
  /** what was made of one call, so that it counts once */
  #made = new Set<string>();

  constructor(linker: Linker, reading: Reading) {
    this.#linker = linker;
    this.#reading = reading;
  }

  add(candidate: Candidate): void {
    this.#made = new Set();
    const place: Place = { reading: this.#reading, frame: undefined, level: 0 };
    for (const reached of this.#linker.reach(candidate, place)) this.#reached(candidate, reached);
  }

  #reached(call: Candidate, reached: Reached): void {
    const { callee, candidate } = reached;
    const { value } = callee;
    if (value.kind === 'eventMethod') {
      const { method } = value;
      if (method !== 'listen' && method !== 'once' && method !== 'emit') return;
      if (reached.through) return;
      const at = rangeIn(this.#reading, call.calleeAt);
      const names = namesOf(this.#linker, value.name, callee);
      this.#event(call, reached, method === 'emit' ? 'emit' : 'listen', method, names, at, value.payload);
      return;
    }
    if (value.kind !== 'known') return;
    const event = EVENTS[value.name];
    if (event && !candidate.isNew) {
      const found = this.#names(call, reached, event.name);
      if (found) this.#event(call, reached, event.role, value.name, found.names, found.at, undefined);
    } else if (value.name === 'invoke' && !candidate.isNew) this.#invoke(call, reached);
    else if (value.name === 'getByLabel' || value.name === 'comparedLabel')
      this.#references(this.#linker.argument(candidate, reached.place, 0));
    else if (candidate.isNew && (value.name === 'Window' || value.name === 'Webview')) {
      this.#window(call, reached, value.name === 'Window' ? 0 : 1);
    }
  }

  /**
   * What the argument at an index can be, and where that stands in the call that is looked at. Undefined where it has
   * nothing to do with that call: a function that is called says it all by itself, and counts there.
   */
  #names(
    call: Candidate,
    reached: Reached,
    index: number,
  ): { readonly names: Name[]; readonly at: FileRange } | undefined {
    const argument = this.#linker.argument(reached.candidate, reached.place, index);
    if (!argument) return undefined;
    const all = namesOf(this.#linker, argument.arg.value, argument.place);
    if (!reached.through) return { names: all, at: argumentRange(argument) };
    const given = outerArgument(argument);
    if (given === undefined || given === 'missing') return undefined;
    const names = all.filter(({ level }) => level === 0);
    // What is called gives a function that makes the call, or the function around is one of such functions itself: who
    // calls those says more.
    if (!isBound(argument) || (names.length === 0 && parametersOf(given.arg.value).size > 0)) return undefined;
    const isHere = given.place.reading === this.#reading;
    return { names, at: isHere ? argumentRange(given) : rangeIn(this.#reading, call.calleeAt) };
  }

  #isNew(kind: string, name: Name | undefined, at: FileRange): boolean {
    const { line, character } = at.range.start;
    const key = `${kind} ${name?.text} ${name?.pattern} ${line}:${character}`;
    const isNew = !this.#made.has(key);
    this.#made.add(key);
    return isNew;
  }

  // ---- commands

  #invoke(call: Candidate, reached: Reached): void {
    const found = this.#names(call, reached, 0);
    if (!found) return;
    const { names, at } = found;
    const texts = names.filter(({ text }) => text !== undefined);
    const args = this.#arguments(this.#linker.argument(reached.candidate, reached.place, 1), at);
    for (const name of texts.length > 0 ? texts : [undefined]) {
      if (!this.#isNew('call', name, at)) continue;
      const { literal } = name ?? {};
      this.calls.push({
        at: rangeIn(this.#reading, call),
        callee: call.calleeText,
        isDirect: reached.through === undefined,
        command: name?.text,
        // Of `a ? 'x' : 'y'` each has its own place.
        commandAt: literal && isInside(literal, at) ? literal : at,
        literal,
        args,
        typeArgument: this.#typeArgument(call, reached),
        caller: call.owner,
        isElsewhere: call.isElsewhere,
      });
    }
  }

  /** A function that passes its own type parameter on is called with the type of the result. */
  #typeArgument(call: Candidate, { candidate, through }: Reached): CallSite['typeArgument'] {
    const { typeArgument } = call;
    if (!typeArgument) return undefined;
    if (through && candidate.typeArgument?.text !== through.typeParameter) return undefined;
    return { text: typeArgument.text, at: rangeIn(this.#reading, typeArgument) };
  }

  #arguments(argument: ArgumentAt | undefined, at: FileRange): CallArguments {
    if (!argument) return { kind: 'none' };
    const { arg, place } = argument;
    if (place.level === 0) return this.#written(arg.value, argumentSpan(argument), place.reading, false);
    // In a function: what it was called with, if it passes just that on.
    if (arg.value.kind === 'nothing') return { kind: 'none' };
    const given = outerArgument(argument);
    if (given === 'missing') return { kind: 'none' };
    if (!given || given.place.reading !== this.#reading) return { kind: 'other', at };
    const isOpen = arg.value.kind === 'object' && (arg.value.members.length > 0 || arg.value.isOpen);
    return this.#written(given.arg.value, argumentSpan(given), given.place.reading, isOpen);
  }

  #written(value: Value, at: FileRange, reading: Reading, isOpen: boolean): CallArguments {
    if (value.kind === 'nothing') return { kind: 'none' };
    if (value.kind !== 'object' || !value.isConstant) return { kind: 'other', at };
    const { keys, isOpen: isMore } = this.#keys(value, reading);
    return { kind: 'object', at: rangeIn(reading, value), keys, isOpen: isOpen || isMore };
  }

  #keys(object: ObjectValue, reading: Reading): { readonly keys: ArgumentKey[]; readonly isOpen: boolean } {
    let isOpen = object.isOpen || object.givenTo.some((call) => !this.#isKnown(call, reading));
    const keys: ArgumentKey[] = [];
    for (const spread of object.spreads) {
      if (spread.kind === 'object' && spread.isConstant) {
        const inner = this.#keys(spread, reading);
        keys.push(...inner.keys);
        isOpen ||= inner.isOpen;
      } else isOpen = true;
    }
    for (const each of object.members) {
      const key = this.#key(each, reading);
      const known = keys.findIndex(({ key: name }) => name === key.key);
      if (known < 0) keys.push(key);
      else keys[known] = key;
    }
    return { keys, isOpen };
  }

  /** Whether a call is one of Tauri's, or passes on to it: such leave their arguments as they are. */
  #isKnown({ start, end }: Span, reading: Reading): boolean {
    const call = reading.candidates.find((each) => each.start === start && each.end === end);
    if (!call) return false;
    const reached = this.#linker.reach(call, { reading, frame: undefined, level: 0 });
    return reached.next().done !== true;
  }

  #key({ key, at, whole, isShorthand, sort, valueAt, value }: Member, reading: Reading): ArgumentKey {
    const place: Place = { reading, frame: undefined, level: 0 };
    const isChannel =
      sort === 'other' &&
      value.kind === 'instance' &&
      this.#linker
        .resolve(value.of, place)
        .some((each) => each.value.kind === 'known' && each.value.name === 'Channel');
    return {
      key,
      at: rangeIn(reading, at),
      whole: rangeIn(reading, whole),
      isShorthand,
      value: isChannel ? 'channel' : sort,
      valueAt: rangeIn(reading, valueAt),
    };
  }

  // ---- events

  #event(
    call: Candidate,
    reached: Reached,
    role: 'emit' | 'listen',
    method: string,
    names: readonly Name[],
    at: FileRange,
    payload: string | undefined,
  ): void {
    const { candidate, place, through } = reached;
    const target = method === 'emitTo' ? this.#target(this.#linker.argument(candidate, place, 0)) : undefined;
    const options = role === 'listen' ? this.#linker.argument(candidate, place, 2) : undefined;
    if (options) this.#listensOn(options);
    for (const name of names.length > 0 ? names : [undefined]) {
      if (!this.#isNew(method, name, at)) continue;
      const { literal } = name ?? {};
      this.events.push({
        role,
        side: 'script',
        method,
        at: rangeIn(this.#reading, call),
        event: name?.text,
        pattern: name?.pattern,
        eventAt: literal && isInside(literal, at) ? literal : at,
        literal,
        payload: payload ?? this.#typeArgument(call, reached)?.text ?? call.payload,
        target,
        isDropped: role === 'listen' && method === 'listen' && !through && call.isDropped,
        caller: call.owner,
      });
    }
  }

  /** The label that `emitTo` names: a string, or an object with one. */
  #target(argument: ArgumentAt | undefined): string | undefined {
    if (!argument) return undefined;
    const label = labelIn(argument);
    if (!label) return undefined;
    this.#references(label);
    const [only, ...more] = namesOf(this.#linker, label.arg.value, label.place);
    return more.length === 0 ? only?.text : undefined;
  }

  /** `listen(…, { target: 'main' })` */
  #listensOn({ arg, place }: ArgumentAt): void {
    const target = memberAt({ arg, place }, 'target');
    const label = typeof target === 'object' ? labelIn(target) : undefined;
    if (label) this.#references(label);
  }

  // ---- windows

  #window(call: Candidate, reached: Reached, index: number): void {
    const found = this.#names(call, reached, index);
    if (!found) return;
    const { names, at } = found;
    for (const name of names.length > 0 ? names : [undefined]) {
      if (!this.#isNew('window', name, at)) continue;
      const { literal } = name ?? {};
      this.windows.push({
        label: name?.text,
        pattern: name?.pattern,
        from: 'script',
        at: literal && isInside(literal, at) ? literal : at,
        literal,
      });
    }
  }

  #references(argument: ArgumentAt | undefined): void {
    if (!argument) return;
    const outer = outerArgument(argument);
    for (const { text, literal } of namesOf(this.#linker, argument.arg.value, argument.place)) {
      if (text === undefined || typeof outer !== 'object' || outer.place.reading !== this.#reading) continue;
      const own = argumentRange(outer);
      const at = literal && isInside(literal, own) ? literal : own;
      if (this.#isNew(`reference ${text}`, undefined, at)) this.windowReferences.push({ label: text, at, literal });
    }
  }
}

/** An argument that is a label, or the member of it that is. */
function labelIn(argument: ArgumentAt): ArgumentAt | undefined {
  const label = argument.arg.value.kind === 'object' ? memberAt(argument, 'label') : argument;
  return label === 'missing' ? undefined : label;
}

const argumentSpan = ({ arg, place }: ArgumentAt): FileRange => rangeIn(place.reading, arg);

function parametersOf(value: Value): ReadonlySet<FunctionValue> {
  const parameters = new Set<FunctionValue>();
  parametersIn(value, parameters);
  return parameters;
}

/** Whether all parameters that a value speaks of are those of functions that are being called. */
function isBound({ arg, place }: ArgumentAt): boolean {
  const frames = new Set<FunctionValue>();
  for (let frame = place.frame; frame; frame = frame.outer) frames.add(frame.of);
  return [...parametersOf(arg.value)].every((each) => frames.has(each));
}

function isInside(inner: FileRange, outer: FileRange): boolean {
  if (inner.file !== outer.file) return false;
  const [a, b] = [inner.range, outer.range];
  const starts =
    b.start.line < a.start.line || (b.start.line === a.start.line && b.start.character <= a.start.character);
  const ends = a.end.line < b.end.line || (a.end.line === b.end.line && a.end.character <= b.end.character);
  return starts && ends;
}
