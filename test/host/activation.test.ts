import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../extension/commands.ts';
import { api, extension } from './workbench.ts';

type Contributes = {
  readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
  readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
};
const contributes = () => (extension().packageJSON as { readonly contributes: Contributes }).contributes;

describe('activation', () => {
  it('takes less than 50 ms of the extension’s own time', async () => {
    const { activationMs } = await api();
    assert.ok(activationMs > 0 && activationMs < 50, `${activationMs} ms`);
  });

  it('registers the commands of the manifest, and no others', async () => {
    await api();
    const declared = contributes().commands.map(({ command }) => command);
    assert.deepEqual(declared.toSorted(), Object.keys(COMMANDS).toSorted());
    const registered = await vscode.commands.getCommands(true);
    // VS Code makes the view's own commands (`….inspector.focus`), the extension the others.
    const ours = registered.filter(
      (name) => /^ipcWorkbench\.\w+$/.test(name) && !name.startsWith('ipcWorkbench.inspector'),
    );
    assert.deepEqual(ours.toSorted(), declared.toSorted());
    for (const { title, category } of contributes().commands) {
      assert.match(title, /^[A-Z]/);
      assert.equal(category, 'IPC Workbench');
    }
  });

  it('gives every setting a default that it can start with', () => {
    const settings = vscode.workspace.getConfiguration();
    for (const name of Object.keys(contributes().configuration.properties)) {
      assert.notEqual(settings.inspect(name)?.defaultValue, undefined, name);
    }
  });
});
