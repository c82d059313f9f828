import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatCount, formatDuration, formatTime, plural } from '../format.ts';
import { IconButton } from '../icon.tsx';
import type { Inspector } from '../inspector.ts';
import { marked } from '../marked.tsx';
import { useScroller } from '../virtualRows.tsx';
import { KIND_WORDS, statusWord } from '../vocabulary.ts';
import { drawArrows } from './arrows.ts';
import { Canvas } from './canvas.tsx';
import {
  clampZoom,
  compactScale,
  fittingZoom,
  GUTTER,
  labelled,
  lanePlaces,
  nearestStep,
  STEP_HEIGHT,
  timedScale,
} from './sequence-scale.ts';
import { formatSpan } from './scale.ts';
import { type Lane, stepOf, type Steps, stepsOf } from './steps.ts';
import { useThrottled } from './throttled.ts';

/** with the names of the lanes */
const HEADER_HEIGHT = 27;
/** px above and below what is in sight that are drawn, too */
const BEYOND = 110;
const ZOOM_STEP = 1.5;

interface SequenceProps {
  readonly inspector: Inspector;
  readonly boxRef: RefObject<HTMLDivElement | null>;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

/** Who said what to whom: a lane for each window and one for the host, and an arrow for each message. */
export function Sequence({ inspector, boxRef, onOpen, onClose }: SequenceProps) {
  void inspector.frame.value;
  const { store, view } = inspector;
  const selectedId = inspector.selected.value;
  const reveal = inspector.reveal.value;
  const steps = useThrottled(() => stepsOf(store, view.test), inspector.viewVersion.value);
  /** px for a millisecond; 0: one below the other */
  const [zoom, setZoom] = useState(0);
  /** of the selected call, its answer is */
  const [isAnswer, setIsAnswer] = useState(false);
  const following = useRef({ isOn: true, reveal: undefined as unknown }).current;
  const scroller = useScroller(1, {
    boxRef,
    covered: HEADER_HEIGHT,
    onScroll: (viewport) => {
      following.isOn = viewport.isAtEnd;
    },
  });
  const { viewport } = scroller;
  const least = fittingZoom(steps, viewport.height);
  const isTimed = zoom > 0;
  const scale = isTimed ? timedScale(steps, Math.max(zoom, least)) : compactScale(steps);
  const lanes = lanePlaces(steps.lanes.length, scroller.width || 800);
  const slot = selectedId === 0 ? -1 : store.slotOf(selectedId);
  const selected = slot < 0 ? -1 : stepOf(steps, slot, store.timeOf(slot), isAnswer);

  viewport.count = Math.ceil(scale.height);
  if (reveal !== following.reveal) {
    following.reveal = reveal;
    if (selected >= 0) show(selected);
  } else if (following.isOn) viewport.toEnd();

  function show(step: number): void {
    const y = Math.round(scale.y(step));
    const isOutside = y - STEP_HEIGHT < viewport.top || y + 8 > viewport.top + viewport.height;
    if (!isOutside) return;
    // A row here is a pixel: what is revealed is the first and the last of the step's.
    viewport.reveal(Math.max(0, y - STEP_HEIGHT));
    viewport.reveal(Math.min(viewport.count - 1, y + 8));
    following.isOn = viewport.isAtEnd;
  }
  const select = (step: number) => {
    const row = store.row(steps.slots[step] ?? -1);
    if (!row) return;
    setIsAnswer(steps.answers[step] === 1);
    inspector.select(row.id);
    show(step);
    scroller.redraw();
  };
  const zoomTo = (next: number, anchor?: number) => {
    const selectedY = selected < 0 ? -1 : scale.y(selected);
    const isInSight = selectedY >= viewport.top && selectedY < viewport.top + viewport.height;
    const middle = isInSight ? selectedY : viewport.top + viewport.height / 2;
    const held = nearestStep(steps, scale, anchor ?? middle);
    const offset = held < 0 ? 0 : scale.y(held) - viewport.top;
    const clamped = next === 0 ? 0 : clampZoom(next, least);
    setZoom(clamped);
    if (held < 0) return;
    // What is under the pointer, or selected, or in the middle stays where it is.
    const after = clamped === 0 ? compactScale(steps) : timedScale(steps, clamped);
    viewport.count = Math.ceil(after.height);
    viewport.shift(viewport.top - (after.y(held) - offset));
    following.isOn = false;
  };
  const current = Math.max(zoom, least);
  const zoomBy = (factor: number, anchor?: number) => zoomTo((isTimed ? current : 1) * factor, anchor);

  const step = (by: number) =>
    select(selected < 0 ? (by > 0 ? scale.firstAt(viewport.top) : steps.length - 1) : clampStep(selected + by, steps));
  const page = Math.max(1, Math.floor(viewport.height / STEP_HEIGHT) - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== boxRef.current) return;
    const partner = steps.partners[selected] ?? -1;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      PageDown: () => step(page),
      PageUp: () => step(-page),
      Home: () => select(0),
      End: () => select(steps.length - 1),
      // Along the call: from its beginning to its answer, and back.
      ArrowRight: () => partner > selected && select(partner),
      ArrowLeft: () => partner >= 0 && partner < selected && select(partner),
      Enter: () => (selected < 0 ? select(steps.length - 1) : onOpen()),
      Escape: onClose,
      '+': () => zoomBy(ZOOM_STEP),
      '=': () => zoomBy(ZOOM_STEP),
      '-': () => zoomBy(1 / ZOOM_STEP),
      '0': () => zoomTo(least),
      x: () => selectedId !== 0 && inspector.showChain(selectedId),
      t: () => zoomTo(isTimed ? 0 : least),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  const placeOf = (event: MouseEvent) => {
    const top = boxRef.current?.getBoundingClientRect().top ?? 0;
    return event.clientY - top - HEADER_HEIGHT + viewport.top;
  };
  const onClick = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('.lanes')) return;
    const label = event.target instanceof Element ? event.target.closest('[data-step]') : null;
    const hit = label ? Number(label.getAttribute('data-step')) : nearestStep(steps, scale, placeOf(event));
    if (hit >= 0 && (label || Math.abs(scale.y(hit) - placeOf(event)) < STEP_HEIGHT)) select(hit);
  };
  useWheelZoom(boxRef, (event) => zoomBy(event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP, placeOf(event)));

  const top = Math.max(0, viewport.top - BEYOND);
  const height = Math.min(scale.height, viewport.top + viewport.height + BEYOND) - top;
  const first = scale.firstAt(top);
  const last = scale.firstAt(top + height + 1);
  const named = labelled(scale, first, last, selected);
  return (
    <div class="list sequence">
      <SequenceBar
        steps={steps}
        zoom={isTimed ? current : 0}
        onZoom={zoomBy}
        onFit={() => zoomTo(least)}
        onCompact={() => zoomTo(0)}
        {...(selectedId === 0 ? {} : { onChain: () => inspector.showChain(selectedId) })}
      />
      <div
        class="grid scroll-box sequence-box"
        role="listbox"
        ref={boxRef}
        tabIndex={0}
        aria-label="Sequence of messages"
        aria-activedescendant={selected >= first && selected < last ? `step-${selected}` : undefined}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onDblClick={onOpen}
      >
        <Lanes lanes={steps.lanes} xs={lanes.xs} width={lanes.width} />
        <div
          class="virtual-content"
          role="presentation"
          style={{ height: `${viewport.scrollHeight}px`, width: `${lanes.width}px` }}
        >
          <div
            class="virtual-window"
            role="presentation"
            style={{ transform: `translateY(${viewport.scrollTop - (viewport.top - top)}px)` }}
          >
            <Canvas
              height={Math.max(0, height)}
              draw={(pen, _width, _height, palette) =>
                drawArrows(
                  pen,
                  steps,
                  {
                    scale,
                    lanes,
                    top,
                    height,
                    first,
                    last,
                    selected,
                  },
                  palette,
                )
              }
            />
            {named.map((at) => (
              <Step
                key={at}
                inspector={inspector}
                steps={steps}
                at={at}
                y={scale.y(at) - top}
                xs={lanes.xs}
                isSelected={at === selected}
              />
            ))}
          </div>
        </div>
      </div>
      {steps.length === 0 && (
        <div class="empty">
          <p>{store.length === 0 ? 'No messages yet.' : `0 of ${plural(store.length, 'message')} match the filter.`}</p>
        </div>
      )}
    </div>
  );
}

