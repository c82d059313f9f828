/**
 * What somebody may be about to write at a position of a script. Nobody can tell from half a call: so a name is put there,
 * and the text is read as if it had been written. What it is then, is what was asked for.
 */
import ts from 'typescript';
import { codeIn } from './markup.ts';
import type { Span } from './model.ts';
import { parse } from './read.ts';
import type { Scope } from './scopes.ts';
import { type FoundCall, walk, type Walked } from './walk.ts';

/** The name that is put there; nobody writes it. */
export const PROBE = 'ipcWorkbenchProbe';

/** One way to complete a text. */
export interface Attempt {
  /**
   * - `text`: a name inside of quotes
   * - `string`: one with quotes of its own
   * - `key`: a key of an object
   * - `object`: an object
   */
  readonly form: 'text' | 'string' | 'key' | 'object';
  /** what stands there already of the name */
  readonly at: Span;
  /** of `text`: that of the string; else the one to use */
  readonly quote: string;
  /** of `text`: whether the string ends behind the name; of `key`: whether a value follows */
  readonly isComplete: boolean;
  /** all of the text, with {@link PROBE} */
  readonly text: string;
}

/** What names of commands, events, windows and permissions are made of. */
const IN_NAMES = /[\w\-/:|.]/;
const IN_IDENTIFIERS = /[\w$]/;
const QUOTES = ['"', "'", '`'];

/** The ways that fit to what stands around an offset, the likeliest first. Texts may be broken in any way. */
export function attempts(path: string, text: string, offset: number): Attempt[] {
  const name = run(text, offset, IN_NAMES);
  const quote = text[name.start - 1] ?? '';
  if (QUOTES.includes(quote)) {
    const isComplete = text[name.end] === quote;
    const written = replaced(text, name, PROBE + (isComplete ? '' : quote));
    // A quote that ends a string, or is text of one, begins none.
    if (beginsString(path, written, name.start - 1)) {
      return [{ form: 'text', at: name, quote, isComplete, text: written }];
    }
  }
  const word = run(text, offset, IN_IDENTIFIERS);
  const before = text.slice(0, word.start).trimEnd().at(-1) ?? '';
  const own = quoteFor(path, text, offset);
  const form = (kind: Attempt['form'], written: string, isComplete = true): Attempt => ({
    form: kind,
    at: word,
    quote: own,
    isComplete,
    text: replaced(text, word, written),
  });
  const string = () => form('string', own + PROBE + own);
  switch (before) {
    case '{':
      return [keyAttempt(text, word, form)];
    case ',':
      return [keyAttempt(text, word, form), form('object', `{ ${PROBE}: 0 }`), string()];
    case '(':
    case '[':
    case ':':
    case '=':
      return [string()];
    default:
      return [];
  }
}

function keyAttempt(
  text: string,
  word: Span,
  form: (kind: 'key', written: string, isComplete: boolean) => Attempt,
): Attempt {
  const next = text.slice(word.end).trimStart()[0];
  if (next === ':') return form('key', PROBE, true);
  const rest = next === ',' || next === '}' ? '' : next === ')' ? ' }' : next === ';' || !next ? ' })' : ',';
  return form('key', `${PROBE}: 0${rest}`, false);
}

function beginsString(path: string, text: string, offset: number): boolean {
  const source = parse(path, text);
  const visit = (node: ts.Node): boolean => {
    if (offset < node.pos || offset >= node.end) return false;
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) return node.getStart(source) === offset;
    return ts.forEachChild(node, visit) === true;
  };
  return visit(source);
}

function run(text: string, offset: number, chars: RegExp): Span {
  let start = offset;
  let end = offset;
  while (start > 0 && chars.test(text[start - 1] ?? '')) start--;
  while (end < text.length && chars.test(text[end] ?? '')) end++;
  return { start, end };
}

const replaced = (text: string, { start, end }: Span, by: string) => text.slice(0, start) + by + text.slice(end);

