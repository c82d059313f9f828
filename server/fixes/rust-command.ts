/** Rust commands for calls that have none. */
import type { WorkspaceEdit } from 'vscode-languageserver';
import type { ArgumentKey, CallSite, ValueKind } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { identifierOf, lowerCamelCase, snakeCase } from '../rust/index.ts';
import { type Documents, editOf, type Fix, rangesOf } from './fix.ts';
import { offsetOf } from './register.ts';
import { addToList, listAround, type ListFile, listFiles } from './rust-list.ts';

/** One fix for each file with a list of commands: the function, before the one with the list, and its place in there. */
export function rustCommandOfCall({ rust }: ProjectIndex, call: CallSite, name: string): Fix[] {
  const code = commandFor(call, name);
  if (code === undefined) return [];
  return listFiles(rust).map((list) => ({
    title: `Create the Rust command "${name}" in ${list.file.split('/').at(-1)}`,
    edit: (documents) => createIn(documents, list, name, code),
  }));
}

/** In the module of the list, which names the function alone then. */
async function createIn(
  documents: Documents,
  { file, item, module }: ListFile,
  name: string,
  code: string,
): Promise<WorkspaceEdit | undefined> {
  const document = await documents.readDocument(file);
  const reader = await documents.rustReader();
  if (!document || !reader) return undefined;
  const text = document.getText();
  const offset = offsetOf(document, item);
  const around = listAround(text, offset);
  const place = around && reader.itemStart(text, offset);
  if (!around || place === undefined || reader.declarationOf(file, text, { name, module })) return undefined;
  const indent = /(?<=^|\n)[ \t]*$/.exec(text.slice(0, place))?.[0] ?? '';
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const newText = `${code.replaceAll('\n', newline + indent)}${newline}${newline}${indent}`;
  return editOf(file, rangesOf(document, [{ offset: place, length: 0, newText }, ...addToList(text, around, name)]));
}

/** Undefined where no function has the name, or no parameters get what these keys send. */
function commandFor({ args, typeArgument }: CallSite, name: string): string | undefined {
  const keys = args.kind === 'object' ? args.keys : [];
  const attribute = attributeFor(keys);
  const parameters = keys.flatMap(parameterFor);
  const isName = /^[a-z_]\w*$/.test(name) && identifierOf(name) === name;
  if (!isName || attribute === undefined || parameters.length < keys.length) return undefined;
  const returns = typeArgument && returnType(typeArgument.text);
  const result = returns === undefined ? '' : ` -> ${returns}`;
  return `${attribute}\nfn ${name}(${parameters.join(', ')})${result} {\n    todo!()\n}`;
}

/** The attribute under which parameters in snake_case have these keys; undefined where each would need one of its own. */
function attributeFor(keys: readonly ArgumentKey[]): string | undefined {
  const areAll = (keyOf: (name: string) => string) => keys.every(({ key }) => keyOf(snakeCase(key)) === key);
  if (areAll(lowerCamelCase)) return '#[tauri::command]';
  return areAll(snakeCase) ? '#[tauri::command(rename_all = "snake_case")]' : undefined;
}

function parameterFor({ key, value }: ArgumentKey): string[] {
  const name = identifierOf(snakeCase(key));
  return name === undefined ? [] : [`${name}: ${TYPES[value]}`];
}

const ANY = 'serde_json::Value';
const TYPES: Readonly<Record<ValueKind, string>> = {
  string: 'String',
  number: 'f64',
  boolean: 'bool',
  null: `Option<${ANY}>`,
  array: `Vec<${ANY}>`,
  object: ANY,
  function: `tauri::ipc::Channel<${ANY}>`,
  channel: `tauri::ipc::Channel<${ANY}>`,
  other: ANY,
};

function returnType(text: string): string | undefined {
  if (text === 'void' || text === 'undefined' || text === 'null') return undefined;
  return text === 'string' || text === 'number' || text === 'boolean' ? TYPES[text] : ANY;
}
