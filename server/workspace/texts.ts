/** The texts of files: those of open documents as they are in the editor, all others as on disk. */
import { hash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** Nobody writes such a file by hand, and reading it would hold up all others. */
export const MAX_FILE_BYTES = 1024 * 1024;

export class Texts {
  readonly #open = new Map<string, TextDocument>();
  readonly #tooLong: (file: string) => void;

  /** @param tooLong is told of a file that is left out for its length */
  constructor(tooLong: (file: string) => void) {
    this.#tooLong = tooLong;
  }

  open(file: string, document: TextDocument): void {
    this.#open.set(file, document);
  }

  close(file: string): void {
    this.#open.delete(file);
  }

  /** The document of a file is another one now. */
  touch(file: string): void {
    const document = this.#open.get(file);
    if (document && this.#open.delete(file)) this.#open.set(file, document);
  }

  /** Those that changed last come first. */
  get openFiles(): readonly string[] {
    return [...this.#open.keys()].reverse();
  }

  /** A document as it is open in the editor. */
  document(file: string): TextDocument | undefined {
    return this.#open.get(file);
  }

  /** A document as it is open, or else as on disk. */
  async readDocument(file: string): Promise<TextDocument | undefined> {
    const open = this.#open.get(file);
    if (open) return open;
    const text = await this.read(file);
    return text === undefined ? undefined : TextDocument.create(file, '', 0, text);
  }

  /** Undefined for a file that is gone, or longer than {@link MAX_FILE_BYTES}. */
  async read(file: string): Promise<string | undefined> {
    const open = this.#open.get(file)?.getText();
    try {
      const length = open?.length ?? (await stat(file)).size;
      if (length <= MAX_FILE_BYTES) return open ?? withoutMark(await readFile(file, 'utf8'));
    } catch {
      return undefined;
    }
    this.#tooLong(file);
    return undefined;
  }
}

/** As editors have it: a mark of the byte order is none of its characters. */
const withoutMark = (text: string) => (text.startsWith('\uFEFF') ? text.slice(1) : text);

/** The same for the same text, and for no other one. */
export const fingerprint = (text: string): string => hash('sha1', text, 'base64');
