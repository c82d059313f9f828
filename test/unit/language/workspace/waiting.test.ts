/** Requests do not wait for ever for what is being read, and who waits long is shown how far it is. */
import type { CompletionItem, CompletionList, Connection } from 'vscode-languageserver';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RustReader } from '#server/rust/index.ts';
import { Progress } from '#server/progress.ts';
import { TestClient } from '../server.ts';
import { createReader } from './workspaces.ts';

const FILES = {
  'src-tauri/tauri.conf.json': '{ "productName": "app" }',
  'src-tauri/src/lib.rs': '#[tauri::command]\nfn greet() {}',
  'src/main.ts': "import { invoke } from '@tauri-apps/api/core';\nawait invoke('‸');",
};

test('completion is answered while files are being read, and asked again: it may be incomplete', async () => {
  const { promise, resolve } = Promise.withResolvers<RustReader>();
  await using client = await TestClient.start(FILES, {
    rustReader: () => promise,
    patience: { typing: 0, looking: 0 },
  });
  await client.open('src/main.ts');
  const complete = () =>
    client.request<CompletionList | CompletionItem[]>('textDocument/completion', client.at('src/main.ts'));
  expect(await complete()).toMatchObject({ isIncomplete: true });
  resolve(await createReader());
  await expect
    .poll(async () => {
      const answer = await complete();
      return (Array.isArray(answer) ? answer : []).map(({ label }) => label);
    })
    .toContain('greet');
});

describe('progress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is shown from the first second on until reading is over, and can be cancelled', async () => {
    const { connection, said, cancel } = fakeConnection();
    const progress = new Progress(connection);
    const pass = { done: 10, total: 5_000, isOver: false, cancel: vi.fn() };
    progress.follow(pass);
    await vi.advanceTimersByTimeAsync(900);
    expect(said).toEqual([]);
    pass.done = 1_234;
    await vi.advanceTimersByTimeAsync(100);
    expect(said).toEqual(['IPC Workbench: reading 1,234 of 5,000 files, can be cancelled']);
    pass.done = 2_500;
    await vi.advanceTimersByTimeAsync(200);
    expect(said.at(-1)).toBe('50 %: reading 2,500 of 5,000 files');
    cancel();
    expect(pass.cancel).toHaveBeenCalledOnce();
    pass.isOver = true;
    await vi.advanceTimersByTimeAsync(200);
    expect(said.at(-1)).toBe('done');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is not shown for what takes less than a second', async () => {
    const { connection, said } = fakeConnection();
    const pass = { done: 1, total: 1, isOver: false, cancel: () => undefined };
    new Progress(connection).follow(pass);
    await vi.advanceTimersByTimeAsync(500);
    pass.isOver = true;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(said).toEqual([]);
  });
});

/** A connection that keeps what progress it was told. */
function fakeConnection() {
  const said: string[] = [];
  let cancel = () => undefined as void;
  const reporter = {
    token: { onCancellationRequested: (listener: () => void) => void (cancel = listener) },
    begin: (title: string, _percentage: number, text: string, canCancel: boolean) =>
      said.push(`${title}: ${text}${canCancel ? ', can be cancelled' : ''}`),
    report: (percentage: number, text: string) => said.push(`${percentage} %: ${text}`),
    done: () => said.push('done'),
  };
  const connection = { window: { createWorkDoneProgress: async () => reporter } } as unknown as Connection;
  return { connection, said, cancel: () => cancel() };
}
