/** `plugin:process|…` (tauri-acl 5.2): the end of the app, and its new start. Neither touches VS Code's processes. */
import * as z from 'zod';
import { command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { PluginHost } from './host.ts';

/** The code by which Tauri says that it exits to start anew. */
const RESTART_EXIT_CODE = 2 ** 31 - 1;

export function processPlugin(core: Core, host: PluginHost): Plugin {
  return plugin({
    name: 'process',
    commands: [
      command('exit', { args: { code: z.int32() } }, async ({ code }) => {
        core.fireRunEvent({ kind: 'ExitRequested', code });
        await host.exit(code);
      }),
      command('restart', {}, async () => {
        core.fireRunEvent({ kind: 'ExitRequested', code: RESTART_EXIT_CODE });
        await host.restart();
      }),
    ],
  });
}
