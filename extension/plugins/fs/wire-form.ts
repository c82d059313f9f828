/** Releases of the npm package that want other answers: before 2.0.3 they take text as text. */
import type { FsHost } from './access.ts';

export interface WireForm {
  /** `read_text_file` gives a string, `read_text_file_lines_next` a line and whether it was the last (before 2.0.3) */
  readonly text: boolean;
  /** `read` gives the bytes as numbers, and how many (before 2.0.1) */
  readonly pairs: boolean;
}

/** What no version is known of is the newest: a call does not say from which release it comes. */
export function wireForm({ npmVersion }: Pick<FsHost, 'npmVersion'>): WireForm {
  const patch = /^2\.0\.(\d+)/.exec(npmVersion ?? '')?.[1];
  return { text: patch !== undefined && Number(patch) < 3, pairs: patch === '0' };
}
