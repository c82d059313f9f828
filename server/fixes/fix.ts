/** Ways out of problems, as edits of files. */
import type { TextEdit as OffsetEdit } from '#core/acl/edit.ts';
import type { Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileRange } from '../index/facts.ts';
import { uriOf } from '../positions.ts';
import type { RustReader } from '../rust/index.ts';

export interface Documents {
  /** The text as it is in the editor, or else on disk. */
  readDocument(file: string): Promise<TextDocument | undefined>;
  /** Undefined where it cannot be loaded. */
  rustReader(): Promise<RustReader | undefined>;
}

export interface Fix {
  readonly title: string;
  /** there is no better one */
  readonly isPreferred?: boolean;
  /** Undefined where the files are such by now that it cannot be done. */
  readonly edit: (documents: Documents) => Promise<WorkspaceEdit | undefined>;
}

/** Replaces the text of a place. */
export function replaceAt(title: string, { file, range }: FileRange, newText: string, isPreferred = false): Fix {
  return { title, isPreferred, edit: async () => editOf(file, [{ range, newText }]) };
}

/** Changes one file by its text. */
export function changeFile(
  title: string,
  file: string,
  edits: (document: TextDocument) => readonly OffsetEdit[] | undefined,
  isPreferred = false,
): Fix {
  return {
    title,
    isPreferred,
    edit: async (documents) => {
      const document = await documents.readDocument(file);
      const made = document && edits(document);
      return document && made && made.length > 0 ? editOf(file, rangesOf(document, made)) : undefined;
    },
  };
}

export const editOf = (file: string, edits: TextEdit[]): WorkspaceEdit => ({ changes: { [uriOf(file)]: edits } });

/** Begins a file that is not there. */
export const createFile = (file: string, text: string): WorkspaceEdit => ({
  documentChanges: [
    { kind: 'create', uri: uriOf(file), options: { ignoreIfExists: true } },
    { textDocument: { uri: uriOf(file), version: null }, edits: [{ range: START, newText: text }] },
  ],
});

const START: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

export function rangesOf(document: TextDocument, edits: readonly OffsetEdit[]): TextEdit[] {
  return edits.map(({ offset, length, newText }) => ({
    range: { start: document.positionAt(offset), end: document.positionAt(offset + length) },
    newText,
  }));
}
