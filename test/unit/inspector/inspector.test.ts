import { expect, test } from 'vitest';
import type { Detail, FromInspector, ToInspector } from '#core/inspector-messages.ts';
import { fittingColumns, gridTemplate } from '../../../webview-ui/inspector/columns.ts';
import { DEFAULT_LIST } from '../../../webview-ui/inspector/listArrangement.ts';
import { Inspector } from '../../../webview-ui/inspector/inspector.ts';
import { row, rows } from './rows.ts';

/** An inspector whose host only remembers, and whose time goes on when told. */
function start(state?: unknown) {
  const posted: FromInspector[] = [];
  const saved: unknown[] = [];
  const frames: (() => void)[] = [];
  /** how long a frame takes to be drawn */
  let cost = 0;
  let timers: { readonly id: number; readonly at: number; readonly task: () => void }[] = [];
  let now = 1000;
  let ids = 0;
  let listener: (message: ToInspector) => void = () => {};
  const inspector = new Inspector(
    {
      post: (message) => posted.push(message),
      onMessage: (given) => (listener = given),
      loadState: () => state,
      saveState: (given) => saved.push(given),
    },
    {
      frame: (task, drawn) =>
        frames.push(() => {
          task();
          now += cost;
          drawn();
        }),
      later: (task, milliseconds) => {
        timers.push({ id: ++ids, at: now + milliseconds, task });
        return ids;
      },
      cancel: (timer) => (timers = timers.filter(({ id }) => id !== timer)),
      now: () => now,
    },
  );
  return {
    inspector,
    posted,
    saved,
    frames,
    set cost(milliseconds: number) {
      cost = milliseconds;
    },
    say: (message: ToInspector) => listener(message),
    pass: (milliseconds: number) => {
      now += milliseconds;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { task } of due) task();
    },
  };
}

function detail(id: number, part: Partial<Detail> = {}): ToInspector {
  return {
    kind: 'detail',
    id,
    detail: {
      row: row(id),
      generation: 1,
      headers: [],
      body: { kind: 'json', text: '{}', size: 2, truncated: false },
      outcome: { kind: 'none' },
      related: { ids: [], total: 0 },
      canResend: true,
      ...part,
    },
  };
}

test('a flood takes a twentieth of the page’s time: the longer a frame takes, the longer until the next, but never long', () => {
  /** ms from a drawing to the next, while rows never stop coming */
  const pauseFor = (cost: number) => {
    const page = start();
    page.cost = cost;
    page.say({ kind: 'rows', rows: rows(1, 1) });
    page.frames.shift()?.();
    page.say({ kind: 'rows', rows: rows(2, 1) });
    for (let passed = cost; ; passed++) {
      if (page.frames.length > 0) return passed;
      page.pass(1);
    }
  };
  expect([0, 1, 4, 10, 20, 1000].map(pauseFor)).toEqual([50, 50, 80, 200, 300, 1000]);
});

test('the page says that it is there, and a thousand batches are one drawing', () => {
  const { inspector, posted, frames, say } = start();
  expect(posted).toEqual([{ kind: 'ready' }]);
  for (let from = 1; from < 10_000; from += 10) say({ kind: 'rows', rows: rows(from, 10) });
  expect([inspector.store.length, inspector.view.length, frames.length, inspector.frame.value]).toEqual([
    10_000, 10_000, 1, 0,
  ]);
  frames[0]?.();
  expect(inspector.frame.value).toBe(1);
});

test('internal calls are hidden until one asks for them', () => {
  const { inspector, say } = start();
  say({ kind: 'rows', rows: [row(1), row(2, { name: 'plugin:event|listen' })] });
  expect(inspector.view.length).toBe(1);
  inspector.setHideInternal(false);
  expect(inspector.view.length).toBe(2);
});

test('the first slice of everything replaces what the page had', () => {
  const { inspector, say } = start();
  say({ kind: 'rows', rows: rows(1, 5) });
  inspector.select(3);
  say({ kind: 'rows', rows: rows(100, 2), first: true });
  expect([inspector.store.length, inspector.view.length, inspector.selected.value]).toEqual([2, 2, 0]);
});

test('filter and sizes are remembered, and broken memories do no harm', () => {
  const { inspector, saved, pass } = start({
    filter: 'sync',
    wideSplit: 'x',
    columns: { name: 200, size: 'wide' },
    modes: { json: 'Text', bytes: 'x' },
  });
  expect(inspector.arrangement.value).toEqual({
    view: 'list',
    filter: 'sync',
    hideInternal: true,
    wideSplit: 0.58,
    tallSplit: 0.5,
    columns: { name: 200 },
    history: [],
    modes: { json: 'Text' },
    list: DEFAULT_LIST,
  });
  inspector.setFilter('a');
  inspector.setFilter('ab');
  pass(300);
  expect(saved).toEqual([{ ...inspector.arrangement.value, filter: 'ab' }]);
});

