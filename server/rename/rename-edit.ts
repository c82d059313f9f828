/** One edit of many files, in which everything that a rename changes is written. */
import {
  type ChangeAnnotation,
  LSPErrorCodes,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { EditSupport } from '../context.ts';
import type { FileRange } from '../index/facts.ts';
import { uriOf } from '../positions.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** A rename that cannot be done, in a sentence for the user. */
export const refusal = (message: string) => new ResponseError<void>(LSPErrorCodes.RequestFailed, message);

/** A place as people read it: the last part of the path, and the line. */
export const placeText = ({ file, range }: FileRange) => `${file.split('/').at(-1)}:${range.start.line + 1}`;

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
  readonly isCertain: boolean;
}

const UNCERTAIN = 'uncertain';
const LEFT = 'left';

export class RenameEdit {
  readonly #workspace: Workspace;
  readonly #files = new Map<string, Map<number, Replacement>>();
  readonly #documents = new Map<string, TextDocument>();
  readonly #left = new Set<string>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** A file as it is now. Throws where it is gone. */
  async document(file: string): Promise<TextDocument> {
    const known = this.#documents.get(file) ?? (await this.#workspace.readDocument(file));
    if (!known) throw refusal(`${file} cannot be read.`);
    this.#documents.set(file, known);
    return known;
  }

  /**
   * Writes a new text where `old` stands, or where it is the last part of what stands there (`plugin:notes|find`).
   *
   * @throws where something else stands there, such as an escape
   */
  async replace(place: FileRange, old: string, newText: string): Promise<void> {
    const document = await this.document(place.file);
    const start = document.offsetAt(place.range.start);
    const offset = offsetIn(document.getText(place.range), old);
    if (offset === undefined) {
      throw refusal(`"${old}" is written in another way at ${placeText(place)}: change it there by hand first.`);
    }
    this.#add(place.file, { start: start + offset, end: start + offset + old.length, newText, isCertain: true });
  }

  /** Writes a text in place of whatever is there. Where it is not certain that it is meant, the user is asked. */
  async write(place: FileRange, newText: string, isCertain: boolean): Promise<void> {
    const document = await this.document(place.file);
    const [start, end] = [document.offsetAt(place.range.start), document.offsetAt(place.range.end)];
    this.#add(place.file, { start, end, newText, isCertain });
  }

  /** Something that speaks of what is renamed stays as it is: a sentence for the user. */
  leave(sentence: string): void {
    this.#left.add(sentence);
  }

  #add(file: string, replacement: Replacement): void {
    let replacements = this.#files.get(file);
    if (!replacements) {
      replacements = new Map();
      this.#files.set(file, replacements);
    }
    // A place may be found twice, once with certainty.
    const known = replacements.get(replacement.start);
    if (!known || replacement.isCertain) replacements.set(replacement.start, replacement);
  }

  /** Whether there are places of which it is not certain that they are meant. */
  get isUncertain(): boolean {
    return [...this.#files.values()].some((each) => [...each.values()].some(({ isCertain }) => !isCertain));
  }

  /** The edit as the client can do it. What is not certain is left out for a client that cannot ask. */
  async result({ documentChanges, annotations }: EditSupport): Promise<WorkspaceEdit> {
    const files: { readonly file: string; readonly edits: TextEdit[] }[] = [];
    for (const [file, replacements] of this.#files) {
      const document = await this.document(file);
      const edits = [...replacements.values()]
        .filter(({ isCertain }) => isCertain || annotations)
        .toSorted((a, b) => a.start - b.start)
        .map(({ start, end, newText, isCertain }) => {
          const range = { start: document.positionAt(start), end: document.positionAt(end) };
          const annotation = isCertain ? (this.#left.size > 0 ? LEFT : undefined) : UNCERTAIN;
          return { range, newText, ...(annotations && annotation && { annotationId: annotation }) };
        });
      if (edits.length > 0) files.push({ file, edits });
    }
    // Nobody would see what is said of an edit that changes nothing.
    if (files.length === 0 && this.#left.size > 0) throw refusal(this.#whatIsLeft);
    if (!documentChanges) return { changes: Object.fromEntries(files.map(({ file, edits }) => [uriOf(file), edits])) };
    const changes = files.map(({ file, edits }) => {
      const version = this.#workspace.documentOf(file)?.version ?? null;
      return { textDocument: { uri: uriOf(file), version }, edits };
    });
    const changeAnnotations = annotations ? this.#annotations() : {};
    return { documentChanges: changes, ...(Object.keys(changeAnnotations).length > 0 && { changeAnnotations }) };
  }

  get #whatIsLeft(): string {
    return [...this.#left].join(' ');
  }

  #annotations(): Record<string, ChangeAnnotation> {
    const description = this.#whatIsLeft;
    return {
      ...(this.isUncertain && {
        [UNCERTAIN]: {
          label: 'In a macro, which may mean something else by the name',
          needsConfirmation: true,
        },
      }),
      ...(description !== '' && {
        [LEFT]: { label: 'Something stays as it is', needsConfirmation: true, description },
      }),
    };
  }
}

/** Where `old` begins in a text that is it, with or without quotes, or that ends with it behind a separator. */
function offsetIn(text: string, old: string): number | undefined {
  const quote = /^(?:r?#*"|["'`])/.exec(text)?.[0] ?? '';
  const inner = quote === '' ? text : text.slice(quote.length, text.length - quote.replace('r', '').length);
  if (!inner.endsWith(old)) return undefined;
  const before = inner.slice(0, inner.length - old.length);
  return before === '' || /[|:]$/.test(before) ? quote.length + before.length : undefined;
}
