/**
 * Commands and events of Rust code, counted with regular expressions alone: `#[tauri::command]` before a `fn`, its
 * parameters split at commas, `.emit("…"` and its like. Knows nothing of modules, macros or registration.
 */
import type { Found } from './found.ts';
import { UNKNOWN } from './found.ts';
import { blankComments, lineOf, RUST, splitInside } from './text.ts';

const ATTRIBUTE = /#\s*\[\s*(?:cfg_attr\s*\([^\]]*?,\s*)?(?:tauri\s*::\s*)?command\b/g;
const FUNCTION = /^(?:pub\s*(?:\([^)]*\))?\s+)?(?:async\s+|unsafe\s+|const\s+|extern\s+"C"\s+)*fn\s+(r#)?(\w+)\s*/;
/** What Tauri hands to a command itself. */
const INJECTED =
  /^(?:&\s*)?(?:mut\s+)?(?:tauri\s*::\s*)?(?:\w+\s*::\s*)*(?:State|AppHandle|Window|Webview|WebviewWindow|Request|CommandScope|GlobalScope)\b(?!\w)/;
const EVENT = /\.\s*(emit|emit_to|emit_filter|emit_str|listen|listen_any|once|once_any)\s*(?:::\s*<[^;]*?>\s*)?\(/g;

export interface RustText {
  readonly file: string;
  readonly text: string;
}

/** @param files all Rust files of a repository */
export function countRust(files: readonly RustText[]): Found[] {
  const bare = files.map(({ file, text }) => ({ file, text: blankComments(text, RUST) }));
  const injected = ownInjected(bare);
  const constants = constantsOf(bare);
  return bare.flatMap((each) => [...commandsOf(each, injected), ...eventsOf(each, constants)]);
}

/** Names of types that are injected by another name: `type Db<'a> = State<'a, …>`, `impl CommandArg for X`. */
function ownInjected(files: readonly RustText[]): Set<string> {
  const names = new Set<string>();
  for (const { text } of files) {
    for (const [, name = '', type = ''] of text.matchAll(/\btype\s+(\w+)\s*(?:<[^=]*>)?\s*=\s*([^;]+);/g)) {
      if (INJECTED.test(type)) names.add(name);
    }
    for (const [, name = ''] of text.matchAll(/\bCommandArg\s*<[^{]*?>\s*for\s+(\w+)/g)) names.add(name);
  }
  return names;
}

function constantsOf(files: readonly RustText[]): Map<string, string> {
  const constants = new Map<string, string>();
  const CONSTANT = /\b(?:const|static)\s+(\w+)\s*:\s*&\s*(?:'static\s+)?str\s*=\s*"([^"]*)"/g;
  for (const { text } of files)
    for (const [, name = '', value = ''] of text.matchAll(CONSTANT)) constants.set(name, value);
  return constants;
}

function* commandsOf({ file, text }: RustText, injected: ReadonlySet<string>): Generator<Found> {
  for (const match of text.matchAll(ATTRIBUTE)) {
    const open = text.indexOf('[', match.index);
    const attribute = splitInside(text, open, RUST);
    if (!attribute) continue;
    const options = text.slice(open, attribute.end);
    let at = attribute.end;
    // Other attributes may stand between it and the function.
    for (;;) {
      at += text.slice(at).search(/\S|$/);
      if (text[at] !== '#') break;
      const next = splitInside(text, text.indexOf('[', at), RUST);
      if (!next) break;
      at = next.end;
    }
    const head = FUNCTION.exec(text.slice(at, at + 400));
    if (!head) continue;
    const [all, , name = ''] = head;
    const line = lineOf(text, at + all.trimEnd().length - 1);
    const named = /\brename\s*=\s*"([^"]+)"/.exec(options)?.[1] ?? name;
    yield { sort: 'command', file, line, name: named };
    const open2 = text.indexOf('(', at + all.length);
    // Generics may hold brackets of their own: `<F: Fn(u8)>`.
    const parameters = splitInside(
      text,
      text[at + all.length] === '<' ? afterGenerics(text, at + all.length) : open2,
      RUST,
    );
    const isSnake = /rename_all\s*=\s*"snake_case"/.test(options);
    for (const part of parameters?.parts ?? []) {
      const key = parameterKey(part.text, injected, isSnake);
      if (key !== undefined) yield { sort: 'parameter', file, line, name: `${named}(${key})` };
    }
  }
}

function afterGenerics(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '<') depth++;
    else if (text[at] === '>' && text[at - 1] !== '-') depth--;
    if (depth === 0) return text.indexOf('(', at);
  }
  return from;
}

function parameterKey(part: string, injected: ReadonlySet<string>, isSnake: boolean): string | undefined {
  const bare = part.trim().replace(/^(?:#\s*\[[^\]]*\]\s*)+/, '');
  const colon = /^(?:mut\s+)?(?:r#)?(\w+)\s*:\s*([\s\S]+)$/.exec(bare);
  if (!colon) return undefined;
  const [, name = '', type = ''] = colon;
  const last = /^(?:&\s*)?(?:\w+\s*::\s*)*(\w+)/.exec(type)?.[1] ?? '';
  if (name === '_' || INJECTED.test(type) || injected.has(last)) return undefined;
  return isSnake ? name : lowerCamel(name);
}

function lowerCamel(name: string): string {
  const [first = '', ...rest] = name.split('_').filter((word) => word !== '');
  return (
    first.charAt(0).toLowerCase() + first.slice(1) + rest.map((w) => w.charAt(0).toUpperCase() + w.slice(1)).join('')
  );
}

function* eventsOf({ file, text }: RustText, constants: ReadonlyMap<string, string>): Generator<Found> {
  for (const match of text.matchAll(EVENT)) {
    const [all, method = ''] = match;
    const args = splitInside(text, match.index + all.length - 1, RUST);
    const part = args?.parts[method === 'emit_to' ? 1 : 0];
    if (!part) continue;
    const value = part.text.trim().replace(/^&\s*/, '');
    const literal = /^"([^"]*)"(?:\s*\.\s*(?:into|to_string|to_owned)\s*\(\s*\))?$/.exec(value)?.[1];
    const constant = constants.get(/(?:^|::)(\w+)$/.exec(value)?.[1] ?? '');
    const start = part.start + part.text.search(/\S/);
    const role = method.startsWith('emit') ? 'emit' : 'listen';
    yield { sort: 'event', file, line: lineOf(text, start), name: `${role} ${literal ?? constant ?? UNKNOWN}` };
  }
}