test('running over rows with a key held down asks for few details, and for the last one surely', () => {
  const { inspector, posted, say, pass } = start();
  say({ kind: 'rows', rows: rows(1, 50) });
  posted.length = 0;
  for (let index = 0; index < 50; index++) {
    inspector.selectAt(index);
    pass(20);
  }
  pass(200);
  expect(posted.length).toBeLessThan(12);
  expect(posted.at(-1)).toEqual({ kind: 'detail', id: 50 });
  say(detail(49));
  expect(inspector.shown.value).toEqual({ kind: 'loading', id: 50 });
  say(detail(50));
  expect(inspector.shown.value?.kind).toBe('detail');
});

test('when the selected call gets its answer, its details are asked for again', () => {
  const { inspector, posted, say, pass } = start();
  say({ kind: 'rows', rows: [row(1, { status: 'pending' })] });
  inspector.select(1);
  pass(500);
  posted.length = 0;
  say({ kind: 'changed', rows: [row(1, { status: 'ok', duration: 3 })] });
  expect(posted).toEqual([{ kind: 'detail', id: 1 }]);
});

test('a resent call is selected when its row has come, before or after the answer', () => {
  const { inspector, posted, say } = start();
  say({ kind: 'rows', rows: [row(1)] });
  inspector.resend(1, '{"name":"Bob"}');
  expect(posted.at(-1)).toEqual({ kind: 'resend', id: 1, payload: '{"name":"Bob"}' });
  say({ kind: 'resent', of: 1, id: 2 });
  expect(inspector.selected.value).toBe(0);
  say({ kind: 'rows', rows: [row(2, { replayOf: 1 })] });
  expect(inspector.selected.value).toBe(2);
  say({ kind: 'rows', rows: [row(3, { replayOf: 1 })] });
  say({ kind: 'resent', of: 1, id: 3 });
  expect(inspector.selected.value).toBe(3);
  say({ kind: 'resent', of: 1, error: 'The window “main” is closed.' });
  expect(inspector.notice.value).toBe('Not sent: The window “main” is closed.');
});

test('only calls can be sent again', () => {
  const { inspector, posted, say } = start();
  say({ kind: 'rows', rows: [row(1, { kind: 'event' })] });
  posted.length = 0;
  inspector.resend(1);
  inspector.edit(1);
  expect([posted, inspector.editing.value, inspector.notice.value]).toEqual([[], 0, 'Only calls can be sent again.']);
});

test('next and previous failure go round the ends', () => {
  const { inspector, say } = start();
  say({ kind: 'rows', rows: rows(1, 25) });
  const visited = [1, 1, 1, -1, -1].map((step) => {
    inspector.selectFailure(step as 1 | -1);
    return inspector.selected.value;
  });
  expect(visited).toEqual([10, 20, 10, 20, 10]);
});

test('going to a record that a filter hides takes the filter away', () => {
  const { inspector, say } = start();
  say({ kind: 'rows', rows: rows(1, 20) });
  inspector.setFilter('error');
  inspector.goTo(3);
  expect([inspector.arrangement.value.filter, inspector.selected.value, inspector.selectedIndex]).toEqual(['', 3, 2]);
});

test('a stream holds the messages of a channel, and of the call that opened it', () => {
  const { inspector, say } = start();
  const message = (id: number, of: number) => row(id, { kind: 'channel-message', of, index: 0 });
  say({ kind: 'rows', rows: [row(1), row(2, { kind: 'channel', of: 1 }), message(3, 2), message(4, 9)] });
  const ofCall = inspector.openStream(1);
  const ofChannel = inspector.openStream(2);
  say({ kind: 'rows', rows: [message(5, 2)] });
  expect([ofCall.view.length, ofChannel.view.length]).toEqual([3, 2]);
  ofCall.close();
  say({ kind: 'rows', rows: [message(6, 2)] });
  expect([ofCall.view.length, ofChannel.view.length]).toEqual([3, 3]);
});

test('the age of a waiting call follows the clock of its session', () => {
  const { inspector, say, pass } = start();
  say({ kind: 'rows', rows: [row(1, { time: 5000, status: 'pending' })], now: 8000 });
  expect(inspector.sessionTime).toBe(8000);
  pass(500);
  say({ kind: 'rows', rows: [row(2, { time: 8400 })] });
  expect(inspector.sessionTime).toBe(8500);
});

test('a narrow list gives up columns, never direction, name and status', () => {
  const ids = (width: number) => fittingColumns(width, {}).map(({ id }) => id);
  expect(ids(1200).length).toBe(10);
  expect(ids(500)).toEqual(['direction', 'name', 'status', 'duration', 'preview']);
  expect(ids(100)).toEqual(['direction', 'name', 'status']);
  expect(gridTemplate(fittingColumns(400, {}), { name: 200 }, 400)).toBe('32px 268px 100px');
  expect(gridTemplate(fittingColumns(500, { name: 140 }), { name: 140 }, 500)).toBe('32px 140px 100px 76px 152px');
  // Two parts of what is left for names, three for previews, two for bars, and no pixel left over.
  expect(gridTemplate(fittingColumns(1400, {}), {}, 1400)).toBe(
    '52px 80px 32px 259px 84px 100px 76px 68px 389px 260px',
  );
  // Who would get less than its least takes it from the others.
  expect(gridTemplate(fittingColumns(500, {}), { status: 212 }, 500)).toBe('32px 80px 212px 76px 100px');
});
