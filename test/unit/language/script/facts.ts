/** Facts of scripts in short: what tests compare, with places as the text that stands there. */
import type { FileFacts, FileRange } from '#server/index/facts.ts';
import { readScript, ScriptIndex } from '#server/script/index.ts';

export type Files = Readonly<Record<string, string>>;

const ROOT = '/app';

/** Scripts and the files that configure their imports, by their paths in a project. */
export class Scripts {
  readonly index = new ScriptIndex();
  readonly #texts = new Map<string, string>();

  constructor(files: Files) {
    for (const [path, text] of Object.entries(files)) this.set(path, text);
  }

  set(path: string, text: string): void {
    const file = `${ROOT}/${path}`;
    this.#texts.set(file, text);
    if (path.endsWith('.json')) this.index.setConfig(file, text);
    else this.index.set(readScript(file, text));
  }

  delete(path: string): void {
    this.index.delete(`${ROOT}/${path}`);
  }

  facts(path: string): FileFacts {
    return this.index.facts(`${ROOT}/${path}`);
  }

  /** The text at a place; with its file where that is not `path`. */
  at(place: FileRange | undefined, path?: string): string | undefined {
    if (!place) return undefined;
    const text = this.#texts.get(place.file) ?? '';
    const { start, end } = place.range;
    const lines = text.split(/\r\n|\r|\n/);
    const offset = (line: number, character: number) =>
      lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
    const found = text
      .replaceAll('\r\n', '\n')
      .slice(offset(start.line, start.character), offset(end.line, end.character));
    const file = place.file.slice(ROOT.length + 1);
    return path === undefined || path === file ? found : `${file}: ${found}`;
  }

  /** Each call of a file in one line: `callee -> command {keys}`. */
  calls(path: string): string[] {
    return this.facts(path).calls.map(({ callee, command, args }) => {
      const keys =
        args.kind === 'object' ? ` {${args.keys.map(({ key }) => key).join(', ')}${args.isOpen ? ', …' : ''}}` : '';
      return `${callee} -> ${command ?? '?'}${keys}${args.kind === 'other' ? ' …' : ''}`;
    });
  }
}

/** Calls of one file; the ending of its name says what it is. */
export const callsIn = (text: string, path = 'src/main.ts') => new Scripts({ [path]: text }).calls(path);
