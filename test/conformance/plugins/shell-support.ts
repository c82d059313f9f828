/** Apps whose page may run what a test says, and what it hears of it. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as shell from '@tauri-apps/plugin-shell';
import { onTestFinished } from 'vitest';
import { thisSystem } from '../../../extension/plugins/directories.ts';
import { type CoreSettings, openPage, type Page, startCore, until } from '../harness.ts';
import { permitted } from './permitted.ts';

export const SHELL = '@tauri-apps/plugin-shell';
export const NODE = process.execPath;

/** An app whose page may run these entries of the scope. */
export async function start(allow: readonly object[], settings: CoreSettings = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'shell-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const commands = ['execute', 'spawn'].map((name) => ({ identifier: `shell:allow-${name}`, allow }));
  const others = ['shell:allow-stdin-write', 'shell:allow-kill', 'shell:allow-open'];
  const core = await startCore({
    authority: permitted(...commands, ...others),
    ...settings,
    host: { cwd: folder, system: thisSystem(), shell: { externalBin: [], folder }, ...settings.host },
  });
  return { core, folder, page: await openPage(core, 'main', { packages: [SHELL] }) };
}

export const packageOf = (page: Page) => page.packages[SHELL] as unknown as typeof shell;

/** `node -e <script> <argument>`, whatever both are. */
export const SCRIPT = {
  name: 'node',
  cmd: NODE,
  args: ['-e', { validator: '[\\s\\S]*', raw: true }, { validator: '.*' }],
};
export const script = (text: string, argument = '') => ['-e', text, argument];

/** The events of a program until it has ended. */
export async function listen(command: shell.Command<string | Uint8Array>) {
  const events: unknown[][] = [];
  let ended = false;
  command.stdout.on('data', (data) => events.push(['out', data]));
  command.stderr.on('data', (data) => events.push(['err', data]));
  command.on('error', (error) => events.push(['error', error]));
  command.on('close', ({ code, signal }) => {
    events.push(['close', code, signal]);
    ended = true;
  });
  const child = await command.spawn();
  return { child, events, end: () => until(() => ended) };
}