const clampStep = (step: number, { length }: Steps) => Math.min(length - 1, Math.max(0, step));

/** Ctrl and the wheel zoom. Not Preact's listener: that one is passive and could not keep the page from zooming. */
function useWheelZoom(box: RefObject<HTMLDivElement | null>, onZoom: (event: WheelEvent) => void): void {
  const latest = useRef(onZoom);
  latest.current = onZoom;
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      latest.current(event);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [box]);
}

function laneName({ app, window }: Lane, hasApps: boolean): string {
  if (window === '') return 'host';
  return hasApps ? `${app} · ${window}` : window;
}

const hasSeveralApps = (lanes: readonly Lane[]) => new Set(lanes.slice(0, -1).map(({ app }) => app)).size > 1;

function Lanes({ lanes, xs, width }: { lanes: readonly Lane[]; xs: readonly number[]; width: number }) {
  const hasApps = hasSeveralApps(lanes);
  const room = (xs[1] ?? width) - (xs[0] ?? 0) - 12;
  return (
    <div class="lanes" role="presentation" style={{ width: `${width}px` }}>
      {lanes.map((lane, at) => (
        <span
          key={laneName(lane, true)}
          class={`lane ${lane.window === '' ? 'host' : ''}`}
          style={{ left: `${xs[at] ?? 0}px`, maxWidth: `${Math.min(room, 220)}px` }}
          title={`${laneName(lane, true)}${lane.window === '' ? ': commands, plugins and events of the core' : ''}`}
        >
          {laneName(lane, hasApps)}
        </span>
      ))}
    </div>
  );
}

