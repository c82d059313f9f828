/** Notifications of VS Code for the pages of an app. */
import * as vscode from 'vscode';
import type { NotificationHost } from '../plugins/notification.ts';

export const notifications: NotificationHost = {
  async show(text, buttons) {
    const items = buttons.map((title) => ({ title }));
    const pressed = await vscode.window.showInformationMessage(text, ...items);
    return pressed && items.indexOf(pressed);
  },
};
