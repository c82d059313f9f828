import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as npm from '@tauri-apps/plugin-dialog';
import { expect, onTestFinished, test } from 'vitest';
import type { DialogHost, MessageOptions } from '../../../extension/plugins/dialog.ts';
import { outcome, until } from '../harness.ts';
import { calls, startSurface } from './surfaces.ts';

type Dialog = typeof npm;

/** A user who presses the button of that label, and picks these paths. */
function user(press: string, picked?: readonly string[]) {
  const shown: unknown[] = [];
  const dialog: DialogHost = {
    message: async (options) => {
      shown.push(options);
      const at = options.buttons.indexOf(press);
      return at === -1 ? options.cancel : at;
    },
    open: async (options) => {
      shown.push(options);
      return picked;
    },
    save: async (options) => {
      shown.push(options);
      return picked?.[0];
    },
  };
  return { dialog, shown };
}

test('a message answers with the label of the button, whatever buttons there are', async () => {
  const answer = async (press: string, options: npm.MessageDialogOptions | string | undefined) => {
    const { dialog } = user(press);
    return (await startSurface<Dialog>('dialog', { host: { dialog } })).npm.message('?', options);
  };
  expect(await answer('Ok', undefined)).toBe('Ok');
  expect(await answer('Cancel', { buttons: 'OkCancel' })).toBe('Cancel');
  expect(await answer('Yes', { buttons: 'YesNo' })).toBe('Yes');
  expect(await answer('closed', { buttons: 'YesNoCancel' })).toBe('Cancel');
  expect(await answer('Fine', { buttons: { ok: 'Fine' } })).toBe('Fine');
  expect(await answer('closed', { buttons: { ok: 'Fine', cancel: 'Not now' } })).toBe('Not now');
  expect(await answer('Later', { buttons: { yes: 'Now', no: 'Later', cancel: 'Never' } })).toBe('Later');
  expect(await answer('Old', { okLabel: 'Old' })).toBe('Old');
});

test('a message says which app speaks, and keeps its kind', async () => {
  const { dialog, shown } = user('Ok');
  const { npm } = await startSurface<Dialog>('dialog', { host: { dialog } });
  await npm.message('Disk full', { title: 'Trouble', kind: 'error' });
  await npm.message('Hello', 'Test App');
  await npm.message('Hello', { kind: 'strange' as 'info' });
  expect(shown).toEqual([
    { kind: 'error', title: 'Test App: Trouble', text: 'Disk full', buttons: ['Ok'], cancel: 0 },
    { kind: 'info', title: 'Test App', text: 'Hello', buttons: ['Ok'], cancel: 0 },
    { kind: 'info', title: 'Test App', text: 'Hello', buttons: ['Ok'], cancel: 0 },
  ]);
});

test('ask and confirm of the package, and the commands of older ones', async () => {
  const answers = async (press: string) => {
    const { page, npm } = await startSurface<Dialog>('dialog', { host: { dialog: user(press).dialog } });
    return Promise.all([
      npm.ask('Sure?'),
      npm.confirm('Sure?'),
      npm.ask('Sure?', { okLabel: 'Go', cancelLabel: 'Stay' }),
      page.invoke('plugin:dialog|ask', { message: 'Sure?' }),
      page.invoke('plugin:dialog|confirm', { message: 'Sure?', okButtonLabel: 'Go' }),
      page.invoke('plugin:dialog|ask', { message: 'Sure?', yesButtonLabel: 'Go', noButtonLabel: 'Go' }),
    ]);
  };
  expect(await answers('Yes')).toEqual([true, false, false, true, false, false]);
  expect(await answers('Ok')).toEqual([false, true, false, false, false, false]);
  expect(await answers('Go')).toEqual([false, false, true, false, true, true]);
  expect(await answers('closed')).toEqual([false, false, false, false, false, false]);
});

test('the older commands come with the permission of a message', async () => {
  const { dialog } = user('Yes');
  const { page } = await startSurface<Dialog>('dialog', { permissions: ['dialog:allow-message'], host: { dialog } });
  expect(await page.invoke('plugin:dialog|ask', { message: '?' })).toBe(true);
  expect(await outcome(page.invoke('plugin:dialog|open', { options: {} }))).toEqual({
    error: expect.stringContaining('dialog.open not allowed'),
  });
});

test('alert and confirm of the page, where a capability knows the plugin', async () => {
  const { dialog, shown } = user('Ok');
  const { page } = await startSurface<Dialog>('dialog', { permissions: ['dialog:default'], host: { dialog } });
  const answer = page.run(() => {
    window.alert('first');
    window.alert();
    return window.confirm('second') as unknown as Promise<boolean>;
  });
  expect(await answer).toBe(true);
  expect(shown.map((each) => (each as MessageOptions).text)).toEqual(['first', '', 'second']);

  const other = await startSurface<Dialog>('dialog', { permissions: [] });
  expect(other.page.run(() => [typeof window.alert, typeof window.confirm])).toEqual(['undefined', 'undefined']);
});

