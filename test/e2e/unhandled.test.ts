// A project with Rust and without handlers: its calls say so, and stubs, rules and the user answer them.
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Frame, Locator } from 'playwright-core';
import { painted } from '../vscode/page.mjs';
import { clearNotifications, commandByKeys, eventually, notification, tabTitles, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { filterBy, listed } from './inspector.ts';
import { invoke, pageReady, type Project } from './project.ts';
import { makeRustProject } from './rust-project.ts';

const UNHANDLED =
  'Command save_note has no TypeScript handler yet: it is defined in src-tauri/src/notes.rs:13. Create a handler stub from its signature, or answer it in the IPC Inspector.';

describe('commands that Rust defines and nobody handles', () => {
  let project: Project;
  let workbench: Workbench;
  let main: Frame;
  let inspector: Frame;
  let details: Locator;
  let tree: Locator;

  before(async () => {
    project = await makeRustProject();
    workbench = await startWorkbench({
      folder: project.folder,
      settings: { 'files.autoSave': 'off' },
      viewport: { width: 1600, height: 1000 },
    });
    await workbench.command('IPC Workbench: Open App');
    main = await pageReady(await workbench.appFrame('main'));
    await workbench.command('IPC Workbench: Show Commands');
    tree = workbench.page.locator('.part.sidebar');
    // A view that comes late takes the focus from the palette.
    await row('Project Notes').waitFor();
    await workbench.command('IPC Workbench: Open Inspector');
    inspector = await workbench.inspectorFrame();
    details = inspector.locator('section.detail');
  });
  after(() => workbench?.close());

  const saveNote = () => invoke(main, 'save_note', { title: 'Milk', isPinned: true });
  const rows = (words: string) => inspector.locator('[role=row][data-id]').filter({ hasText: words });
  const row = (name: string) => tree.getByRole('treeitem', { name });
  const shown = (name: string) => row(name).first().getAttribute('aria-label');
  const reload = async () => {
    const old = main;
    await workbench.command('IPC Workbench: Reload Windows');
    await until(() => old.isDetached(), 'the reload');
    main = await pageReady(await workbench.appFrame('main'));
  };
  const select = async (words: string) => {
    await filterBy(inspector, words);
    await rows('').last().click();
  };
  const openAnswer = async (words: string) => {
    await select(words);
    await details.getByRole('tab', { name: 'Answer' }).click();
    return details.getByRole('region', { name: 'Answer' });
  };

  test('a call rejects with where Rust defines its command; the capabilities decide before', async () => {
    assert.deepEqual(await saveNote(), { error: UNHANDLED });
    const denied = (await invoke(main, 'delete_note', { id: 1 })) as { readonly error: string };
    assert.match(denied.error, /^Command delete_note not allowed by ACL|delete_note not allowed/);
    await filterBy(inspector, 'is:unhandled');
    await eventually(() => listed(inspector), ['save_note unhandled']);
    await select('is:unhandled');
    await details.getByText('src-tauri/src/notes.rs:13').waitFor();
    await details.getByRole('button', { name: 'Create Handler Stub' }).waitFor();
    await painted(inspector);
    await workbench.screenshot('unhandled-call');
  });

  test('the tree shows what is handled, unhandled and denied', async () => {
    await row('Command save_note').waitFor();
    await eventually(() => shown('Command greet'), 'Command greet, no handler');
    await eventually(
      () => shown('Command delete_note'),
      'Command delete_note, denied: needs allow-delete-note, no handler',
    );
    await eventually(() => shown('Project Notes'), 'Project Notes, running');
    await eventually(() => shown('Window main'), 'Window main, open, Basic: main');
    await workbench.screenshot('tree-unhandled');
  });

  test('a notification offers what to do, once', async () => {
    const notice = await notification(
      workbench.page,
      '4 commands of Notes are defined in Rust and have no TypeScript handler yet.',
    );
    await notice.getByRole('button', { name: 'Create All Stubs' }).waitFor();
    await clearNotifications(workbench.page);
  });

  test('by hand: the next call waits in the inspector for its answer', async () => {
    await select('is:unhandled');
    await details.getByRole('button', { name: 'Answer by Hand…' }).click();
    await inspector.locator('.waiting-commands').getByText('save_note').waitFor();
    await filterBy(inspector, '');
    const answer = saveNote();
    const editor = details.getByLabel('Result as JSON');
    await editor.waitFor();
    await workbench.screenshot('answer-by-hand');
    await editor.fill('{"id": 7, "title": "Milk", "isPinned": true}');
    await details.getByRole('button', { name: 'Send Answer' }).click();
    assert.deepEqual(await answer, { ok: { id: 7, title: 'Milk', isPinned: true } });
    // The one after it is answered as before.
    assert.deepEqual(await saveNote(), { error: UNHANDLED });
  });

  test('a page that reloads ends a call that waits', async () => {
    await select('is:unhandled save_note');
    await details.getByRole('button', { name: 'Answer by Hand…' }).click();
    await filterBy(inspector, '');
    const lost = saveNote().catch(() => 'gone');
    await details.getByLabel('Result as JSON').waitFor();
    await reload();
    await lost;
    await filterBy(inspector, 'is:orphan');
    await eventually(() => listed(inspector), ['save_note orphan']);
  });

  test('the answer of a call becomes the answer of all, also after a reload', async () => {
    const region = await openAnswer('save_note is:ok');
    await region.getByRole('button', { name: 'Answer Always With This Result' }).click();
    const note = { id: 7, title: 'Milk', isPinned: true };
    await eventually(saveNote, { ok: note });
    assert.deepEqual(JSON.parse(project.read('.ipc-workbench/rules.json')), {
      version: 1,
      rules: [{ command: 'save_note', answer: { ok: note } }],
    });
    await reload();
    assert.deepEqual(await saveNote(), { ok: note });
    await clearNotifications(workbench.page);
    await select('save_note "Answered by a rule"');
    await details.getByText('Answered by a rule of .ipc-workbench/rules.json.').waitFor();
    await eventually(() => shown('Command save_note'), 'Command save_note, answered by a rule');
    await workbench.screenshot('answered-by-a-rule');
  });

  test('a rule that is wrong is in the Problems view, and the others hold', async () => {
    const rule = { command: 'save_note', answer: { error: 'no room' } };
    project.write(
      '.ipc-workbench/rules.json',
      JSON.stringify({ version: 1, rules: [{ command: 'greet', answer: { okay: 1 } }, rule] }, null, 2),
    );
    await eventually(saveNote, { error: 'no room' });
    await workbench.command('Problems: Focus on Problems View');
    await workbench.page
      .locator('.part.panel')
      .getByText('an answer is an object with one of "ok", "error" and "bytes"')
      .waitFor();
    rmSync(project.path('.ipc-workbench'), { recursive: true });
    await eventually(saveNote, { error: UNHANDLED });
    await workbench.command('IPC Workbench: Open Inspector');
  });

  test('a stub goes into a new backend and answers once its body is written', async () => {
    await select('is:unhandled save_note');
    await details.getByRole('button', { name: 'Create Handler Stub' }).click();
    await eventually(async () => (await tabTitles(workbench.page)).includes('main.ts'), true);
    assert.ok(existsSync(project.path('src-ipc/main.ts')));
    await workbench.screenshot('stub');
    const text = project.read('src-ipc/main.ts');
    assert.match(text, /title: z\.string\(\)/);
    const answer = { id: 7, title: 'saved', isPinned: true };
    project.write('src-ipc/main.ts', text.replace(/throw reject\(.*\);/, `return ${JSON.stringify(answer)};`));
    await eventually(saveNote, { ok: answer });
    await eventually(() => shown('Command save_note'), 'Command save_note, handled');
  });

  test('into a backend that is there a stub goes as an edit, to review and save', async () => {
    assert.match(JSON.stringify(await invoke(main, 'greet', { name: 'World' })), /no TypeScript handler yet/);
    await select('is:unhandled greet');
    await details.getByRole('button', { name: 'Create Handler Stub' }).click();
    await workbench.page.locator('.monaco-editor .view-lines').getByText("command('greet'").waitFor();
    assert.doesNotMatch(project.read('src-ipc/main.ts'), /'greet'/);
    await workbench.command('File: Save');
    await eventually(() => project.read('src-ipc/main.ts').includes("command('greet'"), true);
    const answer = { error: 'greet is not written yet. In Rust: src-tauri/src/main.rs:16' };
    await eventually(() => invoke(main, 'greet', { name: 'World' }), answer);
  });

  test('a row of the tree adds the permission that its command lacks', async () => {
    await row('Command delete_note').hover();
    await row('Command delete_note').getByRole('button', { name: 'Add Missing Permission…' }).click();
    await eventually(async () => (await tabTitles(workbench.page)).includes('main.json'), true);
    await workbench.page.locator('.monaco-editor .view-lines').getByText('allow-delete-note').waitFor();
    await workbench.command('File: Save');
    await eventually(() => project.read('src-tauri/capabilities/main.json').includes('"allow-delete-note"'), true);
    await eventually(() => shown('Command delete_note'), 'Command delete_note, no handler');
  });

  test('with keys alone: all stubs', async () => {
    await commandByKeys(workbench.page, 'IPC Workbench: Create All Stubs');
    await eventually(
      () =>
        ['list_notes', 'delete_note'].every((name) => project.read('src-ipc/main.ts').includes(`command('${name}'`)),
      true,
    );
    // What was there stays.
    assert.match(project.read('src-ipc/main.ts'), /"saved"/);
    await eventually(() => shown('Command delete_note'), 'Command delete_note, handled');
    await workbench.screenshot('all-stubs');
  });
});
