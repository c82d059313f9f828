/** An explanation in words, for people: what was looked at, what each entry failed by, and what would help. */
import type { Access, Candidate } from './authority.ts';
import type { Explanation, LeftOut, PermissionChoice } from './explain.ts';
import { printIdentifier } from './identifier.ts';
import type { ResolvedCommand } from './resolve.ts';

/** An entry of a capability that was looked at. */
export interface ReportedEntry {
  readonly capability: string;
  readonly permission: string;
  readonly effect: 'allows' | 'denies' | 'does not apply';
  /** why, as sentences without a subject: `names only the windows "main"` */
  readonly reasons: readonly string[];
  /** where the capability stands, as people are shown it; absent where it is in no file */
  readonly file?: string;
}

/** What decides comes first. */
const EFFECTS: readonly ReportedEntry['effect'][] = ['denies', 'allows', 'does not apply'];

/** Where a permission may be added: to a capability of a file. */
export interface ReportedTarget {
  readonly capability: string;
  readonly file: string;
}

/** Scope values as JSON text. */
export interface ReportedScope {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** What the inspector shows of a call. It is about now: the files may have changed since the call. */
export interface PermissionReport {
  /** `handler`: the command may be called, and its handler refused; `free`: whoever asks, it may be called */
  readonly verdict: 'allowed' | 'free' | 'refused' | 'handler';
  readonly summary: string;
  /** what the page of a release build would get */
  readonly release?: string;
  readonly entries: readonly ReportedEntry[];
  /** the capabilities that are about the window */
  readonly capabilities: readonly { readonly capability: string; readonly file?: string }[];
  readonly commandScope: ReportedScope;
  readonly globalScope: ReportedScope;
  /** of which one is missing, the smallest first; empty where nothing can be added */
  readonly missing: readonly PermissionChoice[];
  /** where one of them can be added; empty: a file has to be made */
  readonly targets: readonly ReportedTarget[];
  /** whether there are files at all: an app of another extension has none */
  readonly editable: boolean;
}

export interface ReportInput {
  /** whether the call is one that was refused */
  readonly wasRefused: boolean;
  readonly access: Access;
  readonly explanation: Explanation;
  /** why the handler refused; undefined where the call did not get so far */
  readonly refusal: string | undefined;
  /** permissions that the handler asks for and the window does not hold */
  readonly asked: readonly string[];
  /** the file of a capability, as people are shown it */
  fileOf(capability: string): string | undefined;
  readonly editable: boolean;
}

/** Puts an explanation in words. */
export function report(input: ReportInput): PermissionReport {
  const { access, explanation, refusal, asked, fileOf, editable, wasRefused } = input;
  const { verdict, candidates, leftOut, permissions, capabilities, key, text } = explanation;
  const withFile = <T extends { readonly capability: string }>(each: T) => {
    const file = fileOf(each.capability);
    return { ...each, ...(file !== undefined && { file }) };
  };
  const denied = candidates.some(({ denies }) => denies);
  const byHandler = verdict !== 'refused' && refusal !== undefined;
  const missing = byHandler
    ? asked.map((identifier) => ({ identifier, commands: 1 }))
    : verdict === 'refused' && !denied
      ? permissions
      : [];
  return {
    verdict: byHandler ? 'handler' : verdict,
    summary: byHandler ? handlerSummary(refusal, asked) : summaryOf(explanation, access, wasRefused),
    ...(text && { release: text.release }),
    entries: [
      ...candidates.map((each) => reported(each, access, key)),
      ...leftOut.map((each) => reportedLeftOut(each, key)),
    ]
      .sort((a, b) => EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect))
      .map(withFile),
    capabilities: capabilities.map((capability) => withFile({ capability })),
    commandScope: printed(explanation.commandScope),
    globalScope: printed(explanation.globalScope),
    missing,
    targets: capabilities.flatMap((capability) => {
      const file = fileOf(capability);
      return file === undefined ? [] : [{ capability, file }];
    }),
    editable,
  };
}

