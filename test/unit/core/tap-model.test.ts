import fc from 'fast-check';
import { expect, test } from 'vitest';
import { success } from '#core/call.ts';
import type { MessageRecord } from '#core/record.ts';
import { CHUNK_RECORDS } from '#core/tap-columns.ts';
import { Tap } from '#core/tap.ts';

/** What a record says of itself in its name, its arguments and its answer. */
const nameOf = (serial: number) => `call ${serial}`;
const answerTo = (serial: number) => JSON.stringify({ to: serial });

type Step =
  | { readonly kind: 'calls' | 'events' | 'settle' | 'mark'; readonly count: number }
  | { readonly kind: 'limit'; readonly count: number }
  | { readonly kind: 'clear' };

const count = (max: number) => fc.noBias(fc.integer({ min: 1, max }));
const weighted = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    weighted(8, fc.record({ kind: fc.constantFrom('calls', 'events'), count: count(CHUNK_RECORDS * 1.5) })),
    weighted(6, fc.record({ kind: fc.constantFrom('settle', 'mark'), count: count(CHUNK_RECORDS) })),
    weighted(1, fc.record({ kind: fc.constant('limit'), count: count(CHUNK_RECORDS * 2).map((most) => most - 1) })),
    weighted(1, fc.record({ kind: fc.constant('clear') })),
  ) as fc.Arbitrary<Step>,
  { minLength: 8, maxLength: 30, size: 'max' },
);

test('whatever comes, is settled, marked, cleared and pushed out: each record is the one that was put in', () => {
  fc.assert(
    fc.property(steps, count(CHUNK_RECORDS * 2), count(CHUNK_RECORDS * 2), (given, start, limit) => {
      const tap = new Tap({ messages: limit, bodyBytes: 1e9 }, () => 0);
      // In the middle of a chunk, as after a reload of the window.
      tap.resume(start, 0);
      /** what is waiting, by the number it was given; a call that is carried over has another one now */
      const waiting = new Map<number, number>();
      const marked = new Set<number>();
      const answered = new Set<number>();
      let serial = 0;
      for (const step of given) {
        if (step.kind === 'clear') {
          tap.clear();
          waiting.clear();
        } else if (step.kind === 'limit') tap.limits = { messages: step.count, bodyBytes: 1e9 };
        else if (step.kind === 'settle') {
          for (const [id, of] of [...waiting].slice(0, step.count)) {
            settle(tap, id, of);
            waiting.delete(id);
            answered.add(of);
          }
        } else if (step.kind === 'mark') {
          for (const { id, name } of [...tap.records()].slice(0, step.count)) {
            tap.annotate(id, { marked: true });
            marked.add(Number(name.split(' ')[1]));
          }
        } else {
          for (let n = 0; n < step.count; n++) {
            const known = { window: 'w', origin: 'local' as const, generation: 1, headers: [] };
            const body = { kind: 'json' as const, value: { serial } };
            if (step.kind === 'calls') waiting.set(tap.call('a', { ...known, cmd: nameOf(serial), body }, 10), serial);
            else
              tap.add({
                kind: 'event',
                direction: 'to-page',
                app: 'a',
                window: 'w',
                generation: 1,
                name: nameOf(serial),
                body,
              });
            serial++;
          }
        }
        check(tap, { marked, answered });
      }
    }),
    { numRuns: 30 },
  );
});

/** How the call with that number ends, in the end. */
const endOf = (serial: number) =>
  serial % 5 === 0 ? 'undelivered' : (['ok', 'error', 'denied'] as const)[(serial % 3) as 0 | 1 | 2];

function settle(tap: Tap, id: number, serial: number): void {
  const isOk = serial % 3 === 0;
  tap.settle(id, isOk ? success({ to: serial }) : { ok: false, json: answerTo(serial), denied: serial % 3 === 2 });
  if (endOf(serial) === 'undelivered') tap.update(id, { status: 'undelivered' });
}

interface Done {
  readonly marked: ReadonlySet<number>;
  readonly answered: ReadonlySet<number>;
}

function check(tap: Tap, done: Done): void {
  const records = [...tap.records()];
  expect(records.map(({ id }) => id)).toEqual(records.map((_, at) => tap.first + at));
  expect(tap.next - tap.first).toBe(records.length);
  expect(tap.statistics.kept).toBe(records.length);
  expect(tap.statistics.kept).toBeLessThanOrEqual(tap.limits.messages);
  expect([tap.find(tap.first - 1)?.id ?? tap.first, tap.find(tap.next)]).toEqual([expect.any(Number), undefined]);
  for (const record of records) expect(isWhole(record, done)).toBe(true);
  const bytes = records.reduce(
    (sum, { kind, outcomeSize = 0 }) => sum + (kind === 'invoke' ? 10 : 64) + outcomeSize,
    0,
  );
  expect(tap.statistics.bodyBytes).toBe(bytes);
  const errors = records.filter(({ status }) => status === 'error' || status === 'undelivered').length;
  const denied = records.filter(({ status }) => status === 'denied').length;
  expect(tap.failures).toMatchObject({ errors, denied });
}

/** All of a record is of the same message. */
function isWhole({ kind, name, status, body, outcome, marked = false }: MessageRecord, done: Done): boolean {
  const serial = Number(name.split(' ')[1]);
  const isAnswered = done.answered.has(serial);
  return (
    body.kind === 'json' &&
    (body.value as { serial: number }).serial === serial &&
    status === (kind === 'event' ? 'ok' : isAnswered ? endOf(serial) : 'pending') &&
    (isAnswered ? outcome?.kind === 'text' && outcome.json === answerTo(serial) : outcome === undefined) &&
    marked === done.marked.has(serial)
  );
}
