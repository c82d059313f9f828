/** Handlers as commands: the names that pages call them by, and the lists that register them. */
import type { CommandDefinition, FileRange, Parameter, PermissionReference } from '../index/facts.ts';
import type { Linker, Place } from './link.ts';
import type { Handler, HandlerList, Reading } from './model.ts';
import { argumentRange, namesOf, rangeIn } from './names.ts';

interface Registration {
  /** undefined for the app itself */
  readonly plugin: string | undefined;
  readonly at: FileRange;
}

/** All lists of handlers that there are, and what they have. */
export class Registrations {
  readonly #linker: Linker;
  readonly #of = new Map<string, Registration[]>();
  /** folders with lists, and whether all that they have is known */
  readonly #folders = new Map<string, boolean>();

  constructor(linker: Linker, readings: Iterable<Reading>) {
    this.#linker = linker;
    for (const reading of readings) {
      const lists =
        reading.lists.length > 0
          ? { lists: reading.lists, from: reading }
          : { lists: reading.before?.lists ?? [], from: reading.before ?? reading };
      for (const list of lists.lists) this.#add(list, lists.from);
    }
  }

  #add(list: HandlerList, reading: Reading): void {
    const place = { reading, frame: undefined, level: 0 };
    const plugin = list.plugin && namesOf(this.#linker, list.plugin, place)[0]?.text;
    const isKnown = this.#addAll(list.commands, place, plugin, 0);
    const folder = folderOf(reading.path);
    this.#folders.set(folder, isKnown && (this.#folders.get(folder) ?? true));
  }

  /** Whether all that the list has is known. */
  #addAll(commands: HandlerList['commands'], place: Place, plugin: string | undefined, depth: number): boolean {
    const lists = this.#linker.resolve(commands, place);
    let isKnown = lists.length > 0 && depth < 8;
    if (!isKnown) return false;
    for (const { value, ...where } of lists) {
      if (value.kind !== 'array') {
        isKnown = false;
        continue;
      }
      for (const element of value.elements) {
        if (element.isSpread) {
          isKnown = this.#addAll(element.value, where, plugin, depth + 1) && isKnown;
          continue;
        }
        const found = this.#linker.resolve(element.value, where);
        if (found.length === 0) isKnown = false;
        for (const { value: handler, reading } of found) {
          const defined = handler.kind === 'handler' ? reading.handlers[handler.index] : undefined;
          if (!defined) continue;
          const key = keyOf(reading, defined);
          const known = this.#of.get(key) ?? [];
          this.#of.set(key, [...known, { plugin, at: rangeIn(where.reading, element) }]);
        }
      }
    }
    return isKnown;
  }

  of(reading: Reading, handler: Handler): readonly Registration[] {
    return this.#of.get(keyOf(reading, handler)) ?? [];
  }

  /** Whether the lists for a file are all known; false where there is none. */
  areKnownFor(path: string): boolean {
    const folder = `${folderOf(path)}/`;
    const above = [...this.#folders].filter(([each]) => folder.startsWith(`${each}/`));
    return above.length > 0 && above.every(([, isKnown]) => isKnown);
  }
}

/** The same for a handler as it is now, and as it was when its file had no errors. */
function keyOf({ path, handlers }: Reading, handler: Handler): string {
  const { value } = handler.name;
  return `${path} ${value.kind === 'string' ? value.text : handlers.indexOf(handler)}`;
}

/** The commands that a file defines. */
export function definitionsOf(linker: Linker, reading: Reading, registrations: Registrations): CommandDefinition[] {
  const own = reading.handlers.flatMap((each) => defined(linker, reading, each, registrations));
  const names = new Set(own.map(({ name }) => name));
  const { before } = reading;
  if (!before) return own;
  // What cannot be read at the moment is still there.
  const last = before.handlers.flatMap((each) => defined(linker, before, each, registrations));
  return [...own, ...last.filter(({ name }) => !names.has(name))];
}

function defined(
  linker: Linker,
  reading: Reading,
  handler: Handler,
  registrations: Registrations,
): CommandDefinition[] {
  const place: Place = { reading, frame: undefined, level: 0 };
  const [name] = namesOf(linker, handler.name.value, place);
  if (name?.text === undefined) return [];
  const registered = registrations.of(reading, handler);
  const plugins = new Set(registered.map(({ plugin }) => plugin));
  if (plugins.size === 0) plugins.add(undefined);
  return [...plugins].map((plugin) => ({
    name: plugin === undefined ? String(name.text) : `plugin:${plugin}|${name.text}`,
    source: 'handler',
    at: argumentRange({ arg: handler.name, place }),
    whole: rangeIn(reading, handler.whole),
    parameters: handler.parameters.map(
      (each): Parameter => ({
        key: each.key,
        rustName: undefined,
        type: each.type,
        declared: each.declared,
        isRequired: each.isRequired,
        kind: each.kind,
        at: rangeIn(reading, each.at),
        isShorthand: each.isShorthand,
      }),
    ),
    isComplete: handler.isComplete,
    returns: handler.returns,
    error: undefined,
    signature: handler.signature,
    doc: handler.doc,
    isRegistered: registered.length > 0 || !registrations.areKnownFor(reading.path),
    permissions: handler.permissions.map(({ text }) => text),
    registrations: registered.filter((each) => each.plugin === plugin).map(({ at }) => at),
    literal: name.literal,
    types: [],
  }));
}

export function permissionReferencesOf(reading: Reading): PermissionReference[] {
  return reading.handlers.flatMap(({ permissions }) =>
    permissions.map((each) => ({ identifier: each.text, at: rangeIn(reading, each) })),
  );
}

const folderOf = (path: string) => path.slice(0, Math.max(path.lastIndexOf('/'), 0));
