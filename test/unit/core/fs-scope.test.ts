import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FileLinks, FsScope } from '#core/acl/scope/fs-scope.ts';
import { isStrangeOnWindows, parseScopePath, withoutVerbatim } from '#core/acl/scope/path.ts';

/** A file system of a few entries: a text is where a link leads, null something else. */
function fake(entries: Readonly<Record<string, string | null>>, separator = '/'): FileLinks {
  const real = (path: string, left = 20): string | undefined => {
    if (left === 0) throw new Error('ELOOP');
    const parts = path.split(separator);
    for (let count = 1; count <= parts.length; count++) {
      const head = parts.slice(0, count).join(separator);
      const target = entries[head];
      if (typeof target !== 'string') continue;
      const rest = parts.slice(count);
      const base = target.startsWith('/') ? target : [...parts.slice(0, count - 1), target].join(separator);
      return real([base, ...rest].join(separator), left - 1);
    }
    return path in entries ? path : undefined;
  };
  return {
    realpath: (path) => real(path),
    readlink: (path) => entries[path] ?? undefined,
  };
}

const unix = (entries: Readonly<Record<string, string | null>>, strict?: boolean) =>
  new FsScope({ windows: false, links: fake(entries), strict });

describe('links', () => {
  const ENTRIES = {
    '/': null,
    '/in': null,
    '/in/file': null,
    '/in/relative': 'file',
    '/in/out': '/out/file',
    '/in/later': '/out/later',
    '/in/soon': 'new',
    '/in/first': 'second',
    '/in/second': '/out/later',
    '/in/loop': 'loop',
    '/out': null,
    '/out/file': null,
    '/by': '/in',
    '/odd': null,
    '/odd/[a]': null,
    '/odd/link': '/odd/[a]',
  };

  test.each([
    // path, strict, as Tauri
    ['/in/file', 'allowed', 'allowed'],
    ['/in/new', 'allowed', 'allowed'],
    ['/in/out', 'neither', 'neither'],
    ['/in/later', 'neither', 'neither'],
    ['/in/soon', 'allowed', 'neither'],
    ['/in/first', 'neither', 'neither'],
    ['/in/loop', 'forbidden', 'neither'],
    // Where it leads may be used, but not by this way.
    ['/by/file', 'neither', 'allowed'],
    ['/in/../out/file', 'forbidden', 'neither'],
    ['/in/x/../../out/new', 'forbidden', 'neither'],
  ])('%s: %s, by Tauri’s own rules %s', async (path, strict, loose) => {
    for (const [scope, expected] of [
      [unix(ENTRIES), strict],
      [unix(ENTRIES, false), loose],
    ] as const) {
      scope.allowPattern('/in/**');
      expect(await scope.decide(path)).toBe(expected);
    }
  });

  test('a relative link to what is there is refused by Tauri’s own rules: it compares the text of the link', async () => {
    const [strict, loose] = [unix(ENTRIES), unix({ ...ENTRIES, file: null }, false)];
    for (const scope of [strict, loose]) scope.allowPattern('/in/**');
    expect([await strict.decide('/in/relative'), await loose.decide('/in/relative')]).toEqual(['allowed', 'neither']);
  });

  test('a scope that is named by a link holds for where it leads, and only for that', async () => {
    const scope = unix(ENTRIES);
    scope.allowPattern('/by/*');
    expect(await scope.decide('/by/file')).toBe('allowed');
    expect(await scope.decide('/by/out')).toBe('neither');
  });

  test('a link is forbidden by its own name and by that of its target', async () => {
    for (const pattern of ['/in/relative', '/in/file', '/by/file']) {
      const scope = unix(ENTRIES);
      scope.allowPattern('/in/**');
      scope.forbidPattern(pattern);
      expect([pattern, await scope.decide('/in/relative')]).toEqual([pattern, 'forbidden']);
    }
  });

  test('characters of a pattern in the name that a link leads to are no pattern', async () => {
    const scope = unix(ENTRIES);
    await scope.allowFile('/odd/link');
    expect(await scope.decide('/odd/link')).toBe('allowed');
    expect(await scope.decide('/odd/a')).toBe('neither');
  });

  test('two scopes decide together: what one forbids the other cannot give', async () => {
    const [first, second] = [unix(ENTRIES), unix(ENTRIES)];
    first.forbidPattern('/out/**');
    await second.allowFile('/in/out');
    await second.allowFile('/in/file');
    expect(await second.decide('/in/out')).toBe('allowed');
    expect([await first.decide('/in/out', second), await first.decide('/in/file', second)]).toEqual([
      'forbidden',
      'allowed',
    ]);
  });

  test('a path that is not allowed as it is written is not looked at', async () => {
    const looked: string[] = [];
    const links: FileLinks = {
      readlink: (path) => void looked.push(path),
      realpath: (path) => void looked.push(path),
    };
    const scope = new FsScope({ windows: true, links });
    scope.allowPattern('C:\\in\\**');
    scope.forbidPattern('C:\\in\\secret');
    const refused = ['\\\\server\\share\\x', 'C:\\in\\..\\x', 'C:\\out'];
    for (const path of refused) expect(await scope.decide(path)).not.toBe('allowed');
    expect(looked.filter((path) => refused.includes(path) || path.startsWith('\\\\'))).toEqual([]);
    await scope.decide('C:\\in\\x');
    expect(looked).toContain('C:\\in\\x');
  });

  test('what cannot be looked at is refused', async () => {
    const links: FileLinks = {
      readlink: () => undefined,
      realpath: () => Promise.reject(new Error('EACCES')),
    };
    for (const strict of [true, false]) {
      const scope = new FsScope({ windows: false, links, strict });
      scope.allowPattern('/in/**');
      expect(await scope.decide('/in/file')).toBe('forbidden');
    }
  });
});

