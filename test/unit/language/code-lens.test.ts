/** What stands above handlers, Rust commands and calls. */
import type { CodeLens } from 'vscode-languageserver';
import { expect, test } from 'vitest';
import { type LanguageSettings, SETTINGS_CHANGED, STATISTICS_CHANGED } from '#core/language-messages.ts';
import type { CommandStatistics } from '#core/statistics.ts';
import { TestClient } from './server.ts';

const FILES = {
  'src-tauri/tauri.conf.json': '{ "productName": "notes" }',
  'src-tauri/Cargo.toml': '[package]\nname = "notes"\n',
  'src-tauri/src/lib.rs': [
    '#[tauri::command]',
    'fn greet(name: String, times: u32, note: Option<String>, state: tauri::State<Notes>) -> String { name }',
    '#[tauri::command]',
    'fn unused() {}',
    'fn run() { tauri::Builder::default().invoke_handler(tauri::generate_handler![greet, unused]); }',
  ].join('\n'),
  'src/main.ts': [
    "import { invoke } from '@tauri-apps/api/core';",
    "await invoke('greet', { name: 'a', times: 1 }); await invoke('greet', { name: 'b', times: 2 });",
    "await invoke('unused');",
  ].join('\n'),
  'src/other.ts': "import { invoke } from '@tauri-apps/api/core';\nawait invoke('greet', { name: 'c', times: 3 });",
};

const numbers = (some: Partial<CommandStatistics>): CommandStatistics => ({
  app: 'notes',
  command: 'greet',
  count: 1,
  errors: 0,
  denied: 0,
  pending: 0,
  p50: undefined,
  p95: undefined,
  p99: undefined,
  max: undefined,
  bytesIn: 0,
  bytesOut: 0,
  firstSeen: 0,
  lastSeen: 0,
  ...some,
});

/** The lenses of a file with their words, as lines `line: title`. */
async function lenses(
  client: TestClient,
  path: string,
): Promise<{ readonly lines: string[]; readonly all: CodeLens[] }> {
  const textDocument = { uri: client.uri(path) };
  const found = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument });
  expect(found.every(({ command }) => command === undefined)).toBe(true);
  const all = await Promise.all(found.map((each) => client.request<CodeLens>('codeLens/resolve', each)));
  return { lines: all.map(({ range, command }) => `${range.start.line}: ${command?.title}`), all };
}

test('above Rust commands: run, and who calls them; above calls nothing while there is no traffic', async () => {
  await using client = await TestClient.start(FILES);
  const { lines, all } = await lenses(client, 'src-tauri/src/lib.rs');
  expect(lines).toEqual(['1: run…', '1: 3 callers', '3: run…', '3: 1 caller']);
  expect((await lenses(client, 'src/main.ts')).lines).toEqual([]);
  const [run, callers] = all;
  expect(run?.command).toMatchObject({
    command: 'ipcWorkbench.runCommand',
    arguments: [{ project: client.folder, command: 'greet', payload: expect.stringContaining('"name":') }],
  });
  const [{ payload = '' } = {}] = (run?.command?.arguments ?? []) as { readonly payload?: string }[];
  expect(Object.keys(JSON.parse(payload) as object)).toEqual(expect.arrayContaining(['name', 'times']));
  expect(Object.keys(JSON.parse(payload) as object)).not.toContain('state');
  expect(callers?.command?.command).toBe('editor.action.showReferences');
  const place = (path: string) => expect.objectContaining({ uri: client.uri(path) }) as unknown;
  expect(callers?.command?.arguments).toEqual([
    client.uri('src-tauri/src/lib.rs'),
    { line: 1, character: 3 },
    expect.arrayContaining([place('src/main.ts'), place('src/main.ts'), place('src/other.ts')]),
  ]);
});

test('numbers of the traffic, above commands and once above each line with calls; a click shows the messages', async () => {
  await using client = await TestClient.start(FILES);
  await client.connection.sendNotification(STATISTICS_CHANGED, [
    numbers({ count: 1_204, p95: 3.21, errors: 2, denied: 1 }),
    numbers({ app: 'another app', command: 'unused' }),
  ]);
  const { lines, all } = await lenses(client, 'src-tauri/src/lib.rs');
  const title = '1,204 calls · p95 3.2 ms · 2 errors · 1 denied';
  expect(lines).toEqual([`1: ${title}`, '1: run…', '1: 3 callers', '3: run…', '3: 1 caller']);
  expect(all[0]?.command).toMatchObject({ command: 'ipcWorkbench.showMessages', arguments: ['cmd:greet'] });
  expect((await lenses(client, 'src/main.ts')).lines).toEqual([`1: ${title}`]);
});

test('numbers that change are shown anew: the editor is told, and asks', async () => {
  await using client = await TestClient.start(FILES);
  const { promise, resolve } = Promise.withResolvers<void>();
  await lenses(client, 'src/main.ts');
  client.connection.onRequest('workspace/codeLens/refresh', () => {
    resolve();
    return null;
  });
  await client.connection.sendNotification(STATISTICS_CHANGED, [numbers({ count: 1 })]);
  await promise;
  expect((await lenses(client, 'src/other.ts')).lines).toEqual(['1: 1 call']);
});

test('of two apps with one name both count', async () => {
  await using client = await TestClient.start(FILES);
  await client.connection.sendNotification(STATISTICS_CHANGED, [
    numbers({ count: 1, p95: 1_500 }),
    numbers({ app: 'notes (apps/notes)', count: 2, p95: 40 }),
  ]);
  expect((await lenses(client, 'src/other.ts')).lines).toEqual(['1: 3 calls · p95 1.5 s']);
});

test('none where the setting is off', async () => {
  await using client = await TestClient.start(FILES);
  const settings: LanguageSettings = {
    codeLens: false,
    inlayHints: false,
    diagnostics: {},
    hasRustAnalyzer: false,
    hasTauriExtension: false,
  };
  await client.connection.sendNotification(SETTINGS_CHANGED, settings);
  expect((await lenses(client, 'src-tauri/src/lib.rs')).lines).toEqual([]);
});
