import { useEffect, useMemo, useState } from 'preact/hooks';
import { useFind } from './payloadFind.ts';
import { findInText } from './jsonLines.ts';
import { marked } from './marked.tsx';
import { type SlicedBytes, WHOLE_BYTES } from './payload.ts';
import type { Payloads } from './payloads.ts';
import { type Scroller, useScroller, VirtualRows } from './virtualRows.tsx';

const LINE_HEIGHT = 18;
/** Bytes in a line, and in one where there is little room. */
const [COLUMNS, FEW_COLUMNS] = [16, 8];
/** Characters that a line of 16 bytes needs, and how wide one is, of the size of the letters. */
const [LINE_CHARACTERS, CHARACTER_WIDTH] = [80, 0.61];

interface HexProps {
  readonly payloads: Payloads;
  readonly bytes: SlicedBytes;
  readonly pattern: RegExp | undefined;
  /** a slice is needed that is not here */
  readonly onWant: (offset: number) => void;
  /** all are needed */
  readonly onWantAll: () => void;
}

/** Offset, 16 bytes (8 in a narrow pane), and their ASCII characters a line. Slices are asked for as they come into sight. */
export function HexView({ payloads, bytes, pattern, onWant, onWantAll }: HexProps) {
  const scroller = useScroller(LINE_HEIGHT);
  const { viewport } = scroller;
  const [current, setCurrent] = useState(-1);
  const columns = useColumns(scroller);
  const count = Math.ceil(bytes.size / columns);
  viewport.count = count;
  const { first, last } = viewport.span(2);
  const isSearched = payloads.find.pattern.value !== undefined;
  const isWhole = bytes.isWhole;
  useEffect(() => {
    for (const offset of bytes.want(first * columns, last * columns)) onWant(offset);
  }, [bytes, first, last, columns, onWant]);
  useEffect(() => {
    if (isSearched && !isWhole) onWantAll();
  }, [isSearched, isWhole]);
  const go = (line: number, where?: 'center') => {
    viewport.reveal(line, where);
    scroller.redraw();
  };
  // One search a view: of what has come when it began, or of all.
  const subject = useMemo(() => ({}), [bytes, isWhole || bytes.size > WHOLE_BYTES]);
  useFind(
    payloads,
    isWhole || bytes.size > WHOLE_BYTES ? subject : undefined,
    () => findBytes(bytes, payloads.find.text.value),
    (offset) => {
      setCurrent(offset);
      go(Math.floor(offset / columns), 'center');
    },
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey) return;
    const keys: Readonly<Record<string, () => void>> = { Home: () => go(0), End: () => go(count - 1) };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };

  const digits = Math.max(8, (bytes.size - 1).toString(16).length);
  const row = (index: number) => {
    const { hex, ascii } = hexLine(bytes, index * columns, columns);
    const isCurrent = isSearched && index === Math.floor(current / columns);
    return (
      <div key={index} class={isCurrent ? 'hex-line current' : 'hex-line'}>
        <span class="hex-offset">{(index * columns).toString(16).padStart(digits, '0')}</span>
        <span class="hex-bytes">{hex}</span>
        <span class="hex-ascii">{marked(ascii, pattern)}</span>
      </div>
    );
  };
  return (
    <div
      class="scroll-box hex"
      role="region"
      aria-label={`${bytes.size} bytes in hexadecimal`}
      tabIndex={0}
      ref={scroller.boxRef}
      onKeyDown={onKeyDown}
    >
      <VirtualRows scroller={scroller} count={count} row={row} overscan={10} />
    </div>
  );
}

function useColumns({ boxRef, width }: Scroller): number {
  const box = boxRef.current;
  const size = useMemo(() => (box ? Number.parseFloat(getComputedStyle(box).fontSize) : 0), [box, width]);
  return size > 0 && width < LINE_CHARACTERS * CHARACTER_WIDTH * size ? FEW_COLUMNS : COLUMNS;
}

/** Each byte as one character. Characters beyond ASCII are other ones than these, but always the same. */
const latin = new TextDecoder('latin1');

/** Where bytes are found: given as `89 50 4e`, or as text, of which small and capital letters count as the same. */
export function findBytes(bytes: SlicedBytes, wanted: string): Generator<number, readonly number[]> {
  const isHex = /^(?:[\da-f]{2}(?:\s+|$)){2,}$/i.test(wanted.trim());
  const needle = isHex
    ? Uint8Array.from(wanted.trim().split(/\s+/), (pair) => Number.parseInt(pair, 16))
    : new TextEncoder().encode(wanted);
  const source = latin.decode(needle).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const text = latin.decode(bytes.take(0, Math.min(bytes.size, WHOLE_BYTES)));
  return findInText(text, new RegExp(source, isHex ? 'g' : 'gi'));
}

/** `00 01 … 07  08 … 0f` and the characters, both always of full width so that columns stand. */
export function hexLine(
  bytes: SlicedBytes,
  offset: number,
  columns = COLUMNS,
): { readonly hex: string; readonly ascii: string } {
  let hex = '';
  let ascii = '';
  for (let at = offset; at < offset + columns; at++) {
    if (at === offset + COLUMNS / 2) hex += ' ';
    const byte = at < bytes.size ? bytes.at(at) : undefined;
    if (at >= bytes.size) {
      hex += '   ';
    } else if (byte === undefined) {
      hex += '·· ';
      ascii += ' ';
    } else {
      hex += `${byte.toString(16).padStart(2, '0')} `;
      ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
    }
  }
  return { hex: hex.slice(0, -1), ascii };
}
