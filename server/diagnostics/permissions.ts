/** Calls that the ACL lets through from no window. */
import { identifierOf } from '#core/acl/capability.ts';
import { APP_KEY } from '#core/acl/identifier.ts';
import { identifiersOf } from '#core/acl/manifest.ts';
import type { Access } from '#core/acl/authority.ts';
import { manifestKey, permissionsFor } from '#core/acl/explain.ts';
import { type Resolved, resolve } from '#core/acl/resolve.ts';
import { calledCommand } from '#core/call.ts';
import { grant } from '../fixes/permission.ts';
import { byName } from '../index/parts.ts';
import type { ProjectAcl, ProjectIndex } from '../index/project-index.ts';
import { isOfPlugin, shippedCalls } from './knowledge.ts';
import { rangeIn } from './lint-problem.ts';
import type { FileCheck, Problem } from './problem.ts';

export const notAllowed: FileCheck = (project) => {
  const { acl } = project;
  // What stands in a file that is wrong may allow it, and so may what code adds.
  if (!acl || acl.problems.length > 0 || [...project.rust.files].some((file) => file.addsCapabilities)) return () => [];
  const known = { labels: labelsOf(project), open: openManifests(acl) };
  const refusal = byName((command) => refusalOf(command, project, acl, known));
  return function* (facts) {
    for (const { command, commandAt } of shippedCalls(project, facts)) {
      const found = isOfPlugin(commandAt.file) ? undefined : refusal(command);
      if (found) yield { code: 'not-allowed', at: commandAt, ...found };
    }
  };
};

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
  const { manifests } = acl.acl;
  const permissions = permissionsFor(command, manifests);
  if (permissions.length === 0 || open.has(manifestKey(calledCommand(command).plugin, manifests))) return undefined;
  const candidates = authority.candidates(accessOf(first));
  if (candidates.some(({ denies }) => denies)) {
    const decision = authority.decide(accessOf(first));
    return { message: decision.allowed ? '' : decision.debug.replaceAll(/\s*\n\s*/g, '; '), fixes: [] };
  }
  // On other platforms, or by a capability that is not in force and may be some day.
  if ((entriesAnywhere(acl).get(command) ?? []).length > candidates.length) return undefined;
  // For windows that are made with labels of run time, or pages of other addresses.
  const isPartial = candidates.some(({ originFits }) => !originFits);
  if (isPartial || (candidates.length > 0 && makesLabels(project, labels))) return undefined;
  const smallest = permissions[0]?.identifier ?? '';
  const others = candidates.map(({ entry }) => {
    const { capability } = entry.referencedBy;
    return `capability "${capability}" allows it to ${[...entry.windows, ...entry.webviews].join(', ')}`;
  });
  const related = candidates.flatMap(({ entry: { referencedBy: by } }) => {
    const place = acl.acl.placeOf(by.capability, command, by.permission);
    const document = acl.acl.sourceOf(by.capability)?.document;
    if (!place || !document) return [];
    return [
      { at: { file: place.file.replaceAll('\\', '/'), range: rangeIn(document, place.range) }, message: by.permission },
    ];
  });
  return {
    message: [`no window may call ${command}: it needs the permission "${smallest}"`, ...others].join('; '),
    related,
    fixes: grant(acl, smallest, labels),
  };
}

/** What allows each command in all capabilities of the files, on whatever platform. */
function entriesAnywhere(acl: ProjectAcl): Resolved['allowedCommands'] {
  const known = anywhere.get(acl);
  if (known) return known;
  const capabilities = [...acl.files.enabled, ...acl.files.disabled].map(({ capability }) => capability);
  const tables = resolve({ capabilities, manifests: acl.acl.manifests, target: undefined }, () => undefined);
  anywhere.set(acl, tables.allowedCommands);
  return tables.allowedCommands;
}

const anywhere = new WeakMap<ProjectAcl, Resolved['allowedCommands']>();

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
