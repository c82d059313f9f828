/** The scope layers of the http, shell and opener plugins; fetching, running and opening come with the plugins. */
import { expect, test } from 'vitest';
import { HttpScope, isAllowedHeader } from '#core/acl/scope/http.ts';
import { OpenerScope } from '#core/acl/scope/opener.ts';
import type { PathPlace } from '#core/acl/scope/path.ts';
import type { Scopes } from '#core/acl/scope/scope.ts';
import { type CallArguments, ShellOpenScope, ShellScope } from '#core/acl/scope/shell.ts';
import { rejectionOf } from '#core/error.ts';
import { fileLinks } from '../../../extension/plugins/file-links.ts';
import { cpuMs } from '../../cpu.ts';
import { type Lists, scopes } from './support.ts';

/** What `task` gives, or what a page would see of its rejection. */
function result<T>(task: () => T): T | { readonly error: unknown } {
  try {
    return task();
  } catch (error) {
    return { error: rejectionOf(error) };
  }
}

async function later<T>(task: Promise<T>): Promise<T | { readonly error: unknown }> {
  try {
    return await task;
  } catch (error) {
    return { error: rejectionOf(error) };
  }
}

// ---- http

const fetches = (url: string, given: Scopes) => result(() => new HttpScope(given).check(new URL(url)));
const outside = (url: string) => ({ error: `url not allowed on the configured scope: ${url}` });

test('I127 without an entry no URL is fetched', () => {
  expect(fetches('https://tauri.app/', scopes())).toEqual(outside('https://tauri.app/'));
});

test.each<[title: string, scope: Lists, allowed: readonly string[], refused: readonly string[]]>([
  [
    'what is denied is denied, also where it is allowed',
    { allow: ['http://*'], deny: ['http://*'] },
    [],
    ['http://localhost/', 'http://tauri.app/x'],
  ],
  [
    'an origin with a port: every path and query there',
    { allow: [{ url: 'http://localhost:8080' }] },
    ['http://localhost:8080/', 'http://localhost:8080/path/list?limit=50'],
    ['http://localhost:123/', 'https://localhost:8080/', 'http://localhost:8081/'],
  ],
  [
    'one file, with any query',
    { allow: ['http://localhost:8080/file.png'] },
    ['http://localhost:8080/file.png', 'http://localhost:8080/file.png?q=1'],
    ['http://localhost:8080/', 'http://localhost:8080/file', 'http://localhost:8080/file.png/other.jpg'],
  ],
  [
    'a star in the path',
    { allow: ['http://localhost:8080/*.png'] },
    ['http://localhost:8080/file.png', 'http://localhost:8080/assets/file.png?a=1#b'],
    ['http://localhost:8080/file.jpg'],
  ],
  ['every host', { allow: ['http://*'] }, ['http://a.b/c', 'http://localhost/'], ['https://a.b/c', 'http://a.b:8080/']],
  ['every host and path', { allow: ['http://*/*'] }, ['http://a.b/c'], ['https://a.b/c']],
  [
    'a query',
    { allow: ['https://tauri.app/path?x=*'] },
    ['https://tauri.app/path?x=5'],
    ['https://tauri.app/path?y=5'],
  ],
  [
    'a fragment',
    { allow: ['https://tauri.app/path#frame*'] },
    ['https://tauri.app/path#frame'],
    ['https://tauri.app/path#work'],
  ],
])('I128 %s', (_, scope, allowed, refused) => {
  for (const url of allowed) expect([url, fetches(url, scopes(scope))]).toEqual([url, undefined]);
  for (const url of refused) expect([url, fetches(url, scopes(scope))]).toEqual([url, outside(url)]);
});

test('I128 every scheme: also one that is no web address', () => {
  const scope = new HttpScope(scopes({ allow: ['*://*'] }));
  for (const url of ['http://a.b/', 'https://a.b/', 'file://path/to/file']) {
    expect([url, scope.isAllowed(new URL(url))]).toEqual([url, true]);
  }
});

test('I128 an entry that is no pattern fails the call', () => {
  expect(result(() => new HttpScope(scopes({ allow: ['tauri.app'] })))).toEqual({
    error:
      'error deserializing scope: `tauri.app` is not a valid URL pattern: a relative input without a base URL is not valid',
  });
  expect(result(() => new HttpScope(scopes({}, { deny: [5] })))).toEqual({
    error: 'error deserializing scope: data did not match any variant of untagged enum EntryRaw',
  });
});

