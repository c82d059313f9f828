/** Registers a Rust command: puts its path into a `generate_handler!` list. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { WorkspaceEdit } from 'vscode-languageserver';
import type { FileRange } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { uriOf } from '../positions.ts';
import { crateOf, type RustCommand } from '../rust/index.ts';
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
    edit: (documents) => registerIn(documents, list, command),
  }));
}

async function registerIn(
  documents: Documents,
  list: ListFile,
  command: RustCommand,
): Promise<WorkspaceEdit | undefined> {
  const document = await documents.readDocument(list.file);
  const around = document && listAround(document.getText(), offsetOf(document, list.item));
  if (!document || !around) return undefined;
  const edits = addToList(document.getText(), around, pathFrom(list.module, command));
  const changes = { [uriOf(list.file)]: rangesOf(document, edits) };
  const isNear = command.file === list.file && command.module.join() === list.module.join();
  const own = isNear ? undefined : await documents.readDocument(command.file);
  if (own) (changes[uriOf(command.file)] ??= []).push(...makePublic(own, command));
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

/** How a list in a module names a command: by a path from there, or from the crate. */
export function pathFrom(module: readonly string[], { module: own, rustName }: RustCommand): string {
  const isBelow = module.every((part, at) => own[at] === part);
  return [...(isBelow ? own.slice(module.length) : ['crate', ...own]), rustName].join('::');
}

/** A list in another module sees only what is public. */
function makePublic(document: TextDocument, { line }: RustCommand) {
  const start = { line: line - 1, character: 0 };
  const text = document.getText({ start, end: { line, character: 0 } });
  if (/\bpub\b/.test(text)) return [];
  const character = /^\s*/.exec(text)?.[0].length ?? 0;
  const range = { start: { ...start, character }, end: { ...start, character } };
  return [{ range, newText: 'pub ' }];
}
