/**
 * Where a place in a script that a page runs stands in the sources, by the script's source map. The scripts are the
 * app's, and so are their maps: nothing in them is trusted, and what is read is bounded.
 */
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceMapInput, TraceMap } from '@jridgewell/trace-mapping';

/** Characters of a script or a map that is read, and of all that is kept. */
export const SCRIPT_LENGTH = 32 * 1024 * 1024;
const KEPT_LENGTH = 64 * 1024 * 1024;
const KEPT_SCRIPTS = 64;

/** A text of the page's server; `file` where it is one on this machine. */
export interface ScriptText {
  readonly text: string;
  readonly file?: string | undefined;
}

/** Reads what a page may load; throws with a sentence where it cannot. */
export type ReadScript = (url: URL) => Promise<ScriptText>;

/** A place in a source, lines and columns from 1. */
export interface SourcePlace {
  /** as the map names it */
  readonly source: string;
  readonly line: number;
  readonly column: number;
  /** the source's text, where the map has it */
  readonly content: string | undefined;
  readonly map: MapPlace;
}

/** Where a map is: its sources are named from there. */
export interface MapPlace {
  readonly url: URL;
  readonly file: string | undefined;
}

interface LoadedMap {
  readonly trace: TraceMap;
  readonly place: MapPlace;
  readonly length: number;
}

/** Keeps the maps of the scripts that were asked for last. */
export class SourceMaps {
  readonly #kept = new Map<string, Promise<LoadedMap>>();
  #length = 0;

  /**
   * The place in the sources that a place in a script stands for.
   *
   * @param key names the page load: the same address may have another script in the next
   * @throws Error with a sentence that says why it cannot be told
   */
  async locate(at: { url: string; line: number; column: number }, key: string, read: ReadScript): Promise<SourcePlace> {
    const url = URL.parse(at.url);
    if (!url) throw new Error('its address is none');
    const { trace, place } = await this.#map(url, key, read);
    const { originalPositionFor, sourceContentFor } = await library();
    const found = originalPositionFor(trace, { line: at.line, column: at.column - 1 });
    if (found.source === null) throw new Error('the source map does not know this place');
    const content = sourceContentFor(trace, found.source) ?? undefined;
    return { source: found.source, line: found.line, column: found.column + 1, content, map: place };
  }

  get size(): number {
    return this.#kept.size;
  }

  #map(url: URL, key: string, read: ReadScript): Promise<LoadedMap> {
    const name = `${key} ${url.href}`;
    const known = this.#kept.get(name);
    if (known) return known;
    const loading = loadMap(url, read);
    this.#kept.set(name, loading);
    loading.then(
      ({ length }) => this.#trim(length),
      // It may be there when somebody looks again.
      () => this.#kept.delete(name),
    );
    return loading;
  }

  /** The oldest go first, and never the one that was asked for. */
  #trim(added: number): void {
    this.#length += added;
    for (const [name, loading] of this.#kept) {
      if (this.#kept.size <= 1 || (this.#kept.size <= KEPT_SCRIPTS && this.#length <= KEPT_LENGTH)) return;
      this.#kept.delete(name);
      loading.then(
        ({ length }) => (this.#length -= length),
        // It never counted, and who asked for it knows.
        () => undefined,
      );
    }
  }
}

const library = () => import('@jridgewell/trace-mapping');

async function loadMap(url: URL, read: ReadScript): Promise<LoadedMap> {
  const script = await read(url);
  const reference = mapReference(script.text);
  if (reference === undefined) throw new Error('the script names none');
  const inline = reference.startsWith('data:');
  const mapUrl = inline ? url : URL.parse(reference, url.href);
  if (!mapUrl || mapUrl.origin !== url.origin) throw new Error('it is at another site');
  const map = inline ? { text: decodeData(reference), file: script.file } : await read(mapUrl);
  const { AnyMap } = await library();
  try {
    const parsed = JSON.parse(map.text.replace(/^\)\]\}'[^\n]*\n/, '')) as SourceMapInput;
    return { trace: new AnyMap(parsed), place: { url: mapUrl, file: map.file }, length: map.text.length };
  } catch (error) {
    throw new Error(`it cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** What the last comment of that kind in a script says. */
function mapReference(text: string): string | undefined {
  const at = text.lastIndexOf('sourceMappingURL=');
  if (at < 0 || !/\/[/*][#@]\s*$/.test(text.slice(Math.max(0, at - 8), at))) return undefined;
  const start = at + 'sourceMappingURL='.length;
  const end = text.slice(start).search(/[\s'"*]|$/);
  return text.slice(start, start + end) || undefined;
}

function decodeData(url: string): string {
  const comma = url.indexOf(',');
  const data = url.slice(comma + 1);
  return /;base64$/i.test(url.slice(0, comma))
    ? Buffer.from(data, 'base64').toString('utf8')
    : decodeURIComponent(data);
}

/** A source of a library or of the tools that serve the page: the page's author did not write it. */
export function isLibrary(source: string): boolean {
  return /(^|[\\/])(node_modules|\.vite|@vite|@react-refresh|@id)([\\/]|$)/.test(source);
}

/** Folders in which no sources of the page are looked for. */
const SKIPPED = /^(node_modules|target|dist|build|\..*)$/;

/**
 * The file that a source of a map is, below one of `roots`; undefined where none is there. Maps name their sources by
 * paths from the map, from the root of the server, or by addresses that bundlers make up.
 */
export function fileOfSource(source: string, map: MapPlace, roots: readonly string[]): string | undefined {
  const path = pathOf(source);
  if (path === undefined) return undefined;
  const fromServer = URL.parse(path, map.url.href)?.pathname;
  const candidates = [
    ...(isAbsolute(path) ? [path.replace(/^\/@fs(?=\/)/, '')] : []),
    ...(map.file === undefined || isAbsolute(path) ? [] : [resolve(dirname(map.file), path)]),
    ...roots.flatMap((root) =>
      [fromServer && decoded(fromServer), path.replace(/^(\.{0,2}[\\/])+/, '')].flatMap((each) => {
        if (!each) return [];
        return [root, ...foldersOf(root)].map((folder) => join(folder, each));
      }),
    ),
  ];
  return candidates.find((file) => isFileIn(file, roots));
}

/** A source as a path: without the scheme and name that a bundler puts before it. */
function pathOf(source: string): string | undefined {
  if (source.startsWith('file:')) {
    try {
      return fileURLToPath(source);
    } catch {
      return undefined; // of another machine
    }
  }
  const [path = ''] = source.replace(/^[a-z][a-z\d+.-]+:\/\/[^/]*\//i, './').split('?');
  return path === '' ? undefined : path;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function foldersOf(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !SKIPPED.test(entry.name))
    .map((entry) => join(root, entry.name));
}

/** Whether that is a file, and below one of these folders. */
export function isFileIn(file: string, roots: readonly string[]): boolean {
  if (file.includes('\0') || !statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  // A link may lead anywhere.
  const real = realpathSync(file);
  return roots.some((root) => {
    if (!existsSync(root)) return false;
    const way = relative(realpathSync(root), real);
    return way !== '' && !way.startsWith(`..${sep}`) && way !== '..' && !isAbsolute(way);
  });
}

/** A source as people are shown it where it is no file of theirs: its path, as far as the map tells it. */
export function shownSource(source: string, { url }: MapPlace): string {
  const path = pathOf(source) ?? source;
  const whole = decoded(URL.parse(path, url.href)?.pathname ?? path);
  return (whole.startsWith('/@fs/') ? whole.slice(4) : whole.replace(/^\/+/, '')) || basename(source);
}