test('I129 the scope is that of the command that asks: another command’s is not seen', () => {
  // The authority gives each command its own scope (D60 and on); the layer adds nothing of its own.
  expect(fetches('https://tauri.app/', scopes({}, {}))).toEqual(outside('https://tauri.app/'));
  expect(fetches('https://tauri.app/', scopes({}, { allow: ['https://tauri.app'] }))).toBeUndefined();
});

test('I130 a redirect stays in the scope; in Tauri’s mode it need not', () => {
  const given = scopes({ allow: ['https://tauri.app'] });
  const target = new URL('http://169.254.169.254/latest');
  expect(result(() => new HttpScope(given).checkRedirect(target))).toEqual(outside(target.href));
  expect(result(() => new HttpScope(given).checkRedirect(new URL('https://tauri.app/b')))).toBeUndefined();
  const tauri = new HttpScope(given, { scopeRedirects: false });
  expect(result(() => tauri.checkRedirect(target))).toBeUndefined();
  for (const url of ['file:///etc/passwd', 'data:text/plain,x']) {
    expect(result(() => tauri.checkRedirect(new URL(url)))).toEqual({
      error: `scheme ${url.slice(0, 4)} not supported`,
    });
  }
});

test('I131 data needs no scope; other schemes are not supported', () => {
  expect(fetches('data:text/plain,hi', scopes())).toBeUndefined();
  expect(fetches('ftp://x', scopes({ allow: ['*://*'] }))).toEqual({ error: 'scheme ftp not supported' });
});

test('I132 headers that are the host’s are left out', () => {
  const names = ['Host', 'Sec-X', 'proxy-authorization', 'COOKIE', 'X-Sec', 'Accept', 'User-Agent', 'Hosts'];
  expect(names.filter(isAllowedHeader)).toEqual(['X-Sec', 'Accept', 'User-Agent', 'Hosts']);
});

// ---- shell

const place: PathPlace = { windows: false, directory: (name) => (name === 'Home' ? '/home/u' : undefined) };

function run(entries: readonly unknown[], program: string, args: CallArguments, sidecar = false): unknown {
  return result(() => new ShellScope(scopes({ allow: entries }), place).prepare(program, args, { sidecar }));
}

const LS = { name: 'ls', cmd: 'ls', args: ['-l', { validator: '\\S+' }] };
const notAllowed = (program: string) => ({ error: `program not allowed on the configured shell scope: ${program}` });

test('I133 fixed arguments are those of the entry, whatever was sent', () => {
  expect(run([LS], 'ls', ['-a', 'x'])).toEqual({ command: 'ls', args: ['-l', 'x'] });
});

test('I134 an argument that is missing or does not fit is refused', () => {
  expect(run([LS], 'ls', ['-l'])).toEqual(notAllowed('ls'));
  expect(run([LS], 'ls', ['-l', 'a b'])).toEqual(notAllowed('ls'));
  expect(run([LS], 'rm', ['-l', 'x'])).toEqual(notAllowed('rm'));
  const reasonOf = (args: CallArguments, name = 'ls') => {
    try {
      new ShellScope(scopes({ allow: [LS] }), place).prepare(name, args, { sidecar: false });
    } catch (error) {
      return ((error as Error).cause as Error).message;
    }
    return undefined;
  };
  expect(reasonOf(['-l'])).toBe(
    'Scoped command argument at position 1 must match regex validation ^\\S+$ but it was not found',
  );
  expect(reasonOf(['-l', 'a b'])).toBe(
    'Scoped command argument at position 1 was found, but failed regex validation ^\\S+$',
  );
  expect(reasonOf('-l x')).toBe('Scoped command ls received arguments in an unexpected format');
  expect(reasonOf([], 'rm')).toBe('Scoped command rm not found');
});

test('I135 arguments beyond those of the entry are dropped', () => {
  expect(run([LS], 'ls', ['-l', 'x', '--evil'])).toEqual({ command: 'ls', args: ['-l', 'x'] });
});

test('I136 anchors are put around a validator as it is: an alternation is bound at one side each', () => {
  const entry = (validator: string, raw = false) => ({ name: 'x', cmd: 'x', args: [{ validator, raw }] });
  const fits = (validator: string, value: string, raw?: boolean) =>
    JSON.stringify(run([entry(validator, raw)], 'x', [value])) !== JSON.stringify(notAllowed('x'));
  expect(['a', 'b', 'axx', 'xxb', 'xax'].map((value) => fits('a|b', value))).toEqual([true, true, true, true, false]);
  expect([fits('a', 'xax', true), fits('a', 'xax'), fits('a', 'a\n')]).toEqual([true, false, false]);
});

