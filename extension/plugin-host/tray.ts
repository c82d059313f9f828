/** Trays as items of the status bar: a text, a hover with the icon and what it says, and a click. */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { Lifetime } from '#core/lifetime.ts';
import { plainLine, plainText } from '../plugins/plain-text.ts';
import { encodePng } from '../plugins/png.ts';
import type { ShownTray, TrayHost, TrayState } from '../plugins/tray.ts';

/** characters of a title, which stands among the items of others, and of a tooltip */
const MAX_TITLE = 60;
const MAX_TOOLTIP = 1000;

export function createTrayHost(appName: string): TrayHost {
  return {
    show(state, on) {
      const life = new Lifetime();
      // One command for each, because a status bar item can run nothing else; none of them is in the palette.
      const [click, menu] = [`ipcWorkbench.tray.${randomUUID()}`, `ipcWorkbench.trayMenu.${randomUUID()}`];
      life.own(vscode.commands.registerCommand(click, () => on.click()));
      life.own(vscode.commands.registerCommand(menu, () => on.menu()));
      const item = life.own(vscode.window.createStatusBarItem(click, vscode.StatusBarAlignment.Right, 100));
      item.name = `${appName} (tray)`;
      item.command = click;
      draw(item, state, appName, menu);
      const shown: ShownTray = {
        update: (next) => draw(item, next, appName, menu),
        dispose: () => life.dispose(),
      };
      return shown;
    },
  };
}

function draw(item: vscode.StatusBarItem, state: TrayState, appName: string, menuCommand: string): void {
  const text = plainLine(state.title || appName, MAX_TITLE);
  // Text of the page's: `$(name)` in it is no icon.
  item.text = `$(browser) ${text.replaceAll('$(', '$\u200b(')}`;
  item.tooltip = hover(state, appName, menuCommand);
  item.accessibilityInformation = {
    label: [appName, state.title, state.tooltip].filter(Boolean).join(', '),
    role: 'button',
  };
  if (state.visible) item.show();
  else item.hide();
}

function hover({ icon, tooltip, menu }: TrayState, appName: string, menuCommand: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: [menuCommand] };
  if (icon) {
    const data = Buffer.from(encodePng(icon)).toString('base64');
    text.appendMarkdown(`![icon](data:image/png;base64,${data}|width=16,height=16)&nbsp; `);
  }
  text.appendText(plainText(tooltip || appName, MAX_TOOLTIP));
  if (menu) text.appendMarkdown(`\n\n[Show Menu](command:${menuCommand})`);
  return text;
}
