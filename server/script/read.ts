/** Reads a script: what it calls, emits and listens to, what it exports, and the handlers that it defines. */
import ts from 'typescript';
import { candidatesOf } from './candidates.ts';
import { exportsOf } from './exports.ts';
import { handlersOf } from './handlers.ts';
import { Lines } from './lines.ts';
import { type Code, codeIn } from './markup.ts';
import type { Reading } from './model.ts';
import { Values } from './values.ts';
import { walk } from './walk.ts';

/** Longer texts, in characters, are bundles: they are not read. */
export const MAX_LENGTH = 1_048_576;
/** Nor is what a tool wrote without line breaks: many statements on one long line. Long data has none. */
const MINIFIED = /^(?=.{500})(?:[^;\n]*;){10}/m;

/** What a file says by itself. Never throws: what cannot be understood is left out. */
export function readNow(path: string, text: string): Reading {
  if (text.length > MAX_LENGTH || (/\.[cm]?js$/.test(path) && MINIFIED.test(text))) return nothing(path, text, false);
  try {
    return read(path, text);
  } catch (error) {
    // Code that is nested deeper than the stack.
    if (error instanceof RangeError) return nothing(path, text, true);
    throw error;
  }
}

/** The syntax of the code in a file, at the same offsets; parents are not set. */
export const parse = (path: string, text: string): ts.SourceFile => parseCode(path, codeIn(path, text));

function parseCode(path: string, { text, language }: Code): ts.SourceFile {
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  return ts.createSourceFile(path, text, options, false, KINDS[language]);
}

function read(path: string, text: string): Reading {
  const code = codeIn(path, text);
  const source = parseCode(path, code);
  const walked = walk(source, code.component);
  const values = new Values(source, walked);
  const found = text.includes('ipc-workbench') ? handlersOf(source, walked, values) : { handlers: [], lists: [] };
  const candidates = candidatesOf(source, walked, values);
  const { names, stars } = exportsOf(source, walked.scope, values);
  return {
    path,
    lines: new Lines(text),
    hasErrors: hasErrors(source),
    candidates,
    exports: names,
    stars,
    ...found,
    before: undefined,
  };
}

const nothing = (path: string, text: string, hasErrors: boolean): Reading => ({
  path,
  lines: new Lines(text),
  hasErrors,
  candidates: [],
  exports: new Map(),
  stars: [],
  handlers: [],
  lists: [],
  before: undefined,
});

const KINDS = {
  ts: ts.ScriptKind.TS,
  tsx: ts.ScriptKind.TSX,
  js: ts.ScriptKind.JSX,
} as const;

/** The parser keeps its errors in a member that is not in its types. */
function hasErrors(source: ts.SourceFile & { readonly parseDiagnostics?: readonly ts.Diagnostic[] }): boolean {
  return (source.parseDiagnostics?.length ?? 0) > 0;
}
