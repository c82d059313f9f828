import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { FoundText } from './finding.ts';
import { prettyJson } from './json.ts';
import { useScroller, VirtualRows } from './virtualRows.tsx';

const LINE_HEIGHT = 18;
/** Below this all lines are drawn, so that one can select over them. */
const DRAW_ALL = 500;
/** One line's characters that are drawn; the rest is in the editor and in the copy. */
const LONGEST = 5000;

/** A JSON text laid out on lines; only those in sight are drawn. */
export function JsonText({ json, find }: { readonly json: string; readonly find?: FoundText | undefined }) {
  const text = useMemo(() => prettyJson(json), [json]);
  const lines = useMemo(() => new Lines(text), [text]);
  const pattern = find?.pattern;
  const matches = useMemo(() => (pattern ? [...text.matchAll(pattern)] : []), [text, pattern]);
  const scroller = useScroller(LINE_HEIGHT);
  const { viewport } = scroller;
  const current = find ? matches[find.current] : undefined;
  useEffect(() => {
    if (!current) return;
    viewport.count = lines.count;
    viewport.reveal(lines.lineOf(current.index), 'center');
    scroller.redraw();
  }, [current]);

  const row = (index: number) => {
    const line = lines.at(index).slice(0, LONGEST);
    const start = lines.startOf(index);
    const marks = matches.flatMap((match) => {
      const from = match.index - start;
      const to = from + match[0].length;
      return to > 0 && from < line.length ? [{ from, to, isCurrent: match === current }] : [];
    });
    return (
      <div key={index} class="text-line">
        {drawn(line, marks)}
      </div>
    );
  };
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

  startOf(index: number): number {
    return this.#starts[index] ?? 0;
  }

  /** The line that a place of the text is in. */
  lineOf(place: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= place) low = middle;
      else high = middle;
    }
    return low;
  }

  at(index: number): string {
    const next = this.#starts[index + 1];
    return this.#text.slice(this.#starts[index] ?? 0, next === undefined ? undefined : next - 1);
  }
}

const TOKEN = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d[\w.+-]*)|(true|false)|(null)/g;

interface Mark {
  readonly from: number;
  readonly to: number;
  readonly isCurrent: boolean;
}

/** A line in the colours of JSON, with what was found in it marked. */
function drawn(line: string, marks: readonly Mark[]): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  for (const { from, to, kind } of tokens(line)) {
    const inside = marks.filter((mark) => mark.from < to && mark.to > from);
    if (inside.length === 0) parts.push(piece(line.slice(from, to), kind));
    let at = from;
    for (const mark of inside) {
      parts.push(piece(line.slice(at, Math.max(at, mark.from)), kind));
      const end = Math.min(to, mark.to);
      parts.push(
        <mark class={mark.isCurrent ? 'current' : ''}>{piece(line.slice(Math.max(from, mark.from), end), kind)}</mark>,
      );
      at = end;
    }
    if (inside.length > 0) parts.push(piece(line.slice(at, to), kind));
  }
  return parts;
}

const piece = (text: string, kind: string) => (kind === '' ? text : <span class={kind}>{text}</span>);

function tokens(line: string): { readonly from: number; readonly to: number; readonly kind: string }[] {
  const parts: { from: number; to: number; kind: string }[] = [];
  let from = 0;
  const add = (to: number, kind: string) => {
    if (to > from) parts.push({ from, to, kind });
    from = to;
  };
  for (const match of line.matchAll(TOKEN)) {
    const [all, string, colon, number, boolean] = match;
    add(match.index, '');
    const isKey = colon !== undefined;
    if (string !== undefined) add(match.index + string.length, isKey ? 'tree-key' : 'value-string');
    else if (number !== undefined) add(match.index + all.length, 'value-number');
    else add(match.index + all.length, boolean === undefined ? 'value-null' : 'value-boolean');
    add(match.index + all.length, '');
  }
  add(line.length, '');
  return parts;
}
