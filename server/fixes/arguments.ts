/** Fixes of the object with a call's arguments. */
import type { TextEdit } from '#core/acl/edit.ts';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { kindsOf } from '../diagnostics/types.ts';
import type { ArgumentKey, CallSite, Parameter, ValueKind } from '../index/facts.ts';
import { propertyName } from '../rust/index.ts';
import { type ChannelClass, channelClass, quoteFor } from '../script/index.ts';
import { changeFile, type Fix, replaceAt } from './fix.ts';

/** The value stays; of `{ user_id }` it becomes `{ userId: user_id }`. */
export function renameKey({ at, isShorthand, key }: ArgumentKey, to: string): Fix {
  return replaceAt(`Change the key to "${to}"`, at, isShorthand ? `${to}: ${key}` : to, true);
}

/** Takes a key out, with its value and one comma; a comment behind it, too, where it has lines of its own. */
export function removeKey({ whole, key }: ArgumentKey): Fix {
  return changeFile(`Remove "${key}"`, whole.file, (document) => {
    const text = document.getText();
    let start = document.offsetAt(whole.range.start);
    let end = document.offsetAt(whole.range.end);
    const before = text.slice(0, start);
    const comma = COMMA_BEHIND.exec(text.slice(end))?.[0] ?? '';
    end += comma.length;
    const line = /\r?\n[ \t]*$/.exec(before)?.[0] ?? '';
    const rest = line === '' ? undefined : REST_OF_LINE.exec(text.slice(end))?.[0];
    if (rest !== undefined) end += rest.length;
    // The comma behind goes with it; the last one takes that before, unless a comment may have it.
    if (comma === '' && !endsInComment(before)) start -= /,?\s*$/.exec(before)?.[0].length ?? 0;
    else if (rest !== undefined) start -= line.length;
    else if (comma !== '') end += /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
    return [{ offset: start, length: end - start, newText: '' }];
  });
}

function endsInComment(text: string): boolean {
  const written = text.trimEnd();
  return written.slice(written.lastIndexOf('\n') + 1).includes('//');
}

const COMMA_BEHIND = /^(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n]*\n)*,/;
const REST_OF_LINE = /^[ \t]*(?:\/\/[^\r\n]*|\/\*(?:[^*\r\n]|\*(?!\/))*\*\/[ \t]*)?(?=\r?\n)/;

/** Adds what a command needs: literals where the type is plain, or else variables of the arguments' names. */
export function addArguments(call: CallSite, missing: readonly Parameter[]): Fix {
  const names = missing.map(({ key }) => `"${key}"`).join(', ');
  return changeFile(
    `Add ${names}`,
    call.at.file,
    (document) => {
      const { file, range } = call.commandAt;
      const [text, offset] = [document.getText(), document.offsetAt(range.start)];
      const hasChannel = missing.some(({ kind }) => kind === 'channel');
      const { name, edits } = hasChannel ? channelClass(file, text, offset) : NO_CHANNEL;
      const quote = quoteFor(file, text, offset);
      const edit = insertArguments(
        document,
        call,
        missing.map((each) => propertyFor(each, quote, name)),
      );
      return edit && [...edits, edit];
    },
    true,
  );
}

const NO_CHANNEL: ChannelClass = { name: 'Channel', edits: [] };

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
  const end = document.offsetAt(last.whole.range.end);
  const lineStart = document.offsetAt({ line: last.whole.range.start.line, character: 0 });
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
  const isAlone = text.slice(lineStart, document.offsetAt(last.whole.range.start)).trim() === '';
  const lead = isAlone && lineStart > open ? `\n${indent}` : ' ';
  return insert(end, added.map((property) => `,${lead}${property}`).join(''));
}

/**
 * An argument as a property: a literal where its type is plain, or else a variable of its name.
 *
 * @param quote that strings have at its place
 * @param channel what Tauri's class is called there
 */
export function propertyFor({ key, kind, type }: Parameter, quote: string, channel: string): string {
  const plain = propertyName(key);
  const name = plain.startsWith("'") && quote === '"' ? JSON.stringify(key) : plain;
  if (kind === 'channel') return `${name}: new ${channel}()`;
  const [first] = (type !== undefined && kindsOf(type)) || [];
  const value = first === 'string' ? quote + quote : first && LITERALS[first];
  return value === undefined ? name : `${name}: ${value}`;
}

const LITERALS: Readonly<Partial<Record<ValueKind, string>>> = {
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
      const { name, edits } = channelClass(at.file, document.getText(), start);
      return [...edits, insert(start, `new ${name}(`), insert(end, ')')];
    },
    true,
  );
}

/**
 * Writes a literal of the wrong sort as one of the right, where it says the same: `'7'` as `7`, `true` as `'true'`.
 *
 * @param kinds the sorts that the parameter takes
 */
export function convertLiteral(
  { valueAt }: ArgumentKey,
  { declared = '' }: Parameter,
  kinds: ReadonlySet<ValueKind>,
): Fix[] {
  return [...kinds].flatMap((kind) => {
    const conversion = CONVERSIONS[kind];
    if (!conversion) return [];
    return changeFile(
      conversion.title,
      valueAt.file,
      (document) => {
        const [start, end] = [document.offsetAt(valueAt.range.start), document.offsetAt(valueAt.range.end)];
        const text = document.getText();
        const quote = quoteFor(valueAt.file, text, start);
        const newText = conversion.convert(text.slice(start, end), { declared, quote });
        return newText === undefined ? undefined : [{ offset: start, length: end - start, newText }];
      },
      kinds.size === 1,
    );
  });
}

interface Conversion {
  readonly title: string;
  /** Undefined where the text of a literal says nothing of that sort. */
  convert(literal: string, place: ConversionPlace): string | undefined;
}

interface ConversionPlace {
  /** the parameter's type as it is written */
  readonly declared: string;
  /** that strings have */
  readonly quote: string;
}

/** By the sort of value that is wanted. */
const CONVERSIONS: Readonly<Partial<Record<ValueKind, Conversion>>> = {
  number: {
    title: 'Write it as a number',
    convert: (literal, { declared }) => {
      // Zeros in front have a meaning that numbers do not have, such as in postal codes.
      const [, , number, fraction] = /^(['"`])(-?(?:0|[1-9]\d*)(\.\d+)?)\1$/.exec(literal) ?? [];
      const isRefused =
        (fraction !== undefined && INTEGER.test(declared)) || (number?.startsWith('-') && UNSIGNED.test(declared));
      return isRefused ? undefined : number;
    },
  },
  boolean: { title: 'Write it as a boolean', convert: (literal) => /^(['"`])(true|false)\1$/.exec(literal)?.[2] },
  string: {
    title: 'Write it as a text',
    convert: (literal, { quote }) =>
      /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(literal) ? quote + literal + quote : undefined,
  },
  // No list of nothing is meant.
  array: { title: 'Put it into a list', convert: (literal) => (literal === 'null' ? undefined : `[${literal}]`) },
};

/** Types of Rust, and what zod has for such: `z.int()`, `z.number().int()`. */
const INTEGER = /\b(?:[iu](?:8|16|32|64|128|size)\b|u?int(?:32|64)?\()/;
const UNSIGNED = /\b(?:u(?:8|16|32|64|128|size)\b|uint(?:32|64)?\()/;

const isQuote = (char: string | undefined) => char === "'" || char === '"' || char === '`';
const insert = (offset: number, newText: string): TextEdit => ({ offset, length: 0, newText });
