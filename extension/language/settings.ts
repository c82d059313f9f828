/** What the language server is told of settings, and of which other extensions are here. */
import * as vscode from 'vscode';
import type { LanguageSettings } from '#core/language-messages.ts';
import { codeLens, diagnosticLevels, inlayHints } from '../settings.ts';

export const languageSettings = (): LanguageSettings => ({
  codeLens: codeLens(),
  inlayHints: inlayHints(),
  diagnostics: diagnosticLevels(),
  hasRustAnalyzer: isInstalled('rust-lang.rust-analyzer'),
  hasTauriExtension: isInstalled('tauri-apps.tauri-vscode'),
});

const isInstalled = (id: string) => vscode.extensions.getExtension(id) !== undefined;
