// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Detail, DetailBody, FromInspector, ToInspector } from '#core/inspector-messages.ts';
import { row } from './rows.ts';
import { all, type ShownInspector, showInspector } from './shown.tsx';

let posted: ShownInspector['posted'];
let inspector: ShownInspector['inspector'];
let say: ShownInspector['say'];
let hide: ShownInspector['hide'];

beforeEach(async () => {
  ({ posted, inspector, say, hide } = await showInspector());
});

afterEach(() => hide());

const one = (selector: string) => {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`no ${selector}`);
  return element;
};
const button = (text: string) => {
  const found = all('button').find((each) => (each.getAttribute('aria-label') ?? each.textContent) === text);
  if (!found) throw new Error(`no button ${text}`);
  return found;
};
const press = (element: Element, key: string, options: KeyboardEventInit = {}) =>
  act(
    () =>
      void element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options })),
  );
const click = (element: HTMLElement) => act(() => element.click());
const type = (field: HTMLElement, text: string) =>
  act(() => {
    (field as HTMLInputElement).value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });

function detail(id: number, part: Partial<Detail> = {}): ToInspector {
  const json = (text: string): DetailBody => ({ kind: 'json', text, size: text.length, truncated: false });
  return {
    kind: 'detail',
    id,
    detail: {
      row: row(id),
      generation: 1,
      headers: [],
      body: json('{}'),
      outcome: json('null'),
      related: { ids: [], total: 0 },
      canResend: true,
      ...part,
    },
  };
}

/** A host that has a body, and answers for its slices as long as it is asked. */
async function show(whole: string | Uint8Array): Promise<{ readonly asked: () => number }> {
  const slice = (offset: number, length: number): DetailBody =>
    typeof whole === 'string'
      ? {
          kind: 'json',
          text: whole.slice(offset, offset + length),
          offset,
          size: whole.length,
          truncated: offset + length < whole.length,
        }
      : { kind: 'bytes', bytes: whole.slice(offset, offset + length), offset, size: whole.length };
  await say({ kind: 'rows', rows: [row(1)] });
  await press(one('[role=grid]'), 'Home');
  await say(detail(1, { body: slice(0, typeof whole === 'string' ? 1 << 18 : 1 << 16) }));
  answer = async () => {
    for (; answered < posted.length; answered++) {
      const message = posted[answered];
      if (message?.kind !== 'slice') continue;
      await say({ kind: 'slice', id: 1, part: message.part, body: slice(message.offset, message.length) });
    }
  };
  let answered = 0;
  return { asked: () => posted.filter(({ kind }) => kind === 'slice').length };
}
let answer: () => Promise<void>;

const lines = () => all('.tree-line').map((line) => line.textContent);

test('check 27: of 20 MiB the first 5 are shown as cut, in slices, and "Load all" shows the rest', async () => {
  const item = `{"text":"${'x'.repeat(1000)}"}`;
  const count = Math.ceil((20 * 2 ** 20) / (item.length + 1));
  const whole = `{"items":[${Array.from({ length: count }, () => item).join(',')}],"last":"here"}`;
  const host = await show(whole);
  // What has come with the details is shown at once, the rest follows by itself.
  expect(one('.truncated').textContent).toContain('Loading');
  expect(lines()[1]).toMatch(/^items: /);
  await answer();
  expect(one('.truncated').textContent).toContain('Only the first 5.2 MB of 21.');
  expect(host.asked()).toBe(5);
  expect(all('.tree-line').length).toBeLessThan(60);
  expect(lines().some((line) => line?.includes('the rest is not loaded'))).toBe(true);
  await click(button('Text'));
  expect(all('.text-line').length).toBeLessThan(60);
  expect(all('.text-line')[1]?.textContent).toBe('  "items": [');
  await click(button('Tree'));
  await click(button('Load all'));
  await answer();
  expect(all('.truncated')).toEqual([]);
  expect(host.asked()).toBe(5 + Math.ceil((whole.length - 5 * 2 ** 20) / 2 ** 20));
  expect(posted.filter((message) => message.kind === 'slice').every((message) => message.length <= 2 ** 20)).toBe(true);
  expect(lines().at(-1)).toBe('last: "here"');
  // Also what the page does not have is copied whole.
  await click(button('Copy all of it'));
  expect(posted.at(-1)).toEqual({ kind: 'copy', text: whole });
});

