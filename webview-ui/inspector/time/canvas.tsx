import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { type Palette, readPalette, watchTheme } from './palette.ts';

/** What is drawn with; tests give one that writes down what it is told. */
export type Pen = CanvasRenderingContext2D;

export type Draw = (pen: Pen, width: number, height: number, palette: Palette) => void;

interface CanvasProps {
  readonly draw: Draw;
  readonly class?: string;
  /** in px; without it the style says so */
  readonly height?: number;
}

/**
 * A canvas that is drawn each time that its owner is, in pixels of the device. It is not for readers: who uses it says
 * the same in words beside it.
 */
export function Canvas({ draw, class: className = '', height }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = useRef<Palette | undefined>(undefined);
  const size = useRef({ width: 0, height: 0 });
  const [, again] = useReducer((count: number) => count + 1, 0);

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return;
    // Asking for its size at each drawing would lay the page out.
    const measure = () => {
      size.current = { width: element.clientWidth, height: element.clientHeight };
      again(0);
    };
    measure();
    const observer = new ResizeObserver(measure);
    // In pixels of the device: zooming changes only those.
    observer.observe(element, { box: 'device-pixel-content-box' });
    return () => observer.disconnect();
  }, []);

  useEffect(
    () =>
      watchTheme(() => {
        palette.current = undefined;
        again(0);
      }),
    [],
  );

  useLayoutEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    const { width } = size.current;
    const high = height ?? size.current.height;
    if (!element?.parentElement || !pen || width === 0 || high === 0) return;
    palette.current ??= readPalette(element.parentElement);
    const ratio = window.devicePixelRatio || 1;
    const [wide, tall] = [Math.round(width * ratio), Math.round(high * ratio)];
    // Setting a size clears a canvas and makes it anew, even when it is the same size.
    if (element.width !== wide) element.width = wide;
    if (element.height !== tall) element.height = tall;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, high);
    draw(pen, width, high, palette.current);
  });
  return (
    <canvas
      class={`canvas ${className}`}
      ref={canvas}
      aria-hidden="true"
      style={height === undefined ? undefined : { height: `${height}px` }}
    />
  );
}

/** Rectangles of the same colour are drawn together: a change of colour costs more than a rectangle. */
export class Brushes {
  readonly #rects: Map<string, number[]>;

  /** @param order colours from the bottom to the top */
  constructor(order: readonly string[]) {
    this.#rects = new Map(order.map((colour) => [colour, []]));
  }

  rect(colour: string, x: number, y: number, width: number, height: number): void {
    let rects = this.#rects.get(colour);
    if (!rects) this.#rects.set(colour, (rects = []));
    rects.push(x, y, width, height);
  }

  drawTo(pen: Pen): void {
    for (const [colour, rects] of this.#rects) {
      if (rects.length === 0) continue;
      pen.fillStyle = colour;
      pen.beginPath();
      for (let at = 0; at < rects.length; at += 4) {
        pen.rect(rects[at] ?? 0, rects[at + 1] ?? 0, rects[at + 2] ?? 0, rects[at + 3] ?? 0);
      }
      pen.fill();
    }
  }
}
