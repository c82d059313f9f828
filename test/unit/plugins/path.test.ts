import { describe, expect, test } from 'vitest';
import type { System } from '../../../extension/plugins/directories.ts';
import { outcome, TestApp } from './harness.ts';

const linux: System = {
  platform: 'linux',
  env: { HOME: '/home/ada', XDG_RUNTIME_DIR: '/run/user/1', XDG_CACHE_HOME: 'relative/does/not/count' },
  home: '/home/ada',
  readText: (path) =>
    path === '/home/ada/.config/user-dirs.dirs'
      ? '# XDG_VIDEOS_DIR="$HOME/No"\nXDG_MUSIC_DIR="$HOME/Music"\nXDG_DOCUMENTS_DIR="/data/docs"\nXDG_DESKTOP_DIR="nowhere"\n'
      : undefined,
};
const mac: System = {
  platform: 'darwin',
  env: { HOME: '/Users/ada', TMPDIR: '/var/folders/T/' },
  home: '/Users/ada',
  readText: () => undefined,
};
const windows: System = {
  platform: 'win32',
  env: {
    USERPROFILE: 'C:\\Users\\ada',
    APPDATA: 'C:\\Users\\ada\\AppData\\Roaming',
    LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local',
    PUBLIC: 'C:\\Users\\Public',
    TEMP: 'C:\\Temp',
  },
  home: 'C:\\Users\\ada',
  readText: () => undefined,
};

type Row = readonly [command: string, args: Record<string, unknown>, expected: string | boolean | { error: string }];

const noParent = { error: 'path does not have a parent' };
const noExtension = { error: 'path does not have an extension' };
const noBasename = { error: 'path does not have a basename' };

const POSIX: readonly Row[] = [
  ['join', { paths: [] }, '.'],
  ['join', { paths: [''] }, '.'],
  ['join', { paths: ['', ''] }, '.'],
  ['join', { paths: ['', 'a'] }, 'a'],
  ['join', { paths: ['a', '/b', 'c'] }, 'a/b/c'],
  ['join', { paths: ['a/', 'b/c', '', 'd'] }, 'a/b/c/d'],
  ['join', { paths: ['/a', '../..', 'b'] }, '/b'],
  ['join', { paths: ['..', 'b'] }, 'b'],
  ['normalize', { path: '' }, ''],
  ['normalize', { path: '.' }, '.'],
  ['normalize', { path: '..' }, '..'],
  ['normalize', { path: '../a' }, 'a'],
  ['normalize', { path: './a/./b//c/../d' }, 'a/b/d'],
  ['normalize', { path: '/a/b/' }, '/a/b/'],
  ['normalize', { path: '/../a' }, '/a'],
  ['normalize', { path: 'a/..' }, ''],
  ['dirname', { path: '/a/b' }, '/a'],
  ['dirname', { path: '/a' }, '/'],
  ['dirname', { path: 'a//b/' }, 'a'],
  ['dirname', { path: './a' }, '.'],
  ['dirname', { path: 'a' }, ''],
  ['dirname', { path: '/' }, noParent],
  ['dirname', { path: '' }, noParent],
  ['extname', { path: '/a/b.tar.gz' }, 'gz'],
  ['extname', { path: 'a.' }, ''],
  ['extname', { path: 'a' }, noExtension],
  ['extname', { path: '.bashrc' }, noExtension],
  ['extname', { path: '..' }, noExtension],
  ['basename', { path: '/p/x.json' }, 'x.json'],
  ['basename', { path: '/p/x.json', ext: 'json' }, 'x.'],
  ['basename', { path: '/p/x.json/', ext: '.json' }, 'x'],
  ['basename', { path: '/p/x.json', ext: '.html' }, 'x.json'],
  ['basename', { path: '/p/x.json', ext: '' }, 'x.json'],
  ['basename', { path: '/' }, noBasename],
  ['basename', { path: 'a/..' }, noBasename],
  ['is_absolute', { path: '/a' }, true],
  ['is_absolute', { path: 'a' }, false],
  ['is_absolute', { path: 'C:\\a' }, false],
  ['resolve', { paths: [] }, '/work space'],
  ['resolve', { paths: ['.', 'a', '../b/'] }, '/work space/b'],
  ['resolve', { paths: ['/foo/bar', '/tmp/file', 'baz'] }, '/tmp/file/baz'],
  ['resolve', { paths: ['../../../..'] }, '/'],
];

