/** Diagnostics and quick fixes as a client gets them. */
import { DEFAULT_LANGUAGE_SETTINGS, SETTINGS_CHANGED } from '#core/language-messages.ts';
import { type CodeAction, DiagnosticSeverity } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { TestClient } from '../server.ts';
import { rust, script } from './project.ts';

const FILES = {
  ...rust('#[tauri::command]\nfn greet() {}\n#[tauri::command]\nfn leave() {}\n', 'greet'),
  'src/main.ts': script("await invoke('leave');"),
};

test('a diagnostic has a code with a link to the docs, and other places that explain it', async () => {
  await using client = await TestClient.start(FILES);
  const [found, ...others] = await client.diagnostics('src/main.ts', (all) => all.length > 0);
  expect(others).toEqual([]);
  expect(found).toEqual({
    range: { start: { line: 2, character: 14 }, end: { line: 2, character: 19 } },
    severity: DiagnosticSeverity.Warning,
    source: 'IPC Workbench',
    code: 'not-registered',
    codeDescription: {
      href: 'https://github.com/ipc-workbench/ipc-workbench/blob/main/docs/language-server.md#not-registered',
    },
    message: 'leave is in no generate_handler! list: a call rejects with "Command leave not found"',
    relatedInformation: [
      {
        location: {
          uri: client.uri('src-tauri/src/lib.rs'),
          range: { start: { line: 4, character: 3 }, end: { line: 4, character: 8 } },
        },
        message: 'fn leave()',
      },
    ],
  });
});

test('what is wrong goes with the text that is wrong, and comes back with it', async () => {
  await using client = await TestClient.start(FILES);
  await client.open('src/main.ts');
  await client.diagnostics('src/main.ts', (all) => all.length === 1);
  await client.change('src/main.ts', script("await invoke('greet');"));
  await client.diagnostics('src/main.ts', (all) => all.length === 0);
  await client.change('src/main.ts', script("await invoke('leave');"));
  await client.diagnostics('src/main.ts', (all) => all.length === 1);
});

test('the setting makes a diagnostic worse, better, or nothing', async () => {
  await using client = await TestClient.start(FILES);
  await client.diagnostics('src/main.ts', (all) => all.length === 1);
  const set = (level: string) => {
    const settings = { ...DEFAULT_LANGUAGE_SETTINGS, diagnostics: { 'not-registered': level } };
    return client.connection.sendNotification(SETTINGS_CHANGED, settings);
  };
  await set('error');
  await client.diagnostics('src/main.ts', ([found]) => found?.severity === DiagnosticSeverity.Error);
  await set('off');
  await client.diagnostics('src/main.ts', (all) => all.length === 0);
});

test('quick fixes come for diagnostics that are still true', async () => {
  await using client = await TestClient.start(FILES);
  const diagnostics = await client.diagnostics('src/main.ts', (all) => all.length === 1);
  const textDocument = { uri: client.uri('src/main.ts') };
  const asked = { textDocument, range: diagnostics[0]?.range, context: { diagnostics } };
  const [fix, ...others] = await client.request<CodeAction[]>('textDocument/codeAction', asked);
  expect(fix).toMatchObject({ kind: 'quickfix', isPreferred: true, diagnostics });
  // The last one has nothing to do with what is wrong.
  expect(others.at(-1)).toMatchObject({
    title: 'Do not report "not-registered" in this workspace',
    command: { command: 'ipcWorkbench.silenceDiagnostic', arguments: ['not-registered'] },
  });
  expect(fix?.edit && client.edited(fix.edit)['src-tauri/src/lib.rs']).toContain('generate_handler![greet, leave]');
  await client.open('src/main.ts', script('export {};'));
  expect(await client.request('textDocument/codeAction', asked)).toEqual([]);
});

test('only files where something else is wrong than before are published, the one that is typed in first', async () => {
  const leave = script("await invoke('leave');");
  const more = Array.from(
    { length: 30 },
    (_, index) => [`src/more${index}.ts`, script("await invoke('greet');")] as const,
  );
  await using client = await TestClient.start({ ...FILES, ...Object.fromEntries(more), 'src/zoo.ts': leave });
  await client.open('src/zoo.ts');
  await client.diagnostics('src/zoo.ts', (all) => all.length === 1);
  await client.diagnostics('src/main.ts', (all) => all.length === 1);
  await client.diagnostics('src-tauri/src/lib.rs', (all) => all.length === 1);
  expect([...client.published].sort()).toEqual(['src-tauri/src/lib.rs', 'src/main.ts', 'src/zoo.ts']);
  const before = client.published.length;
  await client.change('src/zoo.ts', `${leave}await invoke('stay');\n`);
  await client.diagnostics('src/zoo.ts', (all) => all.length === 2);
  await client.change('src/zoo.ts', script("await invoke('greet');"));
  await client.diagnostics('src/zoo.ts', (all) => all.length === 0);
  await client.diagnostics('src-tauri/src/lib.rs', ([found]) => found?.relatedInformation?.length === 1);
  expect(client.published.slice(before)).toEqual(['src/zoo.ts', 'src/zoo.ts', 'src-tauri/src/lib.rs']);
});
