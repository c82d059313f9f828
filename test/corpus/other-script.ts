/**
 * Calls and events of scripts, counted with regular expressions alone, in the whole text of a file, whatever its language:
 * names that are imported as `invoke`, any `….invoke(`, and any call whose first argument is a string that is the name of
 * a command in the repository's Rust code: so wrappers are found without being understood.
 */
import { type Found, UNKNOWN } from './found.ts';
import { blankComments, lineOf, type Part, SCRIPT, skipSpace, splitInside } from './text.ts';

export interface ScriptText {
  readonly file: string;
  readonly text: string;
}

const TYPE_ARGUMENTS = String.raw`(?:<(?:[^<>()]|<(?:[^<>()]|<[^<>()]*>)*>|\([^()]*\)|=>)*>\s*)?`;
/** How a name that can be told begins: a string, a constant, a member of one. */
const NAME = /^(?:['"`]|[A-Za-z_$][\w$]*(?:\.[\w$]+)?\s*[,)])/;
const EVENT_METHODS = 'listen|once|emit|emitTo';
const TAURI_EVENTS = /@tauri-apps\/api|__TAURI__/;
/** `TauriEvent` of `@tauri-apps/api/event`. */
const TAURI_EVENT = new Map([
  ['WINDOW_RESIZED', 'resize'],
  ['WINDOW_MOVED', 'move'],
  ['WINDOW_CLOSE_REQUESTED', 'close-requested'],
  ['WINDOW_DESTROYED', 'destroyed'],
  ['WINDOW_FOCUS', 'focus'],
  ['WINDOW_BLUR', 'blur'],
  ['WINDOW_SCALE_FACTOR_CHANGED', 'scale-change'],
  ['WINDOW_THEME_CHANGED', 'theme-changed'],
  ['WINDOW_CREATED', 'window-created'],
  ['WEBVIEW_CREATED', 'webview-created'],
  ['DRAG_ENTER', 'drag-enter'],
  ['DRAG_OVER', 'drag-over'],
  ['DRAG_DROP', 'drag-drop'],
  ['DRAG_LEAVE', 'drag-leave'],
]);
/** Calls that name commands and send nothing: of test libraries, of sets and maps, of pages. */
const NO_WRAPPER =
  /(?:^|\.)(?:to\w+|expect|describe|it|test|mock\w*|calledWith|has|get|set|add|delete|includes|push|indexOf|startsWith|endsWith|split|join|replace|require|import|querySelector\w*|getElementById|getItem|setItem|removeItem|addEventListener|removeEventListener|log|warn|error|info|debug|t|\$t|Error|String|fill|click|find\w*|filter|on|emit|emitTo|listen|once|if|for|while|switch|return|typeof|case|super|Symbol|Set|Map)$/;

/**
 * @param files all scripts of a repository
 * @param commands names of its commands in Rust
 * @param events names of the events that its Rust code emits or listens to
 */
export function countScripts(
  files: readonly ScriptText[],
  commands: ReadonlySet<string>,
  events: ReadonlySet<string>,
): Found[] {
  const bare = files.map(({ file, text }) => ({ file, text: blankComments(text, SCRIPT) }));
  const resolve = resolver(bare);
  return bare.flatMap((each) => {
    const calls = callsOf(each, commands, resolve);
    return [...calls, ...eventsOf(each, events, resolve)];
  });
}

type Resolve = (expression: string, file: ScriptText) => readonly string[];

/** Finds strings that names stand for: `const NAME = '…'`, `{ key: '…' }` and `key = '…'` of an enum, by name alone. */
function resolver(files: readonly ScriptText[]): Resolve {
  const members = new Map<string, string>();
  const constants = new Map<string, string>();
  const inFile = new Map<string, string>();
  for (const { file, text } of files) {
    for (const match of text.matchAll(/\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=;\n]+)?=\s*(['"`])([^'"`\n$]*)\2/g)) {
      constants.set(match[1] ?? '', match[3] ?? '');
      inFile.set(`${file} ${match[1]}`, match[3] ?? '');
    }
    const BLOCK =
      /\b(?:enum\s+([\w$]+)\s*|(?:const|let|var)\s+([\w$]+)\s*(?::[^=;\n]+)?=\s*(?:Object\.freeze\s*\(\s*)?)\{/g;
    for (const match of text.matchAll(BLOCK)) {
      const owner = match[1] ?? match[2] ?? '';
      const open = match.index + match[0].length - 1;
      for (const part of splitInside(text, open, SCRIPT)?.parts ?? []) {
        const entry = /^\s*['"]?([\w$]+)['"]?\s*[:=]\s*(['"`])([^'"`\n]*)\2/.exec(part.text);
        if (entry) members.set(`${owner}.${entry[1]}`, entry[3] ?? '');
      }
    }
  }
  return (expression, { file }) => {
    const value = expression.trim().replace(/\s+as\s+const$/, '');
    const literal = /^(['"`])([^'"`\n]*)\1$/.exec(value);
    if (literal && !(literal[1] === '`' && value.includes('${'))) return [literal[2] ?? ''];
    const either = /^[^'"`?]+\?\s*(['"])([^'"]*)\1\s*:\s*(['"])([^'"]*)\3$/.exec(value);
    if (either) return [either[2] ?? '', either[4] ?? ''];
    if (/^[\w$]+$/.test(value)) return [inFile.get(`${file} ${value}`) ?? constants.get(value) ?? UNKNOWN];
    const event = TAURI_EVENT.get(/^TauriEvent\.(\w+)$/.exec(value)?.[1] ?? '');
    return [event === undefined ? (members.get(value) ?? UNKNOWN) : `tauri://${event}`];
  };
}

function* callsOf(script: ScriptText, commands: ReadonlySet<string>, resolve: Resolve): Generator<Found> {
  const { text } = script;
  // `command('name', …)` defines one there.
  if (/from ['"]ipc-workbench['"]/.test(text)) return;
  const names = new Set(['invoke', 'TAURI_INVOKE']);
  for (const [, alias = ''] of text.matchAll(/\binvoke\s+as\s+([\w$]+)/g)) names.add(alias);
  for (const [, alias = ''] of text.matchAll(/[{,]\s*invoke\s*:\s*([\w$]+)\s*[,}][^;\n]*(?:=\s|=$)/g)) names.add(alias);
  const list = [...names].map((name) => name.replaceAll('$', '\\$')).join('|');
  const CALL = new RegExp(
    String.raw`(?<![\w$])([\w$]+(?:\s*[.?!]+\s*[\w$]+|\(\s*\)\s*\.\s*)*)\s*(?:\?\.\s*)?${TYPE_ARGUMENTS}\(`,
    'g',
  );
  const isInvoke = new RegExp(String.raw`(?:^|[.!?\s])(?:${list})$`);
  for (const match of text.matchAll(CALL)) {
    const callee = (match[1] ?? '').replaceAll(/\s+/g, '');
    const before = text.slice(Math.max(0, match.index - 12), match.index);
    if (/\bfunction\s*\*?\s*$/.test(before)) continue;
    const open = match.index + match[0].length - 1;
    const invokes = isInvoke.test(callee);
    if (!invokes && (NO_WRAPPER.test(callee) || !NAME.test(text.slice(skipSpace(text, open + 1), open + 200))))
      continue;
    const inside = splitInside(text, open, SCRIPT);
    const [name, args] = inside?.parts ?? [];
    if (!inside || !name) continue;
    // A method with that name is declared: `invoke(cmd: string) {`.
    if (
      /^\s*\w+\??\s*:/.test(name.text) ||
      (/^\s*(?::[^=;]+)?\{/.test(text.slice(inside.end)) && /^\s*\w+\s*$/.test(name.text))
    )
      continue;
    for (const command of resolve(name.text, script)) {
      if (!invokes && !commands.has(command)) continue;
      const line = lineOf(text, skipSpace(text, name.start));
      yield { sort: 'call', file: script.file, line, name: command };
      for (const key of keysOf(args)) {
        yield { sort: 'argument', file: script.file, line, name: `${command}(${key})` };
      }
    }
  }
}

/** Keys of an object that is written out. */
function keysOf(part: Part | undefined): string[] {
  const text = part?.text.trim() ?? '';
  if (!text.startsWith('{')) return [];
  return (splitInside(text, 0, SCRIPT)?.parts ?? []).flatMap((property) => {
    const found = /^\s*(?:async\s+)?(?:'([^']*)'|"([^"]*)"|([\w$]+))\s*(?=[:(,]|$)/.exec(property.text);
    return found?.[1] ?? found?.[2] ?? found?.[3] ?? [];
  });
}

function* eventsOf(script: ScriptText, events: ReadonlySet<string>, resolve: Resolve): Generator<Found> {
  const { text } = script;
  const imported = new Map<string, string>();
  for (const [, list = ''] of text.matchAll(
    /\bimport\s*(?:type\s*)?\{([^}]*)\}\s*from\s*['"]@tauri-apps\/api\/event['"]/g,
  )) {
    for (const [, name = '', alias] of list.matchAll(/\b(listen|once|emit|emitTo)\b(?:\s+as\s+([\w$]+))?/g)) {
      imported.set(alias ?? name, name);
    }
  }
  for (const [, list = ''] of text.matchAll(
    /\{([^}]*)\}\s*=\s*(?:await\s+import\(\s*['"]@tauri-apps\/api\/event['"]\s*\)|[\w.]*__TAURI__\??\.event)/g,
  )) {
    for (const [, name = '', alias] of list.matchAll(/\b(listen|once|emit|emitTo)\b(?:\s*:\s*([\w$]+))?/g)) {
      imported.set(alias ?? name, name);
    }
  }
  const isTauri = TAURI_EVENTS.test(text);
  const CALL = new RegExp(String.raw`(?<![\w$])((?:[\w$)\]]+\s*[?!]?\.\s*)*)([\w$]+)\s*${TYPE_ARGUMENTS}\(`, 'g');
  for (const match of text.matchAll(CALL)) {
    const [all, receiver = '', method = ''] = match;
    const own = receiver === '' && text[match.index - 1] !== '.' ? imported.get(method) : undefined;
    const isMethod =
      isTauri &&
      (receiver !== '' || text[match.index - 1] === '.') &&
      new RegExp(`^(?:${EVENT_METHODS})$`).test(method);
    const inside = splitInside(text, match.index + all.length - 1, SCRIPT);
    const called = own ?? (isMethod ? method : undefined);
    const part = inside?.parts[called === 'emitTo' ? 1 : 0];
    if (!part) continue;
    if (called === undefined) {
      const [literal] = /^\s*['"`]/.test(part.text) && !NO_WRAPPER.test(method) ? resolve(part.text, script) : [];
      if (literal === undefined || !/[-_:/]/.test(literal) || !events.has(literal)) continue;
      yield {
        sort: 'event',
        file: script.file,
        line: lineOf(text, skipSpace(text, part.start)),
        name: `listen ${literal}`,
      };
      continue;
    }
    const role = called.startsWith('emit') ? 'emit' : 'listen';
    for (const event of resolve(part.text, script)) {
      yield {
        sort: 'event',
        file: script.file,
        line: lineOf(text, skipSpace(text, part.start)),
        name: `${role} ${event}`,
      };
    }
  }
}
