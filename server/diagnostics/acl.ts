/** What is wrong in the files that decide what windows may do: configuration, capabilities, permissions. */
import { AclFacts } from '../index/acl-facts.ts';
import type { FileRange } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { capabilityProblems } from './capabilities.ts';
import { permissionProblems } from './permission-files.ts';
import type { Problem } from './problem.ts';
import { refusedFiles } from './refused-files.ts';
import { windowProblems } from './windows.ts';

export function* aclProblems(project: ProjectIndex): Iterable<Problem> {
  const facts = AclFacts.of(project);
  if (!facts) return;
  const found = [...capabilityProblems(facts, project), ...permissionProblems(facts, project)];
  yield* found;
  yield* windowProblems(facts, project);
  // Of one place the more exact is said.
  const places = new Set(found.map(({ at }) => startOf(at)));
  for (const problem of refusedFiles(facts)) if (!places.has(startOf(problem.at))) yield problem;
}

const startOf = ({ file, range: { start } }: FileRange) => `${file}:${start.line}:${start.character}`;
