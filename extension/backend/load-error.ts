/** From whatever went wrong while code loaded to a sentence and the place to look at. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { MissingImport, placeInHead, SourceError, stripTypes } from './loader.ts';
import type { LoadError } from './protocol.ts';

/** @param files the files that were loaded, the last one last */
export function describeLoadError(thrown: unknown, files: readonly string[]): LoadError {
  if (thrown instanceof SourceError) {
    return { message: thrown.message, file: thrown.file, line: thrown.line, column: thrown.column };
  }
  if (thrown instanceof MissingImport) return { message: thrown.message, ...placeOfImport(thrown) };
  if (!(thrown instanceof Error)) return { message: printable(thrown), ...inFile(files.at(-1)) };
  const { message, stack, cause } = thrown;
  const inCode = placeInStack(cause, files) ?? placeInStack(thrown, files);
  if (thrown instanceof SyntaxError && !inCode) {
    const place = placeOfLink(thrown) ?? placeOfSyntaxError(thrown, files);
    return { message: `Syntax error: ${hinted(message)}`, ...place };
  }
  const place = inCode ?? inFile(files.at(-1));
  return { message, ...place, ...(stack !== undefined && { stack: cause instanceof Error ? cause.stack : stack }) };
}

type Place = Pick<LoadError, 'file' | 'line' | 'column'>;

function inFile(file: string | undefined): Place {
  return file === undefined ? {} : { file, line: 1, column: 1 };
}

/** A type that is imported as a value is the usual reason: types are removed, imports are not. */
function hinted(message: string): string {
  const name = /does not provide an export named '([^']+)'/.exec(message)?.[1];
  return name === undefined ? message : `${message}. If "${name}" is a type, import it with "import type"`;
}

function placeOfImport(error: MissingImport): Place {
  if (error.importer === undefined) return {};
  const quoted = [`'${error.specifier}'`, `"${error.specifier}"`];
  const lines = readLines(error.importer);
  for (const [index, text] of lines.entries()) {
    const at = Math.max(...quoted.map((each) => text.indexOf(each)));
    if (at >= 0) return { file: error.importer, line: index + 1, column: at + 1 };
  }
  return inFile(error.importer);
}

/** Node puts the place of a failed link before the message. */
function placeOfLink(error: Error): Place | undefined {
  const place = placeInHead(error.stack ?? '');
  return place?.file.startsWith('file:') ? { ...place, file: fileURLToPath(place.file) } : undefined;
}

/** V8 keeps the place of a module's syntax error to itself, so the code is compiled once more as a script. */
function placeOfSyntaxError(error: SyntaxError, files: readonly string[]): Place {
  for (const file of [...files].reverse()) {
    if (file.endsWith('.json')) continue;
    try {
      const code = stripTypes(readLines(file).join('\n'), file);
      new Script(asScript(code), { filename: file });
    } catch (found) {
      if (found instanceof SourceError) return { file, line: found.line, column: found.column };
      const place = placeInHead((found as Error).stack ?? '');
      if ((found as Error).message === error.message && place) return { ...place, file };
    }
  }
  return inFile(files.at(-1));
}

/** Blanks out what only modules may have, and keeps every position. */
function asScript(code: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, ' ');
  return code
    .replace(/^[ \t]*import\b(?!\s*[.(])[^;'"]*['"][^'"]*['"][^;\n]*;?/gm, blank)
    .replace(/^[ \t]*export\s+(?:default\s+)?(?=[a-z])/gm, blank)
    .replace(/^[ \t]*export\s*(?:\{[^}]*\}|\*)[^;\n]*;?/gm, blank);
}

/** The first place in the stack that is the user's own code. */
function placeInStack(error: unknown, files: readonly string[]): Place | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const line of stack.split('\n')) {
    // Where a source map was applied, Node writes a path instead of a URL.
    const match = /(?:^\s*at |\()((?:file:\/\/|\/|[a-z]:[\\/]).*):(\d+):(\d+)\)?$/i.exec(line);
    if (match?.[1] === undefined) continue;
    const file = match[1].startsWith('file:') ? fileURLToPath(match[1]) : match[1];
    if (files.includes(file)) return { file, line: Number(match[2]), column: Number(match[3]) };
  }
  return undefined;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    // It was removed since.
    return [];
  }
}

function printable(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
