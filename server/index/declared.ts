/** What the handlers of a project declare that the ACL goes by, from their code. */
import { calledCommand } from '#core/call.ts';
import type { DeclaredByBackend } from '../project/index.ts';
import type { CommandDefinition } from './facts.ts';

export function declaredIn(commands: ReadonlyMap<string, readonly CommandDefinition[]>): DeclaredByBackend {
  const handlers = [...commands.values()]
    .flat()
    .filter(({ source }) => source === 'handler')
    .map(({ name, permissions }) => ({ ...calledCommand(name), permissions }));
  const plugins = Map.groupBy(handlers, ({ plugin }) => plugin);
  const commandsOf = (plugin: string | undefined) =>
    (plugins.get(plugin) ?? []).map(({ name, permissions }) => ({ name, permissions }));
  return {
    commands: commandsOf(undefined),
    plugins: [...plugins.keys()].flatMap((name) => (name === undefined ? [] : [{ name, commands: commandsOf(name) }])),
  };
}
