/** Go to definition, across Rust, TypeScript and the files of the configuration. */
import { join } from 'node:path';
import { Document } from '#core/acl/document.ts';
import { parseIdentifier } from '#core/acl/identifier.ts';
import type { DefinitionLink } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { At } from '../context.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { uriOf } from '../positions.ts';
import { type InProject, Occurrences } from '../symbols/occurrences.ts';
import { generatedPermissions, placesOf } from '../symbols/related.ts';
import type { Occurrence } from '../symbols/symbol.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** A place to go to: all of what is defined there, and its name. */
type Target = Pick<Occurrence, 'at' | 'whole'>;

export async function definition(asked: At): Promise<DefinitionLink[]> {
  const projects = await Occurrences.around(asked.workspace, asked.file);
  const links = (await Promise.all(projects.map((each) => linksIn(asked, each)))).flat();
  return [...new Map(links.map((link) => [JSON.stringify(link), link])).values()];
}

async function linksIn({ workspace, settings, file, position }: At, inProject: InProject): Promise<DefinitionLink[]> {
  const from = inProject.occurrences.at(file, position);
  if (!from) return [];
  const targets = await targetsOf(from, inProject, workspace);
  const others = targets.filter((target) => !isSamePlace(target, from));
  const known = (target: Target) => !(settings.hasRustAnalyzer && isRust(from) && target.at.file.endsWith('.rs'));
  // Where something is its own only definition, the editor lists its references instead.
  const shown = others.length > 0 ? others.filter(known) : targets.filter(known);
  return shown.map(({ at, whole }) => ({
    originSelectionRange: from.at.range,
    targetUri: uriOf(at.file),
    targetRange: whole.range,
    targetSelectionRange: at.range,
  }));
}

/** What rust-analyzer knows: functions and parameters. What strings name, it does not. */
const isRust = ({ language, symbol }: Occurrence) =>
  language === 'rust' && (symbol.kind === 'command' || symbol.kind === 'argument');

function isSamePlace(target: Target, from: Occurrence): boolean {
  const [a, b] = [target.at.range.start, from.at.range.start];
  return target.at.file === from.at.file && a.line === b.line && a.character === b.character;
}

async function targetsOf(
  from: Occurrence,
  { project, occurrences }: InProject,
  workspace: Workspace,
): Promise<readonly Target[]> {
  const { symbol } = from;
  const places = placesOf(occurrences, symbol);
  const defined = places.filter(({ role }) => role === 'definition');
  switch (symbol.kind) {
    case 'command':
      return commandTargets(project, symbol.name);
    case 'event':
    case 'event pattern':
      return otherEnds(from, occurrences, places);
    case 'permission': {
      if (defined.length > 0) return defined;
      const commands = [...project.commands.keys()].filter((name) =>
        generatedPermissions(name).some((each) => each.name === symbol.name),
      );
      const generated = commands.flatMap((name) => commandTargets(project, name));
      return generated.length > 0 ? generated : inWrittenManifests(symbol.name, project, workspace);
    }
    default:
      return defined;
  }
}

/** Definitions of a command: those that are registered first. */
function commandTargets(project: ProjectIndex, name: string): Target[] {
  return (project.commands.get(name) ?? [])
    .toSorted((a, b) => Number(b.isRegistered) - Number(a.isRegistered))
    .flatMap(({ at, whole }) => (at ? [{ at, whole: whole ?? at }] : []));
}

/** From where an event is listened to, the places that emit it, and the other way round. */
function otherEnds(from: Occurrence, occurrences: Occurrences, places: readonly Occurrence[]): readonly Occurrence[] {
  // A constant may be used on both sides.
  const roles = new Set(
    occurrences
      .in(from.at.file)
      .filter((each) => isSamePlace(each, from))
      .map(({ role }) => role),
  );
  const uses = places.filter(({ whole, at }) => whole !== at);
  const across = uses.filter(({ role }) => !roles.has(role));
  return across.length > 0 ? across : uses;
}

/** In `gen/schemas/acl-manifests.json`, where Tauri's build says what the permissions of plugins are. */
async function inWrittenManifests(
  identifier: string,
  { folder }: ProjectIndex,
  workspace: Workspace,
): Promise<readonly Target[]> {
  const file = join(folder.configFolder, 'gen', 'schemas', 'acl-manifests.json').replaceAll('\\', '/');
  const text = (await workspace.readDocument(file))?.getText();
  if (text === undefined) return [];
  try {
    const { prefix, base } = parseIdentifier(identifier);
    const document = new Document(text, 'json');
    const within = [
      ['permissions', base],
      ['permission_sets', base],
      ...(base === 'default' ? [['default_permission']] : []),
    ];
    const path = within.map((each) => [prefix ?? '', ...each]).find((each) => document.rangeOf(each));
    const range = path && document.rangeOf(path);
    if (!path || !range) return [];
    const lines = TextDocument.create('', '', 0, text);
    const placed = ({ start, end }: { readonly start: number; readonly end: number }) => ({
      file,
      range: { start: lines.positionAt(start), end: lines.positionAt(end) },
    });
    const key = document.keyRangeOf(path) ?? range;
    return [{ at: placed(key), whole: placed({ start: key.start, end: range.end }) }];
  } catch {
    return []; // half written, or no identifier
  }
}
