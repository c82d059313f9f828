/** The settings `ipcWorkbench.language.*`, and which other extensions are here, as the language server is told of them. */
import * as vscode from 'vscode';
import type { LanguageSettings } from '#core/language-messages.ts';
import { diagnosticLevels } from '../settings.ts';

const settings = () => vscode.workspace.getConfiguration('ipcWorkbench.language');

export const isEnabled = (): boolean => settings().get<boolean>('enabled') !== false;

export function languageSettings(): LanguageSettings {
  return {
    codeLens: settings().get<boolean>('codeLens') !== false,
    inlayHints: settings().get<boolean>('inlayHints') === true,
    diagnostics: diagnosticLevels(),
    hasRustAnalyzer: isInstalled('rust-lang.rust-analyzer'),
    hasTauriExtension: isInstalled('tauri-apps.tauri-vscode'),
  };
}

const isInstalled = (id: string) => vscode.extensions.getExtension(id) !== undefined;