test('I136 a validator that Rust does not know is refused, and none takes long', () => {
  const entry = (validator: string) => ({ name: 'x', cmd: 'x', args: [{ validator }] });
  for (const validator of ['(?=a)', '(?!a)', '(?<=a)b', '(a)\\1', '[']) {
    expect(run([entry(validator)], 'x', ['a'])).toEqual({
      error: expect.stringMatching(/^error deserializing scope: error parsing regexp: /) as unknown,
    });
  }
  const took = cpuMs(() => expect(run([entry('(a+)+')], 'x', [`${'a'.repeat(50_000)}!`])).toEqual(notAllowed('x')));
  expect(took).toBeLessThan(2000);
});

test('I137 true takes any arguments; without arguments none are passed', () => {
  const any = { name: 'any', cmd: 'any', args: true };
  const none = { name: 'none', cmd: 'none' };
  expect(run([any], 'any', ['a', '-b'])).toEqual({ command: 'any', args: ['a', '-b'] });
  expect(run([any], 'any', 'a')).toEqual({ command: 'any', args: ['a'] });
  expect(run([none], 'none', [])).toEqual({ command: 'none', args: [] });
  expect(run([none], 'none', undefined)).toEqual({ command: 'none', args: [] });
  expect(run([none], 'none', ['x'])).toEqual({ command: 'none', args: [] });
  expect(run([none], 'none', 'x')).toEqual(notAllowed('none'));
});

test('I138 of two entries with one name the first counts, the command’s before the global ones', () => {
  const given = scopes(
    {
      allow: [
        { name: 'x', cmd: 'first' },
        { name: 'x', cmd: 'second' },
      ],
    },
    {
      allow: [
        { name: 'x', cmd: 'global' },
        { name: 'y', cmd: '$HOME/bin/y' },
      ],
    },
  );
  const scope = new ShellScope(given, place);
  expect(scope.prepare('x', [], { sidecar: false }).command).toBe('first');
  expect(scope.prepare('y', [], { sidecar: false }).command).toBe('/home/u/bin/y');
});

test('I139 what is denied has no effect', () => {
  const given = scopes({ allow: [LS], deny: [LS, 5] });
  expect(new ShellScope(given, place).prepare('ls', ['', 'x'], { sidecar: false }).args).toEqual(['-l', 'x']);
});

test('I140 a sidecar is only called as one, and its reason is told', () => {
  const entry = { name: 'bin/app', sidecar: true };
  expect(run([entry], 'bin/app', [])).toEqual(notAllowed('bin/app'));
  expect(run([entry], 'bin/app', [], true)).toEqual({ command: 'bin/app', args: [] });
  expect(run([LS], 'ls', ['', 'x'], true)).toEqual({
    error: 'The scoped command was called with the improper sidecar flag set',
  });
});

test.each([
  [{ name: 'x' }, 'The shell scope `command` value is required.'],
  [{ cmd: 'x' }, 'missing field `name`'],
  [{ name: 5, cmd: 'x' }, 'invalid type: integer `5`, expected a string'],
  [{ name: 'x', cmd: 'x', sidecar: 1 }, 'invalid type: integer `1`, expected a boolean'],
  [{ name: 'x', cmd: 'x', args: ['a', 5] }, 'data did not match any variant of untagged enum ShellAllowedArgs'],
  [
    { name: 'x', cmd: 'x', args: [{ validator: 'a', other: 1 }] },
    'data did not match any variant of untagged enum ShellAllowedArgs',
  ],
  ['x', 'invalid type: string "x", expected struct EntryRaw'],
])('I140 the entry %j is refused', (entry, reason) => {
  expect(run([entry], 'x', [])).toEqual({ error: `error deserializing scope: ${reason}` });
});

