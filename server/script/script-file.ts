/** One script as it is now; its syntax is read when somebody needs it. */
import type { Reading, Value } from './model.ts';
import { MAX_LENGTH, readNow } from './read.ts';
import { shapeOf } from './shape.ts';

/** Only a text with one of these can call Tauri by itself, or define handlers. */
const MENTIONS = /tauri|TAURI|ipc-workbench|\binvoke\s*[(<]/;
const SPECIFIER = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*(["'])((?:(?!\1)[^\r\n]){1,256})\1/g;
const PASSES_ON = /\bexport\s{0,8}[*{]/;

export class ScriptFile {
  /** absolute, with forward slashes */
  readonly path: string;
  /** whether something of Tauri's stands in it */
  readonly mentionsTauri: boolean;
  readonly mentionsHandlers: boolean;
  readonly #text: string;
  #before: ScriptFile | undefined;
  #reading: Reading | undefined;
  #specifiers: readonly string[] | undefined;
  #offers: boolean | undefined;
  #shape: string | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.#text = text;
    this.mentionsTauri = text.length <= MAX_LENGTH && MENTIONS.test(text);
    this.mentionsHandlers = this.mentionsTauri && text.includes('ipc-workbench');
  }

  /** Says what the file was before: while it has syntax errors, what it defined then still counts. */
  follows(before: ScriptFile | undefined): void {
    // One that nobody read says nothing that was known.
    this.#before = before && (before.#reading ? before : (before.#before ?? before));
  }

  read(): Reading {
    if (!this.#reading) {
      const reading = readNow(this.path, this.#text);
      const last = reading.hasErrors ? this.#before?.reading : undefined;
      this.#reading = { ...reading, before: last?.hasErrors ? last.before : last };
      this.#before = undefined;
    }
    return this.#reading;
  }

  get reading(): Reading {
    return this.read();
  }

  /** Whether it exports something by which others reach Tauri. */
  get offers(): boolean {
    this.#offers ??= this.mentionsTauri && offers(this.reading);
    return this.#offers;
  }

  /** What other files see of it: the same text where that is the same. */
  get shape(): string {
    const own = this.mentionsTauri ? '' : JSON.stringify([this.passesOn, this.specifiers]);
    this.#shape ??= `${this.mentionsTauri} ${this.offers} ${own} ${shapeOf(this.reading)}`;
    return this.#shape;
  }

  /** What it imports, told without reading its syntax: there may be some that are none. */
  get specifiers(): readonly string[] {
    this.#specifiers ??=
      this.#text.length > MAX_LENGTH
        ? []
        : [...this.#text.matchAll(SPECIFIER)].map(([, , specifier = '']) => specifier);
    return this.#specifiers;
  }

  /** Whether it may export what other modules have. */
  get passesOn(): boolean {
    return this.#text.length <= MAX_LENGTH && PASSES_ON.test(this.#text);
  }
}

/** A script; its text is looked at when the index needs to know. */
export const readScript = (path: string, text: string): ScriptFile => new ScriptFile(path, text);

function offers({ exports, before }: Reading): boolean {
  return [...exports.values()].some((value) => leads(value)) || (before !== undefined && offers(before));
}

/** Whether calls of an exported value may reach Tauri. */
function leads(value: Value, depth = 0): boolean {
  if (depth > 4) return false;
  switch (value.kind) {
    case 'known':
    case 'event':
    case 'import':
    case 'member':
    case 'result':
      return true;
    case 'function':
      return value.uses.length > 0 || leads(value.returns, depth + 1);
    case 'object':
      return value.spreads.length > 0 || value.members.some((each) => leads(each.value, depth + 1));
    case 'class':
      return [...value.statics.values(), ...value.members.values()].some((each) => leads(each, depth + 1));
    case 'instance':
      return leads(value.of, depth + 1);
    case 'either':
      return value.values.some((each) => leads(each, depth + 1));
    default:
      return false;
  }
}
