/** Takes a page's stack apart, as the engines of Chromium, WebKit and Firefox write it. */

export interface StackFrame {
  readonly functionName: string;
  readonly url: string;
  /** from 1 */
  readonly line: number;
  readonly column: number;
}

const MOST_FRAMES = 100;

export function stackFrames(stack: string): readonly StackFrame[] {
  return stack.split('\n', MOST_FRAMES).flatMap((line) => {
    const place = /^(.*?)\(?(\w[\w+.-]*:[^\s()]+?):(\d+):(\d+)\)?\s*$/.exec(line);
    if (!place) return [];
    const [, before = '', url = '', row, column] = place;
    const functionName = before
      .replace(/^\s*at\s+/, '')
      .replace(/@$/, '')
      .trim();
    return [{ functionName, url, line: Number(row), column: Number(column) }];
  });
}
