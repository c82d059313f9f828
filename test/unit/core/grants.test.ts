import { expect, test } from 'vitest';
import { authorityByName, authorityFor } from '#core/acl/authority.ts';
import { Capability } from '#core/acl/capability.ts';
import type { BaseDirectory } from '#core/base-directory.ts';
import { command } from '#core/command.ts';
import { createCore, openFake, until } from './fakes.ts';

const capability = (more: object) =>
  Capability.parse({ identifier: 'main', windows: ['main'], permissions: [], ...more });
const fs = (allow: unknown[], deny: unknown[] = []) => ({ identifier: 'fs:read', allow, deny });

test('a permission is held by the windows that a capability names', () => {
  const authority = authorityByName([
    capability({ windows: ['main', 'edit-*'], permissions: ['fs:read'] }),
    capability({ identifier: 'views', windows: [], webviews: ['view'], permissions: ['fs:read'] }),
    capability({ identifier: 'remote', windows: ['*'], local: false, permissions: ['fs:write'] }),
  ]);
  const holders = ['main', 'edit-1', 'edit', 'Main', 'view'].filter((label) => authority.of(label).allows('fs:read'));
  expect(holders).toEqual(['main', 'edit-1', 'view']);
  expect(authority.of('main').allows('fs:write')).toBe(false);
});

test('a value must be allowed by an entry, and denied by none', () => {
  const authority = authorityByName([
    capability({ permissions: [fs(['/data/**', { path: '/home/*/x' }], [{ path: '/data/secret/**' }])] }),
    capability({ identifier: 'urls', permissions: [{ identifier: 'http', allow: [{ url: 'https://a.test/*' }] }] }),
  ]).of('main');
  const table: [string, string, boolean][] = [
    ['fs:read', '/data/a', true],
    ['fs:read', '/data/deep/a', true],
    ['fs:read', '/data/.hidden', false],
    ['fs:read', '/data/secret/a', false],
    ['fs:read', '/home/ada/x', true],
    ['fs:read', '/home/ada/y', false],
    ['fs:read', '/etc/passwd', false],
    ['http', 'https://a.test/x', true],
    ['http', 'https://b.test/x', false],
  ];
  expect(table.map(([permission, value]) => [permission, value, authority.allows(permission, value)])).toEqual(table);
});

test('a permission without a scope covers no path; several capabilities add up, and one denial is enough', () => {
  const allows = (...capabilities: Capability[]) => authorityByName(capabilities).of('main').allows('fs:read', '/a');
  expect(allows(capability({ permissions: ['fs:read'] }))).toBe(false);
  expect(allows(capability({ permissions: ['fs:read'] }), capability({ permissions: [fs(['/a'])] }))).toBe(true);
  expect(allows(capability({ permissions: [fs(['/**'])] }), capability({ permissions: [fs([], ['/a'])] }))).toBe(false);
});

test('an entry that is no pattern, or one that Rust refuses, covers nothing', () => {
  const authority = authorityByName([capability({ permissions: [fs(['/[', '***', 7, null, {}, { path: 1 }])] })]).of(
    'main',
  );
  expect(['/[', '***', '7'].filter((value) => authority.allows('fs:read', value))).toEqual([]);
});

test('paths of Windows are matched with slashes', () => {
  const authority = authorityByName([capability({ permissions: [fs(['C:/data/*'])] })]).of('main');
  expect([authority.allows('fs:read', 'C:\\data\\a'), authority.allows('fs:read', 'C:\\other\\a')]).toEqual([
    true,
    false,
  ]);
});

