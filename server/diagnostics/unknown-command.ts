/** Calls of commands that nothing defines. */
import { allowingNames, type Manifest } from '#core/acl/manifest.ts';
import { calledCommand } from '#core/call.ts';
import { nearest } from '#core/nearest.ts';
import { type Fix, replaceAt } from '../fixes/fix.ts';
import { handlerOfCall } from '../fixes/handler.ts';
import { rustCommandOfCall } from '../fixes/rust-command.ts';
import type { CallSite } from '../index/facts.ts';
import { byName } from '../index/parts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import type { FileCheck, Problem } from './problem.ts';
import { isOfPlugin, knowsRustCommands, shippedCalls } from './knowledge.ts';

export const unknownCommands: FileCheck = (project) => {
  const app = knowsRustCommands(project) && appCommands(project);
  /** undefined where it cannot be told that there is none of a name */
  const lookFor = byName((name): Unknown | undefined => {
    const { plugin, malformed } = calledCommand(name);
    if (malformed) return undefined;
    const others = plugin === undefined ? app : pluginCommands(project, name);
    return others ? { isOfApp: plugin === undefined, meant: nearest(name, others) } : undefined;
  });
  return function* (facts) {
    for (const call of shippedCalls(project, facts)) {
      const { command } = call;
      // An empty name is one that will be given, or typed.
      if (command === '' || project.commands.has(command)) continue;
      const found = lookFor(command);
      // Platforms may have commands of their own, in Kotlin or Swift, for what a plugin calls itself.
      if (found && (found.isOfApp || !isOfPlugin(call.at.file))) yield unknown(project, call, command, found.meant);
    }
  };
};

interface Unknown {
  readonly isOfApp: boolean;
  /** the command that there is, where it is spelt nearly so */
  readonly meant: string | undefined;
}

const appCommands = ({ commands }: ProjectIndex) => [...commands.keys()].filter((name) => !name.startsWith('plugin:'));

/** The commands of a called plugin that has no such command; undefined where that cannot be told. */
function pluginCommands({ acl, commands }: ProjectIndex, called: string): readonly string[] | undefined {
  const { plugin = '', name } = calledCommand(called);
  const prefix = `plugin:${plugin}|`;
  // Code of the project, and not only what the manifest says.
  if (!acl || [...commands.keys()].some((each) => each.startsWith(prefix))) return undefined;
  const { manifests } = acl.acl;
  const manifest = manifests.get(plugin) ?? manifests.get(`core:${plugin}`);
  if (!manifest || allowingNames(manifest, name).length > 0) return undefined;
  const known = commandsIn(manifest).map((each) => prefix + each);
  // A plugin of the project may be newer than what we know of it.
  return acl.files.written || nearest(called, known) !== undefined ? known : undefined;
}

function commandsIn({ permissions }: Manifest): string[] {
  return [...new Set([...permissions.values()].flatMap(({ commands }) => [...commands.allow, ...commands.deny]))];
}

function unknown(project: ProjectIndex, call: CallSite, name: string, meant: string | undefined): Problem {
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  const fixes: Fix[] = [];
  if (meant !== undefined && call.literal) fixes.push(replaceAt(`Call "${meant}"`, call.literal, meant, true));
  if (!name.startsWith('plugin:'))
    fixes.push(handlerOfCall(project, call, name), ...rustCommandOfCall(project, call, name));
  return { code: 'unknown-command', at: call.commandAt, message: `no command "${name}" is defined${hint}`, fixes };
}
