import type * as npm from '@tauri-apps/plugin-notification';
import { expect, test } from 'vitest';
import type { NotificationHost } from '../../../extension/plugins/notification.ts';
import { outcome, until } from '../harness.ts';
import { calls, startSurface } from './surfaces.ts';

type Notifications = typeof npm;

/** What was shown, and how the user answers: by the place of a button. */
function user() {
  const shown: { text: string; buttons: readonly string[]; press(at: number | undefined): void }[] = [];
  const notification: NotificationHost = {
    show: (text, buttons) => new Promise((press) => shown.push({ text, buttons, press })),
  };
  return { shown, notification };
}

const start = (permissions?: readonly string[]) => {
  const { shown, notification } = user();
  return startSurface<Notifications>('notification', {
    host: { notification },
    ...(permissions && { permissions }),
  }).then((surface) => ({ ...surface, shown }));
};

test('the permission is granted, as on every desktop', async () => {
  const { npm, page } = await start();
  expect(await npm.isPermissionGranted()).toBe(true);
  expect(await npm.requestPermission()).toBe('granted');
  expect(page.global.Notification.permission).toBe('granted');
  expect(() => page.run(() => Object.assign(window.Notification, { permission: 'denied' }))).toThrow(
    'Readonly property',
  );
});

test('the page asks at once where a capability says so, else when it wants to know', async () => {
  const granted = await start(['notification:default']);
  await until(() => granted.page.global.Notification.permission === 'granted');
  expect(calls(granted.core, 'notification')).toEqual(['plugin:notification|is_permission_granted']);

  const without = await start([]);
  await without.page.roundTrip();
  expect(calls(without.core, 'notification')).toEqual([]);
  // As libraries do that watch all classes of a page.
  expect(without.page.run(() => typeof window.Notification.prototype)).toBe('object');
  await without.page.roundTrip();
  expect(calls(without.core, 'notification')).toEqual([]);
  expect(without.page.run(() => window.Notification.permission)).toBe('default');
  await without.page.roundTrip();
  expect(calls(without.core, 'notification')).toEqual(['plugin:notification|is_permission_granted']);
  expect(await outcome(without.npm.isPermissionGranted())).toEqual({
    error: expect.stringContaining('notification.is_permission_granted not allowed'),
  });
});

test('a page may put something of its own there', async () => {
  const { page } = await start();
  page.run(() => Object.assign(window, { Notification: 'mine' }));
  expect(page.global.Notification).toBe('mine');
});

test('a notification begins with the name of the app', async () => {
  const { npm, page, shown } = await start();
  npm.sendNotification('Done');
  npm.sendNotification({ title: 'Mail', body: 'Three new\nmessages' });
  page.run(() => void new Notification('Test App', { body: 'Hello' }));
  await until(() => shown.length === 3);
  expect(shown.map(({ text, buttons }) => [text, buttons])).toEqual([
    ['Test App: Done', []],
    ['Test App: Mail – Three new messages', []],
    ['Test App: Hello', []],
  ]);
});

test('text of a page never becomes a link', async () => {
  const { npm, shown } = await start();
  npm.sendNotification({ title: 'x', body: '[Click](command:workbench.action.quit)' });
  await until(() => shown.length === 1);
  expect(shown[0]?.text).toBe('Test App: x – [Click]\u200b(command:workbench.action.quit)');
});

test('actions are buttons, and the page hears which was pressed', async () => {
  const { npm, page, shown, core } = await start();
  await npm.registerActionTypes([{ id: 'mail', actions: [{ id: 'reply', title: 'Reply' }] }]);
  npm.sendNotification({ title: 'before', actionTypeId: 'mail' });
  const heard: unknown[] = [];
  const listener = await npm.onAction((action) => heard.push(action));
  npm.sendNotification({ id: 7, title: 'after', actionTypeId: 'mail', extra: { from: 'Ada' } });
  await until(() => shown.length === 2);
  expect(shown.map(({ buttons }) => buttons)).toEqual([['Reply'], ['Reply', 'Show']]);
  shown[1]?.press(0);
  await until(() => heard.length === 1);
  const notification = { id: 7, title: 'after', actionTypeId: 'mail', extra: { from: 'Ada' } };
  expect(heard).toEqual([{ actionId: 'reply', inputValue: null, notification }]);

  npm.sendNotification('tapped');
  await until(() => shown.length === 3);
  shown[2]?.press(0);
  await until(() => heard.length === 2);
  expect(heard[1]).toEqual({ actionId: 'tap', inputValue: null, notification: { title: 'tapped' } });
  expect(page.panel).toContainEqual(['reveal', true]);

  await listener.unregister();
  npm.sendNotification('after');
  await until(() => shown.length === 4);
  expect(shown[3]?.buttons).toEqual([]);
  expect(core.errors).toEqual([]);
});

test('listeners go with their page', async () => {
  const { npm, page, shown } = await start();
  await npm.onAction(() => undefined);
  await page.reload();
  (page.packages['@tauri-apps/plugin-notification'] as Notifications).sendNotification('after');
  await until(() => shown.length === 1);
  expect(shown[0]?.buttons).toEqual([]);
});

test('a listener needs its permission; the page hears of the second name that the package tries', async () => {
  const { npm } = await start(['notification:allow-notify']);
  expect(await outcome(npm.onAction(() => undefined))).toEqual({
    error: expect.stringContaining('notification.registerListener not allowed'),
  });
  const { npm: given } = await start(['notification:default']);
  expect(await outcome(given.onAction(() => undefined))).toEqual({
    ok: expect.objectContaining({ plugin: 'notification' }),
  });
});

test('what only phones have is not found, as on a desktop', async () => {
  const { npm } = await start();
  const answers = await Promise.all(
    [npm.pending(), npm.active(), npm.cancelAll(), npm.channels(), npm.createChannel({ id: 'a', name: 'A' })].map(
      outcome,
    ),
  );
  expect(answers).toEqual(
    ['get_pending', 'get_active', 'cancel', 'list_channels', 'create_channel'].map((name) => ({
      error: `Command ${name} not found`,
    })),
  );
  await npm.removeAllActive();
  await npm.removeActive([{ id: 1 }]);
});

test('a page cannot flood the user', async () => {
  const { page, shown } = await start();
  const all = Array.from({ length: 12 }, () =>
    outcome(page.invoke('plugin:notification|notify', { options: { title: 'x' } })),
  );
  const refused = { error: 'too many notifications: an app may show 10 within 10 s' };
  expect((await Promise.all(all)).slice(9)).toEqual([{ ok: null }, refused, refused]);
  expect(shown).toHaveLength(10);
});
