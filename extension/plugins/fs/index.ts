/** `plugin:fs|…`: files, as far as the capabilities' scopes allow (tauri-acl 4.4 and 5.2). */
import type { Core } from '#core/core.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import * as z from 'zod';
import { command } from '#core/command.ts';
import type { PluginHost } from '../host.ts';
import { FsCommands } from './access.ts';
import { PathArgument } from './arguments.ts';
import { entryCommands } from './entries.ts';
import { fileCommands } from './files.ts';
import { handleCommands } from './handles.ts';
import { watchCommands } from './watch.ts';

const Config = z
  .object({ requireLiteralLeadingDot: z.boolean().nullish(), scopeDroppedPaths: z.boolean().nullish() })
  .nullish();

export function fsPlugin(core: Core, host: PluginHost): Plugin {
  const commands = new FsCommands(core, host);
  // They ask something of iOS alone; everywhere else Tauri does nothing either.
  const nothing = (name: string) => command(name, { args: { path: PathArgument } }, () => null);
  return plugin({
    name: 'fs',
    config: Config,
    commands: [
      ...fileCommands(commands),
      ...handleCommands(commands),
      ...entryCommands(commands),
      ...watchCommands(commands),
      nothing('start_accessing_security_scoped_resource'),
      nothing('stop_accessing_security_scoped_resource'),
    ],
  });
}
