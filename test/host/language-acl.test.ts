import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { behind, closeFile, completions, notes, openFile } from './language.ts';
import { eventually, until, workspaceFolder } from './workbench.ts';

const FOLDER = 'src-tauri/capabilities';

/** The same capability in each format, with a permission that is nearly right. */
const FILES = {
  [`${FOLDER}/draft.json`]: `{
  "identifier": "draft",
  "windows": ["main", "settings"],
  "permissions": ["core:window:alow-close", "core:event:default"]
}
`,
  [`${FOLDER}/draft-5.json5`]: `{
  // as people write it
  identifier: 'draft-5',
  windows: ['main', 'settings'],
  permissions: ['core:window:alow-close', 'core:event:default'],
}
`,
  [`${FOLDER}/draft-t.toml`]: `identifier = "draft-t"
windows = ["main", "settings"]
permissions = ["core:window:alow-close", "core:event:default"]
`,
};

const WRONG = 'core:window:alow-close';

describe('language server: capability files', () => {
  before(async () => {
    for (const [path, text] of Object.entries(FILES)) {
      await vscode.workspace.fs.writeFile(notes(path), new TextEncoder().encode(text));
    }
  });
  after(async () => {
    for (const path of Object.keys(FILES)) await vscode.workspace.fs.delete(notes(path));
  });

  for (const path of Object.keys(FILES)) {
    it(`completes, explains, checks and mends ${path}`, async () => {
      const editor = await openFile(path);
      const { document } = editor;

      const labels = await until(async () => {
        const found = await completions(editor, behind(editor, 'core:event:'));
        return found.includes('core:window:allow-close') && found;
      }, 'identifiers of permissions');
      assert.ok(labels.includes('allow-greet'));

      const hover = await until(async () => {
        const found = await vscode.commands.executeCommand<vscode.Hover[]>(
          'vscode.executeHoverProvider',
          document.uri,
          behind(editor, 'core:event:'),
        );
        const texts = found.flatMap(({ contents }) =>
          contents.map((each) => (typeof each === 'string' ? each : each.value)),
        );
        return texts.find((text) => text.includes('core:event')) ?? false;
      }, 'what a permission gives');
      assert.match(hover, /Set of the plugin `core:event`[^]*`listen`/);

      const own = () =>
        vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'IPC Workbench');
      const problem = await until(() => own()[0] ?? false, 'a diagnostic');
      assert.equal(own().length, 1);
      assert.ok(document.getText(problem.range).includes(WRONG));

      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        problem.range,
      );
      const fix = actions.find(({ title }) => title === 'Change to "core:window:allow-close"');
      assert.ok(fix?.edit, actions.map(({ title }) => title).join());
      await vscode.workspace.applyEdit(fix.edit);
      assert.ok(document.getText().includes('core:window:allow-close'));
      await until(() => own().length === 0, 'nothing is wrong any more');
      await closeFile(editor);
    });
  }

  it('has a schema for JSON that offers the keys; what is wrong is said by the server alone', async () => {
    const editor = await openFile(`${FOLDER}/draft.json`);
    const { document } = editor;
    await editor.edit((edit) => edit.insert(behind(editor, '"draft",\n'), '  "local": "yes",\n  ""\n'));
    const labels = await until(async () => {
      const found = await completions(editor, behind(editor, '"yes",\n  "'));
      return found.includes('platforms') && found;
    }, 'the keys of a capability');
    assert.deepEqual(labels.toSorted(), [...new Set(labels)].toSorted());
    assert.ok(!labels.includes('windows'), 'a key that is there is not offered again');
    await editor.edit((edit) => edit.replace(document.lineAt(3).rangeIncludingLineBreak, ''));
    const said = () =>
      vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ range }) => document.getText(range).includes('yes'))
        .map(({ source, message }) => `${source}: ${message}`);
    const wrong = 'invalid type: string "yes", expected a boolean (at the file.local)';
    await eventually(said, [`IPC Workbench: failed to parse JSON: ${wrong}`]);
    await closeFile(editor);
  });

  it('says what is wrong once while the app runs', async () => {
    const uri = vscode.Uri.joinPath(workspaceFolder(), 'capabilities/draft.json');
    const text = FILES[`${FOLDER}/draft.json`] ?? '';
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    try {
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
      const own = () => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'IPC Workbench');
      await vscode.commands.executeCommand('ipcWorkbench.openApp', workspaceFolder());
      // The app's own findings have no code.
      const codes = () =>
        own()
          .filter(({ range }) => range.start.line === 3)
          .map(({ code }) => typeof code);
      await until(() => codes().includes('object'), 'what the language server says');
      await eventually(codes, ['object']);
    } finally {
      await vscode.commands.executeCommand('ipcWorkbench.closeApp');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.workspace.fs.delete(uri);
    }
  });

  it('completes in a text that is not whole', async () => {
    const editor = await openFile(`${FOLDER}/draft-t.toml`);
    const at = behind(editor, `"${WRONG}", "`);
    await editor.edit((edit) => edit.replace(new vscode.Range(at, at.with({ character: 999 })), 'notes'));
    await until(async () => (await completions(editor, at)).includes('notes-read'), 'a set of the app');
    await closeFile(editor);
  });
});
