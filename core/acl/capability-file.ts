/** Capability files, and which of their capabilities the configuration puts in force. */
import * as z from 'zod';
import { Capability } from './capability.ts';
import { parseText, readShape } from './data.ts';
import type { Document, Format } from './document.ts';
import { AclError, type Path, type Place } from './place.ts';

/** A capability and where it stands. */
export interface CapabilitySource {
  readonly capability: Capability;
  readonly file: string;
  readonly document: Document;
  /** of the capability, in the document */
  readonly path: Path;
}

/** The place of a value inside a capability, such as `['permissions', 2]`, or of the nearest one around it. */
export function placeIn(source: CapabilitySource, path: Path): Place {
  return source.document.placeOf(source.file, [...source.path, ...path]);
}

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['json', 'json'],
  ['json5', 'json5'],
  ['toml', 'toml'],
]);

/**
 * Whether Tauri reads a file of the capability folder (`capabilities/**`): by its ending, and not when it lies directly in
 * a folder `schemas`.
 */
export function isCapabilityFile(path: string): boolean {
  const [name = '', folder] = path.split(/[/\\]/).reverse();
  return FORMATS.has(extensionOf(name)) && folder !== 'schemas';
}

/**
 * Reads a capability file: one capability, a list of them, or an object with a list `capabilities`.
 *
 * @throws AclError with Tauri's text and the place
 */
export function parseCapabilityFile(file: string, text: string): CapabilitySource[] {
  const extension = extensionOf(file);
  const format = FORMATS.get(extension);
  if (!format) throw new AclError(`unknown capability format ${extension}`);
  const document = parseText(file, text, format);
  const { value } = document;
  if (Array.isArray(value)) return readList(file, document, []);
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, 'capabilities')) {
    readShape(z.looseObject({ capabilities: z.array(z.unknown()) }), file, document, [], value);
    return readList(file, document, ['capabilities']);
  }
  return [readCapability(file, document, [], value)];
}

function readList(file: string, document: Document, path: Path): CapabilitySource[] {
  const list = path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], document.value);
  return (list as readonly unknown[]).map((value, index) => readCapability(file, document, [...path, index], value));
}

function readCapability(file: string, document: Document, path: Path, value: unknown): CapabilitySource {
  return { capability: readShape(Capability, file, document, path, value), file, document, path };
}

/** Takes what is wrong. */
type Report = (problem: AclError) => void;

function fail(problem: AclError): never {
  throw problem;
}

/**
 * Puts the capabilities of several files together.
 *
 * @param report takes what is wrong where two have one identifier, of which the first stays. Without it, it is thrown.
 */
export function collectCapabilities(
  files: Iterable<readonly CapabilitySource[]>,
  report: Report = fail,
): CapabilitySource[] {
  const known = new Map<string, CapabilitySource>();
  for (const source of [...files].flat()) {
    const { identifier } = source.capability;
    if (!known.has(identifier)) known.set(identifier, source);
    else {
      const text = `capability with identifier \`${identifier}\` already exists`;
      report(new AclError(text, placeIn(source, ['identifier'])));
    }
  }
  return [...known.values()];
}

/** `app.security.capabilities` of a configuration, and where it stands. */
export interface EnabledCapabilities {
  readonly entries: readonly unknown[];
  readonly file: string;
  readonly document: Document;
  readonly path: Path;
}

/**
 * The capabilities in force: all of the files, or, where the configuration lists some, the listed ones and those written
 * in the list itself (the later of two with one identifier).
 *
 * @param report takes `capability with identifier {id} not found` and what is wrong with a capability in the list; such an
 * entry is left out. Without it, the first of them is thrown.
 */
export function enableCapabilities(
  found: readonly CapabilitySource[],
  { entries, file, document, path }: EnabledCapabilities,
  report: Report = fail,
): CapabilitySource[] {
  if (entries.length === 0) return [...found];
  const enabled = new Map<string, CapabilitySource>();
  entries.forEach((entry, index) => {
    const at = [...path, index];
    if (typeof entry !== 'string') {
      const source = readListed(file, document, at, entry, report);
      if (source) enabled.set(source.capability.identifier, source);
      return;
    }
    const named = found.find(({ capability }) => capability.identifier === entry);
    if (named) enabled.set(entry, named);
    else report(new AclError(`capability with identifier ${entry} not found`, document.placeOf(file, at)));
  });
  return [...enabled.values()];
}

function readListed(
  file: string,
  document: Document,
  path: Path,
  entry: unknown,
  report: Report,
): CapabilitySource | undefined {
  try {
    return readCapability(file, document, path, entry);
  } catch (error) {
    if (!(error instanceof AclError)) throw error;
    report(error);
    return undefined;
  }
}

/**
 * Reads the capabilities of a text given at run time (Tauri's `add_capability`): JSON, or else TOML.
 *
 * @throws AclError `invalid capability`
 */
export function parseRuntimeCapability(text: string): Capability[] {
  const errors: unknown[] = [];
  for (const name of ['capability.json', 'capability.toml']) {
    try {
      return parseCapabilityFile(name, text).map(({ capability }) => capability);
    } catch (error) {
      if (!(error instanceof AclError)) throw error;
      errors.push(error);
    }
  }
  throw new AclError('invalid capability', undefined, new AggregateError(errors, 'neither JSON nor TOML'));
}

function extensionOf(file: string): string {
  const name = file.split(/[/\\]/).at(-1) as string;
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1) : '';
}
