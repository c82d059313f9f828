/** The settings of package.json's `contributes.configuration`, typed. */
import * as vscode from 'vscode';
import type { AclSwitches } from '#server/project/index.ts';
import { DEFAULT_REDACTION } from '#core/export/redact.ts';
import { DEFAULT_SLOW_MS } from '#core/filter/record-test.ts';
import type { DiagnosticLevel, LanguageSettings } from '#core/language-messages.ts';
import { DEFAULT_LIMITS, type TapLimits } from '#core/tap.ts';

const settings = () => vscode.workspace.getConfiguration('ipcWorkbench');

export function tapLimits(): TapLimits {
  const megabytes = settings().get<number>('inspector.maxBodyMegabytes');
  return {
    messages: settings().get<number>('inspector.maxMessages') ?? DEFAULT_LIMITS.messages,
    bodyBytes: megabytes === undefined ? DEFAULT_LIMITS.bodyBytes : megabytes * 1024 * 1024,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Keys whose values exports leave out, as patterns. */
export function redactionPatterns(): readonly string[] {
  const patterns: unknown = settings().get('export.redact');
  return Array.isArray(patterns) ? patterns.filter(isText) : DEFAULT_REDACTION;
}

/** Whether the inspector shows «redacted» instead of such values, too. */
export const redactInspector = () => settings().get<boolean>('inspector.redact') === true;

/** Whether the status bar shows the traffic. */
export const showStatusBar = () => settings().get<boolean>('statusBar') !== false;

/** The collector that spans are sent to; undefined where none is named. */
export function otlpEndpoint(): string | undefined {
  const endpoint: unknown = settings().get('otlp.endpoint');
  return isText(endpoint) ? endpoint : undefined;
}

export function otlpHeaders(): Readonly<Record<string, string>> {
  const headers: unknown = settings().get('otlp.headers');
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => isText(value)));
}

/** What the session may take on disk; 0: it stays in memory. */
export function sessionBytes(): number {
  const megabytes: unknown = settings().get('inspector.maxDiskMegabytes');
  return (typeof megabytes === 'number' && megabytes >= 0 ? megabytes : 512) * 1024 * 1024;
}
/** Whether calls of pages that load from now on tell where they come from. */
export const callStacks = () => settings().get<boolean>('inspector.callStacks') !== false;

/** The file with the handlers of the project at `folder`, relative to it; undefined: where it is by convention. */
export function backendSetting(folder: string): string | undefined {
  const scope = vscode.Uri.file(folder);
  return vscode.workspace.getConfiguration('ipcWorkbench', scope).get<string>('backend') || undefined;
}

/** Where the pages of the project at `folder` come from: `auto` where it is none of the other choices. */
export function frontendSetting(folder: string): 'auto' | 'dev' | 'dist' {
  const scope = vscode.Uri.file(folder);
  const chosen: unknown = vscode.workspace.getConfiguration('ipcWorkbench', scope).get('frontend');
  return chosen === 'dev' || chosen === 'dist' ? chosen : 'auto';
}

/** Where Tauri's versions differ in what they allow. What is none of the choices counts as the default. */
export function aclSwitches(): AclSwitches {
  const chosen = <T extends string>(value: unknown, choices: readonly [T, ...T[]]): T =>
    choices.find((choice) => choice === value) ?? choices[0];
  return {
    denyMode: chosen(settings().get('permissions.denyMode'), ['tauri-2.12', 'scoped-origin']),
    remoteAppCommands: chosen(settings().get('permissions.remoteAppCommands'), ['deny', 'allow']),
    scopeIds: chosen(settings().get('permissions.scopeIds'), ['rebased', 'merged']),
    messages: chosen(settings().get('permissions.messages'), ['debug', 'release']),
  };
}

export const languageEnabled = () => settings().get<boolean>('language.enabled') !== false;
export const codeLens = () => settings().get<boolean>('language.codeLens') !== false;
export const inlayHints = () => settings().get<boolean>('language.inlayHints') === true;

/** How bad each diagnostic is shown, by its code; what is no level counts as the default. */
export function diagnosticLevels(): LanguageSettings['diagnostics'] {
  const chosen: unknown = settings().get('language.diagnostics');
  if (typeof chosen !== 'object' || chosen === null) return {};
  return Object.fromEntries(Object.entries(chosen).filter(([, level]) => isLevel(level)));
}

/** Reports a sort of diagnostic no more: in this workspace, or, where no folder is open, anywhere. */
export async function silenceDiagnostic(code: string): Promise<void> {
  const { ConfigurationTarget, workspace } = vscode;
  const target = workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  const { workspaceValue, globalValue } = settings().inspect<object>('language.diagnostics') ?? {};
  const before = target === ConfigurationTarget.Workspace ? workspaceValue : globalValue;
  await settings().update('language.diagnostics', { ...before, [code]: 'off' satisfies DiagnosticLevel }, target);
}

const LEVELS: readonly unknown[] = ['error', 'warning', 'information', 'hint', 'off'] satisfies DiagnosticLevel[];
const isLevel = (value: unknown): value is DiagnosticLevel => LEVELS.includes(value);

/** Whether what a redirect leads to must be in the scope of the http plugin, whatever the project says. */
export const scopeRedirects = () => settings().get<boolean>('permissions.scopeRedirects') !== false;
export const allowDangerousSettings = () => settings().get<boolean>('http.allowDangerousSettings') === true;
/** Whether a path and the file that it leads to must both be in the scope; read at each call. */
export const strictFsScope = () => settings().get<boolean>('permissions.strictFsScope') !== false;

/** Whether the upload plugin asks the scopes of fs and http, which Tauri's does not; read at each call. */
export const uploadScopes = () => settings().get<boolean>('permissions.uploadScopes') === true;

/** What is no number counts as the default: settings are whatever somebody typed. */
export function slowMs(): number {
  const chosen: unknown = settings().get('inspector.slowMs');
  return typeof chosen === 'number' && chosen > 0 ? chosen : DEFAULT_SLOW_MS;
}

/** Whether windows that open from now on may use a lane (core/lane.ts). */
export const useLane = () => settings().get<boolean>('windows.lane') !== false;

export const keepHiddenWindows = () => settings().get<boolean>('windows.keepHidden') ?? true;
export const lenient = () => settings().get<string>('windows.unsupported') === 'lenient';
/** What is no number of at least one second counts as the default: settings are whatever somebody typed. */
export function hangMs(): number {
  const seconds: unknown = settings().get('backendHangSeconds');
  return (typeof seconds === 'number' && seconds >= 1 ? seconds : 5) * 1000;
}
