/** Hover: what a name means on both sides, which permissions it needs, how often it was called. */
import type { Hover } from 'vscode-languageserver';
import type { At } from '../context.ts';
import { kindOf } from '../workspace/kinds.ts';
import { hoverAcl } from './acl/hover.ts';
import { hoverCode } from './code/hover.ts';

export async function hover(at: At): Promise<Hover | null> {
  const kind = kindOf(at.file);
  return kind === 'script' || kind === 'rust' ? await hoverCode(at) : await hoverAcl(at);
}
