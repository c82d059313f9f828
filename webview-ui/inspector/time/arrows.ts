/** Draws the part of a sequence that is in sight. No DOM: a pen, and steps as plain data. */
import { KINDS, type RecordKind } from '#core/record.ts';

import type { Pen } from './canvas.tsx';
import type { Colour, Palette } from './palette.ts';
import type { LanePlaces, SequenceScale } from './sequence-scale.ts';
import type { Steps } from './steps.ts';

export interface ArrowsLayout {
  readonly scale: SequenceScale;
  readonly lanes: LanePlaces;
  /** the part in sight: of the scale's height, and its steps */
  readonly top: number;
  readonly height: number;
  readonly first: number;
  readonly last: number;
  readonly selected: number;
}

const HEAD = 5;
const ACTIVITY = 6;

interface Line {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly isFailure: boolean;
}

/** Lines of one colour and one kind are drawn together. */
class Pencils {
  readonly #lines = new Map<string, { readonly colour: string; readonly isDashed: boolean; readonly lines: Line[] }>();

  add(colour: string, isDashed: boolean, line: Line): void {
    const key = `${colour}${isDashed}`;
    let pencil = this.#lines.get(key);
    if (!pencil) this.#lines.set(key, (pencil = { colour, isDashed, lines: [] }));
    pencil.lines.push(line);
  }

  drawTo(pen: Pen): void {
    for (const { colour, isDashed, lines } of this.#lines.values()) {
      pen.strokeStyle = colour;
      pen.lineWidth = 1;
      pen.setLineDash(isDashed ? [4, 3] : []);
      pen.beginPath();
      for (const { from, to, y } of lines) {
        pen.moveTo(from, y);
        pen.lineTo(to, y);
      }
      pen.stroke();
      pen.setLineDash([]);
      this.#drawHeads(pen, colour, isDashed, lines);
    }
  }

  #drawHeads(pen: Pen, colour: string, isOpen: boolean, lines: readonly Line[]): void {
    pen.beginPath();
    for (const { from, to, y, isFailure } of lines) {
      const back = to > from ? -HEAD : HEAD;
      if (from === to) pen.rect(to - 2.5, y - 2.5, 5, 5);
      else if (isFailure) {
        pen.moveTo(to + 2 * back, y - HEAD);
        pen.lineTo(to, y + HEAD);
        pen.moveTo(to, y - HEAD);
        pen.lineTo(to + 2 * back, y + HEAD);
      } else {
        pen.moveTo(to + back, y - HEAD + 1);
        pen.lineTo(to, y);
        pen.lineTo(to + back, y + HEAD - 1);
        if (!isOpen) pen.closePath();
      }
    }
    pen.fillStyle = colour;
    if (!isOpen) pen.fill();
    pen.stroke();
  }
}

export function drawArrows(pen: Pen, steps: Steps, layout: ArrowsLayout, palette: Palette): void {
  const { scale, lanes, top, height, first, last, selected } = layout;
  const x = (lane: number) => lanes.xs[lane] ?? 0;
  pen.fillStyle = palette.lane;
  for (const middle of lanes.xs) pen.fillRect(middle - 0.5, 0, 1, height);
  drawActivity(pen, steps, layout, palette);
  const pencils = new Pencils();
  /** where the last line of each look was drawn: a hundred on one pixel are one */
  const drawn = new Map<number, number>();
  for (let step = first; step < last; step++) {
    const [from, to] = [steps.from[step] ?? 0, steps.to[step] ?? 0];
    const [kind, isAnswer, failed] = [steps.kinds[step] ?? 0, steps.answers[step] ?? 0, steps.failures[step] ?? 0];
    // On whole pixels and a half, where a line of one pixel is sharp.
    const y = Math.round(scale.y(step) - top) + 0.5;
    const look = (((from * steps.lanes.length + to) * KINDS.length + kind) * 2 + isAnswer) * 2 + failed;
    if (drawn.get(look) === y && step !== selected) continue;
    drawn.set(look, y);
    const colour = palette[failed === 1 ? 'bad' : KIND_COLOURS[KINDS[kind] ?? 'message']];
    pencils.add(colour, isAnswer === 1, { from: x(from), to: x(to), y, isFailure: failed === 1 });
    if (step !== selected) continue;
    pen.fillStyle = palette.focus;
    pen.fillRect(Math.min(x(from), x(to)), y - 1.5, Math.max(3, Math.abs(x(to) - x(from))), 3);
  }
  pencils.drawTo(pen);
}

/** While calls are being answered the host's lane is thicker. */
function drawActivity(
  pen: Pen,
  steps: Steps,
  { scale, lanes, top, height, first, last }: ArrowsLayout,
  palette: Palette,
): void {
  const left = (lanes.xs.at(-1) ?? 0) - ACTIVITY / 2;
  pen.fillStyle = palette.density;
  pen.beginPath();
  // Each place is drawn once, however many calls there are: `covered` is how far it is done.
  let covered = -1;
  const draw = (from: number, to: number) => {
    const end = Math.min(height + 1, to);
    const start = Math.max(covered, from);
    if (end <= start && end <= covered) return;
    pen.rect(left, start, ACTIVITY, Math.max(1, end - start));
    covered = Math.max(covered, end);
  };
  // First those that began above; what comes then comes in the order of its beginnings.
  let above = -1;
  for (let step = first; step < last; step++) {
    const call = steps.partners[step] ?? -1;
    if (call >= 0 && call < first) above = scale.y(step) - top;
  }
  if (above >= 0) draw(-1, above);
  for (let step = first; step < last; step++) {
    const answer = steps.partners[step] ?? -1;
    if (answer > step) draw(scale.y(step) - top, scale.y(answer) - top);
    else if (steps.pending[step] === 1) draw(scale.y(step) - top, height + 1);
  }
  pen.fill();
}

const KIND_COLOURS: Readonly<Record<RecordKind, Colour>> = {
  invoke: 'toHost',
  event: 'event',
  channel: 'channel',
  'channel-message': 'channel',
  'channel-end': 'channel',
  window: 'text',
  resource: 'faint',
  problem: 'bad',
  message: 'toPage',
};
