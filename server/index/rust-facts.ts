/** What Rust files say, as features speak of it: commands, events and windows. */
import { type KnownText, type RustEvent, type RustIndex, type RustWindow, payloadType } from '../rust/index.ts';
import {
  type EventSite,
  type FileFacts,
  type FileRange,
  noFacts,
  type WindowReference,
  type WindowSite,
} from './facts.ts';
import { rustDefinitions } from './rust-definitions.ts';

/** The facts of all Rust files, by their paths. Files of the index have absolute paths. */
export function rustFacts(index: RustIndex): ReadonlyMap<string, FileFacts> {
  // One without a function stands where the list does.
  const commands = Map.groupBy(rustDefinitions(index), ({ at, registrations: [first] }) => (at ?? first)?.file);
  const passedOn = Map.groupBy(eventsByParameters(index), ({ file }) => file);
  const passing = new Set([...passedOn.values()].flat().map(({ through }) => through));
  return new Map(
    Array.from(index.files, ({ path, events, windows }) => [
      path,
      {
        ...noFacts(path),
        commands: commands.get(path) ?? [],
        events: [...events.filter((event) => !passing.has(event)), ...(passedOn.get(path) ?? [])].flatMap(
          (event) => eventSite(event, index) ?? [],
        ),
        windows: windows.flatMap((window) => (window.role === 'make' ? windowSite(window, index) : [])),
        windowReferences: windows.flatMap((window) =>
          window.role === 'name' ? (windowReference(window, index) ?? []) : [],
        ),
      },
    ]),
  );
}

/** `fn send_progress(app: &AppHandle, event: &str) { app.emit(event, …) }`: each call of it emits. */
function eventsByParameters(index: RustIndex): (RustEvent & { readonly through: RustEvent })[] {
  const files = [...index.files];
  const calls = Map.groupBy(
    files.flatMap(({ namingCalls }) => namingCalls),
    (call) => call.function,
  );
  return files.flatMap(({ events }) =>
    events.flatMap((through) => {
      const { name, payload: _, ...event } = through;
      if (name.kind !== 'parameter') return [];
      const texts = (calls.get(name.function) ?? []).flatMap((call) => call.texts);
      return texts
        .filter(({ index: at }) => at === name.index)
        .map(({ text, site }) => ({ ...event, ...site, name: text, through }));
    }),
  );
}

function eventSite(event: RustEvent, index: RustIndex): EventSite | undefined {
  const { role, method, file, at, nameAt, caller, payload } = event;
  const name = index.texts.of(event.name, event);
  if (!name) return undefined;
  const target = event.target && index.texts.of(event.target, event);
  let type: { readonly text: string | undefined } | undefined;
  return {
    role,
    side: 'rust',
    method,
    at: { file, range: at },
    event: name.text,
    pattern: name.pattern,
    eventAt: { file, range: nameAt },
    literal: literalOf(name),
    // Types are only made for what somebody looks at.
    get payload() {
      if (!payload) return undefined;
      type ??= { text: payloadType(payload, event, index.names) };
      return type.text;
    },
    target: target?.text,
    isDropped: false,
    caller,
  };
}

function windowSite(window: RustWindow, index: RustIndex): WindowSite {
  const label = index.texts.of(window.label, window) ?? {};
  return {
    label: label.text,
    pattern: label.pattern,
    from: 'rust',
    at: { file: window.file, range: window.at },
    literal: literalOf(label),
    ...(window.isRemote && { isRemote: true }),
  };
}

function windowReference(window: RustWindow, index: RustIndex): WindowReference | undefined {
  const label = index.texts.of(window.label, window);
  if (label?.text === undefined) return undefined;
  return { label: label.text, at: { file: window.file, range: window.nameAt }, literal: literalOf(label) };
}

const literalOf = ({ literal }: KnownText): FileRange | undefined =>
  literal && { file: literal.file, range: literal.at };