test('pickers get title, filters and where to begin', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dialog-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a.txt'), '');
  const { dialog, shown } = user('');
  const { npm } = await startSurface<Dialog>('dialog', { host: { dialog, cwd: folder } });
  const filters = [
    { name: 'Images', extensions: ['png', 'jpg'] },
    { name: 'Images', extensions: ['gif'] },
    { name: 'All', extensions: [] },
  ];
  expect(await npm.open({ title: 'Choose', filters, defaultPath: folder, multiple: true })).toBeNull();
  expect(await npm.open({ directory: true, defaultPath: 'a.txt' })).toBeNull();
  expect(await npm.save({ defaultPath: join(folder, 'new.txt') })).toBeNull();
  expect(await npm.save()).toBeNull();
  expect(shown).toEqual([
    {
      title: 'Test App: Choose',
      defaultPath: `${folder}/`,
      filters: { Images: ['png', 'jpg', 'gif'], All: ['*'] },
      directory: false,
      multiple: true,
    },
    { title: 'Test App', defaultPath: join(folder, 'a.txt'), filters: {}, directory: true, multiple: false },
    { title: 'Test App', defaultPath: join(folder, 'new.txt'), filters: {} },
    { title: 'Test App', defaultPath: undefined, filters: {} },
  ]);
});

test('what is picked joins the scope of the app, as much as was asked for', async () => {
  const allowedAfter = async (picked: readonly string[], pick: (npm: Dialog) => Promise<unknown>) => {
    const { core, npm } = await startSurface<Dialog>('dialog', { host: { dialog: user('', picked).dialog } });
    const answer = await pick(npm);
    const { runtime } = core.pluginHost.fsAccess;
    const paths = ['/p/[1].txt', '/p/1.txt', '/p/deep/2.txt'];
    const allowed = await Promise.all(paths.map((path) => runtime.isAllowed(path)));
    return [answer, ...allowed];
  };
  expect(await allowedAfter(['/p/[1].txt'], (npm) => npm.open())).toEqual(['/p/[1].txt', true, false, false]);
  expect(await allowedAfter(['/p/[1].txt', '/p/1.txt'], (npm) => npm.open({ multiple: true }))).toEqual([
    ['/p/[1].txt', '/p/1.txt'],
    true,
    true,
    false,
  ]);
  expect(await allowedAfter(['/p'], (npm) => npm.open({ directory: true }))).toEqual(['/p', true, true, false]);
  expect(await allowedAfter(['/p'], (npm) => npm.open({ directory: true, recursive: true, multiple: true }))).toEqual([
    ['/p'],
    true,
    true,
    true,
  ]);
  expect(await allowedAfter(['/p/1.txt'], (npm) => npm.save())).toEqual(['/p/1.txt', false, true, false]);
});

test('the page goes: its call ends, what waits is never shown, and what is picked then joins nothing', async () => {
  const picked = Promise.withResolvers<readonly string[]>();
  let shown = 0;
  const dialog: DialogHost = {
    message: async () => {
      shown++;
      return 0;
    },
    open: () => {
      shown++;
      return picked.promise;
    },
    save: async () => undefined,
  };
  const { core, page, npm } = await startSurface<Dialog>('dialog', { host: { dialog } });
  void npm.open().catch(() => undefined);
  void npm.message('later').catch(() => undefined);
  await until(() => shown === 1 && calls(core, 'dialog').length === 2);
  await page.reload();
  expect(core.pendingCalls).toBe(0);
  picked.resolve(['/p/1.txt']);
  const again = page.packages['@tauri-apps/plugin-dialog'] as Dialog;
  expect(await again.message('after')).toBe('Ok');
  expect(shown).toBe(2);
  expect(await core.pluginHost.fsAccess.runtime.isAllowed('/p/1.txt')).toBe(false);
  expect(core.errors).toEqual([]);
});

test('a page cannot pile dialogs up', async () => {
  const answers: (() => void)[] = [];
  const dialog: DialogHost = {
    message: () => new Promise((resolve) => answers.push(() => resolve(0))),
    open: async () => undefined,
    save: async () => undefined,
  };
  const { npm } = await startSurface<Dialog>('dialog', { host: { dialog } });
  const all = Array.from({ length: 10 }, () => outcome(npm.message('again')));
  const refused = { error: 'dialog.message: too many dialogs at once: 8 of the app are not answered yet' };
  expect(await Promise.all(all.slice(8))).toEqual([refused, refused]);
  for (let n = 0; n < 8; n++) {
    await until(() => answers.length === n + 1);
    answers[n]?.();
  }
  expect(await Promise.all(all.slice(0, 8))).toEqual(Array.from({ length: 8 }, () => ({ ok: 'Ok' })));
});

test('arguments are refused in serde’s words', async () => {
  const { page } = await startSurface<Dialog>('dialog');
  const refusal = async (cmd: string, args: object) =>
    ((await outcome(page.invoke(`plugin:dialog|${cmd}`, args))) as { error: unknown }).error;
  expect(await refusal('message', {})).toBe(
    'invalid args `message` for command `message`: command message missing required key message',
  );
  expect(await refusal('message', { message: '', buttons: 'Maybe' })).toBe(
    'invalid args `buttons` for command `message`: unknown variant `Maybe`, expected one of `Ok`, `OkCancel`, `YesNo`, `YesNoCancel`, `OkCustom`, `OkCancelCustom`, `YesNoCancelCustom`',
  );
  expect(await refusal('message', { message: '', buttons: 'OkCustom' })).toBe(
    'invalid args `buttons` for command `message`: invalid type: unit variant, expected newtype variant',
  );
  expect(await refusal('message', { message: '', buttons: { OkCancelCustom: ['a'] } })).toContain(
    'invalid length 1, expected tuple variant MessageDialogButtons::OkCancelCustom with 2 elements',
  );
  expect(await refusal('open', {})).toBe(
    'invalid args `options` for command `open`: command open missing required key options',
  );
  expect(await refusal('open', { options: { multiple: 'yes' } })).toBe(
    'invalid args `options` for command `open`: invalid type: string "yes", expected a boolean (at options.multiple)',
  );
});
