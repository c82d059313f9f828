/** What names in files stand for, and where each stands: one concept for definitions, references, highlights and renames. */
import type { FileRange } from '../index/facts.ts';

/** Something that has a name in more than one language. */
export type IpcSymbol =
  /** by the name that pages call: `greet`, `plugin:notes|find` */
  | { readonly kind: 'command'; readonly name: string }
  /** an argument of a command, by the key that pages write */
  | { readonly kind: 'argument'; readonly name: string; readonly command: string }
  | { readonly kind: 'event'; readonly name: string }
  /** events with names that are made at run time, as a regular expression */
  | { readonly kind: 'event pattern'; readonly name: string }
  /** by its label */
  | { readonly kind: 'window'; readonly name: string }
  /** windows that a glob in a capability means */
  | { readonly kind: 'window glob'; readonly name: string }
  /** windows with labels that are made at run time, as a regular expression */
  | { readonly kind: 'window pattern'; readonly name: string }
  /** a permission or a set, as capabilities name it: `allow-greet`, `fs:default` */
  | { readonly kind: 'permission'; readonly name: string }
  | { readonly kind: 'capability'; readonly name: string };

export type SymbolKind = IpcSymbol['kind'];

/** What an occurrence does with its symbol. */
export type OccurrenceRole = 'definition' | 'registration' | 'reference' | 'emit' | 'listen';

/** One place that names a symbol. */
export interface Occurrence {
  readonly symbol: IpcSymbol;
  readonly role: OccurrenceRole;
  readonly language: 'script' | 'rust' | 'data';
  /** the name, without quotes */
  readonly at: FileRange;
  /** all of what is defined, or of the call; the same as `at` where there is no more */
  readonly whole: FileRange;
  /**
   * - `text`: the name is written here, so that a rename writes here
   * - `shorthand`: so it is, and it is a variable's name, too: `{ name }`
   * - `variable`: a constant or the like stands here, which has the name elsewhere
   */
  readonly written: 'text' | 'shorthand' | 'variable';
}

/** The same text for the same symbol, and another for every other: no kind has a colon, and names may hold anything. */
export function symbolKey(symbol: IpcSymbol): string {
  const { kind, name } = symbol;
  return kind === 'argument' ? `${kind}:${symbol.command.length}:${symbol.command}${name}` : `${kind}:${name}`;
}
