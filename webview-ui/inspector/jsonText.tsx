import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { prettyJson } from './json.ts';
import { useScroller, VirtualRows } from './virtualRows.tsx';

const LINE_HEIGHT = 18;
/** Below this all lines are drawn, so that one can select over them. */
const DRAW_ALL = 500;
/** One line's characters that are drawn; the rest is in the editor and in the copy. */
const LONGEST = 5000;

/** A JSON text laid out on lines; only those in sight are drawn. */
export function JsonText({ json }: { readonly json: string }) {
  const lines = useMemo(() => new Lines(prettyJson(json)), [json]);
  const scroller = useScroller(LINE_HEIGHT);
  const row = (index: number) => (
    <div key={index} class="text-line">
      {tokens(lines.at(index).slice(0, LONGEST))}
    </div>
  );
  return (
    <div class="scroll-box json-text" role="region" aria-label="JSON text" tabIndex={0} ref={scroller.boxRef}>
      <VirtualRows
        scroller={scroller}
        count={lines.count}
        row={row}
        overscan={lines.count <= DRAW_ALL ? DRAW_ALL : 10}
      />
    </div>
  );
}

/** The lines of a text, without a string for each. */
class Lines {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  get count(): number {
    return this.#starts.length;
  }

  at(index: number): string {
    const next = this.#starts[index + 1];
    return this.#text.slice(this.#starts[index] ?? 0, next === undefined ? undefined : next - 1);
  }
}

const TOKEN = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d[\w.+-]*)|(true|false)|(null)/g;

function tokens(line: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const match of line.matchAll(TOKEN)) {
    const [all, string, colon, number, boolean] = match;
    parts.push(line.slice(from, match.index));
    from = match.index + all.length;
    if (string !== undefined)
      parts.push(<span class={colon === undefined ? 'value-string' : 'tree-key'}>{string}</span>, colon);
    else
      parts.push(
        <span class={number !== undefined ? 'value-number' : boolean !== undefined ? 'value-boolean' : 'value-null'}>
          {all}
        </span>,
      );
  }
  parts.push(line.slice(from));
  return parts;
}