test('a refusal says what is missing, where, and what to do', () => {
  const authority = authorityByName([capability({ permissions: [fs(['/data/*'], ['/data/secret'])] })]);
  const refusal = (window: string, permission: string, value?: string) => {
    try {
      authority.of(window).require(permission, value);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect([
    refusal('main', 'fs:read'),
    refusal('main', 'fs:write'),
    refusal('other', 'fs:read'),
    refusal('main', 'fs:read', '/data/secret'),
    refusal('main', 'fs:read', '/etc'),
  ]).toMatchInlineSnapshot(`
    [
      undefined,
      "Permission denied: fs:write is not granted to window "main". Its capabilities are: main. Add "fs:write" to a capability of this window.",
      "Permission denied: fs:read is not granted to window "other". No capability names this window. Add "fs:read" to a capability of this window.",
      "Permission denied: fs:read does not cover "/data/secret" in window "main": capability "main" denies it.",
      "Permission denied: fs:read does not cover "/etc" in window "main": capability "main" allows "/data/*".",
    ]
  `);
});

test('a command runs only for who holds its permissions, and sees their scopes', async () => {
  const core = createCore({ authority: authorityByName([capability({ permissions: [fs(['/a'], ['/b'])] })]) });
  const ran: unknown[] = [];
  core.addCommand(command('read', { permissions: ['fs:read'] }, (_args, { scope }) => void ran.push(scope)));
  const [main, other] = [openFake(core, 'main'), openFake(core, 'other')];
  main.invoke('read', {}, 1);
  other.invoke('read', {}, 1);
  await until(() => main.ran(1).length + other.ran(2).length === 2);
  expect([ran, other.ran(2)]).toEqual([
    [{ allow: ['/a'], deny: ['/b'] }],
    [expect.stringMatching(/^Permission denied: fs:read is not granted to window "other"\./)],
  ]);
  expect([...core.tap.records()].filter(({ name }) => name === 'read').map(({ status }) => status)).toEqual([
    'ok',
    'denied',
  ]);
  core.authority = authorityByName([]);
  main.invoke('read', {}, 5);
  await until(() => main.ran(6).length === 1);
  expect(ran.length).toBe(1);
});

test('variables of scopes name the directories of the machine and the app', () => {
  const capabilities = [capability({ permissions: [fs(['$HOME/notes/**', '$FONT/*', '$NOTHING/*'])] })];
  const input = { capabilities, manifests: new Map(), target: undefined };
  const directories = { windows: false, paths: new Map<BaseDirectory, string>([['Home', '/home/ada']]) };
  const allows = (given: typeof directories | undefined, path: string) =>
    authorityFor(input, () => undefined, { directories: given })
      .of('main')
      .allows('fs:read', path);
  expect(allows(directories, '/home/ada/notes/a')).toBe(true);
  expect(allows(directories, '/home/ada/a')).toBe(false);
  // A directory that the machine does not have; a variable that is none.
  expect(allows(directories, '/a')).toBe(false);
  expect(allows(directories, '$NOTHING/a')).toBe(true);
  expect(allows(undefined, '/home/ada/notes/a')).toBe(false);
  const windows = { windows: true, paths: new Map<BaseDirectory, string>([['Home', 'C:\\Users\\Ada']]) };
  expect(allows(windows, 'C:\\Users\\Ada\\notes\\deep\\a')).toBe(true);
  expect(allows(windows, 'C:\\Users\\Bob\\notes\\a')).toBe(false);
});

test('no spelling of a path slips past a denial', () => {
  const authority = authorityByName([capability({ permissions: [fs(['/d/**', 'notes/*'], ['/d/secret/**'])] })]).of(
    'main',
  );
  const allowed = ['/d/a', '/d//a', '/d/./a', 'notes/a', './notes/a'];
  const denied = [
    '/d/secret/x',
    '/d//secret/x',
    '//d/secret//x',
    '/d/./secret/x',
    '/d/SECRET/x',
    '/d/a/../secret/x',
    '/d/..',
  ];
  expect(allowed.filter((path) => !authority.allows('fs:read', path))).toEqual([]);
  expect(denied.filter((path) => authority.allows('fs:read', path))).toEqual([]);
  expect(() => authority.require('fs:read', '/d/a/../b')).toThrow(
    'Permission denied: fs:read does not cover "/d/a/../b" in window "main": a path with ".." is in no scope; resolve it first (validatePath).',
  );
});

test('a URL is judged as browsers read it', () => {
  const http = { identifier: 'http', allow: ['https://*.a.test/**'], deny: ['https://*.a.test/admin/**'] };
  const authority = authorityByName([capability({ permissions: [http] })]).of('main');
  const allowed = ['https://x.a.test/pub', 'HTTPS://X.A.test/pub?x#y'];
  const refused = [
    'https://evil.test#.a.test/x',
    'https://evil.test?.a.test/x',
    'https://evil.test\\.a.test/x',
    'https://x.a.test/admin/1',
    'https://x.a.test/pub/%2e%2e/admin/1',
    'https://x.a.test/%61dmin/1',
    'https://x.a.test/ad\tmin/1',
    'https://x.a.test\\admin\\1',
    '://',
  ];
  expect(allowed.filter((url) => !authority.allows('http', url))).toEqual([]);
  expect(refused.filter((url) => authority.allows('http', url))).toEqual([]);
});
