import * as autostart from '@tauri-apps/plugin-autostart';
import * as cli from '@tauri-apps/plugin-cli';
import * as globalShortcut from '@tauri-apps/plugin-global-shortcut';
import * as positioner from '@tauri-apps/plugin-positioner';
import * as processPlugin from '@tauri-apps/plugin-process';
import * as stronghold from '@tauri-apps/plugin-stronghold';
import * as updater from '@tauri-apps/plugin-updater';
import { equal, ok, pluginCases, refused } from './cases.ts';

const PANEL = 'not supported in a VS Code panel';

export const autostartCases = pluginCases(autostart, {
  isEnabled: async () => equal(await autostart.isEnabled(), false),
  enable: () => refused(() => autostart.enable(), PANEL),
  disable: () => autostart.disable(),
});

export const cliCases = pluginCases(cli, {
  getMatches: async () => equal(await cli.getMatches(), { args: {}, subcommand: null }),
});

export const globalShortcutCases = pluginCases(globalShortcut, {
  isRegistered: async () => equal(await globalShortcut.isRegistered('CmdOrCtrl+K'), false),
  register: () => refused(() => globalShortcut.register('CmdOrCtrl+K', () => undefined), PANEL),
  unregister: () => globalShortcut.unregister('CmdOrCtrl+K'),
  unregisterAll: () => globalShortcut.unregisterAll(),
});

const TRAY_EVENT = { type: 'Leave', rect: { position: { x: 0, y: 0 }, size: { width: 1, height: 1 } } } as Parameters<
  typeof positioner.handleIconState
>[0];

export const positionerCases = pluginCases(positioner, {
  moveWindow: () => refused(() => positioner.moveWindow(positioner.Position.Center), PANEL),
  moveWindowConstrained: () => refused(() => positioner.moveWindowConstrained(positioner.Position.Center), PANEL),
  handleIconState: () => refused(() => positioner.handleIconState(TRAY_EVENT), PANEL),
});

export const updaterCases = pluginCases(updater, {
  check: async () => equal(await updater.check(), null),
  ...Object.fromEntries(
    (['download', 'downloadAndInstall'] as const).map((name) => [
      `Update#${name}`,
      () => refused(() => update()[name](), PANEL),
    ]),
  ),
  // The package's own answer.
  'Update#install': () => refused(() => update().install(), 'Update.install called before Update.download'),
  'Update#close': () => refused(() => update().close(), 'The resource id 1 is invalid.'),
});

/** An update that no check gave. */
const update = () =>
  new updater.Update({ rid: 1, currentVersion: '1.0.0', version: '2.0.0', rawJson: {} } as ConstructorParameters<
    typeof updater.Update
  >[0]);

const STORE = () => new stronghold.Client('vault', 'client').getStore();
const VAULT = () => new stronghold.Client('vault', 'client').getVault('vault');
const LOCATION = stronghold.Location.generic('vault', 'record');

export const strongholdCases = pluginCases(stronghold, {
  'Stronghold.load': () => refused(() => stronghold.Stronghold.load('vault', 'password'), PANEL),
  ...Object.fromEntries(
    ['unload', 'loadClient', 'createClient', 'save'].map((name) => [
      `Stronghold#${name}`,
      () => {
        // Without its private constructor no such object comes to be: nothing was loaded.
        const loaded = Object.assign(Object.create(stronghold.Stronghold.prototype) as stronghold.Stronghold, {
          path: 'vault',
        });
        return refused(
          () => (loaded[name as 'loadClient'] as (client: string) => Promise<unknown>).call(loaded, 'c'),
          PANEL,
        );
      },
    ]),
  ),
  'Client#getVault': () => ok(VAULT(), 'a vault'),
  'Client#getStore': () => ok(STORE(), 'a store'),
  'Location.generic': () => equal(LOCATION.type, 'Generic'),
  'Location.counter': () => equal(stronghold.Location.counter('vault', 1).type, 'Counter'),
  'Store#get': () => refused(() => STORE().get('key'), PANEL),
  'Store#insert': () => refused(() => STORE().insert('key', [1]), PANEL),
  'Store#remove': () => refused(() => STORE().remove('key'), PANEL),
  'Vault#insert': () => refused(() => VAULT().insert('record', [1]), PANEL),
  'Vault#remove': () => refused(() => VAULT().remove(LOCATION), PANEL),
});

export const processCases = pluginCases(processPlugin, {
  // The page goes with both: the test looks at what comes after.
  exit: () => void processPlugin.exit(0).catch(() => undefined),
  relaunch: () => void processPlugin.relaunch().catch(() => undefined),
});
