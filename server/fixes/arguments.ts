/** Fixes of the object with a call's arguments. */
import type { TextEdit } from '#core/acl/edit.ts';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { kindsOf } from '../diagnostics/types.ts';
import type { ArgumentKey, CallSite, Parameter, ValueKind } from '../index/facts.ts';
import { propertyName } from '../rust/index.ts';
import { changeFile, type Fix, replaceAt } from './fix.ts';
import { importEdit } from './import.ts';

/** The value stays; of `{ user_id }` it becomes `{ userId: user_id }`. */
export function renameKey({ at, isShorthand, key }: ArgumentKey, to: string): Fix {
  return replaceAt(`Change the key to "${to}"`, at, isShorthand ? `${to}: ${key}` : to, true);
}

/** Takes a key out, with its value and one comma. */
export function removeKey({ at, valueAt, key }: ArgumentKey): Fix {
  return changeFile(`Remove "${key}"`, at.file, (document) => {
    const text = document.getText();
    let start = document.offsetAt(at.range.start);
    let end = Math.max(document.offsetAt(at.range.end), document.offsetAt(valueAt.range.end));
    if (isQuote(text[start - 1])) start--;
    if (isQuote(text[end]) && text[end] === text[start]) end++;
    const after = /^\s*,[ \t]*/.exec(text.slice(end));
    const before = /,?\s*$/.exec(text.slice(0, start))?.[0] ?? '';
    if (after) end += after[0].length;
    // The comma behind goes with it; the last one takes that before.
    if (!after || before.includes('\n')) start -= after ? before.replace(/^,/, '').length : before.length;
    if (after && before.includes('\n')) end = start + text.slice(start, end).trimEnd().length;
    return [{ offset: start, length: end - start, newText: '' }];
  });
}

/** Adds what a command needs: literals where the type is plain, or else variables of the arguments' names. */
export function addArguments(call: CallSite, missing: readonly Parameter[]): Fix {
  const names = missing.map(({ key }) => `"${key}"`).join(', ');
  return changeFile(
    `Add ${names}`,
    call.at.file,
    (document) => {
      const edit = insertArguments(document, call, missing.map(propertyFor));
      if (!edit) return undefined;
      const channels = missing.some(({ kind }) => kind === 'channel');
      return channels ? [...importEdit(document.getText(), 'Channel', CORE), edit] : [edit];
    },
    true,
  );
}

const CORE = '@tauri-apps/api/core';

function insertArguments(
  document: TextDocument,
  { args, commandAt }: CallSite,
  added: readonly string[],
): TextEdit | undefined {
  const text = document.getText();
  if (args.kind === 'none') {
    let end = document.offsetAt(commandAt.range.end);
    if (isQuote(text[end])) end++;
    // Where something follows, it is no arguments that we know.
    return /^\s*,?\s*\)/.test(text.slice(end)) ? insert(end, `, { ${added.join(', ')} }`) : undefined;
  }
  if (args.kind !== 'object') return undefined;
  const last = args.keys.at(-1);
  const open = document.offsetAt(args.at.range.start);
  if (!last)
    return { offset: open, length: document.offsetAt(args.at.range.end) - open, newText: `{ ${added.join(', ')} }` };
  const end = Math.max(document.offsetAt(last.at.range.end), document.offsetAt(last.valueAt.range.end));
  const lineStart = document.offsetAt({ line: last.at.range.start.line, character: 0 });
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
  const isAlone = text.slice(lineStart, document.offsetAt(last.at.range.start)).replace(/["']$/, '').trim() === '';
  const lead = isAlone && lineStart > open ? `\n${indent}` : ' ';
  return insert(end, added.map((property) => `,${lead}${property}`).join(''));
}

/** An argument as a property: a literal where its type is plain, or else a variable of its name. */
export function propertyFor({ key, kind, type }: Parameter): string {
  const name = propertyName(key);
  if (kind === 'channel') return `${name}: new Channel()`;
  const [first] = (type !== undefined && kindsOf(type)) || [];
  const value = first && LITERALS[first];
  return value === undefined ? name : `${name}: ${value}`;
}

const LITERALS: Readonly<Partial<Record<ValueKind, string>>> = {
  string: "''",
  number: '0',
  boolean: 'false',
  array: '[]',
};

/** `onNote: (note) => …` becomes `onNote: new Channel((note) => …)`. */
export function wrapInChannel({ at, valueAt }: ArgumentKey): Fix {
  return changeFile(
    'Wrap in a Channel',
    at.file,
    (document) => {
      const [start, end] = [document.offsetAt(valueAt.range.start), document.offsetAt(valueAt.range.end)];
      // A method has no value that stands alone.
      if (start <= document.offsetAt(at.range.start)) return undefined;
      return [...importEdit(document.getText(), 'Channel', CORE), insert(start, 'new Channel('), insert(end, ')')];
    },
    true,
  );
}

/** Writes a literal of the wrong sort as one of the right, where it says the same: `'7'` as `7`, `true` as `'true'`. */
export function convertLiteral({ valueAt }: ArgumentKey, kinds: ReadonlySet<ValueKind>): Fix[] {
  return [...kinds].flatMap((kind) => {
    const conversion = CONVERSIONS[kind];
    if (!conversion) return [];
    return changeFile(
      conversion.title,
      valueAt.file,
      (document) => {
        const [start, end] = [document.offsetAt(valueAt.range.start), document.offsetAt(valueAt.range.end)];
        const newText = conversion.convert(document.getText().slice(start, end));
        return newText === undefined ? undefined : [{ offset: start, length: end - start, newText }];
      },
      kinds.size === 1,
    );
  });
}

/** By the sort of value that is wanted; undefined where the text of a literal says nothing of that sort. */
const CONVERSIONS: Readonly<
  Partial<Record<ValueKind, { readonly title: string; convert(literal: string): string | undefined }>>
> = {
  number: { title: 'Write it as a number', convert: (literal) => /^(['"`])(-?\d+(?:\.\d+)?)\1$/.exec(literal)?.[2] },
  boolean: { title: 'Write it as a boolean', convert: (literal) => /^(['"`])(true|false)\1$/.exec(literal)?.[2] },
  string: {
    title: 'Write it as a text',
    convert: (literal) => (/^(?:-?\d+(?:\.\d+)?|true|false)$/.test(literal) ? `'${literal}'` : undefined),
  },
  array: { title: 'Put it into a list', convert: (literal) => `[${literal}]` },
};

const isQuote = (char: string | undefined) => char === "'" || char === '"' || char === '`';
const insert = (offset: number, newText: string): TextEdit => ({ offset, length: 0, newText });
