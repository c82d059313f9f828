/** What the extension tells the language server beyond LSP. Both are ours, of one version: types are enough. */
import type { CommandStatistics } from './statistics.ts';

/** How bad a diagnostic is shown; `off`: not at all. */
export type DiagnosticLevel = 'error' | 'warning' | 'information' | 'hint' | 'off';

/** `ipcWorkbench.language.*`, and which other extensions say the same as ours would. */
export interface LanguageSettings {
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  /** by the code of a diagnostic; what is not named is as bad as we think */
  readonly diagnostics: Readonly<Record<string, DiagnosticLevel>>;
  /** rust-analyzer runs here: symbols and references inside of Rust are its own */
  readonly hasRustAnalyzer: boolean;
  /** tauri-vscode runs here: it checks `tauri.conf.json` by its schema */
  readonly hasTauriExtension: boolean;
}

export const DEFAULT_LANGUAGE_SETTINGS: LanguageSettings = {
  codeLens: true,
  inlayHints: false,
  diagnostics: {},
  hasRustAnalyzer: false,
  hasTauriExtension: false,
};

/** Notification to the server: {@link LanguageSettings}. At the start they are LSP's `initializationOptions`. */
export const SETTINGS_CHANGED = 'ipcWorkbench/settings';

/** Notification to the server: the numbers of the calls that the inspector keeps, a {@link LiveStatistics}. */
export const STATISTICS_CHANGED = 'ipcWorkbench/statistics';

/** By app, as `CommandStatistics.app` has it. */
export type LiveStatistics = readonly CommandStatistics[];
