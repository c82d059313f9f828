/** Windows and capabilities that have nothing to do with each other. */
import { nearest } from '#core/nearest.ts';
import { type AclFacts, couldMatch, globOf } from '../index/acl-facts.ts';
import { addLabel } from '../fixes/data-file.ts';
import type { Finding } from '#core/acl/lint.ts';
import type { WindowSite } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { knowsRust } from './knowledge.ts';
import { problemOf } from './lint-problem.ts';
import type { Problem } from './problem.ts';

export function windowProblems(facts: AclFacts, project: ProjectIndex): Problem[] {
  const isReadable = facts.acl.plugins === undefined || knowsRust(project);
  const addsCapabilities = [...project.rust.files].some((file) => file.addsCapabilities);
  return [...(isReadable ? unknownWindows(facts) : []), ...(addsCapabilities ? [] : withoutCapability(facts))];
}

/** Labels and patterns that fit no window. Said only where all windows are known. */
function unknownWindows(facts: AclFacts): Problem[] {
  if (facts.windows.length === 0 || facts.hasOtherWindows) return [];
  return facts.capabilities
    .filter(({ file }) => !facts.acl.stale.has(file))
    .flatMap(({ capability, file, document, path }) =>
      (['windows', 'webviews'] as const).flatMap((list) =>
        capability[list].flatMap((pattern, index): Problem[] => {
          const glob = globOf(pattern);
          if (!glob || facts.windows.some((site) => couldMatch(glob, site))) return [];
          const instead = nearest(pattern, facts.labels);
          const hint = instead === undefined ? '' : `; did you mean "${instead}"?`;
          const finding: Finding = {
            code: 'unknown-window',
            severity: 'hint',
            message: `no window of the configuration or of code has such a label${hint}`,
            place: document.placeOf(file, [...path, list, index]),
            instead,
          };
          return [problemOf(finding, document)];
        }),
      ),
    );
}

/** Windows that may do nothing that needs a permission; those with somebody else's page had better not. */
function withoutCapability(facts: AclFacts): Problem[] {
  const { enabled } = facts.acl.files;
  if (enabled.length === 0 || facts.acl.problems.length > 0) return [];
  const globs = enabled
    .flatMap(({ capability: { windows, webviews } }) => [...windows, ...webviews])
    .flatMap((pattern) => globOf(pattern) ?? []);
  return facts.windows
    .filter((site) => site.isRemote !== true && !globs.some((glob) => couldMatch(glob, site)))
    .map((site) => ({
      code: 'window-without-capability',
      at: site.literal ?? site.at,
      message: `no capability is about ${nameOf(site)}: the window may call nothing that needs a permission`,
      fixes: site.label === undefined ? [] : addLabel(facts.acl, site.label),
    }));
}

const nameOf = ({ label }: WindowSite) => (label === undefined ? 'such a label' : `"${label}"`);
