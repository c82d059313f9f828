import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { AssetScope } from '../../../extension/app/asset-scope.ts';
import { TauriConfig } from '#server/project/config.ts';
import { startPageServer } from '../../../extension/app/page-server.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'ipc-assets-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (...names: string[]) => join(root, ...names);
mkdirSync(at('home', 'Pictures', '.hidden'), { recursive: true });
mkdirSync(at('resources'));
writeFileSync(at('home', 'Pictures', 'a b.txt'), 'picture');
writeFileSync(at('home', 'Pictures', '.hidden', 'x'), 'hidden');
writeFileSync(at('home', 'secret'), 'secret');
writeFileSync(at('resources', 'r'), 'resource');
symlinkSync(at('home', 'secret'), at('home', 'Pictures', 'out'));
symlinkSync('a b.txt', at('home', 'Pictures', 'in'));
symlinkSync(at('home'), at('home', 'Pictures', 'up'));

const place = {
  windows: false,
  directory: (name: string) => ({ Home: at('home'), Resource: at('resources') })[name],
};

const protocol = (assetProtocol: unknown) =>
  TauriConfig.parse({ app: { security: { assetProtocol } } }).app.security.assetProtocol;
const assets = (scope: unknown, enable = true) => new AssetScope(protocol({ enable, scope }), place);

const picture = at('home', 'Pictures', 'a b.txt');

test('what is in the scope is given, by its canonical path', async () => {
  const scope = assets(['$HOME/Pictures/**', '$RESOURCE/*']);
  expect(await scope.find(picture)).toBe(picture);
  expect(await scope.find(at('home', 'Pictures', 'in'))).toBe(picture);
  expect(await scope.find(at('resources', 'r'))).toBe(at('resources', 'r'));
});

test.each([
  at('home', 'secret'),
  at('home', 'Pictures', 'out'),
  at('home', 'Pictures', 'up', 'secret'),
  at('home', 'Pictures', '.hidden', 'x'),
  `${at('home', 'Pictures')}/../secret`,
  `${at('home', 'Pictures')}/up/../secret`,
  at('home', 'Pictures', 'absent'),
  'home/Pictures/a b.txt',
  'a b.txt',
  '',
  'C:\\Windows\\win.ini',
  `${picture}\0`,
])('%j is not given', async (path) => {
  expect(await assets(['$HOME/Pictures/**']).find(path)).toBeUndefined();
});

test('nothing is given where the protocol is off, or names no path', async () => {
  expect(await assets(['$HOME/**'], false).find(picture)).toBeUndefined();
  expect(await assets([]).find(picture)).toBeUndefined();
});

test('a deny wins, and the configuration decides about dotfiles', async () => {
  const allow = ['$HOME/**'];
  const denied = assets({ allow, deny: ['$HOME/Pictures/*.txt'], requireLiteralLeadingDot: false });
  expect(await denied.find(picture)).toBeUndefined();
  expect(await denied.find(at('home', 'Pictures', '.hidden', 'x'))).toBe(at('home', 'Pictures', '.hidden', 'x'));
});

test('a bad pattern is told', async () => {
  await expect(assets(['/a/***']).find(picture)).rejects.toThrow(
    'invalid glob pattern: Pattern syntax error near position 5',
  );
});

test('on Windows the separators of the page and of the pattern are one', async () => {
  const links = { readlink: () => undefined, realpath: (path: string) => path };
  const directory = (name: string) => (name === 'Home' ? 'C:\\Users\\u' : undefined);
  const scope = new AssetScope(
    protocol({ enable: true, scope: ['$HOME/Pictures/**'] }),
    { windows: true, directory },
    links,
  );
  expect(await scope.find('C:\\Users\\u\\Pictures\\a\\b.png')).toBe('C:\\Users\\u\\Pictures\\a\\b.png');
  expect(await scope.find('c:/users/u/pictures/b.png')).toBe('c:/users/u/pictures/b.png');
  for (const path of [
    'C:\\Users\\u\\secret',
    'C:\\Users\\u\\Pictures\\..\\secret',
    'C:\\Users\\u\\Pictures\\a:stream',
    '\\\\server\\share\\x',
  ]) {
    expect([path, await scope.find(path)]).toEqual([path, undefined]);
  }
});

test('the page server gives what the scope gives: files, no folders', async () => {
  const scope = assets(['$HOME/Pictures', '$HOME/Pictures/**']);
  const server = await startPageServer(
    {
      frontend: { kind: 'folder', folder: at('resources') },
      csp: undefined,
      asset: (path) => scope.find(path),
      injection: () => ({ bridge: '', config: {}, globalApi: undefined, initScripts: [] }),
      allowNavigation: async () => true,
      storage: () => '{}',
    },
    0,
  );
  const get = (path: string) =>
    new Promise<string>((resolve, reject) => {
      request(`${server.origin}/__ipc_workbench__/asset/${path}`, (answer) => {
        let body = '';
        answer.on('data', (data: Buffer) => (body += data.toString()));
        answer.on('end', () => resolve(`${answer.statusCode} ${body}`));
      })
        .on('error', reject)
        .end();
    });
  try {
    expect(await get(encodeURIComponent(picture))).toBe('200 picture');
    for (const path of [at('home', 'secret'), at('home', 'Pictures'), at('home', 'Pictures', 'out')]) {
      expect([path, await get(encodeURIComponent(path))]).toEqual([path, '403 ']);
    }
  } finally {
    server.dispose();
  }
});