function handlerSummary(refusal: string, asked: readonly string[]): string {
  return asked.length > 0
    ? `The command asks for ${asked.join(', ')}, which no capability of this window grants.`
    : `The command may be called; its handler refused: ${refusal}`;
}

function summaryOf(
  { verdict, candidates, permissions, key }: Explanation,
  { window, origin }: Access,
  wasRefused: boolean,
): string {
  if (verdict === 'free') {
    return wasRefused
      ? 'The command needs no permission now. Send the call again.'
      : 'Any page of the app may call it.';
  }
  if (verdict === 'allowed') {
    if (wasRefused) return 'The capabilities allow this call now. Send it again.';
    const by = candidates.find(({ originFits, labelFits, denies }) => originFits && labelFits && !denies)?.entry;
    if (!by) return 'The capabilities allow this call.';
    const { capability, permission } = by.referencedBy;
    return `Capability "${capability}" allows it by ${printIdentifier(key, permission)}.`;
  }
  if (candidates.some(({ denies }) => denies)) {
    return 'A capability denies the command. A denial wins over every permission, in every window.';
  }
  if (candidates.some(({ labelFits }) => labelFits)) {
    return `Capabilities allow the command for window "${window}", but none of them for ${pagesOf(origin)}.`;
  }
  if (candidates.length > 0) return `Capabilities allow the command, but none of them for window "${window}".`;
  if (permissions.length > 0) return 'No capability in force allows the command.';
  return 'No permission is known that allows the command: neither its plugin nor the app declares one.';
}

function reported(candidate: Candidate, access: Access, key: string): ReportedEntry {
  const { entry, denies, originFits, labelFits } = candidate;
  const { capability, permission } = entry.referencedBy;
  const base = { capability, permission: printIdentifier(key, permission) };
  if (denies) return { ...base, effect: 'denies', reasons: ['denies it, whatever else allows it'] };
  if (originFits && labelFits) return { ...base, effect: 'allows', reasons: ['allows it'] };
  const reasons = [
    ...(labelFits ? [] : [labelReason(entry, access)]),
    ...(originFits ? [] : [originReason(entry, access)]),
  ];
  return { ...base, effect: 'does not apply', reasons };
}

const quoted = (labels: readonly string[]) => labels.map((label) => `"${label}"`).join(', ');

function labelReason({ windows, webviews }: ResolvedCommand, { window }: Access): string {
  if (windows.length === 0 && webviews.length === 0) return 'names no window';
  const named = [
    ...(windows.length > 0 ? [`window${windows.length > 1 ? 's' : ''} ${quoted(windows)}`] : []),
    ...(webviews.length > 0 ? [`webview${webviews.length > 1 ? 's' : ''} ${quoted(webviews)}`] : []),
  ];
  return `is for ${named.join(' and ')}, not for "${window}"`;
}

function originReason({ context }: ResolvedCommand, { origin }: Access): string {
  return `is for ${pagesOf(context)}, not for ${pagesOf(origin)}`;
}

const pagesOf = (origin: Access['origin']) => (origin === 'local' ? 'pages of the app' : origin.remote);

const LEFT_OUT: Readonly<Record<LeftOut['reason'], string>> = {
  'capability not enabled': 'is not enabled: app.security.capabilities does not name it',
  'capability for other platforms': 'is for other platforms: its capability does not name this one',
  'permission for other platforms': 'is for other platforms: the permission does not name this one',
};

function reportedLeftOut({ capability, permission, reason }: LeftOut, key: string): ReportedEntry {
  const reasons = [LEFT_OUT[reason]];
  return { capability, permission: printIdentifier(key, permission), effect: 'does not apply', reasons };
}

function printed({ allow, deny }: { readonly allow: readonly unknown[]; readonly deny: readonly unknown[] }) {
  const print = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value));
  return { allow: print(allow), deny: print(deny) };
}
