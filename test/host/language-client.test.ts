// The life of the language server's process, and what the client adds: settings, traffic above commands, "run…".
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { behind, closeFile, completions, notes, openFile, serverProcesses } from './language.ts';
import { api, closeEverything, eventually, TestApp, until } from './workbench.ts';

/** The titles of the CodeLenses of a file, each with its command and the text that it stands above. */
async function lenses(path: string): Promise<{ readonly title: string; readonly command: vscode.Command }[]> {
  const document = await vscode.workspace.openTextDocument(notes(path));
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    100,
  );
  return found.flatMap(({ command, range }) => {
    const name = document.getText(document.getWordRangeAtPosition(range.start) ?? range);
    return command ? { title: `${name}: ${command.title}`, command } : [];
  });
}

const titles = async (path: string) => (await lenses(path)).map(({ title }) => title);

const set = (name: string, value: unknown) =>
  vscode.workspace.getConfiguration('ipcWorkbench.language').update(name, value, vscode.ConfigurationTarget.Global);

describe('language server: client', () => {
  let editor: vscode.TextEditor;

  beforeEach(async () => {
    editor = await openFile('src/main.ts');
    await completesNames();
  });

  afterEach(async () => {
    for (const name of ['enabled', 'codeLens']) await set(name, undefined);
    await closeFile(editor);
    await closeEverything();
  });

  async function completesNames(): Promise<void> {
    await until(async () => {
      const labels = await completions(editor, behind(editor, "invoke<string>('"));
      return labels.includes('close_settings');
    }, 'the names of commands');
  }

  describe('its process', function () {
    // There is no `ps`.
    if (process.platform === 'win32') return;

    it('is started again when it was killed, and knows everything again', async () => {
      const { inspector } = await api();
      inspector.clear();
      const app = await TestApp.host('Notes');
      app.open('main');
      await app.whenReady('main');
      await app.run('main', 'basics');
      const hasNumbers = async () =>
        (await titles('src-tauri/src/lib.rs')).some((title) => title.startsWith('greet: 2 calls '));
      await until(hasNumbers, 'the numbers');
      const [before = 0] = serverProcesses();
      process.kill(before, 'SIGKILL');
      const after = await until(() => serverProcesses().find((pid) => pid !== before), 'another process');
      assert.notEqual(after, before);
      await completesNames();
      await until(hasNumbers, 'the numbers again');
      assert.equal(serverProcesses().length, 1);
      app.hosted.dispose();
    });

    it('ends with the setting, and comes back with it', async () => {
      await set('enabled', false);
      await eventually(serverProcesses, []);
      await set('enabled', true);
      await until(() => serverProcesses().length === 1, 'the process coming back');
      await completesNames();
    });

    it('is another one after "Restart Language Server"', async () => {
      const [before = 0] = serverProcesses();
      await vscode.commands.executeCommand('ipcWorkbench.restartLanguageServer');
      await until(() => serverProcesses().length === 1 && !serverProcesses().includes(before), 'another process');
      await completesNames();
    });
  });

  it('shows the traffic of commands, run and callers above Rust, and the traffic above calls', async () => {
    const { inspector } = await api();
    inspector.clear();
    const file = 'src-tauri/src/lib.rs';
    assert.ok((await titles(file)).includes('greet: run…'));
    const app = await TestApp.host('Notes');
    app.open('main');
    await app.whenReady('main');
    await app.run('main', 'basics'); // greets twice, once in vain
    await until(
      async () => (await titles(file)).some((title) => /^greet: 2 calls · p95 .* · 1 error$/.test(title)),
      'the numbers',
    );
    await until(
      async () => (await titles('src/main.ts')).some((title) => title.includes('2 calls')),
      'those above the call',
    );
    await until(async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        notes('src/main.ts'),
        behind(editor, "invoke<string>('gr"),
      );
      const texts = hovers.flatMap(({ contents }) => contents);
      return texts.some((text) => /\b2 calls\b/.test(typeof text === 'string' ? text : text.value));
    }, 'the numbers in the hover');
    const found = await lenses(file);
    const [traffic, run, callers] = [/^greet: 2 calls/, /^greet: run…$/, /^greet: \d+ callers?$/].map((pattern) =>
      found.find(({ title }) => pattern.test(title)),
    );
    assert.deepEqual(traffic?.command.command, 'ipcWorkbench.showMessages');
    assert.deepEqual(traffic?.command.arguments, ['cmd:greet']);
    assert.deepEqual(run?.command.arguments, [
      { project: notes('').fsPath.replace(/\/$/, ''), command: 'greet', payload: '{"firstName":""}' },
    ]);
    const [uri, position, places] = callers?.command.arguments ?? [];
    assert.ok(uri instanceof vscode.Uri && position instanceof vscode.Position);
    const files = (places as vscode.Location[]).map((each) => each.uri.path.split('/').at(-1));
    assert.ok(files.includes('main.ts'));
    assert.equal(callers?.title, `greet: ${files.length} caller${files.length === 1 ? '' : 's'}`);
    app.hosted.dispose();
  });

  it('shows nothing above commands with the setting off', async () => {
    await until(async () => (await titles('src-tauri/src/lib.rs')).length > 0, 'CodeLens');
    await set('codeLens', false);
    await eventually(() => titles('src-tauri/src/lib.rs'), []);
  });

  it('"run…" sends a call that nobody has made, with arguments that it asks for', async () => {
    const { inspector } = await api();
    inspector.clear();
    const app = await TestApp.host('runner');
    app.open('main');
    await app.whenReady('main');
    const ran = vscode.commands.executeCommand('ipcWorkbench.runCommand', {
      command: 'greet',
      payload: '{"name":"Ada"}',
    });
    await until(async () => {
      await vscode.commands.executeCommand('quickInput.accept');
      return inspector.query('cmd:greet is:ok').length > 0;
    }, 'the call');
    await ran;
    const [record] = inspector.query('cmd:greet');
    assert.deepEqual([record?.app, record?.window, record?.replayOf], ['runner', 'main', undefined]);
    // The second time there is one to be changed and sent again: nothing is sent yet.
    await vscode.commands.executeCommand('ipcWorkbench.runCommand', { command: 'greet' });
    assert.equal(inspector.query('cmd:greet').length, 1);
    app.hosted.dispose();
  });
});
