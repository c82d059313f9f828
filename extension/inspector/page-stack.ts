/** The stack of a page as people read it: each frame at its place in the sources, as far as source maps tell. */
import type { ReportedFrame } from '#core/origin-messages.ts';
import { parseStack, type StackFrame, UNNAMED_SCRIPT } from '#core/stack-frames.ts';
import { readScriptFile } from '../app/page-scripts.ts';
import {
  fileOfSource,
  isLibrary,
  type ReadScript,
  shownSource,
  type SourceMaps,
  type SourcePlace,
} from './source-maps.ts';

/** Frames that are mapped: a page may write a stack of any length. */
const FRAMES = 32;
/** Characters of a line of code that are shown. */
const CODE_LENGTH = 200;

/** What is known of the page that a stack comes from. */
export interface StackSource {
  /** names the page load */
  readonly key: string;
  readonly read: ReadScript;
  /** the origin of the pages, which is not shown */
  readonly origin: string;
  /** where sources may be */
  readonly roots: readonly string[];
  /** lines that were put before the scripts of a document itself */
  readonly addedLines: number;
  /** a document that is a file, by its address */
  documentFile(url: URL): string | undefined;
  shown(file: string): string;
}

/** A frame, and what opens there. */
export interface LocatedFrame {
  readonly frame: ReportedFrame;
  readonly target: FrameTarget | undefined;
}

export type FrameTarget = { readonly line: number; readonly column: number } & (
  | { readonly file: string }
  | { readonly source: string; readonly text: string }
);

export async function locateStack(text: string, source: StackSource, maps: SourceMaps): Promise<LocatedFrame[]> {
  return Promise.all(
    parseStack(text)
      .slice(0, FRAMES)
      .map((frame) => locate(frame, source, maps)),
  );
}

async function locate(frame: StackFrame, source: StackSource, maps: SourceMaps): Promise<LocatedFrame> {
  if (frame.url === UNNAMED_SCRIPT) return inPage(frame);
  const url = URL.parse(frame.url);
  const document = url && source.documentFile(url);
  if (document) return inDocument(frame, document, source);
  const script = `${frame.url.startsWith(`${source.origin}/`) ? frame.url.slice(source.origin.length + 1) : frame.url}:${frame.line}:${frame.column}`;
  const base = { name: frame.name, isAsync: frame.isAsync };
  let found: SourcePlace;
  try {
    found = await maps.locate(frame, source.key, source.read);
  } catch (error) {
    const problem = `no source map: ${(error as Error).message}`;
    return { frame: { ...base, place: script, library: isLibrary(script), problem }, target: undefined };
  }
  const file = fileOfSource(found.source, found.map, source.roots);
  const library = isLibrary(found.source) || (file === undefined && isLibrary(script));
  const shown = file === undefined ? shownSource(found.source, found.map) : source.shown(file);
  const place = `${shown}:${found.line}:${found.column}`;
  const content = found.content ?? (file === undefined ? undefined : await textOf(file));
  const code = content?.split('\n')[found.line - 1]?.trim().slice(0, CODE_LENGTH);
  const { line, column } = found;
  const target: FrameTarget | undefined =
    file !== undefined
      ? { file, line, column }
      : content === undefined
        ? undefined
        : { source: shown, text: content, line, column };
  return {
    frame: {
      ...base,
      place,
      script,
      library,
      ...(code && { code }),
      ...(target && { opens: file === undefined ? 'text' : 'file' }),
    },
    target,
  };
}

/** A script that stands in the HTML that an extension gave its webview: there is no file of it, and no map. */
function inPage({ name, isAsync, line, column }: StackFrame): LocatedFrame {
  const place = `script in the page:${line}:${column}`;
  return { frame: { name, isAsync, place, library: false }, target: undefined };
}

/** A script that stands in a document of the built frontend: lines of ours were put before it. */
async function inDocument(frame: StackFrame, file: string, source: StackSource): Promise<LocatedFrame> {
  const text = await textOf(file);
  const line = frame.line - source.addedLines;
  const code = text?.split('\n')[line - 1]?.trim().slice(0, CODE_LENGTH);
  const { name, isAsync, column } = frame;
  const known = line > 0 && code !== undefined;
  return {
    frame: {
      name,
      isAsync,
      place: known ? `${source.shown(file)}:${line}` : source.shown(file),
      library: false,
      ...(code && { code }),
      opens: 'file',
    },
    // What was put into the first line moves its columns.
    target: known ? { file, line, column: line === 1 ? 1 : column } : { file, line: 1, column: 1 },
  };
}

/** A map may name any file of the workspace, however large. */
async function textOf(file: string): Promise<string | undefined> {
  return (await readScriptFile(file).catch(() => undefined))?.text;
}
