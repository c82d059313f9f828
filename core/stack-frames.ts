/**
 * Reads the stack of a page as its engine wrote it: V8's `at name (url:line:column)`, and the `name@url:line:column` of
 * Firefox and WebKit. What a page says is only text: what fits neither form is no frame.
 */

/** How the scripts that we put into documents are called in stacks. */
export const OWN_SCRIPTS = 'ipc-workbench:';

/**
 * How V8 calls a script without an address. Those in the HTML of a webview of VS Code have none, for VS Code writes that
 * HTML into a document.
 */
export const UNNAMED_SCRIPT = '<anonymous>';

/** A place in a script that the page runs. */
export interface StackFrame {
  /** empty where the function has no name */
  readonly name: string;
  /** or {@link UNNAMED_SCRIPT} */
  readonly url: string;
  /** both from 1 */
  readonly line: number;
  readonly column: number;
  /** after an `await` in that function */
  readonly isAsync: boolean;
}

/** A page decides how long its lines are: what is behind that is no frame. */
const LINE_LENGTH = 2_048;
const PLACE = /^(.*?):(\d{1,9}):(\d{1,9})$/;

/** The frames of scripts, the innermost first, without those of our own scripts and of the engine. */
export function parseStack(text: string): StackFrame[] {
  return text.split('\n').flatMap((line) => {
    const frame = line.length > LINE_LENGTH ? undefined : (readV8(line.trim()) ?? readGecko(line.trim()));
    return frame && !frame.url.startsWith(OWN_SCRIPTS) ? [frame] : [];
  });
}

function readV8(line: string): StackFrame | undefined {
  if (!line.startsWith('at ')) return undefined;
  const isAsync = line.startsWith('at async ');
  const rest = line.slice(isAsync ? 9 : 3);
  const open = rest.lastIndexOf(' (');
  const inBrackets = rest.endsWith(')') && open >= 0;
  // Code of `eval` has no script that could be looked at.
  if (rest.includes('(eval at ')) return undefined;
  return frameOf(inBrackets ? rest.slice(0, open) : '', inBrackets ? rest.slice(open + 2, -1) : rest, isAsync);
}

function readGecko(line: string): StackFrame | undefined {
  const at = line.indexOf('@');
  if (at < 0) return undefined;
  const isAsync = line.startsWith('async*');
  return frameOf(line.slice(isAsync ? 6 : 0, at), line.slice(at + 1), isAsync);
}

function frameOf(name: string, place: string, isAsync: boolean): StackFrame | undefined {
  const [, url = '', line, column] = PLACE.exec(place) ?? [];
  if (url === '' || url === 'native' || (url.startsWith('<') && url !== UNNAMED_SCRIPT)) return undefined;
  return { name, url, line: Number(line), column: Number(column), isAsync };
}
