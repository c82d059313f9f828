import { expect, test } from 'vitest';
import { identifierProblem, parseIdentifier } from '#core/acl/identifier.ts';
import { authority, capability, json, manifests, refusal, resolved, thrown } from './support.ts';

const FORMAT =
  'identifiers can only include lowercase ASCII, hyphens which are not leading or trailing, and a single colon if using a prefix';
const problem = (text: string) =>
  identifierProblem(text)?.replace(`invalid plugin or permission identifier '${text}': `, '');

test('A1 a prefix and a base', () => {
  expect(parseIdentifier('fs:default')).toEqual({ text: 'fs:default', prefix: 'fs', base: 'default' });
});

test('A2 the last colon separates', () => {
  expect(parseIdentifier('core:window:default')).toMatchObject({ prefix: 'core:window', base: 'default' });
});

test('A3 without a prefix it is the app’s', () => {
  const app = manifests({ '__app-acl__': { commands: ['greet'] } });
  expect(refusal(authority([capability(['allow-greet'])], app), 'greet')).toBe(undefined);
});

test('A4 the whole text of an error', () => {
  expect(thrown(() => parseIdentifier('fs:a_b'))).toBe(`invalid plugin or permission identifier 'fs:a_b': ${FORMAT}`);
});

test('A5 A6 A9 A11 what is refused in words of its own', () => {
  expect(['tauri-plugin-fs:x', '', 'a:b:c', 'x:'].map(problem)).toEqual([
    'identifiers cannot start with tauri-plugin-',
    'identifiers cannot be empty',
    "identifiers can only include a single separator '58'",
    'identifiers cannot have a prefix without a base',
  ]);
});

test('A7 A8 the length is counted in bytes, and before the characters', () => {
  expect(['a'.repeat(116), 'a'.repeat(117), 'é'.repeat(58), 'é'.repeat(59)].map(problem)).toEqual([
    undefined,
    'identifiers cannot be longer than 116, found 117',
    FORMAT,
    'identifiers cannot be longer than 116, found 118',
  ]);
});

test('A10 core may have more colons', () => {
  expect(['core:a:b:c', 'core::x'].map(problem)).toEqual([undefined, undefined]);
});

test('A12 a trailing hyphen', () => {
  expect(new Set(['a-', 'a--', 'x:a-'].map(problem))).toEqual(new Set(['identifiers cannot have a trailing hyphen']));
});

test('A13 what the format excludes', () => {
  const wrong = ['-a', 'x-:a', 'x:-a', ':x', 'allow-*', 'a/b', 'a b', 'fs:a.b'];
  expect(new Set(wrong.map(problem))).toEqual(new Set([FORMAT]));
});

test('A14 what Tauri accepts against its own words fails later, as unknown', () => {
  for (const text of ['Fs:Default', '1a:2b', 'pre--fix:base--sep', 'xtauri-plugin-y:z']) {
    const { prefix } = parseIdentifier(text);
    expect(thrown(() => resolved([capability([text])]))).toBe(
      `unknown ACL for ${prefix}, expected one of fs, os, ping`,
    );
  }
});

test('A1 to A14: every measured identifier', () => {
  const rows = json('identifiers.json') as { id: string; error: string | null }[];
  expect(rows.length).toBe(42);
  expect(rows.map(({ id }) => ({ id, error: identifierProblem(id) ?? null }))).toEqual(rows);
});
