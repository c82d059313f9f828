/** What Tauri would refuse, in its own words: files that are not of their format or shape, names that two files have. */
import { nearest } from '#core/nearest.ts';
import type { AclFacts } from '../index/acl-facts.ts';
import { type Fix, replaceAt } from '../fixes/fix.ts';
import type { FileRange } from '../index/facts.ts';
import type { ProjectError } from '../project/index.ts';
import { kindOf } from '../workspace/kinds.ts';
import type { CodeName } from './codes.ts';
import type { Problem } from './problem.ts';

export function refusedFiles(facts: AclFacts): Problem[] {
  return facts.acl.problems.map((problem) => {
    const file = problem.file.replaceAll('\\', '/');
    const at = placeOf(problem, file);
    return { code: codeOf(problem, file), at, message: problem.message, fixes: nameFixes(problem, at, facts) };
  });
}

function codeOf({ cause }: ProjectError, file: string): CodeName {
  switch (kindOf(file)) {
    case 'capability':
      return 'invalid-capability';
    case 'permission':
    case 'manifests':
      return 'invalid-permission-file';
    default:
      return cause instanceof Error && cause.name === 'ZodError' ? 'config-value' : 'invalid-config';
  }
}

/** What is longer than its line ends behind it: editors show no more. */
function placeOf({ line, column, range }: ProjectError, file: string): FileRange {
  const start = { line: line - 1, character: column - 1 };
  const length = range ? range.end - range.start : 1;
  return { file, range: { start, end: { line: start.line, character: start.character + length } } };
}

/** `capability with identifier x not found`: the nearest one that there is. */
function nameFixes({ message }: ProjectError, at: FileRange, facts: AclFacts): Fix[] {
  const name = /^capability with identifier (.+) not found$/.exec(message)?.[1];
  const instead =
    name === undefined
      ? undefined
      : nearest(
          name,
          facts.capabilities.map(({ capability }) => capability.identifier),
        );
  if (instead === undefined) return [];
  const { start, end } = at.range;
  const inner = {
    start: { line: start.line, character: start.character + 1 },
    end: { line: end.line, character: end.character - 1 },
  };
  return [replaceAt(`Change to "${instead}"`, { file: at.file, range: inner }, instead, true)];
}
