/** Paths as Rust's `std::path` reads them; Node's `path` differs in many small ways that pages can see. */

interface Component {
  readonly kind: 'prefix' | 'root' | 'current' | 'parent' | 'normal';
  readonly text: string;
  /** where it ends in the path it was read from */
  readonly end: number;
}

/** `\\?\UNC\server\share`, `\\?\C:`, `\\.\device`, `\\server\share`, `C:` */
const WINDOWS_PREFIX =
  /^(?:\\\\\?\\UNC\\[^\\]*(?:\\[^\\]*)?|\\\\\?\\[^\\]*|[\\/]{2}\.[\\/][^\\/]*|[\\/]{2}[^\\/]+[\\/][^\\/]+|[A-Za-z]:)/;
const VERBATIM = '\\\\?\\';
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

export interface RustPath {
  readonly separator: string;
  /** `PathBuf::push`: an absolute `path` replaces `base` */
  readonly push: (base: string, path: string) => string;
  /** `Path::parent`: undefined for a root and for the empty path */
  parent(path: string): string | undefined;
  /** `Path::file_name` */
  fileName(path: string): string | undefined;
  /** `Path::extension`, without the dot */
  extension(path: string): string | undefined;
  isAbsolute(path: string): boolean;
  /** `Path::components`, put together again: no doubled or trailing separators, no `.` but a leading one */
  rejoin(path: string): string;
  /** the parts of `path` in order: what they are, and their text */
  components(path: string): readonly Pick<Component, 'kind' | 'text'>[];
  /** Resolves `.` and `..` by text alone; nothing climbs above the start. */
  lexical(path: string): string;
  /** The parts of a path for a bundle's resources: a root becomes `_root_`, `..` becomes `_up_`. */
  resource(path: string): string;
  /** Without the `\\?\` that Windows does not need for this path (crate `dunce`). */
  simplified(path: string): string;
}

/** The rules of Windows, or those of all other systems. */
export function rustPath(windows: boolean): RustPath {
  const separator = windows ? '\\' : '/';
  const isSeparator = (char: string | undefined) => char === '/' || (windows && char === '\\');

  function components(path: string): readonly Component[] {
    const found: Component[] = [];
    const prefix = windows ? (WINDOWS_PREFIX.exec(path)?.[0] ?? '') : '';
    let at = prefix.length;
    if (prefix) found.push({ kind: 'prefix', text: prefix, end: at });
    if (isSeparator(path[at])) {
      at++;
      found.push({ kind: 'root', text: separator, end: at });
    } else if (prefix.length > 2) {
      found.push({ kind: 'root', text: separator, end: at }); // a share or a device has a root without saying so
    }
    const body = at;
    const rooted = found.at(-1)?.kind === 'root';
    while (at < path.length) {
      const start = at;
      while (at < path.length && !isSeparator(path[at])) at++;
      const text = path.slice(start, at);
      if (text === '..') found.push({ kind: 'parent', text, end: at });
      else if (text === '.') {
        if (start === body && !rooted) found.push({ kind: 'current', text, end: at });
      } else if (text !== '') found.push({ kind: 'normal', text, end: at });
      at++;
    }
    return found;
  }

  function push(base: string, path: string): string {
    const [first] = components(path);
    if (first?.kind === 'prefix' || (first?.kind === 'root' && !windows)) return path;
    const [before] = components(base);
    const prefix = before?.kind === 'prefix' ? before.text : '';
    if (first?.kind === 'root') return prefix + path;
    const glued = base === '' || isSeparator(base.at(-1)) || (base === prefix && prefix.length === 2);
    return base + (glued ? '' : separator) + path;
  }

  function parent(path: string): string | undefined {
    const found = components(path);
    const last = found.at(-1);
    if (!last || last.kind === 'prefix' || last.kind === 'root') return undefined;
    return path.slice(0, found.at(-2)?.end ?? 0);
  }

  function fileName(path: string): string | undefined {
    const last = components(path).at(-1);
    return last?.kind === 'normal' ? last.text : undefined;
  }

  return {
    separator,
    push,
    parent,
    fileName,
    extension(path) {
      const name = fileName(path);
      const dot = name?.lastIndexOf('.') ?? -1;
      return dot > 0 ? name?.slice(dot + 1) : undefined;
    },
    components,
    rejoin(path) {
      let result = '';
      for (const { kind, text } of components(path)) {
        // `C:name` is a path from the drive's own folder: a separator would make it another one.
        const drive = windows && /^[A-Za-z]:$/.test(result);
        result += (result === '' || kind === 'root' || drive || isSeparator(result.at(-1)) ? '' : separator) + text;
      }
      return result;
    },
    isAbsolute(path) {
      const [first, second] = components(path);
      return windows ? first?.kind === 'prefix' && second?.kind === 'root' : first?.kind === 'root';
    },
    lexical(path) {
      let result = '';
      for (const { kind, text } of components(path)) {
        if (kind === 'prefix') result = text;
        else if (kind === 'root') result = push(result, text);
        else if (kind === 'parent') result = parent(result) ?? result;
        else if (kind === 'normal') {
          // As text, so that a part such as `C:` in the middle does not start anew.
          result += (result === '' || /[\\/]$/.test(result) ? '' : separator) + text;
        }
      }
      return result;
    },
    resource(path) {
      let result = '';
      for (const { kind, text } of components(path)) {
        if (kind === 'root') result = push(result, '_root_');
        else if (kind === 'parent') result = push(result, '_up_');
        else if (kind === 'normal') result = push(result, text);
      }
      return result;
    },
    simplified(path) {
      if (!windows || !path.startsWith(VERBATIM)) return path;
      const plain = path.slice(VERBATIM.length);
      if (!/^[A-Za-z]:\\/.test(plain) || plain.length >= 260) return path;
      const needed = plain
        .split('\\')
        .some((part) => part.includes('/') || /[. ]$/.test(part) || DEVICE_NAME.test(part));
      return needed ? path : plain;
    },
  };
}
