import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PermissionEntry } from '#core/acl/capability.ts';
import { parseCapabilityFile } from '#core/acl/capability-file.ts';
import { addPermission, applyEdits } from '#core/acl/edit.ts';

function added(text: string, file = 'a.json', reference: PermissionEntry = 'new:one', which = 0): string {
  const source = parseCapabilityFile(file, text)[which];
  if (!source) throw new Error('no capability');
  const edited = applyEdits(text, addPermission(source, reference));
  const before = source.capability.permissions;
  expect(parseCapabilityFile(file, edited)[which]?.capability.permissions).toEqual([...before, reference]);
  return edited;
}

const json = (list: string) => `{\n  "identifier": "a",\n  "permissions": ${list}\n}\n`;

test.each([
  ['one line', '["a:b", "c"]', '["a:b", "c", "new:one"]'],
  ['empty', '[ ]', '["new:one"]'],
  ['many lines', '[\n    "a:b"\n  ]', '[\n    "a:b",\n    "new:one"\n  ]'],
  ['an object last', '[\n    { "identifier": "a:b" }\n  ]', '[\n    { "identifier": "a:b" },\n    "new:one"\n  ]'],
  ['the first on the line of the bracket', '["a:b",\n    "c"]', '["a:b",\n    "c", "new:one"]'],
])('JSON: %s', (_, list, expected) => {
  expect(added(json(list))).toBe(json(expected));
});

test.each([
  [
    'a comment on the last line stays with its item',
    '[\n    "a:b" // why\n  ]',
    '[\n    "a:b", // why\n    "new:one"\n  ]',
  ],
  ['with a comma already', '[\n    "a:b", // why\n  ]', '[\n    "a:b", // why\n    "new:one",\n  ]'],
  ['a comma in a comment is none', '[\n    "a:b" /* a, b */\n  ]', '[\n    "a:b", /* a, b */\n    "new:one"\n  ]'],
  ['a comma on a line of its own', '[\n    "a:b"\n    ,\n  ]', '[\n    "a:b"\n    ,\n    "new:one",\n  ]'],
  ['a trailing comma on one line', '["a:b",]', '["a:b", "new:one",]'],
  ['only a comment', '[\n    // none yet\n  ]', '[\n    // none yet\n    "new:one"\n  ]'],
  ['only a comment, on one line', '[/* none */]', '[/* none */\n    "new:one"\n  ]'],
])('JSON5: %s', (_, list, expected) => {
  expect(added(json(list), 'a.json5')).toBe(json(expected));
});

test('JSON5 with single quotes', () => {
  expect(added("{identifier: 'a', permissions: ['b']}", 'a.json5')).toBe(
    "{identifier: 'a', permissions: ['b', 'new:one']}",
  );
});

test('line ends stay those of the file', () => {
  expect(added(json('[\n    "a:b"\n  ]').replaceAll('\n', '\r\n'))).toBe(
    json('[\n    "a:b",\n    "new:one"\n  ]').replaceAll('\n', '\r\n'),
  );
});

test('the right one of several capabilities', () => {
  const one = (name: string, more: string) => `{ "identifier": "${name}", "permissions": ["x"${more}] }`;
  const file = (more: string) => `{ "capabilities": [${one('a', '')}, ${one('b', more)}] }`;
  expect(added(file(''), 'a.json', 'new:one', 1)).toBe(file(', "new:one"'));
});

test('TOML', () => {
  const toml = (list: string) => `identifier = "a"\npermissions = ${list}\nwindows = ["main"] # all\n`;
  expect(added(toml('[\n  "a:b", # why\n]'), 'a.toml')).toBe(toml('[\n  "a:b", # why\n  "new:one",\n]'));
  expect(added(toml('["a:b"]'), 'a.toml', { identifier: 'fs:x', allow: [{ path: '$HOME/"a"' }, 1.5, true] })).toBe(
    toml('["a:b", { identifier = "fs:x", allow = [{ path = "$HOME/\\"a\\"" }, 1.5, true] }]'),
  );
  expect(() => added(toml('["a:b"]'), 'a.toml', { identifier: 'fs:x', allow: [null] })).toThrow('TOML has no null');
});

test('TOML with tables', () => {
  const table = (name: string) => `[[permissions]]\nidentifier = "${name}"`;
  const entry = { identifier: 'new:one', allow: [{ path: 'x' }] };
  const before = `identifier = "a"\n\n${table('a:b')}\n\n[[permissions.allow]]\npath = "y"\n`;
  expect(added(before, 'a.toml', entry)).toBe(`${before.trimEnd()}\n\n${table('new:one')}\nallow = [{ path = "x" }]\n`);
  const several = `[[capabilities]]\nidentifier = "a"\n[[capabilities.permissions]]\nidentifier = "p"\n\n[[capabilities]]\nidentifier = "b"\npermissions = []\n`;
  expect(added(several, 'a.toml', entry)).toContain('[[capabilities.permissions]]\nidentifier = "new:one"\n');
});

test('whatever the layout: the capability gains one reference, and nothing else changes', () => {
  const space = fc.constantFrom('', ' ', '\n', '\n    ', ' // c, "x"\n', '/* [ , ] */', '\r\n');
  const layout = fc.record({ items: fc.array(fc.tuple(space, space)), comma: fc.boolean(), end: space });
  fc.assert(
    fc.property(layout, ({ items, comma, end }) => {
      const list = items.map(([before, after], index) => `${before}"p${index}"${after}`).join(',');
      added(`{"permissions": [${list}${comma && items.length > 0 ? ',' : ''}${end}], identifier: 'a'}`, 'a.json5');
    }),
    { numRuns: 500 },
  );
});
