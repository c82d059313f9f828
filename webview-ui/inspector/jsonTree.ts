/**
 * A JSON value as the lines of a tree: only what is open has lines, and lists longer than `RANGE` are split into
 * ranges, so that opening 10,000 items shows 50 lines.
 */
import { formatCount } from './format.ts';
import { ExactNumber } from './json.ts';

export const RANGE = 200;
/** So many lines are opened unasked: small values are seen at one glance. */
const OPEN_AT_FIRST = 40;

export type PathPart = string | number;

export interface TreeLine {
  readonly depth: number;
  /** what stands before the value: a key, an index, or a range's `[0 … 199]` */
  readonly label: string;
  readonly path: readonly PathPart[];
  readonly value: unknown;
  /** for a part of a long list: its first and (exclusive) last child */
  readonly range?: readonly [from: number, to: number];
  /** a line of a long text; it has no value of its own */
  readonly isText?: true;
  /** says that the value goes on, but that the rest is not here */
  readonly isCut?: true;
  /** from 1, among the children of its parent, and how many these are */
  readonly position: number;
  readonly siblings: number;
  readonly isExpandable: boolean;
  readonly isOpen: boolean;
}

const NOTHING_CUT: ReadonlySet<object> = new Set();

export class JsonTree {
  readonly root: string;
  readonly value: unknown;
  /** the line that keys act on: it stays where it was while another tab is shown */
  active = 0;
  readonly #cut: ReadonlySet<object>;
  #lines: TreeLine[];

  /**
   * @param root the name that paths begin with
   * @param cut lists and objects of which only the beginning is here
   */
  constructor(value: unknown, root: string, cut = NOTHING_CUT) {
    this.root = root;
    this.value = value;
    this.#cut = cut;
    this.#lines = [line(0, root, [], value, 1, 1)];
    this.#openSmall();
  }

  /** Whether only the beginning of a list or object is here. */
  isCut(value: unknown): boolean {
    return this.#cut.has(value as object);
  }

  get lines(): readonly TreeLine[] {
    return this.#lines;
  }

  open(index: number): void {
    const parent = this.#lines[index];
    if (!parent?.isExpandable || parent.isOpen) return;
    this.#lines.splice(index, 1, { ...parent, isOpen: true }, ...children(parent, this.#cut));
  }

