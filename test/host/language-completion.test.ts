import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { behind, closeFile, completions, openFile, write } from './language.ts';
import { until } from './workbench.ts';

/** The labels at a position, once one of them is there. */
async function offered(editor: vscode.TextEditor, position: vscode.Position, wanted: string): Promise<string[]> {
  return await until(async () => {
    const labels = await completions(editor, position);
    return labels.includes(wanted) && labels;
  }, `${wanted} among the completions`);
}

/** The items at a position with all that is known of them. */
async function itemsAt(editor: vscode.TextEditor, position: vscode.Position): Promise<vscode.CompletionItem[]> {
  const { uri } = editor.document;
  const command = 'vscode.executeCompletionItemProvider';
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(command, uri, position, undefined, 1000);
  return list.items;
}

const labelOf = ({ label }: vscode.CompletionItem) => (typeof label === 'string' ? label : label.label);

describe('language server: completion', () => {
  for (const [file, text] of [
    ['src/main.ts', "invoke<string>('"],
    ['src/Settings.svelte', "onclick={() => invoke('"],
    ['src/Notes.vue', `@click="invoke('`],
  ] as const) {
    it(`offers the names of commands in ${file}`, async () => {
      const editor = await openFile(file);
      const labels = await offered(editor, behind(editor, text), 'close_settings');
      assert.ok(labels.includes('watch_notes') && labels.includes('plugin:window|close'));
      await closeFile(editor);
    });
  }

  it('tells of a name what Rust has, and which windows may call it', async () => {
    const editor = await openFile('src/main.ts');
    const position = behind(editor, "invoke<string>('");
    const item = await until(
      async () => (await itemsAt(editor, position)).find((each) => labelOf(each) === 'close_settings'),
      'the command among the completions',
    );
    assert.equal(item.detail, 'close_settings(): void');
    const { value } = item.documentation as vscode.MarkdownString;
    assert.match(value, /async fn close_settings\(app: tauri::AppHandle\)/);
    assert.match(value, /Closes the window with the settings/);
    assert.match(value, /allowed in: main, settings/);
    await closeFile(editor);
  });

  it('offers names while the string and its call are not closed', async () => {
    const editor = await openFile('src/main.ts');
    const at = behind(editor, 'const onNote = new Channel<Note>();');
    const position = await write(editor, at, "\n  await invoke('wat‸");
    const items = await until(async () => {
      const all = await itemsAt(editor, position);
      return all.some((each) => labelOf(each) === 'watch_notes') && all;
    }, 'the command among the completions');
    const [first] = items.filter((each) => each.kind === vscode.CompletionItemKind.Function).map(labelOf);
    assert.equal(first, 'add_note');
    await closeFile(editor);
  });

  it('writes a call with its arguments where nothing of it is there', async () => {
    const editor = await openFile('src/main.ts');
    const at = behind(editor, 'const onNote = new Channel<Note>();');
    const position = await write(editor, at, '\n  await invoke(‸);');
    const item = await until(
      async () =>
        (await itemsAt(editor, position)).find((each) => labelOf(each) === 'find_notes, { searchText, maxCount }'),
      'the command with its arguments',
    );
    assert.ok(item.insertText instanceof vscode.SnippetString);
    await editor.insertSnippet(item.insertText, position);
    assert.match(editor.document.getText(), /await invoke\('find_notes', \{ searchText: , maxCount: {2}\}\);/);
    await closeFile(editor);
  });

  for (const [file, text] of [
    ['src/main.ts', "invoke<string>('greet', { "],
    ['src/Settings.svelte', "invoke<string>('greet', { "],
    ['src/Notes.vue', "invoke<string>('greet', { "],
  ] as const) {
    it(`offers the keys of arguments in ${file}`, async () => {
      const editor = await openFile(file);
      await offered(editor, behind(editor, text), 'firstName');
      await closeFile(editor);
    });
  }

  it('offers the events of both sides, in TypeScript and in Rust', async () => {
    const script = await openFile('src/main.ts');
    const labels = await offered(script, behind(script, "listen<Note>('"), 'note-count');
    assert.ok(labels.includes('note-added') && labels.includes('tauri://focus'));
    await closeFile(script);
    const rust = await openFile('src-tauri/src/notes.rs');
    await offered(rust, behind(rust, 'app.emit("'), 'note-added');
    await closeFile(rust);
  });

  it('offers the labels of windows in Rust', async () => {
    const editor = await openFile('src-tauri/src/lib.rs');
    const labels = await offered(editor, behind(editor, 'get_webview_window("'), 'main');
    assert.ok(labels.includes('settings'));
    await closeFile(editor);
  });

  it('offers commands that no handler answers yet, and permissions, in handlers', async () => {
    const editor = await openFile('src-ipc/main.ts');
    const at = behind(editor, "import * as z from 'zod';");
    const name = await write(editor, at, "\ncommand('‸', { permissions: [''] }, () => 1);");
    const labels = await offered(editor, name, 'find_notes');
    assert.ok(!labels.includes('greet'));
    await offered(editor, behind(editor, "permissions: ['"), 'allow-greet');
    await closeFile(editor);
  });
});
