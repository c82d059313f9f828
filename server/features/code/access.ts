/** Which windows may call a command. */
import type { Access } from '#core/acl/authority.ts';
import { report } from '#core/acl/report.ts';
import type { ProjectIndex } from '../../index/project-index.ts';
import { code, plain } from '../markdown.ts';

/** Labels of windows; of windows with labels made at run time nothing is said. */
export interface WindowAccess {
  /** no permission is needed */
  readonly isFree: boolean;
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

const accessOf = (command: string, label: string): Access => ({
  command,
  window: label,
  webview: label,
  origin: 'local',
});

/** Undefined where it cannot be told: without a configuration, or a known window. */
export function windowAccess({ acl, windows }: ProjectIndex, command: string): WindowAccess | undefined {
  const labels = labelsOf(windows);
  const [first] = labels;
  if (!acl || first === undefined) return undefined;
  const { authority } = acl.acl;
  if (!authority.enforces(accessOf(command, first))) return { isFree: true, allowed: labels, refused: [] };
  const isAllowed = (label: string) => authority.resolveAccess(accessOf(command, label)) !== undefined;
  return {
    isFree: false,
    allowed: labels.filter(isAllowed),
    refused: labels.filter((label) => !isAllowed(label)),
  };
}

const labelsOf = (windows: ProjectIndex['windows']) => [...new Set(windows.flatMap(({ label }) => label ?? []))];

/** In few words: "allowed in: main". */
export function accessLine(access: WindowAccess | undefined): string | undefined {
  if (!access) return undefined;
  if (access.isFree) return 'needs no permission';
  return access.allowed.length === 0 ? 'no window may call it' : `allowed in: ${access.allowed.join(', ')}`;
}

/** In the inspector's words: for each window what allows or refuses it, as a list in Markdown. */
export function accessText({ acl, windows }: ProjectIndex, command: string): string | undefined {
  if (!acl) return undefined;
  const bySummary = Map.groupBy(labelsOf(windows), (label) => {
    const access = accessOf(command, label);
    const explanation = acl.acl.explain(access);
    const { summary, missing } = report({
      wasRefused: false,
      access,
      explanation,
      refusal: undefined,
      asked: [],
      fileOf: () => undefined,
      editable: false,
    });
    const [smallest] = missing;
    return smallest ? `${summary} It needs ${smallest.identifier}.` : summary;
  });
  const lines = [...bySummary].map(([summary, labels]) => `- ${labels.map(code).join(', ')}: ${plain(summary)}`);
  return lines.length === 0 ? undefined : ['Permissions:', '', ...lines].join('\n');
}