const WINDOWS: readonly Row[] = [
  ['join', { paths: ['a', '\\b', 'c/d'] }, 'a\\b\\c\\d'],
  ['join', { paths: ['', 'a'] }, 'a'],
  ['join', { paths: ['C:', 'a'] }, 'C:\\a'],
  ['normalize', { path: 'C:/a/../b/' }, 'C:\\b\\'],
  ['normalize', { path: 'C:\\..\\a' }, 'C:\\a'],
  ['normalize', { path: '\\\\server\\share\\a\\..\\b' }, '\\\\server\\share\\b'],
  ['normalize', { path: '\\\\?\\C:\\a\\b' }, 'C:\\a\\b'],
  ['normalize', { path: '\\\\?\\C:\\con\\b' }, '\\\\?\\C:\\con\\b'],
  ['dirname', { path: 'C:\\a\\b' }, 'C:\\a'],
  ['dirname', { path: 'C:\\' }, noParent],
  ['basename', { path: 'C:\\a/b.txt', ext: '.txt' }, 'b'],
  ['extname', { path: 'a\\b.c' }, 'c'],
  ['is_absolute', { path: 'C:\\a' }, true],
  ['is_absolute', { path: 'C:a' }, false],
  ['is_absolute', { path: '\\a' }, false],
  ['is_absolute', { path: '\\\\server\\share' }, true],
  ['resolve', { paths: ['a', '..\\b'] }, 'D:\\work\\b'],
  ['resolve', { paths: ['\\b'] }, 'D:\\b'],
  ['resolve', { paths: ['C:\\x', 'y'] }, 'C:\\x\\y'],
];

for (const [name, system, cwd, rows] of [
  ['POSIX', linux, '/work space', POSIX],
  ['Windows', windows, 'D:\\work', WINDOWS],
] as const) {
  test(`paths follow Rust's rules for ${name}`, async () => {
    const page = (await TestApp.start({ system, cwd })).open('main');
    const results = [];
    for (const [command, args] of rows) {
      const result = await outcome(page.invoke(`plugin:path|${command}`, args));
      results.push([command, args, 'ok' in result ? result.ok : result]);
    }
    expect(results).toEqual(rows);
  });
}

