/** The commands of the palette, one table; package.json's `contributes.commands` is compared with it by a test. */
import * as vscode from 'vscode';
import type { AnswerCommands } from './answer-commands.ts';
import { targetOf } from './answer-target.ts';
import type { Api } from './api.ts';
import type { Access } from '#core/acl/authority.ts';
import { AppAcl, readProject } from '#server/project/index.ts';
import type { Apps } from './app/apps.ts';
import type { Inspector } from './inspector/inspector.ts';
import { INSPECTOR_VIEW } from './inspector/inspector.ts';
import { addPermissionFor } from './inspector/permissions.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Tap } from '#core/tap.ts';
import type { CoreWindow } from '#core/window.ts';
import { type Log } from './log.ts';
import { openPlace, reportError } from './problems.ts';
import type { Language } from './language/language.ts';
import type { Recordings } from './recordings/recordings.ts';
import { runCommand } from './run-command.ts';
import { aclSwitches, silenceDiagnostic } from './settings.ts';
import { showPermissions } from './show-permissions.ts';
import { deleteRecording } from './surfaces/recordings-tree.ts';
import type { ProjectsTree } from './tree/projects-tree.ts';

export interface CommandsOptions {
  readonly apps: Apps;
  readonly api: Api;
  readonly inspector: Inspector;
  readonly recordings: Recordings;
  readonly tap: Tap;
  readonly answers: AnswerCommands;
  readonly tree: ProjectsTree;
  readonly language: Language;
  readonly log: Log;
}

