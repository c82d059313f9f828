/** CodeLens over handlers, Rust commands and calls: the numbers of their traffic, "run…", and who calls. */
import { textTerm } from '#core/filter/edit.ts';
import { counted } from '#core/statistics-text.ts';
import type { CodeLens, Command, Location, Position } from 'vscode-languageserver';
import type { Context, InFile } from '../context.ts';
import type { CommandDefinition, FileRange, Parameter } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { fileOf, uriOf } from '../positions.ts';
import { trafficOf, trafficText } from '../traffic.ts';

/** What a lens is about, until it comes into sight and gets its words. */
interface LensData {
  readonly kind: 'traffic' | 'run' | 'callers';
  readonly uri: string;
  readonly command: string;
}

export async function codeLenses(asked: InFile): Promise<CodeLens[]> {
  const { file, workspace, settings } = asked;
  const project = workspace.projectOf(file);
  if (!settings.codeLens || !project) return [];
  return [...definitionLenses(asked, project), ...callLenses(asked, project)];
}

function definitionLenses(asked: InFile, project: ProjectIndex): CodeLens[] {
  const definitions = [...project.commands.values()].flat().filter(({ at }) => at?.file === asked.file);
  return definitions.flatMap(({ name, at }) => {
    if (!at) return [];
    const lens = (kind: LensData['kind']) => lensAt(asked, at, { kind, command: name });
    return [
      ...(trafficOf(asked, project, name) ? [lens('traffic')] : []),
      lens('run'),
      ...(project.calls.has(name) ? [lens('callers')] : []),
    ];
  });
}

/** Of calls only those with traffic: one for a line, and nothing where there is nothing to say. */
function callLenses(asked: InFile, project: ProjectIndex): CodeLens[] {
  const byLine = new Map<number, CodeLens>();
  for (const { command, at } of project.facts(asked.file).calls) {
    const { line } = at.range.start;
    if (command === undefined || byLine.has(line) || !trafficOf(asked, project, command)) continue;
    byLine.set(line, lensAt(asked, at, { kind: 'traffic', command }));
  }
  return [...byLine.values()];
}

function lensAt({ file }: InFile, { range }: FileRange, about: Omit<LensData, 'uri'>): CodeLens {
  return { range, data: { ...about, uri: uriOf(file) } satisfies LensData };
}

/** Gives a lens its words; one whose command is gone meanwhile stays without. */
export async function resolveCodeLens(context: Context, lens: CodeLens): Promise<CodeLens> {
  const { kind, uri, command } = lens.data as LensData;
  const project = context.workspace.projectOf(fileOf(uri) ?? '');
  const made = project && commandOf(context, project, { kind, uri, command }, lens.range.start);
  return made ? { ...lens, command: made } : lens;
}

function commandOf(
  context: Context,
  project: ProjectIndex,
  { kind, uri, command }: LensData,
  position: Position,
): Command | undefined {
  switch (kind) {
    case 'traffic': {
      const traffic = trafficOf(context, project, command);
      const filter = textTerm('cmd', command);
      return traffic && { title: trafficText(traffic), command: 'ipcWorkbench.showMessages', arguments: [filter] };
    }
    case 'run': {
      const definition = project.commands.get(command)?.find(({ at }) => at && uriOf(at.file) === uri);
      const { root, configFile } = project.folder;
      const target = { ...(configFile !== undefined && { project: root }), command, payload: payloadOf(definition) };
      return { title: 'run…', command: 'ipcWorkbench.runCommand', arguments: [target] };
    }
    case 'callers': {
      const places = (project.calls.get(command) ?? []).map(
        ({ at }): Location => ({ uri: uriOf(at.file), range: at.range }),
      );
      // The client makes VS Code's own objects of these.
      const args = [uri, position, places];
      return { title: counted(places.length, 'caller'), command: 'editor.action.showReferences', arguments: args };
    }
  }
}

/** Arguments to begin with, as JSON: each that the command needs, with a value of its type where that is plain. */
function payloadOf(definition: CommandDefinition | undefined): string {
  const needed = (definition?.parameters ?? []).filter(({ isRequired }) => isRequired !== false);
  return JSON.stringify(Object.fromEntries(needed.map((parameter) => [parameter.key, sampleOf(parameter)])));
}

function sampleOf({ kind, type = '' }: Parameter): unknown {
  if (kind === 'channel') return '__CHANNEL__:0'; // As a page writes one; what is sent through it nobody hears.
  const literal = /^(["'])(.*?)\1(?=$|\s*\|)/.exec(type)?.[2];
  if (literal !== undefined) return literal;
  if (/\[\]$|^(?:Readonly)?Array<|^(?:readonly )?\[/.test(type)) return [];
  if (/^string\b/.test(type)) return '';
  if (/^(?:number|bigint)\b/.test(type)) return 0;
  if (/^boolean\b/.test(type)) return false;
  return /^(?:\{|Record<|Map<)/.test(type) ? {} : null;
}
