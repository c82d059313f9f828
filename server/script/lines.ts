/** Positions of offsets in a text, by the line breaks that LSP has. */
import type { Position, Range } from 'vscode-languageserver-types';
import type { Span } from './model.ts';

/** The lines of one text. (TypeScript's own count breaks lines at U+2028 too, LSP does not.) */
export class Lines {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let index = 0; ; ) {
      const line = text.indexOf('\n', index);
      const end = line < 0 ? text.length : line;
      // A carriage return that no line feed follows ends a line as well.
      for (let cr = text.indexOf('\r', index); cr >= 0 && cr < end - 1; cr = text.indexOf('\r', cr + 1)) {
        this.#starts.push(cr + 1);
      }
      if (line < 0) {
        if (end > index && text.charCodeAt(end - 1) === 13) this.#starts.push(end);
        return;
      }
      this.#starts.push(line + 1);
      index = line + 1;
    }
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low, character: offset - (this.#starts[low] ?? 0) };
  }

  range({ start, end }: Span): Range {
    return { start: this.position(start), end: this.position(end) };
  }
}
