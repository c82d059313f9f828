import { hostname } from 'node:os';
import type * as cli from '@tauri-apps/plugin-cli';
import type * as clipboard from '@tauri-apps/plugin-clipboard-manager';
import type * as deepLink from '@tauri-apps/plugin-deep-link';
import type * as log from '@tauri-apps/plugin-log';
import type * as os from '@tauri-apps/plugin-os';
import { expect, test } from 'vitest';
import type { DeepLink } from '../../../extension/plugins/deep-link.ts';
import { outcome, until } from '../harness.ts';
import { startSurface } from './surfaces.ts';

test('clipboard: text goes there and back; images do not', async () => {
  let text = 'from elsewhere';
  const host = { clipboard: { read: async () => text, write: async (given: string) => void (text = given) } };
  const { npm } = await startSurface<typeof clipboard>('clipboard-manager', { host });
  expect(await npm.readText()).toBe('from elsewhere');
  await npm.writeText('grüße 🎈', { label: 'for phones' });
  expect(await npm.readText()).toBe('grüße 🎈');
  await npm.writeHtml('<b>bold</b>', 'bold');
  expect(text).toBe('bold');
  await npm.writeHtml('<b>bold</b>');
  expect(text).toBe('<b>bold</b>');
  await npm.clear();
  expect(text).toBe('');
  expect(await outcome(npm.readImage())).toEqual({
    error: 'clipboard-manager.read_image is not supported in a VS Code panel (the clipboard of VS Code has text only)',
  });
  expect(await outcome(npm.writeImage('icon.png'))).toEqual({
    error: 'clipboard-manager.write_image is not supported in a VS Code panel (the clipboard of VS Code has text only)',
  });
});

test('log: lines of every level, and the event that attachConsole hears', async () => {
  const lines: unknown[] = [];
  const host = { log: { write: (...line: unknown[]) => void lines.push(line) } };
  const { npm, page } = await startSurface<typeof log>('log', { host });
  const heard: unknown[] = [];
  await npm.attachLogger((record) => heard.push(record));
  await npm.attachConsole();
  await npm.error('\u001b[31mred\u001b[0m', { keyValues: { a: '1' }, file: 'main.ts', line: 3 });
  await npm.trace('quiet');
  await until(() => heard.length === 2 && page.console.length === 2);
  expect(lines).toEqual([
    ['error', '[main] red a=1 (main.ts:3)'],
    ['trace', expect.stringMatching(/^\[main\] quiet( \(.+\))?$/)],
  ]);
  const start = String.raw`^\[\d{4}-\d\d-\d\d\]\[\d\d:\d\d:\d\d\]\[webview(:.+)?\]`;
  expect(heard).toEqual([
    { level: 5, message: expect.stringMatching(new RegExp(`${start}\\[ERROR\\] red$`)) },
    { level: 1, message: expect.stringMatching(new RegExp(`${start}\\[TRACE\\] quiet$`)) },
  ]);
  expect(page.console[1]).toMatch(/\[TRACE\] quiet$/);
  expect(await outcome(page.invoke('plugin:log|log', { level: 6, message: '' }))).toEqual({
    error: 'invalid args `level` for command `log`: invalid value: 6, expected one of: 1, 2, 3, 4, 5',
  });
});

test('os: the language of VS Code as a tag, and the name of the machine', async () => {
  const { npm } = await startSurface<typeof os>('os', { host: { language: 'pt-br' } });
  expect([await npm.locale(), await npm.hostname()]).toEqual(['pt-BR', hostname()]);
  expect([npm.platform(), npm.arch(), npm.family(), npm.type(), npm.eol(), npm.exeExtension()]).toEqual([
    'linux',
    'x86_64',
    'unix',
    'linux',
    '\n',
    '',
  ]);
  const { npm: strange } = await startSurface<typeof os>('os', { host: { language: '?' } });
  expect(await strange.locale()).toBeNull();
});

