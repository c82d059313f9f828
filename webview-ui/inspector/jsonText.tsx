import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { FoundText } from './finding.ts';
import { findInText, type JsonLines } from './jsonLines.ts';
import { useFind } from './payloadFind.ts';
import type { Payloads } from './payloads.ts';
import { useScroller, VirtualRows } from './virtualRows.tsx';

const LINE_HEIGHT = 18;
/** Below this all lines are drawn, so that one can select over them. */
const DRAW_ALL = 500;
/** One line's characters that are drawn. */
const LONGEST = 5000;

interface TextLinesProps {
  readonly payloads: Payloads;
  readonly lines: Pick<JsonLines, 'text' | 'at' | 'startOf' | 'lineOf'>;
  readonly count: number;
  readonly label: string;
  /** what is found is marked */
  readonly pattern: RegExp | undefined;
  /** what is searched for in all messages: one of its places may be in this text */
  readonly found?: FoundText | undefined;
  /** whether words of JSON get their colours */
  readonly isJson: boolean;
}

/** The place that is in sight: a line, and which of the finds in it. */
interface Current {
  readonly line: number;
  readonly nth: number;
}

/** A text on lines; only those in sight are drawn. */
export function TextLines({ payloads, lines, count, label, pattern, found, isJson }: TextLinesProps) {
  const scroller = useScroller(LINE_HEIGHT);
  const [current, setCurrent] = useState<Current | undefined>(undefined);
  const { viewport } = scroller;
  const reveal = (place: number) => {
    const line = lines.lineOf(place);
    const before = lines.text.slice(lines.startOf(line), place);
    viewport.count = Math.max(viewport.count, line + 1);
    viewport.reveal(line, 'center');
    setCurrent({ line, nth: pattern ? [...before.matchAll(pattern)].length : 0 });
    scroller.redraw();
  };
  useFind(payloads, lines, (wanted) => findInText(lines.text, wanted), reveal);
  const foundPattern = found?.pattern;
  const nth = found?.current ?? -1;
  useEffect(() => {
    if (!foundPattern || nth < 0) return undefined;
    return payloads.steps.run(findInText(lines.text, foundPattern), (places) => {
      const place = places[nth];
      if (place !== undefined) reveal(place);
    });
    // Once more when the lines that are sought have been found.
  }, [lines, count, foundPattern, nth]);
  const row = (index: number) => {
    const whole = lines.at(index);
    const line = whole.slice(0, LONGEST);
    const isCurrent = pattern !== undefined && current?.line === index;
    const marks = pattern ? marksOf(line, pattern, isCurrent ? current.nth : -1) : [];
    return (
      <div key={index} class={isCurrent ? 'text-line current' : 'text-line'}>
        {drawn(line, marks, isJson)}
        {whole.length > LONGEST && <span class="faint"> … {whole.length - LONGEST} characters more</span>}
      </div>
    );
  };
  return (
    <div class="scroll-box json-text" role="region" aria-label={label} tabIndex={0} ref={scroller.boxRef}>
      <VirtualRows scroller={scroller} count={count} row={row} overscan={count <= DRAW_ALL ? DRAW_ALL : 10} />
    </div>
  );
}

function marksOf(line: string, pattern: RegExp, current: number): Mark[] {
  return [...line.matchAll(pattern)].flatMap(({ index, 0: text }, nth) =>
    text === '' ? [] : [{ from: index, to: index + text.length, isCurrent: nth === current }],
  );
}

/** Text that is no JSON. */
export function PlainText({
  text,
  ...props
}: Omit<TextLinesProps, 'lines' | 'count' | 'isJson'> & { readonly text: string }) {
  const lines = useMemo(() => new PlainLines(text), [text]);
  return <TextLines {...props} lines={lines} count={lines.count} isJson={false} />;
}

/** The lines of a text, without a string for each. */
class PlainLines {
  readonly text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  get count(): number {
    return this.#starts.length;
  }

  at(index: number): string {
    const next = this.#starts[index + 1];
    return this.text.slice(this.#starts[index] ?? 0, next === undefined ? undefined : next - 1);
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
}

const TOKEN = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d[\w.+-]*)|(true|false)|(null)/g;

interface Mark {
  readonly from: number;
  readonly to: number;
  readonly isCurrent: boolean;
}

/** A line in the colours of JSON, with what was found in it marked. */
function drawn(line: string, marks: readonly Mark[], isJson: boolean): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  for (const { from, to, kind } of isJson ? tokens(line) : [{ from: 0, to: line.length, kind: '' }]) {
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
