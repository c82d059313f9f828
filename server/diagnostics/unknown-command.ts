/** Calls of commands that nothing defines. */
import { nearest } from '#core/nearest.ts';
import type { CallSite } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import type { Problem } from './problem.ts';

export function* unknownCommands(project: ProjectIndex): Iterable<Problem> {
  if (!knowsItsCommands(project)) return;
  for (const [name, calls] of project.calls) {
    if (project.commands.has(name) || name.startsWith('plugin:')) continue;
    for (const call of calls) yield unknown(call, name, project);
  }
}

/** Whether all commands of the app itself are known: no macro makes some, and everything could be read. */
function knowsItsCommands({ rust }: ProjectIndex): boolean {
  if (rust.commands.length === 0 || rust.macros.length > 0 || rust.missing.length > 0) return false;
  return [...rust.files].every(({ problem }) => problem === undefined);
}

function unknown({ commandAt }: CallSite, name: string, project: ProjectIndex): Problem {
  const meant = nearest(name, project.commands.keys());
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return { code: 'unknown-command', at: commandAt, message: `no command "${name}" is defined${hint}` };
}
