/** Symbols of a document and of the workspace: what other languages' servers do not know of. */
import { type DocumentSymbol, SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver';
import type { Context, InFile } from '../context.ts';
import type { CommandDefinition, EventSite } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { uriOf } from '../positions.ts';
import { Occurrences } from '../symbols/occurrences.ts';
import type { Occurrence } from '../symbols/symbol.ts';
import { kindOf } from '../workspace/kinds.ts';

const LIMIT = 200;

/**
 * Of capability and permission files: what they define. Of code: commands, and the events that it listens to; its functions
 * are what other servers list.
 */
export async function documentSymbols({ workspace, settings, file }: InFile): Promise<DocumentSymbol[]> {
  const project = workspace.projectOf(file);
  if (!project) return [];
  const occurrences = await Occurrences.of(workspace, project);
  if (kindOf(file) === 'config') return [];
  const here = occurrences.in(file);
  if (here.some(({ language }) => language === 'data')) return dataSymbols(here);
  if (file.endsWith('.rs') && settings.hasRustAnalyzer) return [];
  return [...commandSymbols(project, file), ...listenSymbols(project, file)].toSorted(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}

function commandSymbols(project: ProjectIndex, file: string): DocumentSymbol[] {
  return [...project.commands.values()].flat().flatMap(({ name, source, at, whole }) => {
    if (at?.file !== file || !whole) return [];
    const detail = source === 'rust' ? 'command' : 'handler';
    return [{ name, detail, kind: SymbolKind.Function, range: whole.range, selectionRange: at.range }];
  });
}

function listenSymbols(project: ProjectIndex, file: string): DocumentSymbol[] {
  return [...project.events.values()].flat().flatMap(({ role, method, event, at, eventAt }) => {
    if (role !== 'listen' || event === undefined || at.file !== file) return [];
    return [{ name: event, detail: method, kind: SymbolKind.Event, range: at.range, selectionRange: eventAt.range }];
  });
}

const KINDS: Readonly<Partial<Record<Occurrence['symbol']['kind'], SymbolKind>>> = {
  capability: SymbolKind.Module,
  permission: SymbolKind.Key,
  window: SymbolKind.Object,
  'window glob': SymbolKind.Object,
  command: SymbolKind.Function,
};

/** What a file defines, with what each of it names. */
function dataSymbols(here: readonly Occurrence[]): DocumentSymbol[] {
  const symbolOf = ({ symbol, at, whole }: Occurrence, children: DocumentSymbol[]): DocumentSymbol => ({
    name: symbol.name,
    detail: symbol.kind === 'window glob' ? 'window' : symbol.kind,
    kind: KINDS[symbol.kind] ?? SymbolKind.String,
    range: whole.range,
    selectionRange: at.range,
    ...(children.length > 0 && { children }),
  });
  const defined = here.filter(({ role }) => role === 'definition');
  return defined.map((outer) => {
    const { start, end } = outer.whole.range;
    const inner = here.filter(
      ({ role, at }) =>
        role === 'reference' && at.range.start.line >= start.line && !isBehind(at.range.start, end) && at !== outer.at,
    );
    return symbolOf(
      outer,
      inner.map((each) => symbolOf(each, [])),
    );
  });
}

const isBehind = (a: { line: number; character: number }, b: { line: number; character: number }) =>
  a.line > b.line || (a.line === b.line && a.character > b.character);

/** Commands, events, windows, capabilities and permissions whose names have the characters of the query in order. */
export async function workspaceSymbols({ workspace }: Context, query: string): Promise<WorkspaceSymbol[]> {
  const found: WorkspaceSymbol[] = [];
  for (const project of workspace.projects) {
    const occurrences = await Occurrences.of(workspace, project);
    for (const symbol of symbolsOf(project, occurrences)) {
      if (found.length >= LIMIT) return found;
      if (isSubsequence(query.toLowerCase(), symbol.name.toLowerCase())) found.push(symbol);
    }
  }
  return found;
}

function* symbolsOf(project: ProjectIndex, occurrences: Occurrences): Generator<WorkspaceSymbol> {
  for (const definition of [...project.commands.values()].flat()) yield* ofCommand(definition);
  for (const [name, sites] of project.events) yield* ofEvent(name, sites);
  for (const { symbol, role, at } of occurrences.all) {
    const kind = KINDS[symbol.kind];
    if (role !== 'definition' || symbol.kind === 'command' || kind === undefined) continue;
    yield { name: symbol.name, kind, containerName: symbol.kind, location: locationOf(at) };
  }
}

function* ofCommand({ name, source, at }: CommandDefinition): Generator<WorkspaceSymbol> {
  if (!at) return;
  const containerName = source === 'rust' ? 'Rust command' : 'handler';
  yield { name, kind: SymbolKind.Function, containerName, location: locationOf(at) };
}

/** An event is where it is emitted; one that nothing here emits, where it is listened to first. */
function* ofEvent(name: string, sites: readonly EventSite[]): Generator<WorkspaceSymbol> {
  const emits = sites.filter(({ role }) => role === 'emit');
  for (const { role, eventAt } of emits.length > 0 ? emits : sites.slice(0, 1)) {
    const containerName = role === 'emit' ? 'event, emitted' : 'event, listened to';
    yield { name, kind: SymbolKind.Event, containerName, location: locationOf(eventAt) };
  }
}

const locationOf = ({ file, range }: CommandDefinition['at'] & object) => ({ uri: uriOf(file), range });

function isSubsequence(query: string, name: string): boolean {
  let at = -1;
  return [...query].every((char) => {
    at = name.indexOf(char, at + 1);
    return at >= 0;
  });
}
