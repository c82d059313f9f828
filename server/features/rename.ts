/** Rename of a command, an argument, an event, a window, a permission or a capability, in all files in one edit. */
import { calledCommand } from '#core/call.ts';
import type { Position, Range, WorkspaceEdit } from 'vscode-languageserver';
import type { At } from '../context.ts';
import type { FileRange } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { contains } from '../positions.ts';
import { nameProblem } from '../rename/names.ts';
import { otherName, staysForOther } from '../rename/other-names.ts';
import { renameArgument } from '../rename/rename-argument.ts';
import { renameCommand } from '../rename/rename-command.ts';
import { placeText, refusal, RenameEdit } from '../rename/rename-edit.ts';
import type { Renaming } from '../rename/renaming.ts';
import { Occurrences } from '../symbols/occurrences.ts';
import { generatedPermissions, placesOf } from '../symbols/related.ts';
import { type IpcSymbol, type Occurrence, symbolKey } from '../symbols/symbol.ts';
import type { Workspace } from '../workspace/workspace.ts';

/**
 * What would be renamed; null where nothing here is ours.
 *
 * @throws a sentence for what has a name that cannot be changed here
 */
export async function prepareRename(asked: At): Promise<{ range: Range; placeholder: string } | null> {
  const edit = new RenameEdit(asked.workspace);
  const [found] = await find(asked, edit);
  if (!found) return null;
  const { symbol, language, at } = found.from;
  const document = await edit.document(asked.file);
  const text = document.getText(at.range);
  // A parameter has another name in Rust than its key.
  const name = language === 'rust' && symbol.kind === 'argument' ? text : localName(symbol);
  const offset = text.lastIndexOf(name);
  if (offset < 0) return { range: at.range, placeholder: text };
  const start = document.offsetAt(at.range.start) + offset;
  const range = { start: document.positionAt(start), end: document.positionAt(start + name.length) };
  return { range, placeholder: name };
}

/** @throws a sentence for what cannot be renamed, or not so */
export async function rename(asked: At, newName: string): Promise<WorkspaceEdit | null> {
  const edit = new RenameEdit(asked.workspace);
  const found = await find(asked, edit);
  for (const each of await withOthers(asked.workspace, found)) await change(each, newName);
  return found.length > 0 ? edit.result(asked.edits) : null;
}

interface Found {
  readonly from: Occurrence;
  readonly renaming: Renaming;
}

/**
 * With the same symbol in each other project that shares a file in which it is written: what is renamed there, such as the
 * function of a crate that several apps are built of, is renamed for all of them.
 */
async function withOthers(workspace: Workspace, found: readonly Found[]): Promise<Found[]> {
  const all = [...found];
  const isKnown = (project: ProjectIndex, symbol: IpcSymbol) =>
    all.some(({ renaming, from }) => renaming.project === project && symbolKey(from.symbol) === symbolKey(symbol));
  // The list grows while it is gone through.
  for (const { from, renaming } of all) {
    const places = renaming.occurrences.of(from.symbol).filter(({ written }) => written !== 'variable');
    for (const { at } of places) {
      for (const { project, occurrences } of await Occurrences.around(workspace, at.file)) {
        const same = occurrences.exactlyAt(at).find(({ symbol }) => symbol.kind === from.symbol.kind);
        if (!same || isKnown(project, same.symbol)) continue;
        // The new name is one of the language in which it was asked for.
        all.push({ from: { ...from, symbol: same.symbol }, renaming: { ...renaming, project, occurrences } });
      }
    }
  }
  return all;
}

/** What is named at a position, in each project that the file belongs to. */
async function find({ workspace, file, position }: At, edit: RenameEdit): Promise<Found[]> {
  const found: Found[] = [];
  for (const { project, occurrences } of await Occurrences.around(workspace, file)) {
    const from = occurrences.at(file, position);
    if (!from) assertNameIsWritten(project, file, position);
    // A constant or a function is renamed by the server of its language.
    if (!from || (from.written === 'variable' && from.language !== 'data' && !isPattern(from.symbol))) continue;
    assertCanRename(from, occurrences, project);
    found.push({ from, renaming: { workspace, project, occurrences, edit } });
  }
  return found;
}

const isPattern = ({ kind }: IpcSymbol) => kind === 'event pattern' || kind === 'window pattern';

/** Throws for the name of a call that is not written anywhere. */
function assertNameIsWritten(project: ProjectIndex, file: string, position: Position): void {
  const { calls, events } = project.facts(file);
  const call = calls.find(({ command, commandAt }) => command === undefined && contains(commandAt.range, position));
  if (call) throw refusal('The name of this command is made at run time.');
  const event = events.find((each) => each.event === undefined && contains(each.eventAt.range, position));
  if (event) throw refusal('The name of this event is made at run time.');
}