test('I141 mail, telephone and web addresses are opened by default', () => {
  const opens = (path: string, open?: boolean | string) =>
    result(() => new ShellOpenScope(open).check(path)) === undefined;
  for (const path of ['https://x.y', 'http://ü.de', 'mailto:a@b', 'tel:12'])
    expect([path, opens(path)]).toEqual([path, true]);
  for (const path of ['file:///etc/passwd', 'smb://x', 'https://x', 'tel:1', ' https://x.y', '/bin/sh', '']) {
    expect([path, opens(path)]).toEqual([path, false]);
  }
  expect([opens('https://x.y', false), opens('', false)]).toEqual([false, false]);
  expect([opens('ab', 'ab'), opens('abc', 'ab'), opens('https://x.y', true)]).toEqual([true, false, true]);
  expect(result(() => new ShellOpenScope().check('smb://x'))).toEqual({
    error:
      'Scoped command argument at position 0 was found, but failed regex validation ^((mailto:\\w+)|(tel:\\w+)|(https?://\\w+)).+',
  });
});

// ---- opener

const OPENER_DEFAULT = [{ url: 'mailto:*' }, { url: 'tel:*' }, { url: 'http://*' }, { url: 'https://*' }];

const opener = (lists: Lists) => new OpenerScope(scopes(lists), { ...place, links: fileLinks });
const openUrl = (lists: Lists, url: string, app?: string) => result(() => opener(lists).checkUrl(url, app));
const openPath = (lists: Lists, path: string, app?: string) => later(opener(lists).checkPath(path, app));

test('I142 URLs are compared by their letters', () => {
  const allow = OPENER_DEFAULT;
  expect(openUrl({ allow }, 'https://x')).toBeUndefined();
  for (const url of ['HTTPS://x', 'file:///x', 'vscode://x']) {
    expect(openUrl({ allow }, url)).toEqual({ error: `Not allowed to open url ${url}` });
  }
});

test('I143 a program must be allowed expressly', () => {
  const allow = [{ url: 'https://*' }];
  expect(openUrl({ allow }, 'https://x', 'firefox')).toEqual({
    error: 'Not allowed to open url https://x with firefox',
  });
  expect(openUrl({ allow: [{ url: 'https://*', app: 'firefox' }] }, 'https://x', 'firefox')).toBeUndefined();
  expect(openUrl({ allow: [{ url: 'https://*', app: 'firefox' }] }, 'https://x')).toBeDefined();
  expect(openUrl({ allow: [{ url: 'https://*', app: true }] }, 'https://x', 'any')).toBeUndefined();
});

test('I143 false allows no program at all, not even the system’s own: so the crate reads it', () => {
  const allow = [{ url: 'https://*', app: false }];
  expect(openUrl({ allow }, 'https://x')).toEqual({ error: 'Not allowed to open url https://x' });
  expect(openUrl({ allow: [{ url: 'https://*', app: null }] }, 'https://x')).toBeUndefined();
});

test('I144 a deny holds for its own program only', () => {
  const lists = { allow: OPENER_DEFAULT, deny: [{ url: 'https://evil.*' }] };
  expect(openUrl(lists, 'https://evil.com')).toEqual({ error: 'Not allowed to open url https://evil.com' });
  expect(openUrl(lists, 'https://evil.com', 'firefox')).toBeDefined(); // no allow fits
  const any = { ...lists, allow: [{ url: 'https://*', app: true }] };
  expect(openUrl(any, 'https://evil.com', 'firefox')).toBeUndefined();
});

test('I145 a path needs an entry of its own', async () => {
  const refused = { error: 'Not allowed to open path /home/u/a.txt' };
  expect(await openPath({ allow: OPENER_DEFAULT }, '/home/u/a.txt')).toEqual(refused);
  const allow = [{ path: '$HOME/*' }, { path: '/elsewhere', app: 'vim' }];
  expect(await openPath({ allow }, '/home/u/a.txt')).toBeUndefined();
  // The program may be that of another entry.
  expect(await openPath({ allow }, '/home/u/a.txt', 'vim')).toBeUndefined();
  expect(await openPath({ allow }, '/home/u/a.txt', 'emacs')).toEqual({ error: `${refused.error} with emacs` });
  expect(await openPath({ allow, deny: [{ path: '$HOME/a.*' }] }, '/home/u/a.txt')).toEqual(refused);
});

test('I145 an entry of neither kind fails the call', () => {
  for (const entry of [5, { url: 5 }, { app: true }]) {
    expect(openUrl({ allow: [entry] }, 'https://x')).toEqual({
      error: 'error deserializing scope: data did not match any variant of untagged enum EntryRaw',
    });
  }
  expect(openUrl({ deny: [{ url: 'a**' }] }, 'https://x')).toEqual({
    error:
      'error deserializing scope: Pattern syntax error near position 0: recursive wildcards must form a single path component',
  });
});
