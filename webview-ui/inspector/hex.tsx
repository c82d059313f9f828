import { useEffect } from 'preact/hooks';
import type { SlicedBytes } from './payload.ts';
import { useScroller, VirtualRows } from './virtualRows.tsx';

const LINE_HEIGHT = 18;
const COLUMNS = 16;

interface HexProps {
  readonly bytes: SlicedBytes;
  /** a slice is needed that is not here */
  readonly onWant: (offset: number) => void;
}

/** Offset, 16 bytes, and their ASCII characters a line. Slices are asked for as they come into sight. */
export function HexView({ bytes, onWant }: HexProps) {
  const scroller = useScroller(LINE_HEIGHT);
  const { viewport } = scroller;
  const count = Math.ceil(bytes.size / COLUMNS);
  viewport.count = count;
  const { first, last } = viewport.span(2);
  useEffect(() => {
    for (const offset of bytes.want(first * COLUMNS, last * COLUMNS)) onWant(offset);
  }, [bytes, first, last, onWant]);

  const digits = Math.max(8, (bytes.size - 1).toString(16).length);
  const row = (index: number) => {
    const { hex, ascii } = hexLine(bytes, index * COLUMNS);
    return (
      <div key={index} class="hex-line">
        <span class="hex-offset">{(index * COLUMNS).toString(16).padStart(digits, '0')}</span>
        <span class="hex-bytes">{hex}</span>
        <span class="hex-ascii">{ascii}</span>
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
    >
      <VirtualRows scroller={scroller} count={count} row={row} overscan={10} />
    </div>
  );
}

/** `00 01 … 07  08 … 0f` and the characters, both always of full width so that columns stand. */
export function hexLine(bytes: SlicedBytes, offset: number): { readonly hex: string; readonly ascii: string } {
  let hex = '';
  let ascii = '';
  for (let at = offset; at < offset + COLUMNS; at++) {
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
