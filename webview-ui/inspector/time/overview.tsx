import { useMemo, useRef } from 'preact/hooks';
import { formatCount, formatTime, plural } from '../format.ts';
import type { Inspector } from '../inspector.ts';
import { rangeIn, writeRange } from './brush.ts';
import { Canvas } from './canvas.tsx';
import { drawDensity } from './density.ts';
import { type Range, TimeScale } from './scale.ts';
import { useSlowly } from './throttled.ts';

/** px by which a press must move to be a drag */
const LEAST_DRAG = 3;

/** ms between two pictures while messages stream in: the whole session changes little, and its picture is a large one */
const DRAW_PAUSE = 500;

type End = 'from' | 'to';

interface Drag {
  readonly x: number;
  /** the range as it was, and which part of it is held; without one a new range begins */
  readonly range: Range;
  readonly part: End | 'both' | 'new';
  isMoving: boolean;
}

/** How busy the session was, and a brush that limits everything that is shown to a part of it. */
export function Overview({ inspector }: { readonly inspector: Inspector }) {
  void inspector.frame.value;
  const isEmpty = inspector.time.bins.range === undefined;
  // The same element each time: only what it follows itself draws it again.
  return useMemo(() => (isEmpty ? null : <Session inspector={inspector} />), [inspector, isEmpty]);
}

function Session({ inspector }: { readonly inspector: Inspector }) {
  useSlowly(inspector.frame, DRAW_PAUSE);
  const box = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | undefined>(undefined);
  const wanted = useRef<{ readonly range: Range | undefined } | undefined>(undefined);
  const { bins } = inspector.time;
  const all = bins.range;
  const brush = rangeIn(inspector.filtering.filter.value);
  if (!all) return null;
  const span = Math.max(all.to - all.from, 1);
  const whole = { from: all.from, to: all.from + span };
  const shown = brush ?? whole;

  const set = (range: Range | undefined) => {
    const { filter: now } = inspector.arrangement.peek();
    const isAll = range && range.from <= whole.from && range.to >= whole.to;
    const next = writeRange(now, isAll ? undefined : range);
    if (next !== now) inspector.setFilter(next);
  };
  /** Pointers move more often than a filter over a million rows can follow. */
  const setSoon = (range: Range | undefined) => {
    const isAsked = wanted.current !== undefined;
    wanted.current = { range };
    if (isAsked) return;
    requestAnimationFrame(() => {
      const wish = wanted.current;
      wanted.current = undefined;
      if (wish) set(wish.range);
    });
  };
  const clear = () => {
    wanted.current = undefined;
    set(undefined);
  };
  const clamp = (time: number) => Math.min(whole.to, Math.max(whole.from, time));

  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (event.button !== 0) return;
    const part = event.target instanceof Element ? event.target.getAttribute('data-part') : null;
    drag.current = { x: event.clientX, range: shown, part: (part as Drag['part'] | null) ?? 'new', isMoving: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const held = drag.current;
    const rect = box.current?.getBoundingClientRect();
    if (!held || !rect) return;
    if (!held.isMoving && Math.abs(event.clientX - held.x) < LEAST_DRAG) return;
    held.isMoving = true;
    const scale = new TimeScale(whole, rect.width);
    const [began, now] = [scale.time(held.x - rect.left), scale.time(event.clientX - rect.left)];
    setSoon(dragged(held, began, now, whole));
  };
  const onPointerUp = () => {
    const held = drag.current;
    drag.current = undefined;
    // A press beside the range lets go of it.
    if (held && !held.isMoving && held.part === 'new' && brush) clear();
  };
  const onKeyDown = (event: KeyboardEvent, end: End) => {
    const step = span * (event.shiftKey ? 0.1 : 0.01);
    const other = end === 'from' ? shown.to : shown.from;
    const edge = end === 'from' ? whole.from : whole.to;
    const move = (time: number) => {
      const at = clamp(time);
      set(end === 'from' ? { from: Math.min(at, other), to: other } : { from: other, to: Math.max(at, other) });
    };
    const steps: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => move(shown[end] - step),
      ArrowDown: () => move(shown[end] - step),
      ArrowRight: () => move(shown[end] + step),
      ArrowUp: () => move(shown[end] + step),
      Home: () => move(end === 'from' ? edge : other),
      End: () => move(end === 'from' ? other : edge),
      Escape: clear,
    };
    const action = steps[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  const share = (time: number) => `${((clamp(time) - whole.from) / span) * 100}%`;
  const failures = bins.failures.reduce((sum, count) => sum + count, 0);
  const handle = (end: End, label: string) => (
    <div
      class={`overview-handle ${end}`}
      data-part={end}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={Math.round(end === 'from' ? whole.from : shown.from)}
      aria-valuemax={Math.round(end === 'from' ? shown.to : whole.to)}
      aria-valuenow={Math.round(clamp(shown[end]))}
      aria-valuetext={`${formatTime(shown[end])} seconds`}
      title={`${label}: ${formatTime(shown[end])} s. Arrow keys move it, Escape shows all.`}
      style={{ left: share(shown[end]) }}
      onKeyDown={(event) => onKeyDown(event, end)}
    />
  );
  return (
    <div
      class={`overview ${brush ? 'limited' : ''}`}
      role="group"
      aria-label={`Time: ${plural(inspector.store.length, 'message')}, ${formatCount(failures)} failed, from ${formatTime(whole.from)} to ${formatTime(whole.to)} seconds`}
      ref={box}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => (drag.current = undefined)}
      onDblClick={clear}
    >
      <Canvas
        class="overview-canvas"
        draw={(pen, width, height, palette) => drawDensity(pen, bins, { width, height, range: whole }, palette)}
      />
      {brush && <div class="overview-shade" style={{ left: 0, width: share(brush.from) }} />}
      {brush && <div class="overview-shade" style={{ left: share(brush.to), right: 0 }} />}
      {brush && (
        <div
          class="overview-brush"
          data-part="both"
          style={{ left: share(brush.from), right: `calc(100% - ${share(brush.to)})` }}
        />
      )}
      {handle('from', 'Shown from')}
      {handle('to', 'Shown to')}
    </div>
  );
}

/** The range after a drag from one time to another. */
export function dragged(
  { part, range }: Pick<Drag, 'part' | 'range'>,
  began: number,
  now: number,
  whole: Range,
): Range {
  if (part === 'both') {
    const length = range.to - range.from;
    const from = Math.min(Math.max(whole.from, range.from + now - began), Math.max(whole.from, whole.to - length));
    return { from, to: from + length };
  }
  const held = part === 'from' ? range.to : part === 'to' ? range.from : began;
  return { from: Math.min(held, now), to: Math.max(held, now) };
}