interface StepProps {
  readonly inspector: Inspector;
  readonly steps: Steps;
  readonly at: number;
  readonly y: number;
  readonly xs: readonly number[];
  readonly isSelected: boolean;
}

/** The words of a step, above its arrow; for readers, the step itself. */
function Step({ inspector, steps, at, y, xs, isSelected }: StepProps) {
  const row = inspector.store.row(steps.slots[at] ?? -1);
  if (!row) return null;
  const isAnswer = steps.answers[at] === 1;
  const [from, to] = [xs[steps.from[at] ?? 0] ?? 0, xs[steps.to[at] ?? 0] ?? 0];
  const isLocal = from === to;
  const name = (lane: number) => laneName(steps.lanes[lane] ?? { app: '', window: '' }, false);
  const kind = isAnswer ? 'Answer' : KIND_WORDS[row.kind].text;
  const way = isLocal
    ? `at ${name(steps.from[at] ?? 0)}`
    : `${name(steps.from[at] ?? 0)} to ${name(steps.to[at] ?? 0)}`;
  const status = statusWord(row).text;
  const time = formatTime(steps.times[at] ?? row.time);
  const tail = isAnswer ? `${status}, ${formatDuration(row.duration ?? 0)}` : row.kind === 'invoke' ? '' : status;
  const shownTail = tail === 'ok' ? '' : tail;
  const isFailure = steps.failures[at] === 1;
  return (
    <div
      class={`sequence-step ${isFailure ? 'failed' : ''} ${isAnswer ? 'answer' : ''}`}
      role="option"
      id={`step-${at}`}
      data-step={at}
      aria-selected={isSelected}
      aria-posinset={at + 1}
      aria-setsize={steps.length}
      // What is seen stands in it as one piece, for those who say it; where there is no room the end of it is not seen.
      aria-label={`${kind} ${time} ${row.name}${shownTail === '' ? '' : ` ${shownTail}`}, ${way}${tail === 'ok' ? ', ok' : ''}`}
      style={{ top: `${Math.round(y) - 17}px` }}
    >
      <span class="step-time" style={{ width: `${GUTTER - 10}px` }}>
        {time}
      </span>{' '}
      <span
        class={`step-name ${isLocal ? 'local' : ''}`}
        style={
          isLocal
            ? { left: `${from + 10}px` }
            : { left: `${Math.min(from, to) + 8}px`, width: `${Math.abs(to - from) - 16}px` }
        }
        title={`${row.name} · ${status}`}
      >
        <span class={`step-text ${isAnswer ? 'faint' : ''}`}>
          {marked(row.name, inspector.highlight.value)}
          {shownTail !== '' && <span class="faint"> {shownTail}</span>}
        </span>
      </span>
    </div>
  );
}

interface BarProps {
  readonly steps: Steps;
  /** 0: compact */
  readonly zoom: number;
  readonly onZoom: (factor: number) => void;
  readonly onFit: () => void;
  readonly onCompact: () => void;
  /** of the selected message; without it none is selected */
  readonly onChain?: () => void;
}

function SequenceBar({ steps, zoom, onZoom, onFit, onCompact, onChain }: BarProps) {
  const isTimed = zoom > 0;
  return (
    <div class="sequence-bar" role="toolbar" aria-label="Sequence">
      <IconButton
        icon="list-ordered"
        text="Compact"
        label="One step below the other (t)"
        pressed={!isTimed}
        onClick={onCompact}
      />
      <IconButton
        icon="clock"
        text="By time"
        label="Distances are times: all in sight (t, 0)"
        pressed={isTimed}
        onClick={onFit}
      />
      <IconButton icon="zoom-out" label="Zoom out (-)" onClick={() => onZoom(1 / ZOOM_STEP)} />
      <IconButton icon="zoom-in" label="Zoom in (+, Ctrl+wheel)" onClick={() => onZoom(ZOOM_STEP)} />
      <IconButton
        icon="link"
        text="Chain"
        label="Only what the selected message was brought about by, and what it brought about (x)"
        disabled={!onChain}
        onClick={() => onChain?.()}
      />
      <span class="faint">
        {plural(steps.length, 'step')}
        {isTimed && ` · ${formatSpan(100 / zoom)} per 100 px`}
      </span>
      {steps.leftOut > 0 && (
        <span class="lost" title="Limit the messages by the filter, or by the range of time above.">
          {formatCount(steps.leftOut)} older messages are left out
        </span>
      )}
    </div>
  );
}
