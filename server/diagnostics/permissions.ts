/** Calls that the ACL lets through from no window. */
import { identifierOf } from '#core/acl/capability.ts';
import { APP_KEY } from '#core/acl/identifier.ts';
import { identifiersOf } from '#core/acl/manifest.ts';
import type { Access } from '#core/acl/authority.ts';
import { grant } from '../fixes/permission.ts';
import type { ProjectAcl, ProjectIndex } from '../index/project-index.ts';
import { isOfPlugin, shippedCalls } from './knowledge.ts';
import type { Problem } from './problem.ts';

export function* notAllowed(project: ProjectIndex): Iterable<Problem> {
  const { acl } = project;
  // What stands in a file that is wrong may allow it, and so may what code adds.
  if (!acl || acl.problems.length > 0 || [...project.rust.files].some((file) => file.addsCapabilities)) return;
  const labels = labelsOf(project);
  const open = openManifests(acl);
  for (const [name, calls] of shippedCalls(project)) {
    const refusal = refusalOf(name, project, acl, { labels, open });
    if (!refusal) continue;
    for (const { commandAt } of calls) {
      if (!isOfPlugin(commandAt.file)) yield { code: 'not-allowed', at: commandAt, ...refusal };
    }
  }
}

interface Known {
  /** of all windows whose label is written somewhere */
  readonly labels: readonly string[];
  /** manifests of which capabilities name more than is known */
  readonly open: ReadonlySet<string>;
}

/** What keeps every window from calling a command; undefined where one may, or where it cannot be told. */
function refusalOf(
  command: string,
  project: ProjectIndex,
  acl: ProjectAcl,
  { labels, open }: Known,
): Pick<Problem, 'message' | 'fixes' | 'related'> | undefined {
  const { authority } = acl.acl;
  const accessOf = (label: string): Access => ({ command, window: label, webview: label, origin: 'local' });
  const [first = 'main'] = labels;
  if (!authority.enforces(accessOf(first))) return undefined;
  if (labels.some((label) => authority.decide(accessOf(label)).allowed)) return undefined;
  const explanation = acl.acl.explain(accessOf(first));
  const { key, candidates, leftOut, permissions } = explanation;
  if (permissions.length === 0 || open.has(key) || leftOut.length > 0) return undefined;
  const denial = candidates.find(({ denies }) => denies);
  if (denial) return { message: explanation.text?.debug.replaceAll(/\s*\n\s*/g, '; ') ?? '', fixes: [] };
  // For windows that are made with labels of run time, or pages of other addresses.
  const isPartial = candidates.some(({ originFits }) => !originFits);
  if (isPartial || (candidates.length > 0 && makesLabels(project, labels))) return undefined;
  const smallest = permissions[0]?.identifier ?? '';
  const others = candidates.map(({ entry }) => {
    const { capability } = entry.referencedBy;
    return `capability "${capability}" allows it to ${[...entry.windows, ...entry.webviews].join(', ')}`;
  });
  return {
    message: [`no window may call ${command}: it needs the permission "${smallest}"`, ...others].join('; '),
    fixes: grant(acl, smallest, labels),
  };
}

/** Whether windows may have labels that nobody wrote down. */
function makesLabels({ windows }: ProjectIndex, labels: readonly string[]): boolean {
  return labels.length === 0 || windows.some(({ label }) => label === undefined);
}

function labelsOf({ windows }: ProjectIndex): string[] {
  return [...new Set(windows.flatMap(({ label }) => label ?? []))];
}

/** Manifests of which capabilities name permissions that are not known: a build will write them, or they are newer. */
function openManifests({ acl, files }: ProjectAcl): Set<string> {
  const known = new Set([...acl.manifests].flatMap(([key, manifest]) => identifiersOf(key, manifest)));
  const named = files.enabled.flatMap(({ capability }) => capability.permissions.map(identifierOf));
  return new Set(
    named.filter((identifier) => !known.has(identifier)).map((identifier) => /^(.*):/.exec(identifier)?.[1] ?? APP_KEY),
  );
}
