/** Runs a command by hand: opens the last call of it to be changed and sent again, or asks for the arguments of the first. */
import * as vscode from 'vscode';
import type { Connection } from '#core/connection.ts';
import type { MessageRecord } from '#core/record.ts';
import type { Tap } from '#core/tap.ts';
import * as z from 'zod';
import type { Api } from './api.ts';
import type { Apps } from './app/apps.ts';
import type { Inspector } from './inspector/inspector.ts';
import { sendNew } from './inspector/resend.ts';
import { offer } from './problems.ts';

/** What a CodeLens of the language server asks for, or a keybinding of the user's. */
const Target = z.object({
  /** the folder of the project whose app is meant; absent: an app that another extension hosts */
  project: z.string().optional(),
  command: z.string(),
  /** arguments to begin with, as JSON */
  payload: z.string().default('{}'),
});

export interface RunCommandOptions {
  readonly apps: Apps;
  readonly api: Api;
  readonly inspector: Inspector;
  readonly tap: Tap;
}

/** A window that a call can be sent from. */
interface Sender extends vscode.QuickPickItem {
  readonly app: string;
  readonly connection: Connection;
}

/** @throws Error with a sentence for people where the argument says nothing, or the call cannot be sent */
export async function runCommand(options: RunCommandOptions, argument: unknown): Promise<void> {
  const parsed = Target.safeParse(argument);
  if (!parsed.success) throw new Error('which command to run must be said: { command, project?, payload? }');
  const { project, command, payload } = parsed.data;
  const senders = sendersOf(options, project);
  if (senders.length === 0) {
    const folder = project === undefined ? [] : [vscode.Uri.file(project)];
    await offer(`No window is open that can call ${command}.`, { 'Open App': 'ipcWorkbench.openApp' }, ...folder);
    return;
  }
  const last = lastCall(options.tap, command, senders);
  if (last) {
    await options.inspector.showMessage(last.id, { edit: true });
    return;
  }
  const sender = await chooseSender(senders, command);
  if (!sender) return;
  const text = await askForArguments(command, payload);
  if (text !== undefined) await options.inspector.showMessage(sendNew(sender.connection, command, text));
}

/** The windows of the project's app, or of all that other extensions host. */
function sendersOf({ apps, api }: RunCommandOptions, project: string | undefined): Sender[] {
  const running = project === undefined ? undefined : apps.at(vscode.Uri.file(project).fsPath);
  const cores =
    project === undefined ? [...api.hosted.values()].map(({ core }) => core) : running ? [running.core] : [];
  return cores.flatMap(({ name, windows }) =>
    [...windows.values()].flatMap(({ label, connection }) =>
      connection?.ready ? [{ label, description: name, app: name, connection }] : [],
    ),
  );
}

function lastCall(tap: Tap, command: string, senders: readonly Sender[]): MessageRecord | undefined {
  const isOpen = ({ app, window }: MessageRecord) =>
    senders.some((sender) => sender.app === app && sender.label === window);
  for (let id = tap.next - 1; id >= tap.first; id--) {
    const record = tap.find(id);
    if (record?.kind === 'invoke' && record.name === command && isOpen(record)) return record;
  }
  return undefined;
}

async function chooseSender(senders: readonly Sender[], command: string): Promise<Sender | undefined> {
  if (senders.length === 1) return senders[0];
  return vscode.window.showQuickPick(senders, { placeHolder: `Which window shall call ${command}?` });
}

function askForArguments(command: string, payload: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `Run ${command}`,
    prompt: 'Its arguments, as JSON',
    value: payload,
    ignoreFocusOut: true,
    validateInput: (text) => {
      try {
        JSON.parse(text);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
  });
}
