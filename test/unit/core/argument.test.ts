import type { StandardSchemaV1 } from '@standard-schema/spec';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { type ArgumentSchemas, readArguments } from '#core/argument.ts';
import type { RequestBody } from '#core/call.ts';
import { type Channel, channel } from '#core/channel.ts';
import { Rejection } from '#core/error.ts';

const sink = { send: async () => undefined, end: () => undefined };

async function read(schemas: ArgumentSchemas, value: unknown): Promise<unknown> {
  const body: RequestBody = value instanceof Uint8Array ? { kind: 'raw', bytes: value } : { kind: 'json', value };
  try {
    return await readArguments('run', schemas, body, () => sink);
  } catch (error) {
    expect(error).toBeInstanceOf(Rejection);
    return (error as Rejection).value;
  }
}

const missing = (key: string) => `invalid args \`${key}\` for command \`run\`: command run missing required key ${key}`;

test('keys are read by their exact name, and others are ignored', async () => {
  expect(await read({ a: z.string() }, { a: 'x', b: 1 })).toEqual({ a: 'x' });
  expect(await read({ a: z.string() }, { A: 'x' })).toBe(missing('a'));
  expect(await read({}, 'anything')).toEqual({});
});

test.each([[null], [['a']], ['text'], [7], [undefined]])('%j is no object: every key is missing', async (value) => {
  expect(await read({ a: z.string() }, value)).toBe(missing('a'));
  expect(await read({ a: z.string().optional() }, value)).toEqual({ a: undefined });
});

test('what an object inherits is no argument', async () => {
  expect(await read({ toString: z.any().refine((value) => value !== undefined) }, {})).toBe(missing('toString'));
  expect(await read({ constructor: z.string() }, JSON.parse('{"__proto__":{"constructor":"x"}}'))).toBe(
    missing('constructor'),
  );
});

test('null is none for whatever may be absent, and an error for the rest', async () => {
  expect(await read({ a: z.string().optional() }, { a: null })).toEqual({ a: undefined });
  expect(await read({ a: z.string().default('d') }, { a: null })).toEqual({ a: 'd' });
  expect(await read({ a: z.string().nullable() }, { a: null })).toEqual({ a: null });
  expect(await read({ a: z.string() }, { a: null })).toBe(
    'invalid args `a` for command `run`: invalid type: null, expected a string',
  );
});

test('the first failure in declaration order decides, and later parameters are not looked at', async () => {
  const seen: string[] = [];
  const noting = (name: string) => z.unknown().transform((value) => (seen.push(name), value));
  const schemas = { a: noting('a'), b: z.string(), c: noting('c') };
  expect(await read(schemas, { a: 1, b: 2, c: 3 })).toBe(
    'invalid args `b` for command `run`: invalid type: integer `2`, expected a string',
  );
  expect(seen).toEqual(['a']);
});

test('raw bytes have no keys', async () => {
  expect(await read({ a: z.string().optional() }, new Uint8Array(1))).toBe(
    'invalid args `a` for command `run`: command run expected a value for key a but the IPC call used a bytes payload',
  );
  expect(await read({}, new Uint8Array(1))).toEqual({});
});

test('any standard schema may stand for an argument; its own words are used', async () => {
  const even: StandardSchemaV1<unknown, number> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) =>
        typeof value === 'number' && value % 2 === 0 ? { value: value / 2 } : { issues: [{ message: 'not even' }] },
    },
  };
  const later: StandardSchemaV1<unknown, unknown> = {
    '~standard': { version: 1, vendor: 'test', validate: async (value) => ({ value: { later: value } }) },
  };
  expect(await read({ n: even, p: later }, { n: 4, p: 1 })).toEqual({ n: 2, p: { later: 1 } });
  expect(await read({ n: even }, { n: 3 })).toBe('invalid args `n` for command `run`: not even');
});

test('a channel of an asynchronous schema is bound, too', async () => {
  const schema = z.object({ on: channel() }).refine(async () => true);
  const { all } = (await read({ all: schema }, { all: { on: '__CHANNEL__:7' } })) as { all: { on: Channel } };
  expect([all.on.id, all.on.bound]).toEqual([7, true]);
});
