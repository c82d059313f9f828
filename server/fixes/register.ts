/** Registers a Rust command: puts its path into a `generate_handler!` list. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { FileRange } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { uriOf } from '../positions.ts';
import { crateOf, FunctionPaths, isWithin, type RustCommand, type RustIndex } from '../rust/index.ts';
import { changeFile, type Documents, type Fix, rangesOf } from './fix.ts';
import { addToList, listAround, type ListFile, listFiles, removeFromList } from './rust-list.ts';

/** One fix for each file of the command's crate that has lists. */
export function register(project: ProjectIndex, name: string): Fix[] {
  const command = project.rust.find(name);
  if (!command) return [];
  const lists = listFiles(project.rust, crateOf(command.file).root);
  return lists.map((list) => ({
    title: `Add "${name}" to generate_handler! in ${list.file.split('/').at(-1)}`,
    isPreferred: lists.length === 1,
    edit: (documents) => registerIn(documents, project.rust, list, command),
  }));
}

async function registerIn(
  documents: Documents,
  rust: RustIndex,
  list: ListFile,
  command: RustCommand,
): Promise<WorkspaceEdit | undefined> {
  const path = new FunctionPaths(rust.files, rust.names).commandPath(list, command);
  const document = await documents.readDocument(list.file);
  const around = document && listAround(document.getText(), offsetOf(document, list.item));
  if (!document || !around || !path) return undefined;
  const edits = addToList(document.getText(), around, path);
  const changes = { [uriOf(list.file)]: rangesOf(document, edits) };
  // What is private is seen in its own module, and in those below.
  if (!isWithin(list.module, command.module)) {
    const publicity = await makePublic(documents, command);
    if (!publicity) return undefined;
    (changes[uriOf(command.file)] ??= []).push(...publicity);
  }
  return { changes };
}

/** Takes an item out of its `generate_handler!` list. */
export function unregister(title: string, { file, range }: FileRange): Fix {
  return changeFile(title, file, (document) => {
    const offset = document.offsetAt(range.start);
    const around = listAround(document.getText(), offset);
    return around && removeFromList(document.getText(), around, offset);
  });
}

/** Where an item of a list stands; lines and columns are from 1. */
export function offsetOf(document: TextDocument, { line, column }: ListFile['item']): number {
  return document.offsetAt({ line: line - 1, character: column - 1 });
}

/** The edits after which other modules see a command; undefined where its function is not found. */
async function makePublic(documents: Documents, { file, at }: RustCommand): Promise<TextEdit[] | undefined> {
  const document = await documents.readDocument(file);
  const reader = await documents.rustReader();
  const item = document && reader?.functionAt(document.getText(), at.start);
  if (!item) return undefined;
  return item.isPublic ? [] : rangesOf(document, [{ offset: item.start, length: 0, newText: 'pub ' }]);
}
