/** What one script says by itself, before it is linked to others. */
import type { CallSite } from '../index/facts.ts';

export interface ScriptFile {
  /** absolute, with forward slashes */
  readonly path: string;
  readonly calls: readonly CallSite[];
}
