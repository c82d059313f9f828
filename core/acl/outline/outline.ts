/**
 * What stands where in a data file, also while somebody types in it: JSON, JSON5 and TOML with strings that do not end,
 * commas and values that are not there yet. Where `Document` reads a file as Tauri does, or throws, this always tells
 * something: the keys and values that can be seen, and for every offset which value or key belongs there.
 */
import type { Format } from '../document.ts';
import type { Path, Range } from '../place.ts';
import { readJsonOutline } from './json.ts';
import { readTomlOutline } from './toml.ts';

/** A key, or a value that is neither list nor object. */
export interface Token {
  readonly role: 'key' | 'value';
  /** of the value; for a key of the member that it names. A key in the header of a TOML table has the path of the table */
  readonly path: Path;
  /** with its quotes */
  readonly range: Range;
  /** without its quotes */
  readonly inner: Range;
  /** without quotes and escapes */
  readonly text: string;
  /** what stands before it; empty for what is written without quotes */
  readonly quote: string;
  /** whether its closing quote is there */
  readonly isClosed: boolean;
}

/** Where a key or value would belong, were one written there. */
export interface Region {
  /** `value`: behind a key that has none yet */
  readonly kind: 'object' | 'list' | 'value';
  readonly path: Path;
  readonly range: Range;
}

/** Which key or value an offset is about. */
export interface Location {
  readonly role: 'key' | 'value';
  /** of the value; for a key that is not written yet the last step is empty, for a value the index that it would have */
  readonly path: Path;
  /** what is written there */
  readonly token: Token | undefined;
}

/** What a reader of a format finds. */
export interface Found {
  readonly tokens: readonly Token[];
  readonly regions: readonly Region[];
  readonly value: unknown;
}

export class Outline {
  readonly text: string;
  readonly format: Format;
  /** in the order of the text */
  readonly tokens: readonly Token[];
  readonly #regions: readonly Region[];
  readonly #value: unknown;

  constructor(text: string, format: Format) {
    this.text = text;
    this.format = format;
    const { tokens, regions, value } = format === 'toml' ? readTomlOutline(text) : readJsonOutline(text);
    this.tokens = tokens;
    this.#regions = regions;
    this.#value = value;
  }

  /** What can be seen of the value at `path`, numbers and the like as text; undefined where there is none. */
  valueAt(path: Path): unknown {
    let value = this.#value;
    for (const step of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
      value = (value as Readonly<Record<string | number, unknown>>)[step];
    }
    return value;
  }

  /** The key or value at an offset, or the one that would belong there; undefined outside of everything. */
  at(offset: number): Location | undefined {
    const token = this.tokens.find((each) => covers(each, offset));
    if (token) return { role: token.role, path: token.path, token };
    const region = this.#regions
      .filter(({ range }) => range.start <= offset && offset <= range.end)
      .reduce<Region | undefined>((best, each) => (best && sizeOf(best) < sizeOf(each) ? best : each), undefined);
    if (!region) return undefined;
    const { kind, path } = region;
    if (kind === 'value') return { role: 'value', path, token: undefined };
    if (kind === 'object') return { role: 'key', path: [...path, ''], token: undefined };
    return { role: 'value', path: [...path, this.#itemsBefore(path, offset)], token: undefined };
  }

  #itemsBefore(list: Path, offset: number): number {
    const before = this.tokens.filter(({ path, range }) => range.start < offset && isBelow(path, list));
    return Math.max(-1, ...before.map(({ path }) => path[list.length] as number)) + 1;
  }
}

/** A quoted text is meant between its quotes, and behind it where the closing one is missing. */
function covers({ range, inner, quote }: Token, offset: number): boolean {
  return quote === '' ? range.start <= offset && offset <= range.end : inner.start <= offset && offset <= inner.end;
}

const sizeOf = ({ range }: Region) => range.end - range.start;

function isBelow(path: Path, list: Path): boolean {
  return path.length > list.length && list.every((step, index) => step === path[index]);
}
