import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { Viewport } from './viewport.ts';

export interface Scroller {
  readonly viewport: Viewport;
  readonly boxRef: RefObject<HTMLDivElement | null>;
  readonly width: number;
  /** Draws again after the viewport was moved. */
  redraw(): void;
}

interface ScrollerOptions {
  /** the element's own reference, when others need it too */
  readonly boxRef?: RefObject<HTMLDivElement | null>;
  /** px at the top that a sticky header covers */
  readonly covered?: number;
  readonly onScroll?: (viewport: Viewport) => void;
}

/** A viewport kept in step with an element: its size, and its scroll position both ways. */
export function useScroller(rowHeight: number, options: ScrollerOptions = {}): Scroller {
  const { covered = 0, onScroll } = options;
  const [viewport] = useState(() => new Viewport(rowHeight));
  const ownRef = useRef<HTMLDivElement>(null);
  const boxRef = options.boxRef ?? ownRef;
  const [width, setWidth] = useState(0);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const listener = useRef(onScroll);
  listener.current = onScroll;
  /** the element's scrollTop: reading it from the element lays the page out */
  const known = useRef(0);

  useLayoutEffect(() => {
    const box = boxRef.current;
    if (!box) return;
    const measure = () => {
      viewport.height = box.clientHeight - covered;
      setWidth(box.clientWidth);
      redraw(0);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    let asked = false;
    const scrolled = () => {
      known.current = box.scrollTop;
      if (!viewport.scrolled(known.current)) return;
      listener.current?.(viewport);
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        redraw(0);
      });
    };
    box.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', scrolled);
    };
  }, [viewport, boxRef, covered]);

  // After each drawing: the content has its new height now, so the position can be set.
  useLayoutEffect(() => {
    const box = boxRef.current;
    if (!box || Math.abs(known.current - viewport.scrollTop) < 1) return;
    known.current = viewport.scrollTop;
    box.scrollTop = viewport.scrollTop;
  });
  return { viewport, boxRef, width, redraw: () => redraw(0) };
}

interface VirtualRowsProps {
  readonly scroller: Scroller;
  readonly count: number;
  readonly row: (index: number) => ComponentChildren;
  readonly role?: 'rowgroup' | 'presentation' | 'none';
  /** rows drawn beyond both edges */
  readonly overscan?: number;
  /** stands on the rows and scrolls with them */
  readonly overlay?: ComponentChildren;
}

/** The rows in sight, inside an element as high as all of them. Goes into the box of a scroller. */
export function VirtualRows({ scroller, count, row, role = 'presentation', overscan = 6, overlay }: VirtualRowsProps) {
  const { viewport } = scroller;
  viewport.count = count;
  const { first, last, offset } = viewport.span(overscan);
  const rows: ComponentChildren[] = [];
  for (let index = first; index < last; index++) rows.push(row(index));
  return (
    <div class="virtual-content" role={role} style={{ height: `${viewport.scrollHeight}px` }}>
      <div
        class="virtual-window"
        role={role === 'rowgroup' ? 'presentation' : role}
        style={{ transform: `translateY(${offset}px)` }}
      >
        {rows}
        {overlay}
      </div>
    </div>
  );
}

/** Calls a task each second while there is something that ages. */
export function useSeconds(isNeeded: boolean): void {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!isNeeded) return;
    const timer = setInterval(() => tick(0), 1000);
    return () => clearInterval(timer);
  }, [isNeeded]);
}