/** What each command does; an argument is what another extension or a keybinding passed. */
export const COMMANDS: Readonly<Record<string, (options: CommandsOptions, argument: unknown) => unknown>> = {
  'ipcWorkbench.openApp': ({ apps }, argument) => apps.openApp(folderOf(argument)),
  'ipcWorkbench.openDemo': ({ apps }) => apps.openDemo(),
  'ipcWorkbench.openInspector': () => vscode.commands.executeCommand(`${INSPECTOR_VIEW}.focus`),
  'ipcWorkbench.showMessages': ({ inspector }, argument) => showMessages(inspector, argument),
  'ipcWorkbench.openInspectorInEditor': ({ inspector }) => inspector.openEditor(),
  'ipcWorkbench.clearInspector': ({ tap }) => tap.clear(),
  'ipcWorkbench.startRecording': ({ recordings }, argument) =>
    recordings.start(argument instanceof vscode.Uri ? argument : undefined),
  'ipcWorkbench.stopRecording': ({ recordings }) => recordings.stop(),
  'ipcWorkbench.saveRecording': ({ recordings }) => recordings.ask('save'),
  'ipcWorkbench.exportMessages': ({ recordings }) => recordings.ask('export'),
  'ipcWorkbench.importMessages': ({ recordings }, argument) =>
    recordings.import(argument instanceof vscode.Uri ? argument : undefined),
  'ipcWorkbench.copyAsMarkdown': ({ recordings }) => recordings.ask('copyMarkdown'),
  'ipcWorkbench.copyAsMermaid': ({ recordings }) => recordings.ask('copyMermaid'),
  'ipcWorkbench.reloadWindows': ({ apps }) => apps.reloadWindows(),
  'ipcWorkbench.showMenu': ({ apps }) => apps.showMenu(),
  'ipcWorkbench.switchFrontend': ({ apps }, folder) =>
    apps.switchFrontend(folder instanceof vscode.Uri ? folder : undefined),
  'ipcWorkbench.restartBackend': ({ apps }) => apps.restartBackend(),
  'ipcWorkbench.debugBackend': ({ apps }) => apps.debugBackend(),
  'ipcWorkbench.createBackend': ({ apps }) => apps.createBackend(),
  'ipcWorkbench.addTypes': ({ apps }, argument) => apps.addTypes(folderOf(argument)),
  'ipcWorkbench.showPermissions': ({ apps, api }) => showPermissions(apps, api),
  'ipcWorkbench.closeApp': ({ apps }, argument) => apps.closeApp(targetOf(argument)?.project),
  'ipcWorkbench.createHandlerStub': ({ answers }, argument) => answers.createStubCommand(argument),
  'ipcWorkbench.createAllStubs': ({ answers }, argument) => answers.createAllStubsCommand(argument),
  'ipcWorkbench.answerByHand': ({ answers }, argument) => answers.answerByHandCommand(argument),
  'ipcWorkbench.answerAlways': ({ answers }, argument) => answers.answerAlwaysCommand(argument),
  'ipcWorkbench.openRules': ({ answers }, argument) => answers.openRulesCommand(argument),
  'ipcWorkbench.showCommands': ({ tree }, argument) => tree.showCommands(argument),
  // Of the inspector's list: the page that has the focus does them.
  'ipcWorkbench.nextFailure': ({ inspector }) => inspector.act('nextFailure'),
  'ipcWorkbench.previousFailure': ({ inspector }) => inspector.act('previousFailure'),
  'ipcWorkbench.nextSameMessage': ({ inspector }) => inspector.act('nextSame'),
  'ipcWorkbench.previousSameMessage': ({ inspector }) => inspector.act('previousSame'),
  'ipcWorkbench.goToMessage': ({ inspector }) => inspector.act('goToMessage'),
  'ipcWorkbench.resendMessage': ({ inspector }) => inspector.act('resend'),
  'ipcWorkbench.editAndResendMessage': ({ inspector }) => inspector.act('editResend'),
  'ipcWorkbench.markMessages': ({ inspector }) => inspector.act('mark'),
  'ipcWorkbench.noteMessage': ({ inspector }) => inspector.act('note'),
  'ipcWorkbench.compareMessages': ({ inspector }) => inspector.act('compare'),
  'ipcWorkbench.copyMessages': ({ inspector }) => inspector.copySelected(),
  'ipcWorkbench.copyMessagesAsJson': ({ inspector }) => inspector.act('copyJson'),
  'ipcWorkbench.copyMessagesAsInvoke': ({ inspector }) => inspector.act('copyInvoke'),
  'ipcWorkbench.copyMessagesAsText': ({ inspector }) => inspector.act('copyText'),
  'ipcWorkbench.openMessage': ({ inspector }) => inspector.act('openPayload'),
  'ipcWorkbench.toggleRecording': ({ inspector }) => inspector.act('toggleRecording'),
  'ipcWorkbench.toggleSequence': ({ inspector }) => inspector.act('toggleSequence'),
  'ipcWorkbench.showInspectorKeys': ({ inspector }) => inspector.act('showKeys'),
  'ipcWorkbench.chooseColumns': ({ inspector }) => inspector.act('chooseColumns'),
  'ipcWorkbench.groupMessages': ({ inspector }) => inspector.act('groupBy'),
  'ipcWorkbench.foldRepeatedMessages': ({ inspector }) => inspector.act('foldRepeated'),
  'ipcWorkbench.collapseMessageGroups': ({ inspector }) => inspector.act('collapseAll'),
  'ipcWorkbench.expandMessageGroups': ({ inspector }) => inspector.act('expandAll'),
  'ipcWorkbench.filterByName': ({ inspector }) => inspector.act('filterName'),
  'ipcWorkbench.filterByWindow': ({ inspector }) => inspector.act('filterWindow'),
  'ipcWorkbench.filterByStatus': ({ inspector }) => inspector.act('filterStatus'),
  'ipcWorkbench.excludeName': ({ inspector }) => inspector.act('excludeName'),
  'ipcWorkbench.showChain': ({ inspector }) => inspector.act('showChain'),
  'ipcWorkbench.answerMessageByHand': ({ inspector }) => inspector.act('answerByHand'),
  'ipcWorkbench.answerMessageAlways': ({ inspector }) => inspector.act('answerAlways'),
  // Of rows in the tree of projects, which say what they are about:
  'ipcWorkbench.openRustSource': ({ answers }, argument) => answers.openRustCommand(argument),
  'ipcWorkbench.openHandler': ({ answers }, argument) => answers.openHandlerCommand(argument),
  'ipcWorkbench.openPlace': (_options, argument) => openTarget(argument),
  'ipcWorkbench.openWindow': ({ apps }, argument) => openWindow(apps, argument),
  'ipcWorkbench.showWindow': ({ apps }, argument) => windowOf(apps, argument)?.setFocus(),
  'ipcWorkbench.reloadWindow': ({ apps }, argument) => reloadWindow(apps, argument),
  'ipcWorkbench.closeWindow': ({ apps }, argument) => windowOf(apps, argument)?.close(),
  'ipcWorkbench.addMissingPermission': ({ apps }, argument) => addMissingPermission(apps, argument),
  // Of rows in the tree of recordings:
  'ipcWorkbench.revealRecording': (_options, uri) => vscode.commands.executeCommand('revealInExplorer', uri),
  'ipcWorkbench.deleteRecording': (_options, uri) => uri instanceof vscode.Uri && deleteRecording(uri),
  // Of the language server:
  'ipcWorkbench.runCommand': (options, argument) => runCommand(options, argument),
  'ipcWorkbench.silenceDiagnostic': (_options, code) => typeof code === 'string' && silenceDiagnostic(code),
  'ipcWorkbench.restartLanguageServer': ({ language }) => language.restart(),
  'ipcWorkbench.showLog': ({ log }) => log.show(),
};

