import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainText } from '../../../extension/plugins/menu/show.ts';
import { outcome, TestApp } from './harness.ts';

type Triple = readonly [rid: number, id: string, kind: string];

/** What may be done to a menu; positions reach past its end. */
const step = fc.record({
  command: fc.constantFrom('append', 'prepend', 'insert', 'remove', 'remove_at', 'get'),
  position: fc.nat(8),
  ids: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 }),
});

test('whatever is done to a menu, it has the items that a list would have', async () => {
  const page = (await TestApp.start()).open('main');
  const run = (command: string, args: object) => page.invoke(`plugin:menu|${command}`, args);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.constantFrom('Menu', 'Submenu'), async (steps, kind) => {
      const options = { text: 'any', items: [{ id: 'first', text: 'first' }] };
      const [rid] = (await run('new', { kind, options, handler: '__CHANNEL__:1' })) as [number];
      const menu = { rid, kind };
      const model = ['first'];
      for (const { command, position, ids } of steps) {
        const items = ids.map((id) => ({ id, text: id }));
        if (command === 'append') model.push(...ids);
        else if (command === 'prepend') for (const id of ids) model.unshift(id);
        else if (command === 'insert') for (const [at, id] of ids.entries()) model.splice(position + at, 0, id);
        if (command === 'append' || command === 'prepend' || command === 'insert') {
          expect(await run(command, { ...menu, items, position })).toBe(null);
        } else if (command === 'remove_at') {
          const [removed] = model.splice(position, 1);
          const answer = (await run(command, { ...menu, position })) as Triple | null;
          expect(answer?.[1]).toBe(removed);
        } else {
          const [id = ''] = ids;
          const found = (await run('get', { ...menu, id })) as Triple | null;
          expect(found?.[1]).toBe(model.includes(id) ? id : undefined);
          if (command === 'get' || !found) continue;
          model.splice(model.indexOf(id), 1);
          expect(await run('remove', { ...menu, item: [found[0], found[2]] })).toBe(null);
        }
      }
      const items = (await run('items', menu)) as Triple[];
      expect(items.map(([, id]) => id)).toEqual(model);
      expect(new Set(items.map(([each]) => each)).size).toBe(model.length);
    }),
    { numRuns: 60 },
  );
});

test('menus a thousand levels deep are answered, and the host goes on', async () => {
  const page = (await TestApp.start()).open('main');
  let items: unknown[] = [{ text: 'innermost' }];
  for (let depth = 0; depth < 1000; depth++) items = [{ text: `${depth}`, items }];
  const answer = await outcome(
    page.invoke('plugin:menu|new', { kind: 'Menu', options: { items }, handler: '__CHANNEL__:1' }),
  );
  expect(Object.keys(answer)).toEqual([expect.stringMatching(/^(ok|error)$/)]);
  expect(await page.invoke('plugin:app|name')).toBe('Test App');
});

test.each([
  ['&File', 'File'],
  ['E&xit', 'Exit'],
  ['Salt && Pepper', 'Salt & Pepper'],
  ['&&&Both', '&Both'],
  ['at the end &', 'at the end '],
])('%j is shown as %j', (text, shown) => {
  expect(plainText(text)).toBe(shown);
});
