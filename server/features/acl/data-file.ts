/** A configuration, capability or permission file as it is now, also while somebody types in it: what stands where. */
import type { Format } from '#core/acl/document.ts';
import { type Location, Outline, type Token } from '#core/acl/outline/outline.ts';
import type { Path, Range as Offsets } from '#core/acl/place.ts';
import type { Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { InFile } from '../../context.ts';
import type { FileRange } from '../../index/facts.ts';
import { kindOf } from '../../workspace/kinds.ts';
import { CAPABILITY_FILE, CONFIG, type Field, PERMISSION_FILE, scopeShape, type Shape, type Slot } from './shapes.ts';

export type DataFileKind = 'config' | 'capability' | 'permission';

const ROOTS: Readonly<Record<DataFileKind, Shape>> = {
  config: CONFIG,
  capability: CAPABILITY_FILE,
  permission: PERMISSION_FILE,
};

/** What a name in a data file is the name of. Names of windows and webviews in capabilities are patterns. */
export type NameKind = 'capability' | 'permission' | 'window' | 'webview' | 'command';

/** Where a name stands in a data file. */
export interface NameSite {
  readonly kind: NameKind;
  readonly role: 'definition' | 'reference';
  /** as it is written, without quotes */
  readonly name: string;
  /** without quotes */
  readonly at: FileRange;
  readonly path: Path;
}

const NAMES: Readonly<Partial<Record<Slot, Pick<NameSite, 'kind' | 'role'>>>> = {
  'capability-identifier': { kind: 'capability', role: 'definition' },
  'capability-reference': { kind: 'capability', role: 'reference' },
  'permission-identifier': { kind: 'permission', role: 'definition' },
  'set-identifier': { kind: 'permission', role: 'definition' },
  'permission-reference': { kind: 'permission', role: 'reference' },
  'window-label': { kind: 'window', role: 'definition' },
  'window-reference': { kind: 'window', role: 'reference' },
  'window-pattern': { kind: 'window', role: 'reference' },
  'webview-pattern': { kind: 'webview', role: 'reference' },
  command: { kind: 'command', role: 'reference' },
};

/** What is at a position. */
export interface Spot extends Location {
  /** what the value, or the object around the key, may be; empty where nothing is known about it */
  readonly shapes: readonly Shape[];
}

export class DataFile {
  readonly file: string;
  readonly kind: DataFileKind;
  readonly document: TextDocument;
  readonly outline: Outline;

  constructor(file: string, kind: DataFileKind, document: TextDocument) {
    this.file = file;
    this.kind = kind;
    this.document = document;
    this.outline = new Outline(document.getText(), formatOf(file));
  }

  /** Reads the file that is asked about as it is open or on disk; undefined for one that is none of these files. */
  static async read({ workspace, file }: InFile): Promise<DataFile | undefined> {
    const kind = kindOf(file);
    if (kind !== 'config' && kind !== 'capability' && kind !== 'permission') return undefined;
    const document = await workspace.readDocument(file);
    return document && new DataFile(file, kind, document);
  }

  rangeOf({ start, end }: Offsets): FileRange['range'] {
    return { start: this.document.positionAt(start), end: this.document.positionAt(end) };
  }

  /** The key or value at a position, or the one that would belong there. */
  at(position: Position): Spot | undefined {
    const location = this.outline.at(this.document.offsetAt(position));
    if (!location) return undefined;
    const { role, path } = location;
    return { ...location, shapes: this.shapesAt(role === 'key' ? path.slice(0, -1) : path) };
  }

  /** All names of the file, in its order. */
  get names(): NameSite[] {
    return this.outline.tokens.flatMap((token) => this.#nameOf(token) ?? []);
  }

  /** The name at a position. */
  nameAt(position: Position): NameSite | undefined {
    const token = this.outline.at(this.document.offsetAt(position))?.token;
    return token && this.#nameOf(token);
  }

  #nameOf(token: Token): NameSite | undefined {
    const slot = this.slotOf(token);
    const name = slot && NAMES[slot];
    const isDefault = token.role === 'key' && this.kind === 'permission' && token.path.join() === 'default';
    if (!name && !isDefault) return undefined;
    const at = { file: this.file, range: this.rangeOf(token.inner) };
    const what = name ?? { kind: 'permission', role: 'definition' };
    return { ...what, name: token.text, at, path: token.path };
  }

  /** What a value is; undefined for keys, and for values that are no texts with a meaning. */
  slotOf({ role, path }: Token): Slot | undefined {
    if (role === 'key') return undefined;
    return this.shapesAt(path).find((shape) => shape.kind === 'string')?.slot;
  }

  /** What a key means. */
  fieldOf({ role, path }: Pick<Location, 'role' | 'path'>): Field | undefined {
    const key = path.at(-1);
    if (role !== 'key' || typeof key !== 'string') return undefined;
    for (const shape of this.shapesAt(path.slice(0, -1))) {
      if (shape.kind === 'object' && Object.hasOwn(shape.fields, key)) return shape.fields[key];
    }
    return undefined;
  }

  /** What the value at a path may be. */
  shapesAt(path: Path): readonly Shape[] {
    let shapes = this.#plain([ROOTS[this.kind]], []);
    path.forEach((step, index) => {
      const inside = shapes.flatMap((shape): Shape[] => {
        if (shape.kind === 'list') return typeof step === 'number' ? [shape.items] : [];
        if (shape.kind !== 'object' || !Object.hasOwn(shape.fields, step)) return [];
        const field = shape.fields[step];
        return field ? [field.shape] : [];
      });
      shapes = this.#plain(inside, path.slice(0, index + 1));
    });
    return shapes;
  }

  /** Choices as what there is to choose from, and the values of scopes by the permission beside them. */
  #plain(shapes: readonly Shape[], path: Path): Shape[] {
    return shapes.flatMap((shape) => {
      if (shape.kind === 'either') return this.#plain(shape.shapes, path);
      // `allow` or `deny`, and the index in it, stand behind the entry.
      if (shape.kind === 'scope') {
        return this.#plain([scopeShape(this.outline.valueAt([...path.slice(0, -2), 'identifier']))], path);
      }
      return [shape];
    });
  }
}

/** Tauri takes a configuration `.json` with comments, and as JSON5, too. */
function formatOf(file: string): Format {
  return file.endsWith('.toml') ? 'toml' : file.endsWith('.json5') ? 'json5' : 'jsonc';
}
