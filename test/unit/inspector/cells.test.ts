import { expect, test } from 'vitest';
import { parsePath } from '#core/filter/path.ts';
import type { MessageRecord } from '#core/record.ts';
import { cellsAt } from '../../../extension/inspector/cells.ts';

const ARGS = {
  path: '/notes.md',
  user: { 'first name': 'Ada', roles: ['admin', 'dev'] },
  items: [{ id: 1 }, { id: 2 }, {}],
  n: 7,
  none: null,
};

function record(part: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id: 1,
    time: 0,
    kind: 'invoke',
    direction: 'to-host',
    app: 'notes',
    window: 'main',
    generation: 1,
    name: 'save',
    status: 'ok',
    size: 0,
    body: { kind: 'json', value: ARGS },
    outcome: { kind: 'text', json: '{"id":[10,20]}' },
    ...part,
  };
}

const at = (path: string, of = record()) => cellsAt({ find: () => of }, path, [of.id])[0]?.[1];

test.each([
  ['args.path', '/notes.md'],
  [' args.n ', '7'],
  ['args.none', 'null'],
  ['args.user["first name"]', 'Ada'],
  ['args.user.roles[1]', 'dev'],
  ['args.user.roles[*]', '["admin","dev"]'],
  ['args.items[*].id', '[1,2]'],
  ['args.items.id', undefined],
  ['args..id', '[1,2]'],
  ['args.user.*', undefined],
  ['args.user[*]', '["Ada",["admin","dev"]]'],
  ['args.items.length', '3'],
  ['args.user', '{"first name":"Ada","roles":["admin","dev"]}'],
  ['body.n', '7'],
  ['body.id', '[10,20]'],
  ['result.id[0]', '10'],
  ['args.nothing', undefined],
  ['args.path.x', undefined],
  ['args.constructor', undefined],
  ['args.items[9].id', undefined],
  ['error.id', undefined],
  ['data.n', undefined],
])('%s is %s', (path, text) => {
  expect(at(path)).toBe(text);
});

test('errors are where a call was refused, data where it is no call', () => {
  const failed = record({ status: 'error', outcome: { kind: 'text', json: '{"code":"ENOENT"}' } });
  expect([at('error.code', failed), at('result.code', failed)]).toEqual(['ENOENT', undefined]);
  const event = record({ kind: 'event', body: { kind: 'text', json: '{"id":3}' } });
  expect([at('data.id', event), at('args.id', event)]).toEqual(['3', undefined]);
});

test('bytes, and what is not kept, have nothing; what is in a file is fetched', () => {
  expect(at('args', record({ body: { kind: 'bytes', bytes: new Uint8Array(3) } }))).toBeUndefined();
  expect(at('args', record({ body: { kind: 'dropped' } }))).toBeUndefined();
  const spilled = {
    kind: 'spilled',
    size: 9,
    preview: '',
    read: () => ({ kind: 'json', value: { a: 1 } }) as const,
  } as const;
  expect(at('args.a', record({ body: spilled }))).toBe('1');
});

test('a long text is cut, and of many values the first twenty are shown', () => {
  const long = record({
    body: { kind: 'json', value: { text: 'x'.repeat(200), list: Array.from({ length: 30 }, () => 1) } },
  });
  expect(at('args.text', long)).toBe(`${'x'.repeat(159)}…`);
  expect(at('args.list[*]', long)).toBe(JSON.stringify(Array.from({ length: 20 }, () => 1)));
});

test.each(['', 'args.', 'other.x', 'args[x]', 'args[1', 'ARGS.x', 'args path', 'argsx', 'args.a:b'])(
  '"%s" is no path',
  (text) => {
    expect(parsePath(text)).toBeUndefined();
  },
);
