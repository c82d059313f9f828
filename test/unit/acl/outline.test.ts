/** What stands where in a data file, also while somebody types in it. */
import { expect, test } from 'vitest';
import { Document, type Format } from '#core/acl/document.ts';
import { Outline } from '#core/acl/outline/outline.ts';
import { ACL_TEXTS } from './texts.ts';

const CURSOR = '‸';

/** Role, path and written text at the cursor. */
function at(format: Format, marked: string): string {
  const location = new Outline(marked.replace(CURSOR, ''), format).at(marked.indexOf(CURSOR));
  if (!location) return 'nothing';
  const { role, path, token } = location;
  return `${role} ${path.map(String).join('/')}${token ? ` = ${token.text}` : ''}`;
}

test.each(ACL_TEXTS)('of a text without errors it sees what a parser sees: $name', ({ text, format }) => {
  const document = new Document(text, format);
  const outline = new Outline(text, format);
  const values = outline.tokens.filter(({ role }) => role === 'value');
  expect(values.map(({ path, range }) => [path, range])).toEqual(
    values.map(({ path }) => [path, document.rangeOf(path)]),
  );
  const strings = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([key, each]) => [key, strings(each)])
      : String(value);
  expect(strings(outline.valueAt([]))).toEqual(strings(document.value));
});

test('every offset of a text that is being typed has an answer', () => {
  for (const { text, format } of ACL_TEXTS) {
    for (let end = 0; end <= text.length; end += 7) {
      const outline = new Outline(text.slice(0, end) + text.slice(end + 3), format);
      for (const offset of [0, end, end - 1, end + 1, text.length]) outline.at(offset);
    }
  }
});

test('keys and values of JSON', () => {
  expect(at('json', '{ "wind‸ows": ["main"] }')).toBe('key windows = windows');
  expect(at('json', '{ "windows": ["ma‸in"] }')).toBe('value windows/0 = main');
  expect(at('json', '{ "windows": ["main", ‸] }')).toBe('value windows/1');
  expect(at('json', '{ "windows": ["main"],\n  ‸\n}')).toBe('key ');
  expect(at('json', '{ "windows": ‸ }')).toBe('value windows');
  expect(at('json', '‸{}')).toBe('nothing');
  expect(at('json', '{ "permissions": [{ "identifier": "fs:default", "allow": [{ "path": "$‸" }] }] }')).toBe(
    'value permissions/0/allow/0/path = $',
  );
});

test('JSON that is not whole', () => {
  expect(at('json', '{ "permissions": ["core:default" "fs:‸"] }')).toBe('value permissions/1 = fs:');
  expect(at('json', '{ "permissions": ["fs:‸\n  "local": true }')).toBe('value permissions/0 = fs:');
  expect(at('json', '{ "permissions": ["fs:‸],\n "local": true }')).toBe('value permissions/0 = fs:');
  expect(at('json', '{ "identifier": ‸\n  "local": true }')).toBe('value identifier');
  expect(at('json', '{ "windows": [{}, [‸')).toBe('value windows/1/0');
  expect(at('json', '{ "a": 1, "win‸ ')).toBe('key win = win');
  expect(at('json', '{ "a": ["x", "b": "‸" }')).toBe('value b = ');
  expect(at('json', '{ "permissions": [ ‸ }')).toBe('value permissions/0');
});

test('JSON5', () => {
  expect(at('json5', "{ permi‸ssions: ['x'] }")).toBe('key permissions = permissions');
  expect(at('json5', "{ // {\n permissions: ['core:‸ ] }")).toBe('value permissions/0 = core:');
  expect(at('json5', "{ windows: ['it\\'s‸'], }")).toBe("value windows/0 = it's");
  expect(at('json5', '{ windows: /* ] */ [ ‸ ], }')).toBe('value windows/0');
});

test('TOML', () => {
  expect(at('toml', 'windows = ["main", "‸"]')).toBe('value windows/1 = ');
  expect(at('toml', 'wind‸')).toBe('key wind = wind');
  expect(at('toml', 'a = 1\n‸\n')).toBe('key ');
  expect(at('toml', 'identifier = ‸\n')).toBe('value identifier');
  expect(at('toml', '[[permissions]]\nidentifier = "fs:scope"\n[[permissions.allow]]\n‸')).toBe(
    'key permissions/0/allow/0/',
  );
  expect(at('toml', '[[permission]]\na = 1\n[[permission]]\ncommands.al‸ = 1')).toBe(
    'key permission/1/commands/al = al',
  );
  expect(at('toml', '[[permission]]\n[permission.comm‸ands]\n')).toBe('key permission/0/commands = commands');
  expect(at('toml', '[[perm‸')).toBe('key perm = perm');
  expect(at('toml', "permissions = [{ identifier = 'a', allow = [{ path = '$‸' }] }]")).toBe(
    'value permissions/0/allow/0/path = $',
  );
  expect(at('toml', 'permissions = [{ ‸ }]')).toBe('key permissions/0/');
});

test('a backslash is itself in a literal string of TOML, and not in others', () => {
  expect(at('toml', 'a = \'C:\\\'\nb = "\\"‸"')).toBe('value b = "');
});

test('TOML that is not whole', () => {
  expect(at('toml', 'permissions = ["core:‸\nwindows = ["main"]')).toBe('value permissions/0 = core:');
  expect(at('toml', 'permissions = ["core:‸]\nwindows = ["main"]')).toBe('value permissions/0 = core:');
  expect(at('toml', 'permissions = [\n  "a"\n  ‸\nwindows = ["main"]')).toBe('value permissions/1');
  expect(at('toml', 'permissions = [\n  "a"\nwindows = ["‸"]')).toBe('value windows/0 = ');
  expect(at('toml', '[[permission]]\ncommands.‸\n')).toBe('key permission/0/commands/ = ');
});

test('brackets without end need no stack', () => {
  for (const format of ['json', 'json5', 'toml'] as const) {
    expect(() => new Outline(`a = ${'['.repeat(100_000)}`, format)).not.toThrow();
    expect(() => new Outline('{"a":'.repeat(20_000), format)).not.toThrow();
  }
});
