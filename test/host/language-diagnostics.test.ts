import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeFile, notes, openFile } from './language.ts';
import { eventually, until } from './workbench.ts';

const ours = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'IPC Workbench');

const codeOf = ({ code }: vscode.Diagnostic) => (typeof code === 'object' ? code.value : code);

/** What is underlined in a document, by the code of the diagnostic. */
const shown = (document: vscode.TextDocument) =>
  ours(document.uri).map((each) => `${codeOf(each)} ${document.getText(each.range)}`);

/** Types one text for another, without saving. */
async function replace({ document }: vscode.TextEditor, old: string, text: string): Promise<void> {
  const start = document.getText().indexOf(old);
  assert.ok(start >= 0, `${document.fileName} has no ${old}`);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + old.length));
  edit.replace(document.uri, range, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

const levels = () => vscode.workspace.getConfiguration('ipcWorkbench.language').inspect<object>('diagnostics');

const setLevels = (value: object | undefined) =>
  vscode.workspace
    .getConfiguration('ipcWorkbench.language')
    .update('diagnostics', value, vscode.ConfigurationTarget.Workspace);

/** The quick fixes of the first diagnostic of a document. */
async function fixes(document: vscode.TextDocument): Promise<vscode.CodeAction[]> {
  const diagnostic = ours(document.uri)[0];
  assert.ok(diagnostic);
  return await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    diagnostic.range,
    vscode.CodeActionKind.QuickFix.value,
  );
}

async function applyFix(document: vscode.TextDocument, title: string): Promise<void> {
  const found = await until(
    async () => (await fixes(document)).find((each) => each.title === title),
    `the quick fix "${title}"`,
  );
  assert.ok(found.edit);
  assert.ok(await vscode.workspace.applyEdit(found.edit));
}

/** A slip in a file of the project: what is said of it, and what a quick fix makes of it. */
interface Slip {
  readonly title: string;
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
  readonly says: string;
  readonly fix: string;
}

const SLIPS: readonly Slip[] = [
  {
    title: 'a key in the case of Rust, in TypeScript',
    file: 'src/main.ts',
    right: "'greet', { firstName: 'Ada' }",
    wrong: "'greet', { first_name: 'Ada' }",
    says: 'misspelt-argument first_name',
    fix: 'Change the key to "firstName"',
  },
  {
    title: 'a name of no command, in Svelte',
    file: 'src/Settings.svelte',
    right: "invoke('close_settings')",
    wrong: "invoke('close_setings')",
    says: 'unknown-command close_setings',
    fix: 'Call "close_settings"',
  },
  {
    title: 'a key that nobody takes, in Vue',
    file: 'src/Notes.vue',
    right: "'greet', { firstName }",
    wrong: "'greet', { firstName, colour: 'red' }",
    says: 'unknown-argument colour',
    fix: 'Remove "colour"',
  },
  {
    title: 'a number that is written as a text',
    file: 'src/main.ts',
    right: 'maxCount: 10',
    wrong: "maxCount: '10'",
    says: "argument-type '10'",
    fix: 'Write it as a number',
  },
];