  close(index: number): void {
    const parent = this.#lines[index];
    if (!parent?.isOpen) return;
    let end = index + 1;
    while ((this.#lines[end]?.depth ?? -1) > parent.depth) end++;
    this.#lines.splice(index, end - index, { ...parent, isOpen: false });
  }

  toggle(index: number): void {
    if (this.#lines[index]?.isOpen) this.close(index);
    else this.open(index);
  }

  /** Opens all children of a line's parent. */
  openSiblings(index: number): void {
    const parent = this.parentOf(index);
    const depth = (this.#lines[parent]?.depth ?? -1) + 1;
    for (let at = parent + 1; (this.#lines[at]?.depth ?? -1) >= depth; at++) {
      if (this.#lines[at]?.depth !== depth) continue;
      if (at < this.active && !this.#lines[at]?.isOpen) {
        const before = this.#lines.length;
        this.open(at);
        this.active += this.#lines.length - before;
      } else this.open(at);
    }
  }

  /** The line that the given one is a child of, or -1. */
  parentOf(index: number): number {
    const depth = this.#lines[index]?.depth ?? 0;
    for (let at = index - 1; at >= 0; at--) if ((this.#lines[at]?.depth ?? 0) < depth) return at;
    return -1;
  }

  /** Opens what leads to a path, and gives the line that it ends on. */
  reveal(path: readonly PathPart[]): number {
    let index = 0;
    for (const part of path) {
      const parent = this.#lines[index];
      if (!parent) return index;
      const place = typeof part === 'number' ? part : Object.keys(parent.value as object).indexOf(part);
      let isFound = false;
      while (!isFound) {
        this.open(index);
        const depth = (this.#lines[index]?.depth ?? 0) + 1;
        let at = index + 1;
        for (; this.#lines[at] && !isFound; at++) {
          const candidate = this.#lines[at] as TreeLine;
          if (candidate.depth < depth) return index;
          if (candidate.depth > depth) continue;
          const { range } = candidate;
          if (range ? place >= range[0] && place < range[1] : candidate.path.at(-1) === part) {
            index = at;
            isFound = range === undefined;
            break;
          }
        }
        if (!this.#lines[at]) return index;
      }
    }
    return index;
  }

  pathText(index: number): string {
    return pathText(this.root, this.#lines[index]?.path ?? []);
  }

  /** Opens level by level while it stays short. */
  #openSmall(): void {
    for (let index = 0; index < this.#lines.length; index++) {
      const candidate = this.#lines[index];
      if (!candidate?.isExpandable || candidate.range || (index > 0 && typeof candidate.value === 'string')) continue;
      const isRoot = index === 0;
      if (isRoot || this.#lines.length + childCount(candidate.value) <= OPEN_AT_FIRST) this.open(index);
    }
  }
}

/** `args.user.roles[0]` */
export function pathText(root: string, path: readonly PathPart[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number'
        ? `${text}[${part}]`
        : /^[A-Za-z_$][\w$]*$/.test(part)
          ? `${text}.${part}`
          : `${text}[${JSON.stringify(part)}]`,
    root,
  );
}

/** How a value reads on one line. */
export function summary(value: unknown, limit = 300): string {
  if (typeof value === 'string') return JSON.stringify(value.length > limit ? `${value.slice(0, limit)}…` : value);
  if (value instanceof ExactNumber) return value.source;
  if (Array.isArray(value))
    return value.length === 0 ? '[]' : `(${value.length.toLocaleString('en-US')}) ${inside(value)}`;
  if (isObject(value)) return inside(value);
  return String(value);
}

/** What `copy value` gives. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : jsonText(value, 2);
}

/** JSON with numbers as they were sent; a value nested too deep to be written is told instead of thrown. */
export function jsonText(value: unknown, indent?: number): string {
  const written: string[] = [];
  try {
    // A string that no JSON can hold stands where a number goes that no JavaScript number can hold.
    const text = JSON.stringify(
      value,
      (_key, inner: unknown) => (inner instanceof ExactNumber ? `\u0000${written.push(inner.source) - 1}` : inner),
      indent,
    );
    return written.length === 0
      ? text
      : text.replace(/"\\u0000(\d+)"/g, (_all, at: string) => written[Number(at)] ?? '');
  } catch (error) {
    return `(${(error as Error).message})`;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof ExactNumber);
}

function inside(value: object): string {
  const isArray = Array.isArray(value);
  const parts: string[] = [];
  let length = 0;
  for (const key in value) {
    if (length > 80) {
      parts.push('…');
      break;
    }
    const inner: unknown = (value as Record<string, unknown>)[key];
    const text = Array.isArray(inner)
      ? `[${inner.length === 0 ? '' : '…'}]`
      : isObject(inner)
        ? `{${Object.keys(inner).length === 0 ? '' : '…'}}`
        : summary(inner, 30);
    const part = isArray ? text : `${key}: ${text}`;
    parts.push(part);
    length += part.length + 2;
  }
  return isArray ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
}

function line(
  depth: number,
  label: string,
  path: readonly PathPart[],
  value: unknown,
  position: number,
  siblings: number,
): TreeLine {
  return { depth, label, path, value, position, siblings, isExpandable: childCount(value) > 0, isOpen: false };
}

/** A text longer than this, or of several lines, can be opened to be read. */
const LONG_TEXT = 120;
/** Lines of a text that are longer are broken. */
const TEXT_WIDTH = 200;

function childCount(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'string') return value.length > LONG_TEXT || value.includes('\n') ? 1 : 0;
  return isObject(value) ? Object.keys(value).length : 0;
}

function textLines(text: string): readonly string[] {
  return text.split('\n').flatMap((each) => (each.length <= TEXT_WIDTH ? [each] : chunks(each)));
}

function chunks(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += TEXT_WIDTH) parts.push(text.slice(at, at + TEXT_WIDTH));
  return parts;
}

function children(parent: TreeLine, cut: ReadonlySet<object>): TreeLine[] {
  const { value, path } = parent;
  const depth = parent.depth + 1;
  const text = typeof value === 'string' ? textLines(value) : undefined;
  const keys = text || Array.isArray(value) ? undefined : Object.keys(value as object);
  const [from, to] = parent.range ?? [0, text ? text.length : childCount(value)];
  let step = 1;
  while ((to - from) / step > RANGE) step *= RANGE;
  const lines: TreeLine[] = [];
  const isCut = !text && !parent.range && cut.has(value as object);
  const siblings = Math.ceil((to - from) / step) + (isCut ? 1 : 0);
  const inner = { depth, path, value, siblings, isExpandable: false, isOpen: false };
  for (let at = from; at < to; at += step) {
    const position = lines.length + 1;
    if (step > 1) {
      const end = Math.min(at + step, to);
      const label = `[${formatCount(at)} … ${formatCount(end - 1)}]`;
      lines.push({ ...inner, position, label, range: [at, end], isExpandable: true });
      continue;
    }
    if (text) {
      lines.push({ ...inner, position, label: text[at] ?? '', isText: true });
      continue;
    }
    const key = keys ? (keys[at] ?? '') : at;
    lines.push(line(depth, String(key), [...path, key], (value as Record<PathPart, unknown>)[key], position, siblings));
  }
  if (isCut) lines.push({ ...inner, position: siblings, label: '… the rest is not loaded', isCut: true });
  return lines;
}
