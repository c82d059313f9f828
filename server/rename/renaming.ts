/** What the parts of a rename share. */
import type { ProjectIndex } from '../index/project-index.ts';
import type { Occurrences } from '../symbols/occurrences.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { RenameEdit } from './rename-edit.ts';

export interface Renaming {
  readonly workspace: Workspace;
  readonly project: ProjectIndex;
  readonly occurrences: Occurrences;
  readonly edit: RenameEdit;
}
