/** What is wrong in a project: calls, commands, events, permissions. Which checks there are, and what each of them looks at. */
import type { ProjectIndex } from '../index/project-index.ts';
import { aclProblems } from './acl.ts';
import { wrongArguments } from './arguments.ts';
import { lonelyEvents, unhandledListeners } from './events.ts';
import { notAllowed } from './permissions.ts';
import { type Check, ProjectProblems } from './project-problems.ts';
import {
  calledUnregistered,
  duplicateCommands,
  handlerMismatches,
  notRegistered,
  unusedCommands,
} from './registration.ts';
import { unknownCommands } from './unknown-command.ts';

/** What files define that others, and the files of Tauri, go by. It is the same while somebody types in calls. */
const definitions = (project: ProjectIndex) => [project.commands, project.windows, project.acl, project.rust.names];
const withCalls = (project: ProjectIndex) => [...definitions(project), project.calls];
const events = (project: ProjectIndex) => [project.rust.names, project.events, project.eventPatterns];

/** In the order in which they are shown. */
const CHECKS: readonly Check[] = [
  { inFiles: unknownCommands },
  { inFiles: notRegistered },
  { inProject: calledUnregistered, from: withCalls },
  { inProject: unusedCommands, from: withCalls },
  { inProject: duplicateCommands, from: definitions },
  { inProject: handlerMismatches, from: definitions },
  { inFiles: wrongArguments },
  { inFiles: notAllowed },
  { inProject: lonelyEvents, from: events },
  { inFiles: unhandledListeners },
  { inProject: aclProblems, from: definitions },
];

const all = new WeakMap<ProjectIndex, ProjectProblems>();

/** What is wrong in a project: as much of it as was found before, and is still true, is kept. */
export function problemsOf(project: ProjectIndex): ProjectProblems {
  const known = all.get(project) ?? problemsAnew(project);
  all.set(project, known);
  return known;
}

/** The same, without anything that was found before. */
export const problemsAnew = (project: ProjectIndex) => new ProjectProblems(project, CHECKS, definitions);
