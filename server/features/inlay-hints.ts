/** Inlay hints: the type that a call's command gives. */
import { type InlayHint, InlayHintKind, type Position, type Range } from 'vscode-languageserver';
import type { InFile } from '../context.ts';
import type { CallSite, CommandDefinition } from '../index/facts.ts';
import { contains } from '../positions.ts';
import { kindOf } from '../workspace/kinds.ts';
import { pageSignature } from './code/command-text.ts';

/** Longer types are cut: all of them is in the tooltip. */
const MAX_LENGTH = 60;

export async function inlayHints({ workspace, settings, file }: InFile, range: Range): Promise<InlayHint[]> {
  const projects = settings.inlayHints && kindOf(file) === 'script' ? workspace.projectsOf(file) : [];
  const [project] = projects;
  if (!project) return [];
  const calls = project.facts(file).calls.filter(({ at }) => contains(range, at.range.end));
  const byPlace = Map.groupBy(calls, ({ at }) => `${at.range.start.line}:${at.range.start.character}`);
  return [...byPlace.values()].flatMap(([call, ...others]) => {
    // A call of one of several commands gives one of several types.
    if (!call?.isDirect || call.typeArgument || call.command === undefined || others.length > 0) return [];
    const { command } = call;
    const definitions = projects.flatMap(({ commands }) => commands.get(command) ?? []);
    return hintFor(call, definitions) ?? [];
  });
}

/** Undefined where the type is not known, or nothing worth telling. */
function hintFor(call: CallSite, definitions: readonly CommandDefinition[]): InlayHint | undefined {
  const [first] = definitions;
  const types = new Set(definitions.map(({ returns }) => returns));
  const [type] = types;
  if (!first || types.size !== 1 || type === undefined || type === 'void') return undefined;
  const line = type.replaceAll(/\s+/g, ' ');
  return {
    position: call.at.range.end,
    label: `: ${line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line}`,
    kind: InlayHintKind.Type,
    tooltip: pageSignature(first),
    ...accepted(call, first, type),
  };
}

/** Who takes a hint writes the type argument: where there are such, and the file needs no other type for it. */
function accepted({ at, callee }: CallSite, { types }: CommandDefinition, type: string): Pick<InlayHint, 'textEdits'> {
  const isTypeScript = /\.[mc]?tsx?$/.test(at.file);
  if (!isTypeScript || types.length > 0 || callee.includes('\n')) return {};
  const { line, character } = at.range.start;
  const behind: Position = { line, character: character + callee.length };
  return { textEdits: [{ range: { start: behind, end: behind }, newText: `<${type}>` }] };
}
