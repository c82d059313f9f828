import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { behind, closeFile, notes, openFile } from './language.ts';
import { eventually, until } from './workbench.ts';

/** What one of VS Code's own commands gives, once it gives something. */
async function asked<T>(command: string, ...args: readonly unknown[]): Promise<T[]> {
  return await until(async () => {
    const found = await vscode.commands.executeCommand<T[] | undefined>(command, ...args);
    return found !== undefined && found.length > 0 && found;
  }, command);
}

const relative = (uri: vscode.Uri) => uri.path.slice(notes('').path.length).replace(/^\//, '');

const placeOf = ({ uri, range }: vscode.Location) => `${relative(uri)}:${range.start.line + 1}`;

/** Where one gets to: without what TypeScript gives of its own. */
async function definitions(editor: vscode.TextEditor, position: vscode.Position): Promise<string[]> {
  const links = await asked<vscode.LocationLink>('vscode.executeDefinitionProvider', editor.document.uri, position);
  return links.map(({ targetUri, targetSelectionRange, targetRange }) =>
    placeOf(new vscode.Location(targetUri, targetSelectionRange ?? targetRange)),
  );
}

describe('language server: navigation', () => {
  it('goes from a call to the function in Rust and to the handler', async () => {
    const editor = await openFile('src/main.ts');
    const found = await definitions(editor, behind(editor, "invoke<string>('gr"));
    assert.deepEqual(found.toSorted(), ['src-ipc/main.ts:6', 'src-tauri/src/lib.rs:6']);
    await closeFile(editor);
  });

  it('goes from a permission in a capability to where it is defined', async () => {
    const editor = await openFile('src-tauri/capabilities/default.json');
    const found = await definitions(editor, behind(editor, '"allow-gr'));
    assert.deepEqual(found, ['src-tauri/permissions/notes.toml:2']);
    await closeFile(editor);
  });

  it('finds what speaks of a command, and marks it in the file that is open', async () => {
    const editor = await openFile('src-tauri/src/lib.rs');
    const { uri } = editor.document;
    const position = behind(editor, 'fn gr');
    const found = (await asked<vscode.Location>('vscode.executeReferenceProvider', uri, position)).map(placeOf);
    for (const place of [
      'src/main.ts:12',
      'src-tauri/permissions/notes.toml:4',
      'src-tauri/capabilities/default.json:5',
    ]) {
      assert.ok(found.includes(place), `${place} is not in ${found.join()}`);
    }
    const marked = await asked<vscode.DocumentHighlight>('vscode.executeDocumentHighlights', uri, position);
    assert.ok(marked.some(({ range }) => range.start.line === 5));
    await closeFile(editor);
  });

  it('lists what a capability has', async () => {
    const editor = await openFile('src-tauri/capabilities/editor.toml');
    const [capability] = await asked<vscode.DocumentSymbol>(
      'vscode.executeDocumentSymbolProvider',
      editor.document.uri,
    );
    assert.equal(capability?.name, 'editor');
    assert.deepEqual(
      capability.children.map(({ name, detail }) => `${name} ${detail}`),
      ['main window', 'allow-add-note permission', 'core:window:allow-set-title permission'],
    );
    await closeFile(editor);
  });

  it('lists the commands of Rust and of handlers', async () => {
    for (const [file, name] of [
      ['src-tauri/src/lib.rs', 'greet'],
      ['src-ipc/main.ts', 'greet'],
    ] as const) {
      const editor = await openFile(file);
      const { uri } = editor.document;
      const names = async () =>
        (await asked<vscode.DocumentSymbol>('vscode.executeDocumentSymbolProvider', uri)).map((each) => each.name);
      await until(async () => (await names()).includes(name), `${name} in ${file}`);
      await closeFile(editor);
    }
  });

  it('goes from a label of a window in a capability to the configuration', async () => {
    const editor = await openFile('src-tauri/capabilities/default.json');
    const found = await definitions(editor, behind(editor, '"main", "sett'));
    assert.ok(found.includes('src-tauri/tauri.conf.json:9'), found.join());
    await closeFile(editor);
  });

  it('finds commands, windows, capabilities and permissions by a part of their names', async () => {
    const editor = await openFile('src/main.ts');
    const names = async (query: string) =>
      (await asked<vscode.SymbolInformation>('vscode.executeWorkspaceSymbolProvider', query)).map(
        ({ name, containerName }) => `${name} (${containerName})`,
      );
    assert.ok((await names('watchnotes')).includes('watch_notes (Rust command)'));
    assert.ok((await names('editor')).includes('editor (capability)'));
    assert.ok((await names('settings')).includes('settings (window)'));
    assert.ok((await names('notes-r')).includes('notes-read (permission)'));
    await closeFile(editor);
  });

  it('renames an argument in a call and in the function', async () => {
    const editor = await openFile('src/main.ts');
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      editor.document.uri,
      behind(editor, '{ firstN'),
      'givenName',
    );
    const changed = edit.entries().map(([uri]) => relative(uri));
    assert.ok(changed.includes('src/main.ts') && changed.includes('src-tauri/src/lib.rs'), changed.join());
    await closeFile(editor);
  });

  it('renames a command in all languages in one edit, which one undo takes back', async () => {
    const editor = await openFile('src/main.ts');
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      editor.document.uri,
      behind(editor, "invoke<string>('gr"),
      'say_hello',
    );
    const files = edit.entries().map(([uri]) => uri);
    assert.deepEqual(files.map(relative).toSorted(), [
      'src-ipc/main.ts',
      'src-tauri/capabilities/default.json',
      'src-tauri/permissions/notes.toml',
      'src-tauri/src/lib.rs',
      'src/Notes.vue',
      'src/Settings.svelte',
      'src/main.ts',
    ]);
    const texts = async () =>
      await Promise.all(files.map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()));
    const before = await texts();
    assert.ok(await vscode.workspace.applyEdit(edit, { isRefactoring: true }));
    for (const text of await texts()) assert.match(text, /say[_-]hello/);
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand('undo');
    await eventually(texts, before);
    for (const uri of files) await closeFile(await vscode.window.showTextDocument(uri));
  });

  /** What is renamed from where, and the lines that have the new name afterwards. */
  const RENAMES: readonly (readonly [
    what: string,
    file: string,
    at: string,
    name: string,
    places: readonly string[],
  ])[] = [
    [
      'an event',
      'src/main.ts',
      "listen<Note>('note-ad",
      'note-made',
      ['src-ipc/main.ts:12', 'src-tauri/src/notes.rs:5', 'src/main.ts:13'],
    ],
    [
      'the label of a window',
      'src-tauri/tauri.conf.json',
      '"label": "sett',
      'options',
      [
        'src-tauri/capabilities/default.json:4',
        'src-tauri/src/lib.rs:13',
        'src-tauri/tauri.conf.json:9',
        'src/main.ts:21',
      ],
    ],
    [
      'a set of permissions',
      'src-tauri/permissions/notes.toml',
      'identifier = "notes-r',
      'notes-all',
      ['src-tauri/capabilities/default.json:5', 'src-tauri/permissions/notes.toml:27'],
    ],
  ];
  for (const [what, file, at, name, places] of RENAMES) {
    it(`renames ${what} wherever it is spoken of`, async () => {
      const editor = await openFile(file);
      const ask = async () =>
        await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
          'vscode.executeDocumentRenameProvider',
          editor.document.uri,
          behind(editor, at),
          name,
        );
      // The server may still be reading.
      const edit = await until(
        () =>
          ask().then(
            (found) => found.size > 0 && found,
            () => false as const,
          ),
        'the rename',
      );
      const changed = edit
        .entries()
        .flatMap(([uri, edits]) =>
          edits.map((each) => `${relative(uri)}:${each.range.start.line + 1} ${each.newText}`),
        );
      assert.deepEqual(
        changed.toSorted(),
        places.map((place) => `${place} ${name}`),
      );
      await closeFile(editor);
    });
  }

  it('says why something cannot be renamed', async () => {
    const editor = await openFile('src-tauri/capabilities/editor.toml');
    await assert.rejects(
      async () =>
        await vscode.commands.executeCommand(
          'vscode.executeDocumentRenameProvider',
          editor.document.uri,
          behind(editor, 'core:window:allow'),
          'other',
        ),
      /"core:window:allow-set-title" is not defined in a file of this project/,
    );
    await closeFile(editor);
  });
});
