import type * as autostart from '@tauri-apps/plugin-autostart';
import type * as shortcut from '@tauri-apps/plugin-global-shortcut';
import type * as positioner from '@tauri-apps/plugin-positioner';
import type * as stronghold from '@tauri-apps/plugin-stronghold';
import type * as updater from '@tauri-apps/plugin-updater';
import { expect, test } from 'vitest';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import { outcome, startCore, openPage } from '../harness.ts';
import { startSurface } from './surfaces.ts';

const refusal = (command: string, reason: string) => ({
  error: `${command} is not supported in a VS Code panel (${reason})`,
});

test('autostart and global shortcuts: nothing is ever on, and turning on says why not', async () => {
  const { npm } = await startSurface<typeof autostart>('autostart');
  expect(await npm.isEnabled()).toBe(false);
  await npm.disable();
  expect(await outcome(npm.enable())).toEqual(
    refusal('autostart.enable', 'the app starts with its project, never with the machine'),
  );
  const { npm: keys } = await startSurface<typeof shortcut>('global-shortcut');
  expect(await keys.isRegistered('Ctrl+K')).toBe(false);
  await keys.unregister('Ctrl+K');
  await keys.unregisterAll();
  expect(await outcome(keys.register('Ctrl+K', () => undefined))).toEqual(
    refusal(
      'global-shortcut.register',
      'keyboard shortcuts of VS Code come from its own settings, and none reaches beyond its window',
    ),
  );
});

test('updater: there never is an update', async () => {
  const { npm, page } = await startSurface<typeof updater>('updater');
  expect(await npm.check({ headers: { a: 'b' }, timeout: 1000 })).toBeNull();
  expect(await outcome(page.invoke('plugin:updater|install', { updateRid: 1, bytesRid: 2 }))).toEqual(
    refusal('updater.install', 'a project that runs in VS Code is not installed, so it has no updates'),
  );
});

test('positioner: refused, or noted where the setting says so', async () => {
  const { npm } = await startSurface<typeof positioner>('positioner');
  expect(await outcome(npm.moveWindow(npm.Position.Center))).toEqual(
    refusal('positioner.move_window', 'VS Code decides where its editors are'),
  );
  const { core, npm: lenient } = await startSurface<typeof positioner>('positioner', { host: { lenient: true } });
  await lenient.moveWindow(lenient.Position.Center);
  expect([...core.tap.records()].find(({ name }) => name === 'positioner.move_window')?.note).toBe(
    'had no effect: VS Code decides where its editors are',
  );
});

test('stronghold: one sentence', async () => {
  const { npm } = await startSurface<typeof stronghold>('stronghold');
  expect(await outcome(npm.Stronghold.load('vault.hold', 'secret'))).toEqual(
    refusal(
      'stronghold.initialize',
      'its vaults are files of the Stronghold engine, which only an app built with Rust has',
    ),
  );
});

test('every command that has a permission is refused with a sentence, whatever it is given', async () => {
  const page = await openPage(await startCore(), 'main');
  const names = ['barcode-scanner', 'biometric', 'geolocation', 'haptics', 'nfc', 'stronghold'].flatMap((name) =>
    [...(bundledManifests().get(name)?.permissions.values() ?? [])].flatMap(({ commands }) =>
      commands.allow.map((each) => [name, each] as const),
    ),
  );
  expect(names.length).toBeGreaterThan(30);
  const answers = await Promise.all(names.map(([name, each]) => outcome(page.invoke(`plugin:${name}|${each}`))));
  const wrong = answers.filter(
    (answer, index) =>
      !('error' in answer) ||
      !String(answer.error).startsWith(`${names[index]?.join('.')} is not supported in a VS Code panel (`),
  );
  expect(wrong).toEqual([]);
});
