// The language server in a workspace of two projects that nobody trusts, beside Tauri's own extension.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TemporaryFolders } from '../vscode/temporary.mjs';
import { eventually, goToFile } from './controls.ts';
import { startWorkbench, UNTRUSTED, type Workbench } from './harness.ts';

const NOTES = fileURLToPath(new URL('../fixtures/language/notes', import.meta.url));
const folders = new TemporaryFolders();

describe('a workspace of two projects that nobody trusts', () => {
  const root = folders.make('vsc-two-');
  const workspace = join(root, 'two.code-workspace');
  const trace = join(root, 'loaded');
  let workbench: Workbench;

  /** Changes a file of one of the projects. */
  const edit = (path: string, change: (text: string) => string) =>
    writeFileSync(join(root, path), change(readFileSync(join(root, path), 'utf8')));

  /** The workspace has these folders from now on. */
  const setFolders = (...names: string[]) =>
    writeFileSync(workspace, JSON.stringify({ folders: names.map((path) => ({ path })) }));

  before(async () => {
    for (const name of ['notes', 'letters']) cpSync(NOTES, join(root, name), { recursive: true });
    // What one project calls `greet` is `hail` in the other, in all of its files.
    for (const { parentPath, name } of readdirSync(join(root, 'letters'), { recursive: true, withFileTypes: true })) {
      const path = join(parentPath, name);
      if (/\.(?:ts|vue|svelte|rs|toml|json)$/.test(name))
        edit(path.slice(root.length + 1), (text) => text.replaceAll('greet', 'hail'));
    }
    // Whoever loads its backend leaves a trace.
    edit(
      'notes/src-ipc/main.ts',
      (text) => `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(trace)}, '');\n${text}`,
    );
    edit('notes/src/main.ts', (text) => `${text}\nexport const hail = () => invoke('hail', { firstName: 'Ada' });\n`);
    edit(
      'letters/src/main.ts',
      (text) => `${text}\nexport const greet = () => invoke('greet', { firstName: 'Ada' });\n`,
    );
    // A value of another type: in JSON, Tauri's own extension says so by its schema.
    edit('letters/src-tauri/tauri.conf.json', (text) => text.replace('"title": "Notes"', '"title": 5'));
    setFolders('notes', 'letters');

    const tauri = join(root, 'tauri-vscode');
    mkdirSync(tauri);
    writeFileSync(
      join(tauri, 'package.json'),
      JSON.stringify({ name: 'tauri-vscode', publisher: 'tauri-apps', version: '1.0.0', engines: { vscode: '*' } }),
    );
    workbench = await startWorkbench({
      workspace,
      extensions: [tauri],
      settings: UNTRUSTED,
    });
    await workbench.page.locator('.part.statusbar').getByText('Restricted Mode').waitFor();
    await goToFile(workbench.page, 'commands.ts', 'commands.ts');
    await workbench.command('Problems: Focus on Problems View');
  });
  after(async () => {
    await workbench?.close();
    folders.remove();
  });

  /** What is said of both projects: the message of each problem. */
  const problems = () =>
    workbench.page
      .locator('.part.panel .markers-panel .monaco-list-row .marker-message-details-container')
      .evaluateAll((rows) => rows.map((row) => /^.*?(?=IPC Workbench)/.exec(row.textContent ?? '')?.[0] ?? '').sort());

  const IN_NOTES = 'no command "hail" is defined';
  const IN_LETTERS = 'no command "greet" is defined';

  test('each project has its own commands, and nothing of them is run', async () => {
    await eventually(problems, [IN_LETTERS, IN_NOTES]);
    await workbench.screenshot('language-two-projects');
    assert.equal(existsSync(trace), false);
  });

  test('a folder that goes takes its problems along, and brings them back', async () => {
    setFolders('notes');
    await eventually(problems, [IN_NOTES]);
    setFolders('notes', 'letters');
    await eventually(problems, [IN_LETTERS, IN_NOTES]);
  });
});
