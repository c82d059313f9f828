/** What somebody is about to write in a script: the name of a command, the key of an argument, the name of an event … */
import type { Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { CallArguments, CallSite, FileFacts } from '../../index/facts.ts';
import type { ProjectIndex } from '../../index/project-index.ts';
import { contains } from '../../positions.ts';
import { type Attempt, attempts, PROBE } from '../../script/index.ts';

export type Wanted =
  /** of a call */
  | { readonly kind: 'command'; readonly args: CallArguments['kind'] }
  /** an argument of one of these commands */
  | { readonly kind: 'argument'; readonly commands: readonly string[]; readonly present: ReadonlySet<string> }
  | { readonly kind: 'event'; readonly role: 'emit' | 'listen' }
  /** the label of a window that there is, or of one to make */
  | { readonly kind: 'window'; readonly isNew: boolean }
  /** the name of a command that a handler answers; what is before it in the names of its plugin's commands */
  | { readonly kind: 'handler'; readonly prefix: string }
  | { readonly kind: 'permission' };

export interface WantedAt {
  readonly wanted: Wanted;
  readonly attempt: Attempt;
}

/**
 * Undefined where nothing of ours is written.
 *
 * @param projects those that the file belongs to
 */
export function wantedAt(
  projects: readonly ProjectIndex[],
  file: string,
  document: TextDocument,
  position: Position,
): WantedAt | undefined {
  const [project] = projects;
  if (!project) return undefined;
  for (const attempt of attempts(file, document.getText(), document.offsetAt(position))) {
    const wanted = wantedIn(project.imagine(file, attempt.text));
    if (wanted) return { wanted, attempt };
    if (attempt.form !== 'text') continue;
    for (const each of projects) {
      const elsewhere = wantedElsewhere(each, file, position);
      if (elsewhere) return { wanted: elsewhere, attempt };
    }
  }
  return undefined;
}

/** What other files make of a constant that stands here. */
function wantedElsewhere({ calls, events }: ProjectIndex, file: string, position: Position): Wanted | undefined {
  const isHere = ({ literal }: Pick<CallSite, 'literal'>) =>
    literal?.file === file && contains(literal.range, position);
  for (const all of calls.values()) if (all.some(isHere)) return { kind: 'command', args: 'other' };
  for (const all of events.values()) {
    const event = all.find(isHere);
    if (event) return { kind: 'event', role: event.role };
  }
  return undefined;
}

/** What the name stands for in a text that was read with it. */
function wantedIn(facts: FileFacts): Wanted | undefined {
  const { calls, events, windows, windowReferences, commands, permissionReferences } = facts;
  const own = calls.find(({ command }) => command === PROBE);
  if (own) return { kind: 'command', args: own.args.kind };
  const given = calls.filter((call) => keysOf(call).includes(PROBE));
  if (given.length > 0) {
    const present = new Set(given.flatMap(keysOf));
    present.delete(PROBE);
    return { kind: 'argument', commands: [...new Set(given.flatMap(({ command }) => command ?? []))], present };
  }
  const event = events.find((each) => each.event === PROBE);
  if (event) return { kind: 'event', role: event.role };
  const isLabel =
    windowReferences.some(({ label }) => label === PROBE) || events.some(({ target }) => target === PROBE);
  if (isLabel) return { kind: 'window', isNew: false };
  if (windows.some(({ label }) => label === PROBE)) return { kind: 'window', isNew: true };
  // A plugin's handler has its plugin before it.
  const handler = commands.find(({ name }) => name === PROBE || name.endsWith(`|${PROBE}`));
  if (handler) return { kind: 'handler', prefix: handler.name.slice(0, -PROBE.length) };
  if (permissionReferences.some(({ identifier }) => identifier === PROBE)) return { kind: 'permission' };
  return undefined;
}

const keysOf = ({ args }: CallSite): string[] => (args.kind === 'object' ? args.keys.map(({ key }) => key) : []);