describe('language server: diagnostics', () => {
  it('says nothing of a project in which all is right', async () => {
    const editor = await openFile('src/main.ts');
    // What is wrong for a moment shows that the server has read all files.
    await replace(editor, "'greet', {", "'gret', {");
    await eventually(() => shown(editor.document), ['unknown-command gret']);
    await replace(editor, "'gret', {", "'greet', {");
    await eventually(() => shown(editor.document), []);
    const all = vscode.languages
      .getDiagnostics()
      .filter(([uri]) => uri.path.startsWith(`${notes('').path}`))
      .flatMap(([uri]) => ours(uri).map(({ message }) => `${uri.path}: ${message}`));
    assert.deepEqual(all, []);
    await closeFile(editor);
  });

  for (const { title, file, right, wrong, says, fix } of SLIPS) {
    it(`tells and corrects ${title}`, async () => {
      const editor = await openFile(file);
      const before = editor.document.getText();
      await replace(editor, right, wrong);
      await eventually(() => shown(editor.document), [says]);
      await applyFix(editor.document, fix);
      assert.equal(editor.document.getText(), before);
      await eventually(() => shown(editor.document), []);
      await closeFile(editor);
    });
  }

  /** By what stands in a script instead, and is not mended by what was there before. */
  const WRONG: readonly (readonly [title: string, right: string, wrong: string, says: string])[] = [
    ['an argument that is missing', "'greet', { firstName: 'Ada' }", "'greet', {}", 'missing-argument {}'],
    ['an argument of another type', "{ firstName: 'Ada' }", '{ firstName: 7 }', 'argument-type 7'],
    ['a channel that is none', '{ onNote }', '{ onNote: () => {} }', 'missing-channel () => {}'],
    ['an event that nothing emits', "'note-added'", "'note-gone'", 'event-never-emitted note-gone'],
  ];
  for (const [title, right, wrong, says] of WRONG) {
    it(`tells of ${title}`, async () => {
      const editor = await openFile('src/main.ts');
      await replace(editor, right, wrong);
      await eventually(() => shown(editor.document), [says]);
      await closeFile(editor);
    });
  }

  it('tells of an event that nothing listens to, where Rust emits it', async () => {
    const rust = await openFile('src-tauri/src/notes.rs');
    const editor = await openFile('src/main.ts');
    await replace(editor, "'note-added'", "'note-count'");
    await eventually(() => shown(rust.document), ['event-never-heard NOTE_ADDED']);
    await closeFile(editor);
    await eventually(() => shown(rust.document), []);
    await closeFile(rust);
  });

  it('tells of a component that listens and never ends it, in Vue', async () => {
    const editor = await openFile('src/Notes.vue');
    await replace(editor, 'const unlisten = listen', 'listen');
    await replace(editor, 'onUnmounted(async () => (await unlisten)());\n', '');
    await until(() => shown(editor.document).some((each) => each.startsWith('unhandled-listener listen')), 'the hint');
    await closeFile(editor);
  });

  it('tells of a second command of one name in a list, and takes it out', async () => {
    const notesRs = await openFile('src-tauri/src/notes.rs');
    await replace(
      notesRs,
      '#[tauri::command]\npub fn watch_notes',
      '#[tauri::command]\npub fn greet() {}\n\n#[tauri::command]\npub fn watch_notes',
    );
    const editor = await openFile('src-tauri/src/lib.rs');
    const before = editor.document.getText();
    await replace(
      editor,
      '            notes::add_note,\n',
      '            notes::greet,\n            notes::add_note,\n',
    );
    await eventually(() => shown(editor.document), ['duplicate-command greet']);
    await applyFix(editor.document, 'Remove notes::greet from the list');
    assert.equal(editor.document.getText(), before);
    await eventually(() => shown(editor.document), []);
    await closeFile(editor);
    await closeFile(notesRs);
  });

  it('tells of a command that no script calls, to who wants it', async () => {
    const rust = await openFile('src-tauri/src/notes.rs');
    // The wrapper calls what it is given: while it does, nobody knows of all calls.
    const editor = await openFile('src/commands.ts');
    await setLevels({ 'unused-command': 'hint' });
    try {
      await replace(editor, 'invoke<T>(command, args)', "invoke<T>('find_notes', args)");
      await eventually(() => shown(rust.document), ['unused-command add_note']);
      const list = await openFile('src-tauri/src/lib.rs');
      const listed = list.document.getText();
      await applyFix(rust.document, 'Remove "add_note" from the list');
      assert.equal(list.document.getText(), listed.replace('            notes::add_note,\n', ''));
      await closeFile(list);
    } finally {
      await setLevels(undefined);
      await closeFile(editor);
    }
    await eventually(() => shown(rust.document), []);
    await closeFile(rust);
  });

  it('writes a handler, or a Rust command, for a call that nothing answers', async () => {
    const editor = await openFile('src/main.ts');
    await replace(
      editor,
      'export const openSettings',
      "await invoke('sort_notes', { upwards: true });\nexport const openSettings",
    );
    await eventually(() => shown(editor.document), ['unknown-command sort_notes']);
    for (const [title, path, text] of [
      [
        'Create a handler for "sort_notes" in src-ipc/main.ts',
        'src-ipc/main.ts',
        "command('sort_notes', { args: { upwards: z.boolean() } }",
      ],
      ['Create the Rust command "sort_notes" in lib.rs', 'src-tauri/src/lib.rs', 'fn sort_notes(upwards: bool)'],
    ] as const) {
      const target = await openFile(path);
      await applyFix(editor.document, title);
      assert.ok(target.document.getText().includes(text), target.document.getText());
      await eventually(() => shown(editor.document), []);
      await closeFile(target);
      await eventually(() => shown(editor.document), ['unknown-command sort_notes']);
    }
    await closeFile(editor);
  });

  it('reports no more what nobody wants to hear', async () => {
    const editor = await openFile('src/main.ts');
    await replace(editor, "'note-added'", "'note-gone'");
    await eventually(() => shown(editor.document), ['event-never-emitted note-gone']);
    const title = 'Do not report "event-never-emitted" in this workspace';
    const { command } = await until(
      async () => (await fixes(editor.document)).find((each) => each.title === title),
      'the way to hear no more of it',
    );
    assert.ok(command);
    await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
    await eventually(() => shown(editor.document), []);
    assert.deepEqual(levels()?.workspaceValue, { 'event-never-emitted': 'off' });
    await setLevels(undefined);
    await eventually(() => shown(editor.document), ['event-never-emitted note-gone']);
    await closeFile(editor);
  });

  it('tells of a Rust command that no list has, and adds it to the list', async () => {
    const editor = await openFile('src-tauri/src/lib.rs');
    await replace(editor, '            close_settings,\n', '');
    await eventually(() => shown(editor.document), ['not-registered close_settings']);
    await applyFix(editor.document, 'Add "close_settings" to generate_handler! in lib.rs');
    assert.match(editor.document.getText(), /notes::watch_notes,\n {12}close_settings,\n {8}\]/);
    await eventually(() => shown(editor.document), []);
    await closeFile(editor);
  });

  it('tells of a handler that takes what its Rust command does not have', async () => {
    const editor = await openFile('src-ipc/main.ts');
    await replace(editor, '{ firstName: z.string() }', '{ firstName: z.string(), title: z.string() }');
    await eventually(() => shown(editor.document), ['handler-mismatch title']);
    await closeFile(editor);
  });

  it('tells of a handler whose key is nearly right, and writes the right one', async () => {
    const editor = await openFile('src-ipc/main.ts');
    const before = editor.document.getText();
    await replace(editor, '{ firstName: z.string() }', '{ first_name: z.string() }');
    await eventually(() => shown(editor.document), ['handler-mismatch first_name']);
    await applyFix(editor.document, 'Change the key to "firstName"');
    assert.equal(editor.document.getText(), before);
    await eventually(() => shown(editor.document), []);
    await closeFile(editor);
  });

  it('tells of a call that no window may make, and adds the permission to a capability', async () => {
    const editor = await openFile('src/main.ts');
    await replace(
      editor,
      'export const openSettings',
      "await invoke('plugin:fs|exists', { path: 'a' });\nexport const openSettings",
    );
    await eventually(() => shown(editor.document), ['not-allowed plugin:fs|exists']);
    const capability = await openFile('src-tauri/capabilities/default.json');
    await applyFix(editor.document, 'Add "fs:allow-exists" to the capability "default"');
    assert.match(capability.document.getText(), /"allow-close-settings", "fs:allow-exists"\]/);
    await eventually(() => shown(editor.document), []);
    await closeFile(capability);
    await closeFile(editor);
  });
});