test('another record is selected: what was on its way is not asked for any more', async () => {
  const host = await show(`["${'x'.repeat(4_000_000)}"]`);
  expect(host.asked()).toBe(1);
  await click(button('Copy all of it'));
  expect(posted.at(-1)).toEqual({ kind: 'copyBody', id: 1, part: 'body' });
  await say({ kind: 'rows', rows: [row(2)] });
  await press(one('[role=grid]'), 'End');
  await answer();
  expect(host.asked()).toBe(1);
  expect(inspector.payloads.loading.value.size).toBe(0);
});

test('check 28: HTML and scripts in a payload are text in every view, and searching does not change that', async () => {
  const nasty = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  await show(
    JSON.stringify({
      [nasty]: [
        { a: nasty, b: '<b>1</b>' },
        { a: nasty, b: 2 },
      ],
      text: `${nasty}\n<i>two</i>`,
    }),
  );
  inspector.payloads.actions.addColumn = () => {};
  for (const mode of ['Tree', 'Table', 'Text']) {
    await click(button(mode));
    expect(one('[role=tabpanel]').textContent).toContain('<img src=x');
    await press(one('.body'), 'f', { ctrlKey: true });
    await type(one('.payload-find input'), 'onerror');
    expect(all('.tab-panel mark').length).toBeGreaterThan(0);
    expect(all('img, script, b, i')).toEqual([]);
    await press(one('.payload-find input'), 'Escape');
  }
  await say(
    detail(1, { body: { kind: 'bytes', bytes: new TextEncoder().encode(nasty), offset: 0, size: nasty.length } }),
  );
  await click(button('Text'));
  expect(one('.text-line').textContent).toBe(nasty);
  expect(all('img, script, b, i')).toEqual([]);
  expect(document.title).toBe('');
});

test('check 8: the first bytes are shown, and on request the last, both as they were sent', async () => {
  const bytes = Uint8Array.from({ length: 2 ** 20 }, (_, at) => (at * 7 + (at >> 8)) % 256);
  const host = await show(bytes);
  const hex = (line: Element | undefined) => line?.querySelector('.hex-bytes')?.textContent?.replaceAll(' ', '');
  const expected = (from: number) => Buffer.from(bytes.subarray(from, from + 16)).toString('hex');
  expect(one('.body-facts').textContent).toBe('1,048,576 bytes');
  expect(hex(all('.hex-line')[0])).toBe(expected(0));
  expect(host.asked()).toBe(0);
  await press(one('.hex'), 'End');
  expect(host.asked()).toBe(1);
  await answer();
  expect(one('.hex-line:last-child .hex-offset').textContent).toBe('000ffff0');
  expect(hex(one('.hex-line:last-child'))).toBe(expected(2 ** 20 - 16));
  await press(one('.hex'), 'Home');
  expect(hex(all('.hex-line')[0])).toBe(expected(0));
});

test('bytes are found by their text and by their numbers, when all of them are here', async () => {
  const bytes = new Uint8Array(200_000);
  bytes.set(new TextEncoder().encode('Hello'), 150_000);
  bytes.set([0xde, 0xad, 0xff], 199_990);
  const host = await show(bytes);
  await press(one('.body'), 'f', { ctrlKey: true });
  await type(one('.payload-find input'), 'hello');
  expect(host.asked()).toBe(3);
  await answer();
  expect(one('.payload-find-count').textContent).toBe('1 of 1');
  expect(one('.hex-line.current .hex-offset').textContent).toBe('000249f0');
  await type(one('.payload-find input'), 'de ad ff');
  expect(one('.hex-line.current .hex-offset').textContent).toBe('00030d30');
});

