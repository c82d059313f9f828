/** What Rust files given as texts say, for tests; a single text is `src/lib.rs`. */
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CommandDefinition, FileFacts, FileRange } from '#server/index/facts.ts';
import { rustFacts } from '#server/index/rust-facts.ts';
import type { RustReader } from '#server/rust/index.ts';
import { indexFrom } from '../rust/rust-fixtures.ts';

export type Files = Readonly<Record<string, string>>;

export interface RustFacts {
  readonly commands: readonly CommandDefinition[];
  /** the first command of a name */
  get(name: string): CommandDefinition;
  readonly events: FileFacts['events'];
  readonly windows: FileFacts['windows'];
  readonly references: FileFacts['windowReferences'];
  /** the text at a place */
  text(place: FileRange | undefined): string | undefined;
}

export function factsOf(reader: RustReader, given: Files | string): RustFacts {
  const files = typeof given === 'string' ? { 'src/lib.rs': given } : given;
  const facts = [...rustFacts(indexFrom(reader, files)).values()];
  const commands = facts.flatMap((each) => each.commands);
  return {
    commands,
    get: (name) => {
      const found = commands.find((each) => each.name === name);
      if (!found) throw new Error(`There is no command ${name}`);
      return found;
    },
    events: facts.flatMap((each) => each.events),
    windows: facts.flatMap((each) => each.windows),
    references: facts.flatMap((each) => each.windowReferences),
    text: (place) => place && TextDocument.create('', '', 0, files[place.file] ?? '').getText(place.range),
  };
}
