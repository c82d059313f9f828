/** Writes handler stubs from Rust signatures into the backend of a project, as edits that can be reviewed and undone. */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import * as vscode from 'vscode';
import { applyEdits, type TextEdit } from '#core/acl/edit.ts';
import { escapePattern } from '#core/filter/text.ts';
import { addStub, type RustCommand, type RustIndex, stubFile } from '#server/rust/index.ts';
import { changeText, showRange } from '../editing.ts';
import { backendSetting } from '../settings.ts';
import { bareName, handlersIn } from './handler-places.ts';
import { findBackend } from '#server/project/index.ts';

/** The file with the handlers of a project, or where it will be. */
export function backendFileOf(root: string): string {
  const setting = backendSetting(root);
  return findBackend(root, setting) ?? resolve(root, setting ?? 'src-ipc/main.ts');
}

/** The names that the handlers' file defines, by its text: for a project that does not run. */
export function handledIn(file: string): ReadonlySet<string> {
  return new Set(handlersIn(file, readText(file)).map(({ name }) => name));
}

/** Adds the handler of one command, not saved where the file was there before, and puts the cursor into its body. */
export async function createStub(root: string, command: RustCommand, index: RustIndex): Promise<void> {
  await showHandler(await addStubs(root, [command], index), command.name);
}

/** Adds the handlers of all these commands and saves them, so that the app has them at once; shows the file. */
export async function createAllStubs(root: string, commands: readonly RustCommand[], index: RustIndex): Promise<void> {
  const document = await addStubs(root, commands, index);
  if (document.isDirty && !(await document.save()))
    throw new Error(`${basename(document.fileName)} could not be saved`);
  await showHandler(document, commands[0]?.name ?? '');
}

async function addStubs(
  root: string,
  commands: readonly RustCommand[],
  index: RustIndex,
): Promise<vscode.TextDocument> {
  const file = backendFileOf(root);
  const options = { javascript: /\.m?js$/.test(file) };
  const wanted = new Set(commands.map(({ name }) => name));
  const others = new Set(index.commands.map(({ name }) => name).filter((name) => !wanted.has(name)));
  const fresh = stubFile(index, others, options);
  const edit = (text: string) => {
    if (text.trim() === '') return [{ offset: 0, length: text.length, newText: fresh }];
    const after = commands.reduce((done, each) => applyEdits(done, addStub(done, each, index, options)), text);
    return differences(text, after);
  };
  const document = await changeText(vscode.Uri.file(file), edit, fresh);
  const written = new Set(handlersIn(file, document.getText()).map(({ name }) => name));
  const left = commands.find(({ name }) => !written.has(bareName(name)));
  if (!left) return document;
  await showHandler(document, left.name);
  throw new Error(
    `${basename(file)} has no \`app({ commands: […] })\` that a handler of ${left.name} could be added to`,
  );
}

async function showHandler(document: vscode.TextDocument, name: string): Promise<void> {
  const at = bodyOf(document.getText(), bareName(name));
  await showRange(document, { start: at, end: at });
}

/** One edit of what lies between the common beginning and the common end. */
function differences(before: string, after: string): TextEdit[] {
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [{ offset: start, length: before.length - start - end, newText: after.slice(start, after.length - end) }];
}

/** Where the body of a handler begins, or the handler itself. */
function bodyOf(text: string, name: string): number {
  const start = Math.max(0, text.search(new RegExp(`\\bcommand\\(\\s*['"\`]${escapePattern(name)}['"\`]`)));
  const body = /=>\s*\{\s*/g;
  body.lastIndex = start;
  const found = body.exec(text);
  return found ? found.index + found[0].length : start;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
