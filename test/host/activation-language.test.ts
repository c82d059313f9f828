// Before all others, by its name: no document has been opened yet.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeFile, openFile, serverProcesses } from './language.ts';
import { api, until } from './workbench.ts';

describe('language server: start', function () {
  // There is no `ps`.
  if (process.platform === 'win32') return;

  it('waits for the first document that it can say something about', async () => {
    await api();
    assert.deepEqual(serverProcesses(), []);
    await vscode.workspace.openTextDocument({ content: 'notes', language: 'plaintext' });
    assert.deepEqual(serverProcesses(), []);
    const editor = await openFile('src/main.ts');
    await until(() => serverProcesses().length === 1, 'the start of the language server');
    await closeFile(editor);
  });
});
