/** All places that speak of a command, an argument, an event, a window, a permission or a capability. */
import { type DocumentHighlight, DocumentHighlightKind, type Location } from 'vscode-languageserver';
import type { At } from '../context.ts';
import { uriOf } from '../positions.ts';
import { Occurrences } from '../symbols/occurrences.ts';
import { placesOf } from '../symbols/related.ts';
import type { Occurrence } from '../symbols/symbol.ts';

export async function references(asked: At, withDefinition: boolean): Promise<Location[]> {
  const found = await placesFrom(asked);
  return found
    .filter(({ role }) => withDefinition || role !== 'definition')
    .map(({ at }) => ({ uri: uriOf(at.file), range: at.range }));
}

/** Those of the file that is asked about. */
export async function highlights(asked: At): Promise<DocumentHighlight[]> {
  const found = await placesFrom(asked);
  return found
    .filter(({ at }) => at.file === asked.file)
    .map(({ at, role }) => ({
      range: at.range,
      kind: role === 'definition' || role === 'emit' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
}

async function placesFrom({ workspace, settings, file, position }: At): Promise<Occurrence[]> {
  const project = workspace.projectOf(file);
  if (!project) return [];
  const occurrences = await Occurrences.of(workspace, project);
  const from = occurrences.at(file, position);
  if (!from) return [];
  const places = onePerRange(placesOf(occurrences, from.symbol));
  const { kind } = from.symbol;
  // rust-analyzer gives what is in Rust, and more of it.
  const isSaid = settings.hasRustAnalyzer && from.language === 'rust' && (kind === 'command' || kind === 'argument');
  return isSaid ? places.filter(({ language }) => language !== 'rust') : places;
}

/** A constant can be emitted and listened to. */
function onePerRange(places: readonly Occurrence[]): Occurrence[] {
  const keys = new Map(
    [...places].reverse().map((place) => [JSON.stringify([place.at.file, place.at.range]), place] as const),
  );
  return [...keys.values()].reverse();
}
