/** Completion: names of commands and events, keys of arguments, identifiers and values in ACL and configuration files. */
import type { CompletionItem } from 'vscode-languageserver';
import type { At, Context } from '../context.ts';
import { kindOf } from '../workspace/kinds.ts';
import { completeAcl } from './acl/completion.ts';
import { completeRust } from './code/rust-completion.ts';
import { completeScript, resolveScript } from './code/script-completion.ts';

export async function complete(at: At): Promise<CompletionItem[]> {
  switch (kindOf(at.file)) {
    case 'script':
      return await completeScript(at);
    case 'rust':
      return await completeRust(at);
    default:
      return (await completeAcl(at)) ?? [];
  }
}

/** Tells more of an item that somebody looks at. */
export async function resolveCompletion(context: Context, item: CompletionItem): Promise<CompletionItem> {
  return resolveScript(context, item);
}
