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

/** Those of the file that is asked about. A variable's name is marked by the server of its language. */
export async function highlights(asked: At): Promise<DocumentHighlight[]> {
  const projects = await Occurrences.around(asked.workspace, asked.file);
  const isText = projects.every(
    ({ occurrences }) => (occurrences.at(asked.file, asked.position)?.written ?? 'text') === 'text',
  );
  if (!isText) return [];
  const found = await placesFrom(asked);
  return found
    .filter(({ at }) => at.file === asked.file)
    .map(({ at, role }) => ({
      range: at.range,
      kind: role === 'definition' || role === 'emit' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
}

async function placesFrom(asked: At): Promise<Occurrence[]> {
  const projects = await Occurrences.around(asked.workspace, asked.file);
  return onePerRange(projects.flatMap(({ occurrences }) => placesIn(occurrences, asked)));
}

function placesIn(occurrences: Occurrences, { settings, file, position }: At): Occurrence[] {
  const from = occurrences.at(file, position);
  if (!from) return [];
  const places = placesOf(occurrences, from.symbol);
  const { kind } = from.symbol;
  // rust-analyzer gives what is in Rust, and more of it.
  const isSaid = settings.hasRustAnalyzer && from.language === 'rust' && (kind === 'command' || kind === 'argument');
  return isSaid ? places.filter(({ language }) => language !== 'rust') : places;
}

/** A constant can be emitted and listened to, a file can belong to several projects. */
function onePerRange(places: readonly Occurrence[]): Occurrence[] {
  const keys = new Map(
    [...places].reverse().map((place) => [JSON.stringify([place.at.file, place.at.range]), place] as const),
  );
  return [...keys.values()].reverse();
}