describe('base directories', () => {
  const all = async (system: System, resourceDirectory?: string) => {
    const page = (await TestApp.start({ system, resourceDirectory })).open('main');
    const found: unknown[] = [];
    for (let directory = 1; directory <= 23; directory++) {
      const result = await outcome(page.invoke('plugin:path|resolve_directory', { directory }));
      found.push('ok' in result ? result.ok : result.error);
    }
    return found;
  };

  test('of Linux: from XDG variables and user-dirs.dirs', async () => {
    expect(await all(linux, '/app')).toEqual([
      '/home/ada/Music',
      '/home/ada/.cache',
      '/home/ada/.config',
      '/home/ada/.local/share',
      '/home/ada/.local/share',
      '/data/docs',
      'unknown path',
      'unknown path',
      'unknown path',
      'unknown path',
      '/app',
      '/tmp',
      '/home/ada/.config/dev.test.app',
      '/home/ada/.local/share/dev.test.app',
      '/home/ada/.local/share/dev.test.app',
      '/home/ada/.cache/dev.test.app',
      '/home/ada/.local/share/dev.test.app/logs',
      'unknown path',
      '/home/ada/.local/bin',
      '/home/ada/.local/share/fonts',
      '/home/ada',
      '/run/user/1',
      'unknown path',
    ]);
  });

  test('of macOS and Windows', async () => {
    expect(await all(mac)).toEqual([
      '/Users/ada/Music',
      '/Users/ada/Library/Caches',
      ...Array(3).fill('/Users/ada/Library/Application Support'),
      '/Users/ada/Documents',
      '/Users/ada/Downloads',
      '/Users/ada/Pictures',
      '/Users/ada/Public',
      '/Users/ada/Movies',
      'unknown path',
      '/var/folders/T/',
      ...Array(3).fill('/Users/ada/Library/Application Support/dev.test.app'),
      '/Users/ada/Library/Caches/dev.test.app',
      '/Users/ada/Library/Logs/dev.test.app',
      '/Users/ada/Desktop',
      'unknown path',
      '/Users/ada/Library/Fonts',
      '/Users/ada',
      'unknown path',
      'unknown path',
    ]);
    expect(await all(windows, 'C:\\app')).toEqual([
      'C:\\Users\\ada\\Music',
      'C:\\Users\\ada\\AppData\\Local',
      'C:\\Users\\ada\\AppData\\Roaming',
      'C:\\Users\\ada\\AppData\\Roaming',
      'C:\\Users\\ada\\AppData\\Local',
      'C:\\Users\\ada\\Documents',
      'C:\\Users\\ada\\Downloads',
      'C:\\Users\\ada\\Pictures',
      'C:\\Users\\Public',
      'C:\\Users\\ada\\Videos',
      'C:\\app',
      'C:\\Temp',
      'C:\\Users\\ada\\AppData\\Roaming\\dev.test.app',
      'C:\\Users\\ada\\AppData\\Roaming\\dev.test.app',
      'C:\\Users\\ada\\AppData\\Local\\dev.test.app',
      'C:\\Users\\ada\\AppData\\Local\\dev.test.app',
      'C:\\Users\\ada\\AppData\\Local\\dev.test.app\\logs',
      'C:\\Users\\ada\\Desktop',
      'unknown path',
      'unknown path',
      'C:\\Users\\ada',
      'unknown path',
      'C:\\Users\\ada\\AppData\\Roaming\\Microsoft\\Windows\\Templates',
    ]);
  });

  test('take a path, and refuse a number that is none', async () => {
    const page = (await TestApp.start({ system: linux, resourceDirectory: '/app' })).open('main');
    const ask = (args: object) => outcome(page.invoke('plugin:path|resolve_directory', args));
    const list = Array.from({ length: 23 }, (_, index) => index + 1).join(', ');
    expect([
      await ask({ directory: 14, path: 'a/../b' }),
      await ask({ directory: 21, path: null }),
      await ask({ directory: 21, path: '/etc' }),
      await ask({ directory: 11, path: '../a/./b' }),
      await ask({ directory: 11, path: '/etc' }),
      await ask({ directory: 24 }),
      await ask({ directory: 'Home' }),
      await ask({}),
      await ask({ directory: 21, path: 1 }),
    ]).toEqual([
      { ok: '/home/ada/.local/share/dev.test.app/a/../b' },
      { ok: '/home/ada' },
      { ok: '/etc' },
      { ok: '/app/_up_/a/b' },
      { ok: '/app/_root_/etc' },
      {
        error: `invalid args \`directory\` for command \`resolve_directory\`: invalid value: 24, expected one of: ${list}`,
      },
      { error: 'invalid args `directory` for command `resolve_directory`: invalid type: string "Home", expected u16' },
      {
        error:
          'invalid args `directory` for command `resolve_directory`: command resolve_directory missing required key directory',
      },
      { error: 'invalid args `path` for command `resolve_directory`: invalid type: integer `1`, expected path string' },
    ]);
  });
});
