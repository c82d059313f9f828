/** The host of the plugins' tests: a small machine, and a list of what it was asked to do. */
import { fileURLToPath } from 'node:url';
import type { System } from '../extension/plugins/directories.ts';
import { createFsAccess } from '../extension/plugins/fs-access.ts';
import type { PluginHost } from '../extension/plugins/host.ts';

/** What the host was asked to do, in order. */
export type Asked = readonly [name: string, ...args: unknown[]];

const LINUX: System = {
  platform: 'linux',
  env: { HOME: '/home/ada' },
  home: '/home/ada',
  readText: () => undefined,
};

/** @param given what a test needs otherwise; `fsAccess` fits the rest unless it is given too */
export function testPluginHost(asked: Asked[], given: Partial<PluginHost> = {}): PluginHost {
  const ask =
    (name: string) =>
    (...args: unknown[]): void => {
      asked.push([name, ...args]);
    };
  const place = {
    identifier: 'dev.test.app',
    resourceDirectory: '/work space/src-tauri',
    system: LINUX,
    cwd: '/work space',
    ...given,
  };
  return {
    name: 'Test App',
    version: '1.2.3',
    lenient: false,
    language: 'en',
    http: {
      origin: 'tauri://localhost',
      features: new Set(['cookies', 'gzip', 'brotli', 'deflate', 'zstd']),
      scopeRedirects: true,
      allowDangerousSettings: false,
      proxy: undefined,
    },
    fsAccess: createFsAccess(place, place.cwd),
    defaultIcon: async () => undefined,
    opener: {
      local: true,
      openUrl: async (url) => {
        asked.push(['openUrl', url]);
        return true;
      },
      browse: ask('browse'),
      openPath: ask('openPath'),
      reveal: ask('reveal'),
    },
    shell: { externalBin: [], folder: '/work space/src-tauri' },
    sqlWorker: fileURLToPath(new URL('../extension/plugins/sql/worker.ts', import.meta.url)),
    exit: ask('exit'),
    restart: ask('restart'),
    toggleDevtools: ask('toggleDevtools'),
    requestAttention: ask('requestAttention'),
    setIcon: ask('setIcon'),
    setProgress: ask('setProgress'),
    maximize: ask('maximize'),
    clipboard: { read: async () => '', write: async (text) => void ask('clipboard.write')(text) },
    deepLinks: { connect: () => ({ dispose: ask('deepLinks.dispose') }) },
    dialog: {
      message: async (options) => {
        ask('dialog.message')(options);
        return options.cancel;
      },
      open: async (options) => void ask('dialog.open')(options),
      save: async (options) => void ask('dialog.save')(options),
    },
    log: { write: ask('log.write') },
    notification: { show: async (...args) => void ask('notification.show')(...args) },
    ...place,
  };
}
