import * as clipboard from '@tauri-apps/plugin-clipboard-manager';
import * as deepLink from '@tauri-apps/plugin-deep-link';
import * as dialog from '@tauri-apps/plugin-dialog';
import * as log from '@tauri-apps/plugin-log';
import * as notification from '@tauri-apps/plugin-notification';
import * as os from '@tauri-apps/plugin-os';
import * as windowState from '@tauri-apps/plugin-window-state';
import { equal, heard, ok, pluginCases, refused } from './cases.ts';

export const dialogCases = pluginCases(dialog, {
  // The test answers them.
  open: async ({ folder }) => equal(await dialog.open({ defaultPath: folder }), `${folder}/picked.txt`),
  save: async ({ folder }) => equal(await dialog.save({ defaultPath: `${folder}/saved.txt` }), `${folder}/saved.txt`),
  message: async () => equal(await dialog.message('A message', { buttons: { ok: 'Do it' } }), 'Do it'),
  ask: async () => equal(await dialog.ask('A question?'), true),
  confirm: async () => equal(await dialog.confirm('Sure?'), false),
});

export const clipboardCases = pluginCases(clipboard, {
  async writeText() {
    await clipboard.writeText('written');
    equal(await clipboard.readText(), 'written');
  },
  async readText() {
    await clipboard.writeText('to be read');
    equal(await clipboard.readText(), 'to be read');
  },
  async writeHtml() {
    await clipboard.writeHtml('<b>bold</b>', 'bold');
    equal(await clipboard.readText(), 'bold');
  },
  async clear() {
    await clipboard.writeText('to be cleared');
    await clipboard.clear();
    equal(await clipboard.readText(), '');
  },
  readImage: () => refused(() => clipboard.readImage(), 'not supported in a VS Code panel'),
  writeImage: () => refused(() => clipboard.writeImage([0]), 'not supported in a VS Code panel'),
});

async function logged(write: typeof log.info, level: string): Promise<void> {
  const line = heard<unknown>();
  const detach = await log.attachLogger((record) => {
    if (record.message.includes(`a case of ${level}`)) line.tell(record.message);
  });
  await write(`a case of ${level}`);
  ok(await line.promise, 'the logger hears it');
  detach();
}

export const logCases = pluginCases(log, {
  trace: () => logged(log.trace, 'trace'),
  debug: () => logged(log.debug, 'debug'),
  info: () => logged(log.info, 'info'),
  warn: () => logged(log.warn, 'warn'),
  error: () => logged(log.error, 'error'),
  attachLogger: () => logged(log.info, 'info'),
  attachConsole: async () => (await log.attachConsole())(),
});

export const osCases = pluginCases(os, {
  eol: () => ok(['\n', '\r\n'].includes(os.eol()), 'an end of line'),
  platform: () => ok(['linux', 'macos', 'windows'].includes(os.platform()), 'a platform'),
  version: () => ok(/^\d+\.\d+/.test(os.version()), 'a version'),
  family: () => ok(['unix', 'windows'].includes(os.family()), 'a family'),
  type: () => ok(['linux', 'macos', 'windows'].includes(os.type()), 'a type'),
  arch: () => ok(['x86_64', 'aarch64'].includes(os.arch()), 'an architecture'),
  exeExtension: () => ok(['', 'exe'].includes(os.exeExtension()), 'an extension'),
  locale: async () => ok((await os.locale())?.startsWith('en'), 'the language of VS Code'),
  hostname: async () => ok(await os.hostname(), 'a name'),
});

/** As on Tauri's desktops. */
const PHONES_ONLY = 'not found';

export const notificationCases = pluginCases(notification, {
  isPermissionGranted: async () => equal(await notification.isPermissionGranted(), true),
  requestPermission: async () => equal(await notification.requestPermission(), 'granted'),
  // The test looks for it.
  sendNotification: () => notification.sendNotification({ title: 'A case', body: 'of a notification' }),
  'Schedule.at': () => ok(notification.Schedule.at(new Date()).at, 'a schedule'),
  'Schedule.interval': () => ok(notification.Schedule.interval({ hour: 1 }).interval, 'a schedule'),
  'Schedule.every': () => ok(notification.Schedule.every(notification.ScheduleEvery.Day, 1).every, 'a schedule'),
  registerActionTypes: () => notification.registerActionTypes([{ id: 'case', actions: [{ id: 'a', title: 'A' }] }]),
  pending: () => refused(() => notification.pending(), PHONES_ONLY),
  cancel: () => refused(() => notification.cancel([1]), PHONES_ONLY),
  cancelAll: () => refused(() => notification.cancelAll(), PHONES_ONLY),
  active: () => refused(() => notification.active(), PHONES_ONLY),
  removeActive: () => notification.removeActive([{ id: 1 }]),
  removeAllActive: () => notification.removeAllActive(),
  createChannel: () => refused(() => notification.createChannel({ id: 'a', name: 'a' }), PHONES_ONLY),
  removeChannel: () => refused(() => notification.removeChannel('a'), PHONES_ONLY),
  channels: () => refused(() => notification.channels(), PHONES_ONLY),
  onNotificationReceived: async () => void (await notification.onNotificationReceived(() => undefined)),
  onAction: async () => void (await notification.onAction(() => undefined)),
});

export const deepLinkCases = pluginCases(deepLink, {
  getCurrent: async () => equal(await deepLink.getCurrent(), null),
  isRegistered: async () => ok(typeof (await deepLink.isRegistered('cases')) === 'boolean', 'yes or no'),
  register: async () => void (await deepLink.register('cases')),
  unregister: async () => void (await deepLink.unregister('cases')),
  onOpenUrl: async () => (await deepLink.onOpenUrl(() => undefined))(),
});

export const windowStateCases = pluginCases(windowState, {
  filename: async () => ok((await windowState.filename()).length > 0, 'a file name'),
  saveWindowState: () => windowState.saveWindowState(windowState.StateFlags.ALL),
  restoreState: () => windowState.restoreState('main', windowState.StateFlags.ALL),
  restoreStateCurrent: () => windowState.restoreStateCurrent(windowState.StateFlags.ALL),
});
