/**
 * A JSON value as the lines of a tree: only what is open has lines, and lists longer than `RANGE` are split into
 * ranges, so that opening 10,000 items shows 50 lines.
 */
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
  readonly isExpandable: boolean;
  readonly isOpen: boolean;
}

export class JsonTree {
  readonly root: string;
  #lines: TreeLine[];

  /** `root` is the name that paths begin with. */
  constructor(value: unknown, root: string) {
    this.root = root;
    this.#lines = [line(0, root, [], value)];
    this.#openSmall();
  }

  get lines(): readonly TreeLine[] {
    return this.#lines;
  }

  open(index: number): void {
    const parent = this.#lines[index];
    if (!parent?.isExpandable || parent.isOpen) return;
    this.#lines.splice(index, 1, { ...parent, isOpen: true }, ...children(parent));
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

  /** The line that the given one is a child of, or -1. */
  parentOf(index: number): number {
    const depth = this.#lines[index]?.depth ?? 0;
    for (let at = index - 1; at >= 0; at--) if ((this.#lines[at]?.depth ?? 0) < depth) return at;
    return -1;
  }

  /** `args.user.roles[0]` */
  pathText(index: number): string {
    return (this.#lines[index]?.path ?? []).reduce<string>(
      (text, part) =>
        typeof part === 'number'
          ? `${text}[${part}]`
          : /^[A-Za-z_$][\w$]*$/.test(part)
            ? `${text}.${part}`
            : `${text}[${JSON.stringify(part)}]`,
      this.root,
    );
  }

  /** Opens level by level while it stays short. */
  #openSmall(): void {
    for (let index = 0; index < this.#lines.length; index++) {
      const candidate = this.#lines[index];
      if (!candidate?.isExpandable || candidate.range) continue;
      const isRoot = index === 0;
      if (isRoot || this.#lines.length + childCount(candidate.value) <= OPEN_AT_FIRST) this.open(index);
    }
  }
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
  if (typeof value === 'string') return value;
  if (value instanceof ExactNumber) return value.source;
  return JSON.stringify(
    value,
    (_key, inner: unknown) => (inner instanceof ExactNumber ? Number(inner.source) : inner),
    2,
  );
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

function line(depth: number, label: string, path: readonly PathPart[], value: unknown): TreeLine {
  return { depth, label, path, value, isExpandable: childCount(value) > 0, isOpen: false };
}

function childCount(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

function children(parent: TreeLine): TreeLine[] {
  const { value, path } = parent;
  const depth = parent.depth + 1;
  const keys = Array.isArray(value) ? undefined : Object.keys(value as object);
  const [from, to] = parent.range ?? [0, childCount(value)];
  let step = 1;
  while ((to - from) / step > RANGE) step *= RANGE;
  const lines: TreeLine[] = [];
  for (let at = from; at < to; at += step) {
    if (step > 1) {
      const end = Math.min(at + step, to);
      const label = `[${at.toLocaleString('en-US')} … ${(end - 1).toLocaleString('en-US')}]`;
      lines.push({ depth, label, path, value, range: [at, end], isExpandable: true, isOpen: false });
      continue;
    }
    const key = keys ? (keys[at] ?? '') : at;
    lines.push(line(depth, String(key), [...path, key], (value as Record<PathPart, unknown>)[key]));
  }
  return lines;
}
