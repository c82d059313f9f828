/** The page: all cases, for the test to run by name. */
import { type Given, type Outcome, type PluginCases, runCase } from './cases.ts';
import { fsCases } from './fs.ts';
import { httpCases, uploadCases, websocketCases } from './http.ts';
import {
  autostartCases,
  cliCases,
  globalShortcutCases,
  positionerCases,
  processCases,
  strongholdCases,
  updaterCases,
} from './refusing.ts';
import { openerCases, shellCases } from './shell.ts';
import { sqlCases } from './sql.ts';
import { storeCases } from './store.ts';
import {
  clipboardCases,
  deepLinkCases,
  dialogCases,
  logCases,
  notificationCases,
  osCases,
  windowStateCases,
} from './surfaces.ts';

const PLUGINS: Readonly<Record<string, PluginCases>> = {
  autostart: autostartCases,
  cli: cliCases,
  'clipboard-manager': clipboardCases,
  'deep-link': deepLinkCases,
  dialog: dialogCases,
  fs: fsCases,
  'global-shortcut': globalShortcutCases,
  http: httpCases,
  log: logCases,
  notification: notificationCases,
  opener: openerCases,
  os: osCases,
  positioner: positionerCases,
  process: processCases,
  shell: shellCases,
  sql: sqlCases,
  store: storeCases,
  stronghold: strongholdCases,
  updater: updaterCases,
  upload: uploadCases,
  websocket: websocketCases,
  'window-state': windowStateCases,
};

export interface PluginTests {
  /** the exported functions of each plugin, and those that have a case */
  list(): Record<string, { exports: readonly string[]; cases: readonly string[] }>;
  run(plugin: string, name: string, given: Given): Promise<Outcome>;
}

declare global {
  var pluginTests: PluginTests;
}

globalThis.pluginTests = {
  list: () =>
    Object.fromEntries(
      Object.entries(PLUGINS).map(([plugin, { exports, cases }]) => [plugin, { exports, cases: Object.keys(cases) }]),
    ),
  async run(plugin, name, given) {
    const run = PLUGINS[plugin]?.cases[name];
    return run ? runCase(run, given) : { kind: 'wrong', text: 'there is no such case' };
  },
};
document.documentElement.dataset['ready'] = 'true';
