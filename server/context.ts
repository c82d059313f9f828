/** What every feature is given: the workspace as it is now, and what the client told. */
import type { LanguageSettings, LiveStatistics } from '#core/language-messages.ts';
import type { Position } from 'vscode-languageserver';
import type { Workspace } from './workspace/workspace.ts';

export interface Context {
  readonly workspace: Workspace;
  readonly settings: LanguageSettings;
  readonly statistics: LiveStatistics;
  readonly edits: EditSupport;
  /** whether the client takes snippets as completions */
  readonly snippets: boolean;
}

/** What of edits the client can do. */
export interface EditSupport {
  /** edits of documents by their version */
  readonly documentChanges: boolean;
  /** parts of edits that the user is asked about */
  readonly annotations: boolean;
}

/** A file that is asked about; absolute, with forward slashes. */
export interface InFile extends Context {
  readonly file: string;
}

/** A position in a file, as most requests have it. */
export interface At extends InFile {
  readonly position: Position;
}
