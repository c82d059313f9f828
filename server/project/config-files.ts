/**
 * The files of Tauri's configuration, found, read and merged as Tauri does it: `tauri.conf.json`, `tauri.conf.json5` or
 * `Tauri.toml`, and over it the one of this platform, in whichever of the three formats either is written.
 */
import { dirname, join } from 'node:path';
import { Document, type Format, SyntaxProblem } from '#core/acl/document.ts';
import type { Path, Place } from '#core/acl/place.ts';
import type * as z from 'zod';
import { isFile } from './files.ts';
import { ProjectError, TauriConfig } from './config.ts';
import { type ProjectReader, STRICT } from './project-reader.ts';

/** Names of the configuration; the first that is there is read. */
export const CONFIG_NAMES = ['tauri.conf.json', 'tauri.conf.json5', 'Tauri.toml'] as const;

/** Names of the configuration that is for one platform alone. */
function platformNames(platform: NodeJS.Platform): readonly string[] {
  const name = platform === 'win32' ? 'windows' : platform === 'darwin' ? 'macos' : 'linux';
  return [`tauri.${name}.conf.json`, `tauri.${name}.conf.json5`, `Tauri.${name}.toml`];
}

const findFile = (folder: string, names: readonly string[]) => names.map((name) => join(folder, name)).find(isFile);

/** The configuration file in `folder`, if there is one. */
export const findConfig = (folder: string): string | undefined => findFile(folder, CONFIG_NAMES);

/** One file of a configuration, as it is written. */
export interface ConfigLayer {
  readonly file: string;
  readonly document: Document;
}

/** A configuration, and the files that it comes from. */
export class ConfigFiles {
  readonly config: TauriConfig;
  readonly #base: ConfigLayer;
  readonly #platform: ConfigLayer | undefined;

  /**
   * Reads and checks the configuration `file`, and the one of the platform beside it.
   *
   * @param reader takes what is wrong, as ProjectError with the file and the place; by itself it throws the first problem.
   * What is wrong counts as if it were not there.
   */
  constructor(file: string, platform: NodeJS.Platform = process.platform, reader: ProjectReader = STRICT) {
    this.#base = readLayer(file, reader);
    const version1 = versionProblem(this.#base);
    if (version1) reader.report(version1);
    const other = findFile(dirname(file), platformNames(platform));
    this.#platform = other === undefined ? undefined : readLayer(other, reader);
    const { value } = this.#base.document;
    this.config = this.#parse(this.#platform ? mergePatch(value, this.#platform.document.value) : value, reader);
  }

  #parse(value: unknown, reader: ProjectReader): TauriConfig {
    const parsed = TauriConfig.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) reader.report(this.#problem(issue, parsed.error));
    const rest = structuredClone(value);
    for (const { path } of parsed.error.issues) removeAt(rest, path as Path);
    const again = TauriConfig.safeParse(rest);
    return again.success ? again.data : TauriConfig.parse({});
  }

  /** The file that the value at `path` comes from, or would stand in. */
  layerOf(path: Path): ConfigLayer {
    if (!this.#platform) return this.#base;
    const written = this.#platform.document;
    for (let length = 0; length <= path.length; length++) {
      const range = written.rangeOf(path.slice(0, length));
      if (!range) return this.#depth(this.#base, path) >= length - 1 ? this.#base : this.#platform;
      // All but objects takes the place of what the other file has there.
      if (!isObject(valueAt(written.value, path.slice(0, length)))) return this.#platform;
    }
    return this.#base.document.rangeOf(path) ? this.#base : this.#platform;
  }

  /** Where the value at `path` stands, or the nearest one around it. */
  placeOf(path: Path): Place {
    const { file, document } = this.layerOf(path);
    return document.placeOf(file, path);
  }

  /** How many steps of the path lead to something in a file. */
  #depth({ document }: ConfigLayer, path: Path): number {
    let length = path.length;
    while (length > 0 && !document.rangeOf(path.slice(0, length))) length--;
    return length;
  }

  #problem({ path, message }: z.core.$ZodIssue, cause: z.ZodError): ProjectError {
    const { file, ...at } = this.placeOf(path as Path);
    return new ProjectError(`${path.join('.') || 'the file'}: ${message}`, file, { ...at, cause });
  }
}

function readLayer(file: string, reader: ProjectReader): ConfigLayer {
  const empty = () => parseDataFile(file, file.endsWith('.toml') ? '' : '{}');
  return { file, document: reader.read(file, (text) => parseDataFile(file, text)) ?? empty() };
}

/** Removes the member of an object that a path leads to or into: items of a list keep their places. */
function removeAt(value: unknown, path: Path): void {
  const depth = path.findLastIndex((step) => typeof step === 'string');
  const parent = valueAt(value, path.slice(0, depth));
  if (depth >= 0 && isObject(parent)) delete parent[path[depth] as string];
}

/** Of Tauri's first version nothing can run: its commands, events and permissions are others. */
function versionProblem({ file, document }: ConfigLayer): ProjectError | undefined {
  const { value } = document;
  if (!isObject(value) || !Object.hasOwn(value, 'tauri')) return undefined;
  return new ProjectError(
    'this is a project of Tauri v1 (its configuration has "tauri" where that of v2 has "app"), and IPC Workbench runs projects of Tauri v2: migrate it with `npx @tauri-apps/cli@2 migrate`',
    file,
    document.placeOf(file, ['tauri']),
  );
}

/** Parses JSON (with comments, or all of JSON5 as Tauri has it there, too), JSON5 or TOML by the file's ending. */
function parseDataFile(file: string, text: string): Document {
  const format: Format = file.endsWith('.toml') ? 'toml' : file.endsWith('.json5') ? 'json5' : 'jsonc';
  try {
    return new Document(text, format);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const other = format === 'jsonc' ? json5Document(text) : undefined;
    if (other) return other;
    const name = format === 'jsonc' ? 'JSON' : format.toUpperCase();
    const range = { start: error.offset, end: Math.min(error.offset + 1, text.length) };
    throw new ProjectError(`not valid ${name}: ${error.message}`, file, { ...error.position, range, cause: error });
  }
}

function json5Document(text: string): Document | undefined {
  try {
    return new Document(text, 'json5');
  } catch {
    return undefined; // then it is no JSON, which says more
  }
}

/** JSON Merge Patch (RFC 7396): objects are merged, null removes, all else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}