/** Shows the messages that fit a filter: one that was passed, or one that the user types. */
async function showMessages(inspector: Inspector, filter: unknown): Promise<void> {
  const asked =
    typeof filter === 'string'
      ? filter
      : await vscode.window.showInputBox({
          title: 'Show Messages',
          prompt: 'A filter, as the inspector takes it',
          placeHolder: 'cmd:greet is:error dur>50ms',
        });
  if (asked !== undefined) await inspector.showFiltered(asked);
}

/** A folder, as other extensions and the explorer give it, or that of a row in the tree. */
function folderOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  const project = targetOf(argument)?.project;
  return project === undefined ? undefined : vscode.Uri.file(project);
}

async function openTarget(argument: unknown): Promise<void> {
  const place = targetOf(argument)?.place;
  if (place) await openPlace(place);
}

function windowOf(apps: Apps, argument: unknown): CoreWindow | undefined {
  const { project = '', window = '' } = targetOf(argument) ?? {};
  return apps.at(project)?.core.windows.get(window);
}

/** Opens the app where it does not run: its windows come with it. */
async function openWindow(apps: Apps, argument: unknown): Promise<void> {
  const target = targetOf(argument);
  if (target?.window === undefined) return;
  if (!apps.at(target.project)) await apps.openApp(vscode.Uri.file(target.project));
  await apps.at(target.project)?.openWindow(target.window);
}

function reloadWindow(apps: Apps, argument: unknown): void {
  const { project = '', window } = targetOf(argument) ?? {};
  if (window !== undefined) apps.at(project)?.reloadWindow(window);
}

/** Adds the permission that the command of a row lacks to a capability, to review and save. */
async function addMissingPermission(apps: Apps, argument: unknown): Promise<void> {
  const { project = '', command, window = 'main', permission } = targetOf(argument) ?? {};
  if (command === undefined) return;
  const acl = apps.at(project)?.acl ?? new AppAcl(readProject(project).acl, { switches: aclSwitches() });
  const access: Access = { command, window, webview: window, origin: 'local' };
  const missing = permission ?? acl.explain(access).permissions[0]?.identifier;
  if (missing === undefined) throw new Error(`no permission is known that allows ${command}`);
  await addPermissionFor(acl, access, missing);
}

export function registerCommands(options: CommandsOptions): Disposable {
  const life = new Lifetime();
  for (const [name, run] of Object.entries(COMMANDS)) {
    life.own(
      vscode.commands.registerCommand(name, async (argument: unknown) => {
        try {
          return await run(options, argument);
        } catch (error) {
          reportError(options.log, 'IPC Workbench', error);
          return undefined;
        }
      }),
    );
  }
  return life;
}
