// Addresses of VS Code that name an app: they start it, or reach it where it runs.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { api, closeEverything, eventually, frameOf, until, workspaceFolder } from './workbench.ts';

const IDENTIFIER = 'dev.ipc-workbench.tests.basic';

describe('deep links', () => {
  const capability = () => join(workspaceFolder().fsPath, 'capabilities/deep-link.json');

  before(() => {
    const permissions = ['deep-link:default'];
    writeFileSync(capability(), JSON.stringify({ identifier: 'deep-link', windows: ['main'], permissions }));
  });
  after(async () => {
    rmSync(capability());
    await vscode.commands.executeCommand('ipcWorkbench.closeApp');
    await closeEverything();
  });

  const follow = (rest: string) => {
    const address = `${vscode.env.uriScheme}://ipc-workbench.ipc-workbench/${IDENTIFIER}/${rest}`;
    return vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(address));
  };

  it('start the project that has that identifier, and reach it while it runs', async function () {
    this.timeout(60_000);
    const { inspector } = await api();
    inspector.clear();
    await follow('open/file?line=3#top');
    await until(
      () => inspector.query('ready').some(({ kind, app }) => kind === 'window' && app === 'Basic'),
      'the page',
    );
    const main = await frameOf(this, 'main');
    await main.waitForFunction(() => document.documentElement.dataset['ready'] === 'true');
    const current = () => main.evaluate(() => tauri.core.invoke('plugin:deep-link|get_current'));
    assert.deepEqual(await current(), ['basic://open/file?line=3#top']);
    assert.deepEqual(inspector.query('deep-link://new-url'), []);

    await follow('later');
    await eventually(current, ['basic://later']);
    const [event] = inspector.query('deep-link://new-url').filter(({ kind }) => kind === 'event');
    assert.equal(event?.body.kind === 'text' && event.body.json, '["basic://later"]');
  });
});
