import type { Pen } from '../../../../webview-ui/inspector/time/canvas.tsx';
import type { Palette } from '../../../../webview-ui/inspector/time/palette.ts';

export interface DrawnRect {
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly alpha: number;
}

export interface DrawnLine {
  readonly colour: string;
  readonly isDashed: boolean;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A pen that writes down what is drawn with it. */
export function recordingPen() {
  const rects: DrawnRect[] = [];
  const lines: DrawnLine[] = [];
  const texts: string[] = [];
  let path: Omit<DrawnRect, 'colour' | 'alpha'>[] = [];
  let line: [number, number][][] = [];
  let dash: readonly number[] = [];
  const pen = {
    fillStyle: '',
    strokeStyle: '',
    lineWidth: 1,
    globalAlpha: 1,
    font: '',
    textBaseline: '',
    beginPath: () => {
      path = [];
      line = [];
    },
    rect: (x: number, y: number, width: number, height: number) => void path.push({ x, y, width, height }),
    moveTo: (x: number, y: number) => void line.push([[x, y]]),
    lineTo: (x: number, y: number) => void line.at(-1)?.push([x, y]),
    closePath: () => {},
    setLineDash: (given: readonly number[]) => (dash = given),
    fill: () => {
      for (const rect of path) rects.push({ colour: pen.fillStyle, alpha: pen.globalAlpha, ...rect });
    },
    stroke: () => {
      for (const points of line) lines.push({ colour: pen.strokeStyle, isDashed: dash.length > 0, points });
    },
    fillRect: (x: number, y: number, width: number, height: number) =>
      void rects.push({ colour: pen.fillStyle, alpha: pen.globalAlpha, x, y, width, height }),
    fillText: (text: string) => void texts.push(text),
  };
  return { pen: pen as unknown as Pen, rects, lines, texts };
}

/** Every colour is its own name. */
export const PALETTE = new Proxy({} as Palette, { get: (_target, name) => String(name) });
