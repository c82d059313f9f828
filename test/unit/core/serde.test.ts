import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { rustDebug, serdeMessage, unexpected } from '#core/serde.ts';

/** What serde would say of `given` for `schema`; undefined where it fits. */
function says(schema: z.ZodType, given: unknown): string | undefined {
  const result = schema.safeParse(given);
  return result.success ? undefined : serdeMessage(result.error.issues[0] as z.core.$ZodIssue, given, schema, 'arg');
}

const User = z.object({ name: z.string(), age: z.uint32() }).meta({ title: 'User' });

// tauri-core 2.9, table C: every row of what was expected with every row of what was given.
const EXPECTED: Record<string, [schema: z.ZodType, text: string]> = {
  String: [z.string(), 'a string'],
  bool: [z.boolean(), 'a boolean'],
  u32: [z.uint32(), 'u32'],
  i32: [z.int32(), 'i32'],
  i64: [z.int(), 'i64'],
  f32: [z.float32(), 'f32'],
  f64: [z.number(), 'f64'],
  Vec: [z.array(z.unknown()), 'a sequence'],
  HashMap: [z.record(z.string(), z.unknown()), 'a map'],
  struct: [User, 'struct User'],
};
const GIVEN: [value: unknown, text: string, fits: readonly string[]][] = [
  [null, 'null', []],
  [true, 'boolean `true`', ['bool']],
  [1, 'integer `1`', ['u32', 'i32', 'i64', 'f32', 'f64']],
  [1.5, 'floating point `1.5`', ['f32', 'f64']],
  ['x', 'string "x"', ['String']],
  [[], 'sequence', ['Vec']],
  [{ name: 'a', age: 1 }, 'map', ['HashMap', 'struct']],
];
const MATRIX = Object.entries(EXPECTED).flatMap(([type, [schema, expected]]) =>
  GIVEN.map(([given, unexpected, fits]) => ({
    type,
    schema,
    given,
    text: fits.includes(type) ? undefined : `invalid type: ${unexpected}, expected ${expected}`,
  })),
);

test.each(MATRIX)('$type given $given: $text', ({ schema, given, text }) => {
  expect(says(schema, given)).toBe(text);
});

describe('the place inside an argument is added', () => {
  const List = z.object({ users: z.array(User) });
  test.each([
    [
      {
        users: [
          { name: 'a', age: 1 },
          { name: 2, age: 1 },
        ],
      },
      'invalid type: integer `2`, expected a string (at arg.users[1].name)',
    ],
    [{ users: [{ name: 'a' }] }, 'missing field `age` (at arg.users[0])'],
    [{ users: [7] }, 'invalid type: integer `7`, expected struct User (at arg.users[0])'],
    [{}, 'missing field `users`'],
    [{ users: [{ name: 'a', age: -1 }] }, 'invalid value: integer `-1`, expected u32 (at arg.users[0].age)'],
  ])('%j', (given, text) => expect(says(List, given)).toBe(text));
});

describe('numbers out of range', () => {
  test.each([
    [z.uint32(), -1, 'invalid value: integer `-1`, expected u32'],
    [z.uint32(), 2 ** 32, 'invalid value: integer `4294967296`, expected u32'],
    [z.int32(), 2 ** 31, 'invalid value: integer `2147483648`, expected i32'],
    [z.int().min(0).max(255).meta({ title: 'u8' }), 256, 'invalid value: integer `256`, expected u8'],
    [z.int().min(0).meta({ title: 'u64' }), 1.5, 'invalid type: floating point `1.5`, expected u64'],
    [z.uint32(), 0, undefined],
    [z.uint32(), 2 ** 32 - 1, undefined],
    [z.int32(), -(2 ** 31), undefined],
  ])('%#', (schema, given, text) => expect(says(schema, given)).toBe(text));

  test('limits of the author’s own keep the author’s words', () => {
    expect(says(z.int().min(3, 'at least three'), 2)).toBe('at least three');
    expect(says(z.string().min(3, 'too short'), 'ab')).toBe('too short');
  });
});

test('strings are printed as Rust prints them', () => {
  const table: [string, string][] = [
    ['plain é 漢 😀', '"plain é 漢 😀"'],
    ['"\\', '"\\"\\\\"'],
    ['\n\r\t\0', '"\\n\\r\\t\\0"'],
    ['\u0001\u007f', '"\\u{1}\\u{7f}"'],
    ['\u2028', '"\\u{2028}"'],
    ["it's", '"it\'s"'],
  ];
  expect(table.map(([text]) => [text, rustDebug(text)])).toEqual(table);
});

test('what was given is named as serde names it', () => {
  expect([undefined, null, false, 0, -0.5, 'a', [], {}].map(unexpected)).toEqual([
    'null',
    'null',
    'boolean `false`',
    'integer `0`',
    'floating point `-0.5`',
    'string "a"',
    'sequence',
    'map',
  ]);
});

test('wrapped schemas are looked into', () => {
  expect(says(z.uint32().optional(), 'x')).toBe('invalid type: string "x", expected u32');
  expect(says(User.nullish(), 'x')).toBe('invalid type: string "x", expected struct User');
  expect(says(z.string().transform(Number), 1)).toBe('invalid type: integer `1`, expected a string');
});
