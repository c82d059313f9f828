/** What is opened for a page belongs to that page, or to nobody. */
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import type { CommandContext } from '#core/command.ts';
import { FsCommands } from '../../../extension/plugins/fs/access.ts';
import { OpenFile } from '../../../extension/plugins/fs/open-file.ts';
import { TestApp } from './harness.ts';

const openThis = () => open(fileURLToPath(import.meta.url));

async function hold(signal: AbortSignal) {
  const app = await TestApp.start();
  const { connection } = app.open('main');
  const fs = new FsCommands(app.core, app.host);
  const context = { window: { label: 'main' }, signal } as unknown as CommandContext;
  const handle = await openThis();
  const make = (_handle: unknown, onClosed: () => void) => new OpenFile(handle, false, onClosed);
  const rid = fs.hold(context, 'open', async () => handle, make);
  return { app, connection, handle, rid };
}

test('a file is closed with its page', async () => {
  const { connection, handle, rid } = await hold(new AbortController().signal);
  expect(connection.resources.find(await rid)).toBeInstanceOf(OpenFile);
  connection.resources.dispose();
  await vi.waitFor(() => expect(handle.fd).toBe(-1), 30_000);
});

test('a file that was being opened when its page went is closed at once', async () => {
  const { connection, handle, rid } = await hold(AbortSignal.abort());
  await expect(rid).rejects.toThrow('the page is gone');
  expect(connection.resources.size).toBe(0);
  await vi.waitFor(() => expect(handle.fd).toBe(-1), 30_000);
});