/** The part of a name that can be changed: without the plugin. */
function localName({ kind, name }: IpcSymbol): string {
  if (kind === 'command') return calledCommand(name).name;
  return kind === 'permission' ? name.slice(name.lastIndexOf(':') + 1) : name;
}

function assertCanRename({ symbol, written, at }: Occurrence, occurrences: Occurrences, project: ProjectIndex): void {
  const { kind, name } = symbol;
  const other = written === 'variable' ? undefined : otherName(occurrences, symbol, at);
  if (other !== undefined) throw refusal(`"${name}" is the name of ${other} here, too: rename it where it is not.`);
  const isDefined = occurrences.of(symbol).some(({ role }) => role === 'definition');
  switch (kind) {
    case 'command': {
      if (isDefined) return;
      const { plugin } = calledCommand(name);
      if (plugin === undefined) throw refusal(`Nothing here defines a command "${name}".`);
      throw refusal(`"${name}" is a command of the plugin ${plugin}, which is not part of this project.`);
    }
    case 'argument':
      if (written !== 'shorthand') return;
      throw refusal(`Here "${name}" is a variable's name, too: rename the argument where only its key stands.`);
    case 'event':
      if (!name.startsWith('tauri://')) return;
      throw refusal(`"${name}" is an event of Tauri itself.`);
    case 'event pattern':
      throw refusal('The name of this event is made at run time.');
    case 'window pattern':
      throw refusal('The label of this window is made at run time.');
    case 'window glob':
      throw refusal(`"${name}" stands for all windows with labels like it.`);
    case 'window':
      if (written === 'text') return;
      throw refusal('This window has no label in the configuration: it is "main" by default.');
    case 'permission': {
      if (isDefined && written === 'text') return;
      if (localName(symbol) === 'default') throw refusal('"default" is the name of the default set.');
      const command = [...project.commands.keys()].find((each) =>
        generatedPermissions(each).some((generated) => generated.name === name),
      );
      if (command !== undefined) throw refusal(`"${name}" is generated for the command "${command}": rename that.`);
      throw refusal(`"${name}" is not defined in a file of this project.`);
    }
    case 'capability':
  }
}

async function change({ renaming, from }: Found, newName: string): Promise<void> {
  const { symbol } = from;
  if (newName === localName(symbol)) return;
  if (symbol.kind === 'command') return renameCommand(renaming, symbol, newName);
  if (symbol.kind === 'argument') return renameArgument(renaming, symbol, newName, from.language === 'rust');
  await renameText(renaming, symbol, newName);
}

/** What is the same text everywhere: events, labels, permissions, capabilities. */
async function renameText(renaming: Renaming, symbol: IpcSymbol, newName: string): Promise<void> {
  const { occurrences, edit, project } = renaming;
  const { kind, name } = symbol;
  const problem = nameProblem(kind, newName);
  if (problem !== undefined) throw refusal(problem);
  const old = localName(symbol);
  const renamed = { ...symbol, name: name.slice(0, name.length - old.length) + newName };
  const named = occurrences.of(renamed);
  const taken = named.find(({ role }) => role === 'definition') ?? named[0];
  if (taken) throw refusal(`There is ${ARTICLES[kind] ?? kind} "${renamed.name}" already, at ${placeText(taken.at)}.`);
  for (const { at, written } of occurrences.of(symbol)) {
    if (written === 'text' && !staysForOther(renaming, symbol, at)) await edit.replace(at, old, newName);
  }
  for (const at of putTogether(project, symbol)) edit.leave(`The name at ${placeText(at)} is put together, and stays.`);
  for (const { symbol: other, at } of placesOf(occurrences, symbol)) {
    if (other.kind !== kind) edit.leave(`"${other.name}" at ${placeText(at)} stands for other names, too, and stays.`);
  }
}

/** Where code names an event or a window without a string that has the name. */
function putTogether(project: ProjectIndex, { kind, name }: IpcSymbol): FileRange[] {
  if (kind !== 'event' && kind !== 'window') return [];
  const made = project.windows.filter(({ from }) => from !== 'config');
  const named = project.all.flatMap(({ windowReferences }) => windowReferences);
  const sites =
    kind === 'event' ? (project.events.get(name) ?? []) : [...made, ...named].filter(({ label }) => label === name);
  return sites.flatMap(({ at, literal }) => (literal ? [] : [at]));
}

const ARTICLES: Readonly<Partial<Record<IpcSymbol['kind'], string>>> = {
  event: 'an event',
  window: 'a window',
  permission: 'a permission',
  capability: 'a capability',
};