test('patterns and paths are put together again before they are compared', async () => {
  const scope = unix({});
  scope.allowPattern('/a//b/./*/');
  expect(scope.allowed).toEqual(['/a/b/*']);
  expect(await scope.isAllowed('//a/b//c/')).toBe(true);
});

test('a directory is allowed with what is in it; a forbidden one wins', async () => {
  const scope = unix({});
  await scope.allowDirectory('/a', true);
  await scope.forbidDirectory('/a/b', false);
  await scope.forbidFile('/a/f*');
  const paths = ['/a', '/a/c/d', '/a/b', '/a/b/c', '/a/b/c/d', '/a/f*', '/a/fg', '/ab'];
  expect(await Promise.all(paths.map((path) => scope.decide(path)))).toEqual([
    'allowed',
    'allowed',
    'forbidden',
    'forbidden',
    'allowed',
    'forbidden',
    'allowed',
    'neither',
  ]);
  expect(scope.forbidden).toContain('/a/f[*]');
});

test('a picked file is that file alone, whatever it is called', async () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'b', '*', '?', '[', ']', '!', '-', '^', '{', '\\', ' '),
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(name, name, async (picked, other) => {
      const scope = unix({});
      await scope.allowFile(`/x/${picked}`);
      expect(await scope.isAllowed(`/x/${picked}`)).toBe(true);
      if (picked !== other) expect(await scope.isAllowed(`/x/${other}`)).toBe(false);
    }),
    { numRuns: 3000 },
  );
});

