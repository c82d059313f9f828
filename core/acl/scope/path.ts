/** Paths in scopes and in arguments (tauri-acl 4.2 and the first paragraph of 4.4). */
import { type BaseDirectory, PATH_VARIABLES } from '../../base-directory.ts';
import { rustPath } from '../../rust-path.ts';

/** The machine and the app, as far as paths depend on them. */
export interface PathPlace {
  /** whether paths are those of Windows */
  readonly windows: boolean;
  /** a base directory; undefined where the platform has none of that kind */
  readonly directory: (name: BaseDirectory) => string | undefined;
}

/**
 * A path as a scope entry writes it: a variable such as `$APPDATA` may be its first part, and `..` after the first part
 * is dropped (not resolved). Undefined where the variable names a directory that the platform does not have: then the
 * entry counts for nothing.
 */
export function parseScopePath(path: string, place: PathPlace): string | undefined {
  const paths = rustPath(place.windows);
  let parsed = '';
  for (const [index, { kind, text }] of paths.components(path).entries()) {
    const variable = index === 0 && kind === 'normal' ? PATH_VARIABLES.get(text) : undefined;
    if (variable) {
      const directory = place.directory(variable);
      if (directory === undefined) return undefined;
      parsed = directory;
    } else if (index === 0 || kind !== 'parent') parsed = paths.push(parsed, text);
  }
  return parsed;
}

/**
 * The path in an argument of a command: a path, or a `file:` URL. Throws an Error with Tauri's reason:
 * `URL is not a valid path`, or that `..` is not allowed.
 */
export function parsePathArgument(text: string, windows: boolean): string {
  const url = URL.parse(text);
  // A scheme of one letter is a drive of Windows.
  const path = url && url.protocol.length > 2 ? pathOfUrl(url, windows) : text;
  // Tauri looks only at paths, not at URLs; but an encoded slash can hide a `..` in one of those.
  if (hasParent(path, windows)) {
    throw new Error('cannot traverse directory, rewrite the path without the use of `../`');
  }
  return path;
}

/** Whether a part of `path` is `..`. */
export function hasParent(path: string, windows: boolean): boolean {
  return rustPath(windows)
    .components(path)
    .some(({ kind }) => kind === 'parent');
}

function pathOfUrl({ protocol, hostname, pathname }: URL, windows: boolean): string {
  const invalid = new Error('URL is not a valid path');
  if (protocol !== 'file:') throw invalid;
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch (error) {
    throw new Error(invalid.message, { cause: error });
  }
  if (!windows) {
    if (hostname !== '') throw invalid;
    return path;
  }
  const local = path.replaceAll('/', '\\');
  if (hostname !== '') return `\\\\${hostname}${local}`;
  if (!/^\\[a-z]:(\\|$)/i.test(local)) throw invalid;
  return local.slice(1);
}

/**
 * Whether Windows reads a name in `path` as something else than a file of that name: a stream (`file:stream`), a device
 * (`NUL`, `\\.\x`), a name with dots or spaces at its end (Windows drops them), or a `\\?\` path that is more than a
 * long way to write a usual one.
 */
export function isStrangeOnWindows(path: string): boolean {
  return rustPath(true)
    .components(path)
    .some(({ kind, text }) => {
      if (kind === 'prefix') return /^[\\/]{2}[.?]/.test(text);
      return (
        kind === 'normal' && (/[:<>"|]|[. ]$/.test(text) || /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(text))
      );
    });
}

/** A Windows path without the `\\?\` that many functions of the system put before it. */
export function withoutVerbatim(path: string): string {
  const unc = /^\\\\\?\\UNC\\/i;
  if (unc.test(path)) return path.replace(unc, '\\\\');
  return /^\\\\\?\\[a-z]:(?:\\|$)/i.test(path) ? path.slice(4) : path;
}