test('cli: the arguments of the configuration, none of them given', async () => {
  const args = [
    { name: 'verbose', short: 'v' },
    { name: 'file', takesValue: true, multiple: true },
    { name: 'mode', 'takes-value': true },
  ];
  const { npm } = await startSurface<typeof cli>('cli', { config: { cli: { args, subcommands: { run: {} } } } });
  expect(await npm.getMatches()).toEqual({
    args: {
      verbose: { value: false, occurrences: 0 },
      file: { value: null, occurrences: 0 },
      mode: { value: null, occurrences: 0 },
    },
    subcommand: null,
  });
  const none = await startSurface<typeof cli>('cli');
  expect(await none.npm.getMatches()).toEqual({ args: {}, subcommand: null });
});

test('cli: an argument that must be given is missed, as on a command line', async () => {
  const args = [
    { name: 'source', index: 1, required: true },
    { name: 'out', takesValue: true, required: true },
  ];
  const { npm } = await startSurface<typeof cli>('cli', { config: { cli: { args } } });
  expect(await outcome(npm.getMatches())).toEqual({
    error:
      "error: the following required arguments were not provided:\n  <source>\n  --out <out>\n\nUsage: Test App <source> --out <out>\n\nFor more information, try '--help'.\n",
  });
});

/** The links of an app, and a way to follow one. */
function links() {
  let accept: ((link: DeepLink) => string | undefined) | undefined;
  const deepLinks = {
    connect: (given: (link: DeepLink) => string | undefined) => {
      accept = given;
      return { dispose: () => (accept = undefined) };
    },
  };
  return {
    deepLinks,
    follow: (rest: string, starts = false) => (accept ? accept({ rest, starts }) : 'nobody listens'),
  };
}

test('deep links reach the page in the scheme of the project', async () => {
  const { deepLinks, follow } = links();
  const config = { 'deep-link': { desktop: { schemes: ['myapp', 'other'] } } };
  const { core, npm } = await startSurface<typeof deepLink>('deep-link', { host: { deepLinks }, config });
  const heard: unknown[] = [];
  await npm.onOpenUrl((urls) => heard.push(urls));
  expect(await npm.getCurrent()).toBeNull();
  expect(follow('open/a b?x=1#y')).toBeUndefined();
  expect(follow('other:/open')).toBeUndefined();
  await until(() => heard.length === 2);
  expect(heard).toEqual([['myapp://open/a%20b?x=1#y'], ['other://open']]);
  expect(await npm.getCurrent()).toEqual(['other://open']);
  core.dispose();
  expect(follow('late')).toBe('nobody listens');
});

test('an app that a link starts finds it, and is not told of it', async () => {
  const { deepLinks, follow } = links();
  const config = { 'deep-link': { desktop: [{ schemes: ['myapp'] }], mobile: [{ host: 'example.com' }] } };
  const { core, npm } = await startSurface<typeof deepLink>('deep-link', { host: { deepLinks }, config });
  expect(follow('first', true)).toBeUndefined();
  expect(await npm.getCurrent()).toEqual(['myapp://first']);
  expect([...core.tap.records()].filter(({ kind, name }) => kind === 'event' && name.startsWith('deep-link'))).toEqual(
    [],
  );
});

test('deep links: schemes come and go, and a link without one is refused', async () => {
  const { deepLinks, follow } = links();
  const { npm } = await startSurface<typeof deepLink>('deep-link', { host: { deepLinks } });
  expect(follow('open')).toMatch(/^the app has no scheme/);
  expect(await npm.isRegistered('late')).toBe(false);
  await npm.register('Late');
  expect(await npm.isRegistered('late')).toBe(true);
  expect(follow('open')).toBeUndefined();
  expect(await npm.getCurrent()).toEqual(['late://open']);
  expect(await outcome(npm.register('no scheme'))).toEqual({ error: '"no scheme" is no scheme' });
  await npm.unregister('late');
  expect(await npm.isRegistered('late')).toBe(false);
  expect(follow('x'.repeat(9000))).toBe('it is longer than 8192 characters');
});
