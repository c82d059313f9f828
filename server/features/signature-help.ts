/** Signature help: the arguments of a command while its call is written. */
import type { SignatureHelp, SignatureInformation } from 'vscode-languageserver';
import { MarkupKind } from 'vscode-languageserver';
import type { At } from '../context.ts';
import type { CallArguments, CommandDefinition } from '../index/facts.ts';
import { type CallAround, callAround } from '../script/index.ts';
import { kindOf } from '../workspace/kinds.ts';
import { callSignature, definitionText } from './code/command-text.ts';
import { code, paragraphs } from './markdown.ts';

export async function signatureHelp({ workspace, file, position }: At): Promise<SignatureHelp | null> {
  const projects = kindOf(file) === 'script' ? workspace.projectsOf(file) : [];
  const [project] = projects;
  const document = project && (await workspace.readDocument(file));
  if (!project || !document) return null;
  const around = callAround(file, document.getText(), document.offsetAt(position));
  if (!around) return null;
  const start = document.positionAt(around.start);
  const calls = project
    .facts(file)
    .calls.filter(({ at }) => at.range.start.line === start.line && at.range.start.character === start.character);
  const definitions = projects.flatMap(({ commands }) =>
    calls.flatMap(({ command }) => (command === undefined ? [] : (commands.get(command) ?? []))),
  );
  const [call] = calls;
  if (!call || definitions.length === 0) return null;
  // What answers comes first.
  const ordered = definitions.toSorted((a, b) => Number(b.isRegistered) - Number(a.isRegistered));
  // A crate may be in several projects.
  const distinct = new Map(ordered.map((each) => [`${callSignature(each).label} ${each.signature}`, each]));
  return {
    signatures: [...distinct.values()].map((definition) => signatureOf(definition, around, call.args)),
    activeSignature: 0,
  };
}

function signatureOf(definition: CommandDefinition, around: CallAround, args: CallArguments): SignatureInformation {
  const { label, parameters } = callSignature(definition);
  return {
    label,
    documentation: { kind: MarkupKind.Markdown, value: definitionText(definition) },
    parameters: parameters.map(([start, end], index) => ({
      label: [start, end],
      ...documented(definition, index),
    })),
    activeParameter: activeParameter(definition, around, args),
  };
}

/** What its own language has, where that says more than the signature. */
function documented({ parameters }: CommandDefinition, index: number) {
  const { declared, isRequired } = parameters[index] ?? {};
  const value = paragraphs([declared !== undefined && code(declared), isRequired === false && 'May be left out.']);
  return value === '' ? {} : { documentation: { kind: MarkupKind.Markdown, value } };
}

/** The one whose value is at the cursor, or the first that is not there yet; of none the number behind the last. */
function activeParameter(
  { parameters }: CommandDefinition,
  { argument, key }: CallAround,
  args: CallArguments,
): number {
  const isArguments = argument > 0;
  const written = parameters.findIndex((each) => each.key === key);
  if (written >= 0) return written;
  const given = args.kind === 'object' ? args.keys.map((each) => each.key) : [];
  const next = isArguments ? parameters.findIndex((each) => !given.includes(each.key)) : -1;
  return next >= 0 ? next : parameters.length;
}
