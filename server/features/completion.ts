/** Completion: names of commands and events, keys of arguments, identifiers and values in ACL and configuration files. */
import type { CompletionItem } from 'vscode-languageserver';
import { contains } from '../positions.ts';
import type { At } from '../context.ts';
import { completeAcl } from './acl/completion.ts';

export async function complete(at: At): Promise<CompletionItem[]> {
  return (await completeAcl(at)) ?? completeCode(at);
}

function completeCode({ workspace, file, position }: At): CompletionItem[] {
  const project = workspace.projectOf(file);
  const call = project?.facts(file).calls.find(({ commandAt }) => contains(commandAt.range, position));
  if (!project || !call) return [];
  return [...project.commands.keys()].map((name) => ({
    label: name,
    textEdit: { range: call.commandAt.range, newText: name },
  }));
}
