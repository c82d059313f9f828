/** Rust commands for calls that have none. */
import type { ArgumentKey, CallSite, ValueKind } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { lowerCamelCase, snakeCase } from '../rust/index.ts';
import { changeFile, type Fix } from './fix.ts';
import { offsetOf } from './register.ts';
import { addToList, listAround, listFiles } from './rust-list.ts';

/** One fix for each file with a list of commands: the function, before the one with the list, and its place in there. */
export function rustCommandOfCall({ rust }: ProjectIndex, call: CallSite, name: string): Fix[] {
  if (!/^[a-z_]\w*$/.test(name)) return [];
  return listFiles(rust).map(({ file, item }) =>
    changeFile(`Create the Rust command "${name}" in ${file.split('/').at(-1)}`, file, (document) => {
      const text = document.getText();
      const offset = offsetOf(document, item);
      const around = listAround(text, offset);
      const place = around && functionStart(text, around.start);
      if (!around || place === undefined) return undefined;
      const newText = `${commandFor(call, name)}\n\n`.replaceAll('\n', text.includes('\r\n') ? '\r\n' : '\n');
      return [{ offset: place, length: 0, newText }, ...addToList(text, around, name)];
    }),
  );
}

/** Where the function around an offset begins, with its attributes and comments; undefined where it is in a module. */
function functionStart(text: string, offset: number): number | undefined {
  const functions = [...text.slice(0, offset).matchAll(/^(?:pub(?:\([^)]*\))? )?(?:async )?fn /gm)];
  let start = functions.at(-1)?.index;
  while (start !== undefined && start > 0) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (!/^(?:#\[|\/\/)/.test(text.slice(above, start))) break;
    start = above;
  }
  return start;
}

function commandFor({ args, typeArgument }: CallSite, name: string): string {
  const keys = args.kind === 'object' ? args.keys : [];
  const isCamel = keys.every(({ key }) => lowerCamelCase(snakeCase(key)) === key);
  const attribute = isCamel ? '#[tauri::command]' : '#[tauri::command(rename_all = "snake_case")]';
  const returns = typeArgument && returnType(typeArgument.text);
  const result = returns === undefined ? '' : ` -> ${returns}`;
  return `${attribute}\nfn ${name}(${keys.map(parameterFor).join(', ')})${result} {\n    todo!()\n}`;
}

function parameterFor({ key, value }: ArgumentKey): string {
  const name = snakeCase(key);
  return `${KEYWORDS.has(name) ? `r#${name}` : name}: ${TYPES[value]}`;
}

const KEYWORDS = new Set(['as', 'fn', 'for', 'if', 'in', 'let', 'match', 'mod', 'move', 'ref', 'type', 'use', 'where']);

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
