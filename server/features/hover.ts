/** Hover: what a name means on both sides, which permissions it needs, how often it was called. */
import type { Hover } from 'vscode-languageserver';
import type { At } from '../context.ts';
import { hoverAcl } from './acl/hover.ts';

export async function hover(at: At): Promise<Hover | null> {
  return await hoverAcl(at);
}