/** The quote that a string at an offset should have: that of the file's imports, or in an attribute the other one. */
export function quoteFor(path: string, text: string, offset: number): string {
  const code = codeIn(path, text).text;
  const around = quoteAround(text, code, offset);
  if (around !== undefined) return around === '"' ? "'" : '"';
  return /\bfrom\s*(["'])/.exec(code)?.[1] ?? "'";
}

/** Whether an offset is in the code of an attribute. */
export const isInAttribute = (path: string, text: string, offset: number): boolean =>
  quoteAround(text, codeIn(path, text).text, offset) !== undefined;

/** The quote of the attribute whose value has the code at an offset. */
function quoteAround(text: string, code: string, offset: number): string | undefined {
  let outside = offset - 1;
  for (; outside >= 0; outside--) {
    if (text[outside] === code[outside]) continue;
    // Entities mean code.
    const entity = text[outside] === ';' ? /&[#\w]+;$/.exec(text.slice(Math.max(outside - 8, 0), outside + 1)) : null;
    if (!entity) break;
    outside -= entity[0].length - 1;
  }
  const around = text[outside];
  return around === '"' || around === "'" ? around : undefined;
}

// ---- what stands around

/** A call that is being written. */
export interface CallAround {
  /** where it begins */
  readonly start: number;
  /** the index of the argument at the offset */
  readonly argument: number;
  /** the key of the value at the offset, where the argument is an object */
  readonly key: string | undefined;
}

/** The innermost call in whose arguments an offset is; undefined in bodies of functions that are arguments. */
export function callAround(path: string, text: string, offset: number): CallAround | undefined {
  const source = parse(path, text);
  const walked = walk(source, undefined);
  const call = smallest(walked.calls, (node) => isInArguments(node, source, offset));
  if (!call?.arguments) return undefined;
  for (const node of walked.functions.keys()) {
    const body = ts.isFunctionLike(node) && 'body' in node ? node.body : undefined;
    const isInside = node.pos >= call.arguments.pos && node.end <= call.end;
    if (isInside && body && body.getStart(source) < offset && offset < body.end) return undefined;
  }
  const commas = call.arguments.filter(({ end }) => end <= offset && text.slice(end, offset).trim().startsWith(','));
  const argument = commas.length;
  const given = call.arguments[argument];
  const key = given && ts.isObjectLiteralExpression(given) ? keyAt(given, source, text, offset) : undefined;
  return { start: call.getStart(source), argument, key };
}

function isInArguments(node: FoundCall['node'], source: ts.SourceFile, offset: number): boolean {
  if (!node.arguments || node.arguments.pos > offset) return false;
  if (node.end > node.arguments.end) return offset < node.end;
  // What is not closed goes on to the next thing that is written.
  return source.text.slice(node.end, offset).trim().replaceAll(',', '') === '';
}

function keyAt(object: ts.ObjectLiteralExpression, source: ts.SourceFile, text: string, offset: number) {
  const property = object.properties.findLast((each) => each.getStart(source) <= offset);
  if (!property?.name || text.slice(property.end, offset).includes(',')) return undefined;
  const { name } = property;
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
}

/** Whether variables of a file can be seen at an offset, by their names; not one that the statement there declares. */
export function variablesAt(path: string, text: string, offset: number): (name: string) => boolean {
  const source = parse(path, text);
  const from = scopeAt(source, walk(source, undefined), offset);
  return (name) => {
    const origin = from.find(name)?.origin;
    if (!origin) return false;
    return origin.kind !== 'expression' || origin.node.end < offset || origin.node.pos > offset;
  };
}

/** The scope of the call around an offset; that of the file where there is none. */
export function scopeAt(source: ts.SourceFile, { calls, scope }: Walked, offset: number): Scope {
  const call = smallest(calls, (node) => node.getStart(source) <= offset && offset <= node.end);
  return calls.find(({ node }) => node === call)?.scope ?? scope;
}

function smallest(
  calls: readonly FoundCall[],
  fits: (node: FoundCall['node']) => boolean,
): FoundCall['node'] | undefined {
  let found: FoundCall['node'] | undefined;
  for (const { node } of calls) {
    if (fits(node) && (!found || node.end - node.pos < found.end - found.pos)) found = node;
  }
  return found;
}
