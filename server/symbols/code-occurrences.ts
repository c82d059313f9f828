/** Where Rust code and scripts name commands, arguments, events, windows and permissions. */
import type { CallSite, CommandDefinition, EventSite, FileFacts, FileRange, WindowSite } from '../index/facts.ts';
import { isSameRange } from '../positions.ts';
import type { IpcSymbol, Occurrence } from './symbol.ts';

/**
 * What the facts of one file name; some of it may stand in other files, and several times where several calls take a name
 * from there. Made once for the same facts, so that a change in one file of thousands costs what that one has.
 */
export function codeOccurrences(facts: FileFacts): readonly Occurrence[] {
  let made = MADE.get(facts);
  if (!made) {
    made = [...ofFacts(facts)];
    MADE.set(facts, made);
  }
  return made;
}

const MADE = new WeakMap<FileFacts, readonly Occurrence[]>();

function* ofFacts(facts: FileFacts): Iterable<Occurrence> {
  for (const each of facts.commands) yield* ofDefinition(each);
  for (const each of facts.calls) yield* ofCall(each);
  for (const each of facts.events) yield* ofEvent(each);
  for (const each of facts.windows) if (each.from !== 'config') yield* ofWindow(each);
  for (const { label, at, literal } of facts.windowReferences) {
    yield* namedAt({ kind: 'window', name: label }, 'reference', languageOf(at), at, literal);
  }
  for (const { identifier, at } of facts.permissionReferences) {
    yield occurrence({ kind: 'permission', name: identifier }, 'reference', languageOf(at), at);
  }
}

const languageOf = ({ file }: FileRange) => (file.endsWith('.rs') ? 'rust' : 'script');

const occurrence = (
  symbol: IpcSymbol,
  role: Occurrence['role'],
  language: Occurrence['language'],
  at: FileRange,
  more: Partial<Pick<Occurrence, 'whole' | 'written'>> = {},
): Occurrence => ({ symbol, role, language, at, whole: at, written: 'text', ...more });

function ofDefinition(definition: CommandDefinition): Occurrence[] {
  const { name, source, at, whole = at, literal, registrations, parameters } = definition;
  if (!at || !whole || source === 'plugin') return [];
  const symbol: IpcSymbol = { kind: 'command', name };
  const language = source === 'rust' ? 'rust' : 'script';
  const own = literal === undefined || isSame(literal, at);
  return [
    // A handler's name may be a constant; a Rust function may have another name than its command.
    occurrence(symbol, 'definition', language, at, {
      whole,
      written: own && (source === 'rust' || literal) ? 'text' : 'variable',
    }),
    ...(own ? [] : [occurrence(symbol, 'definition', language, literal, { whole })]),
    ...registrations.map((each) =>
      occurrence(symbol, 'registration', language, each, { written: own && source === 'rust' ? 'text' : 'variable' }),
    ),
    ...parameters.flatMap((parameter) =>
      parameter.at
        ? [occurrence({ kind: 'argument', name: parameter.key, command: name }, 'definition', language, parameter.at)]
        : [],
    ),
  ];
}

function ofCall({ command, commandAt, literal, args }: CallSite): Occurrence[] {
  if (command === undefined) return [];
  const symbol: IpcSymbol = { kind: 'command', name: command };
  const keys = args.kind === 'object' ? args.keys : [];
  return [
    ...namedAt(symbol, 'reference', 'script', commandAt, literal),
    ...keys.map(({ key, at, isShorthand }) =>
      occurrence({ kind: 'argument', name: key, command }, 'reference', 'script', at, {
        written: isShorthand ? 'shorthand' : 'text',
      }),
    ),
  ];
}

function ofEvent({ role, side, at, event, pattern, eventAt, literal }: EventSite): Occurrence[] {
  if (event !== undefined) return namedAt({ kind: 'event', name: event }, role, side, eventAt, literal, at);
  if (pattern === undefined) return [];
  const symbol: IpcSymbol = { kind: 'event pattern', name: pattern };
  return [occurrence(symbol, role, side, eventAt, { whole: at, written: 'variable' })];
}

function ofWindow({ label, pattern, from, at, literal }: WindowSite): Occurrence[] {
  const language = from === 'rust' ? 'rust' : 'script';
  if (label !== undefined) {
    const symbol: IpcSymbol = { kind: 'window', name: label };
    return namedAt(symbol, 'definition', language, literal ?? at, literal, at);
  }
  if (pattern === undefined) return [];
  return [occurrence({ kind: 'window pattern', name: pattern }, 'definition', language, at, { written: 'variable' })];
}

/** Where a name is used, and the string that has it where that is elsewhere. */
function namedAt(
  symbol: IpcSymbol,
  role: Occurrence['role'],
  language: Occurrence['language'],
  used: FileRange,
  literal: FileRange | undefined,
  whole = used,
): Occurrence[] {
  if (literal && isSame(used, literal)) return [occurrence(symbol, role, language, used, { whole })];
  const here = occurrence(symbol, role, language, used, { whole, written: 'variable' });
  return literal ? [here, occurrence(symbol, role, languageOf(literal), literal)] : [here];
}

const isSame = (a: FileRange, b: FileRange) => a.file === b.file && isSameRange(a.range, b.range);