test('a picture is shown as one: its bytes are fetched whole, and its address is given back', async () => {
  const urls = new Set<string>();
  let made = 0;
  URL.createObjectURL = () => {
    const url = `blob:${++made}`;
    urls.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => void urls.delete(url);
  const png = new Uint8Array(100_000);
  png.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  await show(png);
  expect(one('.body-facts').textContent).toBe('100,000 bytes, looks like PNG image');
  expect(all('.image')).toEqual([]);
  await answer();
  expect([one('.image img').getAttribute('src'), urls.size]).toEqual(['blob:1', 1]);
  await click(button('Hex'));
  expect([all('img').length, urls.size]).toEqual([0, 0]);
  // The choice is remembered.
  await say({ kind: 'rows', rows: [row(2)] });
  await press(one('[role=grid]'), 'End');
  await say(detail(2, { body: { kind: 'bytes', bytes: png.slice(0, 65536), offset: 0, size: 100_000 } }));
  expect(all('.hex-line').length).toBeGreaterThan(0);
});

test('SVG is text, whatever it says', async () => {
  await show(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'));
  expect(all('.mode').map((mode) => mode.textContent)).toEqual(['Text', 'Hex']);
  expect(all('svg, img, script')).toEqual([]);
});

test('numbers that are bytes, and bytes that are JSON, are shown as what they are', async () => {
  const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  await show(JSON.stringify(png));
  expect(all('.mode').map((mode) => mode.textContent)).toEqual(['Tree', 'Text', 'Hex', 'Image']);
  expect(one('.body-facts').textContent).toBe('44 B, an array of bytes, looks like PNG image');
  await click(button('Hex'));
  expect(one('.hex-bytes').textContent).toBe('89 50 4e 47 0d 0a 1a 0a  00 00 00 00 00 00 00 00');
  const json = new TextEncoder().encode('{"a":[1,2]}');
  await say(detail(1, { body: { kind: 'bytes', bytes: json, offset: 0, size: json.length } }));
  expect(all('.mode').map((mode) => mode.textContent)).toEqual(['Tree', 'Text', 'Hex']);
  await click(button('Tree'));
  expect(lines()).toEqual(['args: ', 'a: (2)', '0: 1', '1: 2']);
});

test('check 26: 10,000 items five levels deep: all opens at once, and each line has at most 200 below it', async () => {
  let value: unknown = Array.from({ length: 10_000 }, (_, at) => at);
  for (const key of ['four', 'three', 'two', 'one']) value = { [key]: value };
  await show(JSON.stringify(value));
  const tree = one('[role=tree]');
  await press(tree, 'End');
  expect(lines().at(-1)).toMatch(/^four: \(10,000\) \[0, 1, 2/);
  await press(tree, 'ArrowRight');
  await press(tree, 'End');
  const last = one('.tree-line:last-child');
  expect([last.textContent, last.getAttribute('aria-setsize'), last.getAttribute('aria-posinset')]).toEqual([
    '[9,800 … 9,999]',
    '50',
    '50',
  ]);
  await press(tree, 'ArrowRight');
  await press(tree, 'End');
  expect([one('.tree-line:last-child').textContent, all('.tree-line').length < 60]).toEqual(['9999: 9999', true]);
  expect(one('.tree-line:last-child').getAttribute('aria-setsize')).toBe('200');
  expect(one('.tree-line:last-child').getAttribute('aria-level')).toBe('7');
});

test('a value is copied, filtered by, made a column; who offers none of it has no button for it', async () => {
  delete inspector.payloads.actions.addColumn;
  await show('{"user":{"name":"Ada"},"list":[1]}');
  const tree = one('[role=tree]');
  for (let step = 0; step < 2; step++) await press(tree, 'ArrowDown');
  await press(tree, 'c', { ctrlKey: true });
  expect(posted.at(-1)).toEqual({ kind: 'copy', text: 'Ada' });
  await press(tree, 'C', { ctrlKey: true, shiftKey: true });
  expect(posted.at(-1)).toEqual({ kind: 'copy', text: 'args.user.name' });
  expect(all('.tree-actions button').length).toBe(3);
  const columns: string[] = [];
  inspector.payloads.actions.addColumn = (path) => void columns.push(path);
  await press(tree, 'a');
  expect(columns).toEqual(['args.user.name']);
  await press(tree, 'f');
  expect(inspector.arrangement.value.filter).toBe('args.user.name="Ada"');
  await press(tree, 'f');
  expect(inspector.arrangement.value.filter).toBe('args.user.name="Ada"');
});

test('a list of objects is a table: sorted by a click, and Enter leads to the item in the tree', async () => {
  await show(
    JSON.stringify({ total: 3, notes: [{ id: 10, title: 'b' }, { id: 9, title: 'a', tags: ['x'] }, { id: 100 }] }),
  );
  await click(button('Table'));
  const cells = () =>
    all('.table-row:not(.table-header)').map((each) => [...each.children].map((cell) => cell.textContent));
  expect(one('.table').getAttribute('aria-label')).toBe('args.notes: 3 rows');
  expect(cells()).toEqual([
    ['0', '10', 'b', ''],
    ['1', '9', 'a', '(1) ["x"]'],
    ['2', '100', '', ''],
  ]);
  await click(button('id'));
  expect(cells().map(([at]) => at)).toEqual(['1', '0', '2']);
  await click(button('id'));
  expect(cells().map(([at]) => at)).toEqual(['2', '0', '1']);
  expect(one('[aria-sort=descending]').textContent).toBe('id');
  await press(one('.table'), 'End');
  await press(one('.table'), 'Enter');
  expect(one('[aria-selected=true].tree-line').textContent).toMatch(/^1: /);
  expect(lines()).toContain('title: "a"');
});

test('a payload is searched: also what is not open is found, in order, round the ends', async () => {
  await show(
    JSON.stringify({
      pad: Array.from({ length: 3000 }, (_, at) => ({ at, word: at % 1000 === 5 ? 'needle' : 'hay' })),
    }),
  );
  await press(one('[role=tree]'), 'f', { ctrlKey: true });
  expect(document.activeElement).toBe(one('.payload-find input'));
  await type(one('.payload-find input'), 'Needle');
  expect(one('.payload-find-count').textContent).toBe('Not found');
  await type(one('.payload-find input'), 'needle');
  const found: (string | null | undefined)[] = [];
  for (let step = 0; step < 4; step++) {
    found.push(one('.payload-find-count').textContent, one('.tree-line[aria-selected=true]').textContent);
    await press(one('.payload-find input'), 'Enter');
  }
  expect(found).toEqual([
    '1 of 3',
    'word: "needle"',
    '2 of 3',
    'word: "needle"',
    '3 of 3',
    'word: "needle"',
    '1 of 3',
    'word: "needle"',
  ]);
  await press(one('.payload-find input'), 'Escape');
  await press(one('[role=tree]'), 'C', { ctrlKey: true, shiftKey: true });
  expect(posted.at(-1)).toEqual({ kind: 'copy', text: 'args.pad[1005].word' });
  expect(document.activeElement).toBe(one('[role=tree]'));
});

test('what the list is filtered by is marked in the payload', async () => {
  await show('{"name":"Ada Lovelace"}');
  await act(() => inspector.setFilter('love'));
  expect(all('.tab-panel mark').map((mark) => mark.textContent)).toEqual(['Love']);
});

test('Raw has the message as one JSON, asked for when it is looked at', async () => {
  await show('{}');
  expect(posted.some((message) => message.kind === 'slice')).toBe(false);
  await click(button('Raw'));
  expect(posted.at(-1)).toMatchObject({ kind: 'slice', id: 1, part: 'raw', offset: 0 });
  const text = '{"id":1,"name":"greet"}';
  await say({
    kind: 'slice',
    id: 1,
    part: 'raw',
    body: { kind: 'json', text, offset: 0, size: text.length, truncated: false },
  });
  expect(lines()).toEqual(['message: ', 'id: 1', 'name: "greet"']);
  await click(button('Open in an editor'));
  expect(posted.at(-1)).toEqual({ kind: 'open', id: 1, part: 'raw' });
});

test('check 30: d compares a call with the previous one of its command, several selected with each other', async () => {
  await say({ kind: 'rows', rows: [row(1, { name: 'save' }), row(2), row(3, { name: 'save' })] });
  const diffs = () => posted.filter((message): message is FromInspector & { kind: 'diff' } => message.kind === 'diff');
  await press(one('[role=grid]'), 'End');
  await press(one('[role=grid]'), 'd');
  expect(diffs()).toEqual([{ kind: 'diff', ids: [1, 3], part: 'both' }]);
  inspector.diff([3, 1, 2], 'outcome');
  expect(diffs().at(-1)).toEqual({ kind: 'diff', ids: [3, 1, 2], part: 'outcome' });
  await press(one('[role=grid]'), 'Home');
  await press(one('[role=grid]'), 'd');
  expect(diffs().length).toBe(2);
  expect(inspector.notice.value).toContain('no earlier message');
});
