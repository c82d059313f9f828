/** What the surfaces ask of VS Code, and what they make of its answers. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';

const asked: unknown[][] = [];
let answer: unknown;
vi.mock('vscode', () => {
  const asks =
    (name: string) =>
    async (...args: unknown[]): Promise<unknown> => {
      asked.push([name, ...args]);
      return typeof answer === 'function' ? (answer as (...args: unknown[]) => unknown)(...args) : answer;
    };
  const names = [
    'showInformationMessage',
    'showWarningMessage',
    'showErrorMessage',
    'showOpenDialog',
    'showSaveDialog',
  ];
  return {
    Uri: { file: (fsPath: string) => ({ scheme: 'file', fsPath }) },
    window: Object.fromEntries(names.map((name) => [name, asks(name)])),
  };
});
// All files of the suite share their modules: those of a VS Code that another one has made up are of no use here.
beforeAll(() => void vi.resetModules());
afterAll(() => void vi.resetModules());

const load = async () => {
  const [{ dialogs }, { notifications }, { readLink }] = await Promise.all([
    import('../../../extension/plugin-host/dialog.ts'),
    import('../../../extension/plugin-host/notification.ts'),
    import('../../../extension/plugin-host/deep-link.ts'),
  ]);
  return { dialogs, notifications, readLink };
};
beforeEach(() => {
  asked.length = 0;
  answer = undefined;
});

const message = { title: 'App', text: 'Sure?', buttons: ['Yes', 'Yes', 'No'], cancel: 2 } as const;

test('a message is modal, has its kind, and closing it counts as the last button', async () => {
  const { dialogs } = await load();
  expect(await dialogs.message({ ...message, kind: 'warning' })).toBe(2);
  const items = [
    { title: 'Yes', isCloseAffordance: false },
    { title: 'Yes', isCloseAffordance: false },
    { title: 'No', isCloseAffordance: true },
  ];
  expect(asked).toEqual([['showWarningMessage', 'App', { modal: true, detail: 'Sure?' }, ...items]]);
  answer = (...given: unknown[]) => given[3];
  expect(await dialogs.message({ ...message, kind: 'error' })).toBe(1);
  expect(await dialogs.message({ ...message, kind: 'info' })).toBe(1);
  expect(asked.map(([name]) => name)).toEqual(['showWarningMessage', 'showErrorMessage', 'showInformationMessage']);
});

test('pickers give paths of this machine only', async () => {
  const { dialogs } = await load();
  const options = { title: 'App', defaultPath: '/p/', filters: { Text: ['txt'] } };
  answer = [{ scheme: 'file', fsPath: '/p/a.txt' }];
  expect(await dialogs.open({ ...options, directory: false, multiple: true })).toEqual(['/p/a.txt']);
  expect(asked[0]).toEqual([
    'showOpenDialog',
    {
      title: 'App',
      filters: { Text: ['txt'] },
      defaultUri: { scheme: 'file', fsPath: '/p/' },
      canSelectFiles: true,
      canSelectFolders: false,
      canSelectMany: true,
      openLabel: 'Open',
    },
  ]);
  answer = { scheme: 'vscode-vfs', toString: () => 'vscode-vfs://github/a.txt' };
  await expect(dialogs.save({ ...options, defaultPath: undefined })).rejects.toMatchObject({
    value: 'vscode-vfs://github/a.txt is not a file of the machine that the app runs on',
  });
  expect(asked[1]).toEqual(['showSaveDialog', { title: 'App', filters: { Text: ['txt'] } }]);
  answer = undefined;
  expect(await dialogs.save(options)).toBeUndefined();
});

test('a notification gives the place of its button', async () => {
  const { notifications } = await load();
  expect(await notifications.show('App: done', ['Same', 'Same'])).toBeUndefined();
  answer = (...given: unknown[]) => given[2];
  expect(await notifications.show('App: done', ['Same', 'Same'])).toBe(1);
});

test('an address as an app and what it is told', async () => {
  const { readLink } = await load();
  const read = (path: string, query = '', fragment = '') => readLink({ path, query, fragment } as vscode.Uri);
  expect(read('/dev.app/open/file', 'x=1', 'top')).toEqual({ identifier: 'dev.app', rest: 'open/file?x=1#top' });
  expect(read('/dev.app')).toEqual({ identifier: 'dev.app', rest: '' });
  expect(read('/dev.app/', 'x')).toEqual({ identifier: 'dev.app', rest: '?x' });
  expect([read(''), read('/')]).toEqual([undefined, undefined]);
});
