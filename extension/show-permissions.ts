/** The command "Show Permissions": everything that a window may do, searchable, and the way to the file that says so. */
import * as vscode from 'vscode';
import type { OverviewEntry } from '#core/acl/overview.ts';
import type { Core } from '#core/core.ts';
import type { Api } from './api.ts';
import { type Acl, AppAcl } from '#server/project/index.ts';
import { type Apps, OPEN_COMMANDS } from './app/apps.ts';
import { plainMessage } from './plugins/plain-text.ts';
import { offer, openPlace } from './problems.ts';

interface Subject {
  readonly core: Core;
  /** absent where an extension gave its app no capabilities */
  readonly acl: Acl | undefined;
}

/** Asks for app and window where there are several, and shows what the window may do. */
export async function showPermissions(apps: Apps, api: Api): Promise<void> {
  const subjects: Subject[] = [...apps.running, ...api.hosted.values()];
  if (subjects.length === 0) {
    void offer('No app is open.', OPEN_COMMANDS);
    return;
  }
  const subject = await chooseOne(subjects, ({ core }) => core.name, 'Permissions of which app?');
  if (!subject) return;
  const { core, acl } = subject;
  const labels = [...core.windows.keys()];
  if (labels.length === 0) {
    void vscode.window.showInformationMessage(plainMessage(`${core.name} has no window.`));
    return;
  }
  const window = await chooseOne(labels, (label) => label, `Permissions of which window of ${core.name}?`);
  if (window === undefined) return;
  if (!acl) {
    const text = `The extension of ${core.name} gave it no capabilities: its pages may call every command.`;
    void vscode.window.showInformationMessage(plainMessage(text));
    return;
  }
  const origin = core.windows.get(window)?.connection?.origin ?? 'local';
  const page = origin === 'local' ? '' : ` with the page ${origin.remote}`;
  const chosen = await vscode.window.showQuickPick(itemsOf(acl.overview(window, origin)), {
    title: `What the window "${window}" of ${core.name} may do${page}`,
    placeHolder: 'Search by command, plugin, permission or capability',
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (!chosen?.entry || !(acl instanceof AppAcl)) return;
  const { called, by, asks } = chosen.entry;
  const granted = asks.flatMap(({ permission, capabilities }) =>
    capabilities.map((capability) => ({ capability, permission })),
  );
  const [first] = [...by, ...granted];
  const place = first && acl.placeOf(first.capability, called, first.permission);
  if (place) await openPlace(place);
}

async function chooseOne<T>(all: readonly T[], nameOf: (one: T) => string, question: string): Promise<T | undefined> {
  if (all.length === 1) return all[0];
  const items = all.map((one) => ({ label: nameOf(one), one }));
  // 1.139: the palette gives the focus back to a page late, and that would close this list.
  return (await vscode.window.showQuickPick(items, { placeHolder: question, ignoreFocusOut: true }))?.one;
}

interface Item extends vscode.QuickPickItem {
  readonly entry?: OverviewEntry;
}

function itemsOf(entries: readonly OverviewEntry[]): Item[] {
  const groups = Map.groupBy(entries, ({ plugin }) => plugin ?? 'app');
  return [...groups].flatMap(([plugin, members]): Item[] => [
    { label: plugin, kind: vscode.QuickPickItemKind.Separator },
    ...members.map((entry) => {
      const { label, description } = wordsOf(entry);
      return { label, description: [description, ...entry.asks.map(askWords)].join('; '), entry };
    }),
  ]);
}

function askWords({ permission, capabilities }: OverviewEntry['asks'][number]): string {
  const names = capabilities.map((name) => `"${name}"`).join(', ');
  return `its handler asks for ${permission}: ${names === '' ? 'not granted' : `granted by ${names}`}`;
}

function wordsOf({ name, plugin, state, by }: OverviewEntry): { label: string; description: string } {
  // The plugin is repeated: a search hides separators.
  const command = plugin === undefined ? name : `${plugin.replace(/^core:/, '')}.${name}`;
  const reasons = by.map(({ capability, permission }) => `${permission} of "${capability}"`).join(', ');
  switch (state) {
    case 'allowed':
      return { label: `$(check) ${command}`, description: `allowed by ${reasons}` };
    case 'denied':
      return { label: `$(circle-slash) ${command}`, description: `denied by ${reasons}` };
    case 'missing':
      return { label: `$(close) ${command}`, description: 'not allowed: no capability of this window allows it' };
    case 'unprotected':
      return {
        label: `$(unlock) ${command}`,
        description: 'unprotected: no app manifest, every page of the app may call it',
      };
  }
}