describe('on Windows', () => {
  const windows = (strict?: boolean) => new FsScope({ windows: true, links: fake({}, '\\'), strict });

  test.each([
    ['C:\\Users\\u\\**', 'C:\\Users\\u\\a\\b.txt', 'allowed'],
    ['C:\\Users\\u\\**', 'c:\\users\\U\\a', 'allowed'],
    ['C:/Users/u/**', 'C:\\Users\\u/a', 'allowed'],
    ['C:\\Users\\u\\*', 'C:\\Users\\u\\a\\b', 'neither'],
    ['C:\\Users\\u\\*', '\\\\?\\C:\\Users\\u\\a', 'allowed'],
    ['\\\\?\\C:\\Users\\u\\*', 'C:\\Users\\u\\a', 'allowed'],
    ['\\\\server\\share\\**', '\\\\server\\share\\a\\b', 'allowed'],
    ['\\\\server\\share\\**', '\\\\?\\UNC\\server\\share\\a', 'allowed'],
    ['\\\\server\\share\\**', '\\\\server\\other\\a', 'neither'],
    ['C:\\Users\\u\\**', 'D:\\Users\\u\\a', 'neither'],
    // By default a star matches a dotfile on Windows.
    ['C:\\Users\\u\\*', 'C:\\Users\\u\\.ssh', 'allowed'],
    ['C:\\**', 'C:\\a\\..\\b', 'forbidden'],
    ['C:\\**', 'C:\\a.txt:stream', 'forbidden'],
    ['C:\\**', 'C:\\a.txt::$DATA', 'forbidden'],
    ['C:\\**', 'C:\\a.txt.', 'forbidden'],
    ['C:\\**', 'C:\\a \\b', 'forbidden'],
    ['C:\\**', 'C:\\nul', 'forbidden'],
    ['C:\\**', 'C:\\COM1.txt', 'forbidden'],
    ['**', '\\\\.\\PhysicalDrive0', 'forbidden'],
    ['**', '\\\\?\\GLOBALROOT\\x', 'forbidden'],
    ['C:\\**', 'C:\\console\\a.b', 'allowed'],
  ])('%s and %s: %s', async (pattern, path, expected) => {
    const scope = windows();
    scope.allowPattern(pattern);
    expect(await scope.decide(path)).toBe(expected);
  });

  test('a file that is forbidden is so by each of its names that text can tell', async () => {
    const scope = windows();
    scope.allowPattern('C:\\**');
    await scope.forbidFile('C:\\secret.txt');
    for (const path of [
      'C:\\secret.txt',
      'c:/SECRET.TXT',
      '\\\\?\\C:\\secret.txt',
      'C:\\\\secret.txt',
      'C:\\secret.txt. ',
      'C:\\secret.txt:a',
    ]) {
      expect([path, await scope.decide(path)]).toEqual([path, 'forbidden']);
    }
  });

  test('a picked directory is what it is, with brackets in its name', async () => {
    const scope = windows();
    await scope.allowDirectory('C:\\x\\[a]', false);
    expect(await scope.decide('C:\\x\\[a]\\file')).toBe('allowed');
    expect(await scope.decide('C:\\x\\a\\file')).toBe('neither');
  });

  test('the prefix that long paths get goes, where it says nothing else', () => {
    expect(
      ['\\\\?\\C:\\a', '\\\\?\\UNC\\s\\h\\a', '\\\\?\\Volume{1}\\a', 'C:\\a', '\\\\s\\h'].map(withoutVerbatim),
    ).toEqual(['C:\\a', '\\\\s\\h\\a', '\\\\?\\Volume{1}\\a', 'C:\\a', '\\\\s\\h']);
    expect(['C:\\a b\\.c', '\\\\s\\h\\a', 'C:\\conf', 'C:\\com10'].map(isStrangeOnWindows)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('paths of scopes', () => {
  const place = (windows: boolean) => ({
    windows,
    directory: (name: string) =>
      ({ Home: windows ? 'C:\\Users\\u' : '/home/u', Executable: windows ? undefined : '/home/u/bin' })[name],
  });

  test.each([
    ['$HOME/*', '/home/u/*'],
    ['$HOME', '/home/u'],
    ['$HOME/../x', '/home/u/x'],
    ['/a/../../b', '/a/b'],
    ['../a', '../a'],
    ['$EXE/x', '/home/u/bin/x'],
    ['$FONT/**', undefined],
    ['/x/$HOME', '/x/$HOME'],
    ['$HOMER/x', '$HOMER/x'],
    ['$home/x', '$home/x'],
    ['$APP/x', '$APP/x'],
    ['$LOG/x', '$LOG/x'],
    ['', ''],
  ])('%s is %s', (path, expected) => {
    expect(parseScopePath(path, place(false))).toBe(expected);
  });

  test('on Windows with either separator', () => {
    expect(parseScopePath('$HOME\\a\\*', place(true))).toBe('C:\\Users\\u\\a\\*');
    expect(parseScopePath('$HOME/a/**', place(true))).toBe('C:\\Users\\u\\a\\**');
    expect(parseScopePath('$EXE/x', place(true))).toBeUndefined();
  });
});
