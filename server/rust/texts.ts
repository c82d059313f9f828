/** What names of events and windows are, across the files of a project: constants are followed. */
import { crateOf } from './crates.ts';
import type { RustConstant, RustFile, RustText, Span } from './model.ts';
import { METHODS_BEHIND } from './variant-texts.ts';
import { type Names, NO_ENV, push } from './resolve.ts';

/** A text with where it is written, or a pattern of it; neither where it cannot be told. */
export interface KnownText {
  readonly text?: string;
  readonly pattern?: string;
  readonly literal?: { readonly file: string; readonly at: Span };
}

/** Where a text is used. */
interface Place {
  readonly file: string;
  readonly module: readonly string[];
}

type Constant = Extract<RustText, { kind: 'constant' }>;

const DEPTH = 8;
const RELATIVE = new Set(['crate', 'self', 'super', '$crate']);

export class Texts {
  readonly #names: Names;
  readonly #plugins: ReadonlyMap<string, string>;
  readonly #constants = new Map<string, RustConstant[]>();
  readonly #uses: ReadonlyMap<string, RustFile['uses']>;

  /** @param plugins of tauri-specta's events, by {@link eventKey} */
  constructor(files: readonly RustFile[], names: Names, plugins: ReadonlyMap<string, string>) {
    this.#names = names;
    this.#plugins = plugins;
    this.#uses = new Map(files.map(({ path, uses }) => [path, uses]));
    for (const { constants } of files) for (const each of constants) push(this.#constants, each.name, each);
  }

  /** Undefined for what turns out to be no event of tauri-specta's. */
  of(value: RustText, place: Place): KnownText | undefined {
    return value.kind === 'event type' ? this.#eventType(value, place) : this.#known(value, place, 0);
  }

  #known(value: RustText, place: Place, depth: number): KnownText {
    switch (value.kind) {
      case 'text':
        return { text: value.text, ...literalIn(value, place) };
      case 'pattern':
        return { pattern: value.pattern, ...literalIn(value, place) };
      case 'constant': {
        const constant = depth < DEPTH ? this.#constant(value, place) : undefined;
        return constant ? this.#known(constant.value, constant, depth + 1) : {};
      }
      default:
        return {};
    }
  }

  #eventType({ type }: Extract<RustText, { kind: 'event type' }>, { file, module }: Place): KnownText | undefined {
    const found = this.#names.expand({ ref: type, scope: this.#names.scopeOf({ file, module }), env: NO_ENV });
    if (found.kind !== 'type' || !found.type.event) return undefined;
    const { name, literal } = found.type.event;
    const plugin = this.#plugins.get(eventKey(found.type.file, found.type.name));
    // What is written is a part of the name only.
    if (plugin !== undefined) return { text: `plugin:${plugin}:${name}` };
    return { text: name, ...(literal && { literal: { file: found.type.file, at: literal } }) };
  }

  /** The constant that a path means: the nearest, or the only one that it can be. */
  #constant({ path, method }: Constant, place: Place): RustConstant | undefined {
    const imported = this.#imported(path, place);
    const name = imported.at(-1) ?? '';
    const all = this.#constants.get(name) ?? [];
    const before = imported.slice(0, -1).filter((part) => !RELATIVE.has(part));
    if (before.length === 0) {
      const free = all.filter(isFree);
      const here = free.filter(({ file, module }) => file === place.file && isSame(module, place.module));
      return only(here) ?? only(near(free, place)) ?? only(free);
    }
    const owner = before.at(-1);
    const owned = byMethod(
      all.filter((each) => each.owner === owner),
      method,
    );
    if (owned.length > 0) return only(near(owned, place)) ?? only(owned);
    const below = all.filter((each) => isFree(each) && endsWith([crateOf(each.file).name, ...each.module], before));
    // Modules pass on what others declare: then there is only one of that name.
    return below.length > 0 ? (only(near(below, place)) ?? only(below)) : only(near(all.filter(isFree), place));
  }

  /** The path with its first name as it is imported. */
  #imported(path: readonly string[], { file, module }: Place): readonly string[] {
    const [first = '', ...rest] = path;
    const uses = this.#uses.get(file) ?? [];
    const use = uses.find((each) => each.name === first && isSame(each.module, module));
    return use ? [...use.path, ...rest] : path;
  }
}

/** An event's type, by its crate and its name. */
export const eventKey = (file: string, type: string) => `${crateOf(file).root} ${type}`;

const literalIn = ({ literal }: { readonly literal?: Span }, { file }: Place): Pick<KnownText, 'literal'> =>
  literal ? { literal: { file, at: literal } } : {};

/** Of no type. */
const isFree = ({ owner }: RustConstant) => owner === undefined;

/** Variants have a text for each method; a constant has one. */
function byMethod(constants: readonly RustConstant[], method: string | undefined): readonly RustConstant[] {
  if (method === undefined) return constants;
  const wanted = METHODS_BEHIND[method] ?? method;
  const exact = constants.filter((each) => each.method === wanted);
  return exact.length > 0 ? exact : constants;
}

/** Those of the same crate. */
function near(constants: readonly RustConstant[], { file }: Place): readonly RustConstant[] {
  const { root } = crateOf(file);
  return constants.filter((each) => crateOf(each.file).root === root);
}

/** The first of constants that all have one text, as those for several platforms do. */
function only(constants: readonly RustConstant[]): RustConstant | undefined {
  const [first, ...others] = constants;
  return first && others.every(({ value }) => isSameText(value, first.value)) ? first : undefined;
}

const isSameText = (a: RustText, b: RustText) =>
  a.kind === b.kind &&
  ((a.kind === 'text' && b.kind === 'text' && a.text === b.text) ||
    (a.kind === 'pattern' && b.kind === 'pattern' && a.pattern === b.pattern));

const isSame = (a: readonly string[], b: readonly string[]) => a.length === b.length && endsWith(a, b);

const endsWith = (path: readonly string[], end: readonly string[]) =>
  end.length <= path.length && end.every((part, index) => part === path[path.length - end.length + index]);
