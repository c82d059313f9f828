import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { behind, closeFile, openFile, write } from './language.ts';
import { until } from './workbench.ts';

/** What all hovers at a position say, once one of them says what is wanted. */
async function said(editor: vscode.TextEditor, position: vscode.Position, wanted: string): Promise<string> {
  const { uri } = editor.document;
  return await until(async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
    const text = hovers
      .flatMap(({ contents }) => contents.map((each) => (typeof each === 'string' ? each : each.value)))
      .join('\n\n');
    return text.includes(wanted) && text;
  }, `a hover with ${wanted}`);
}

describe('language server: hover, signatures and hints', () => {
  for (const [file, text] of [
    ['src/main.ts', "invoke<string>('gr"],
    ['src/Settings.svelte', "invoke<string>('gr"],
    ['src/Notes.vue', "invoke<string>('gr"],
    ['src-tauri/src/lib.rs', 'fn gr'],
    ['src-ipc/main.ts', "command('gr"],
  ] as const) {
    it(`tells a command by both sides in ${file}`, async () => {
      const editor = await openFile(file);
      const value = await said(editor, behind(editor, text), 'greet({ firstName: string }): Promise<string>');
      assert.match(value, /fn greet\(first_name: String\) -> String/);
      assert.match(value, /Capability "default" allows it by allow\\-greet/);
      assert.match(value, /Called in 3 places/);
      await closeFile(editor);
    });
  }

  it('tells arguments, events and windows', async () => {
    const script = await openFile('src/main.ts');
    await said(script, behind(script, '{ firstN'), '(argument) firstName: string');
    const event = await said(script, behind(script, "listen<Note>('note"), "(event) 'note-added'");
    assert.match(event, /Emitted in/);
    await closeFile(script);
    const rust = await openFile('src-tauri/src/lib.rs');
    await said(rust, behind(rust, 'get_webview_window("set'), 'of the configuration');
    await closeFile(rust);
  });

  for (const [file, text] of [
    ['src/main.ts', "await invoke<string>('greet', {"],
    ['src/Settings.svelte', "await invoke<string>('greet', {"],
    ['src/Notes.vue', "await invoke<string>('greet', {"],
  ] as const) {
    it(`tells the signature of a command while its call is written in ${file}`, async () => {
      const editor = await openFile(file);
      const { uri } = editor.document;
      const position = behind(editor, text);
      const command = 'vscode.executeSignatureHelpProvider';
      const help = await until(
        async () => await vscode.commands.executeCommand<vscode.SignatureHelp | undefined>(command, uri, position, '{'),
        'signature help',
      );
      assert.equal(help.signatures[0]?.label, 'greet({ firstName: string }): Promise<string>');
      assert.equal(help.signatures.length, 2);
      await closeFile(editor);
    });
  }

  it('hints the types of results where that is wanted', async () => {
    const settings = vscode.workspace.getConfiguration('ipcWorkbench');
    await settings.update('language.inlayHints', true, vscode.ConfigurationTarget.Workspace);
    const editor = await openFile('src/main.ts');
    const { uri, lineCount } = editor.document;
    await write(editor, new vscode.Position(lineCount - 1, 0), "export const later = invoke('add_note', {});\n");
    const all = new vscode.Range(0, 0, editor.document.lineCount, 0);
    const labels = await until(async () => {
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        uri,
        all,
      );
      const found = hints.map(({ label }) =>
        typeof label === 'string' ? label : label.map(({ value }) => value).join(''),
      );
      return found.includes(': number') && found;
    }, 'the hint');
    assert.equal(labels.filter((label) => label === ': number').length, 1);
    await closeFile(editor);
    await settings.update('language.inlayHints', undefined, vscode.ConfigurationTarget.Workspace);
  });
});
