/** What is wrong in code: calls, commands, events. */
import type { ProjectIndex } from '../index/project-index.ts';
import type { Check, Problem } from './problem.ts';
import { wrongArguments } from './arguments.ts';
import { aclProblems } from './acl.ts';
import { lonelyEvents, unhandledListeners } from './events.ts';
import { notAllowed } from './permissions.ts';
import { duplicateCommands, handlerMismatches, notRegistered, unusedCommands } from './registration.ts';
import { unknownCommands } from './unknown-command.ts';

const CHECKS: readonly Check[] = [
  unknownCommands,
  notRegistered,
  unusedCommands,
  duplicateCommands,
  handlerMismatches,
  wrongArguments,
  notAllowed,
  lonelyEvents,
  unhandledListeners,
  aclProblems,
];

/** All problems of a project's code, by file. */
export function problemsOf(project: ProjectIndex): Map<string, Problem[]> {
  return Map.groupBy(
    CHECKS.flatMap((check) => [...check(project)]),
    ({ at }) => at.file,
  );
}
