/** Where things stand in files, for messages about them. Knows no parser: what runs beside the pages imports it too. */

/** Offsets into a text, in UTF-16 units; `end` is behind the last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The steps from a document's root to a value: keys and indexes. */
export type Path = readonly (string | number)[];

/** A range of a file. */
export interface Place extends Position {
  readonly file: string;
  readonly range: Range;
}

/** A file of the ACL that Tauri would refuse: its message is Tauri's where Tauri has one. */
export class AclError extends Error {
  override readonly name = 'AclError';
  readonly place: Place | undefined;

  constructor(message: string, place?: Place, cause?: unknown) {
    super(message, { cause });
    this.place = place;
  }
}

/** Line and column of an offset. */
export function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
