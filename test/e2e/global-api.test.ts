// The template of create-tauri-app without a build: its page has no package, only the global api.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { makeTemplate } from '../frontends/frontends.ts';
import { TemporaryFolders } from '../vscode/temporary.mjs';
import { eventually } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';

const HANDLERS = `import { app, command } from 'ipc-workbench';
import * as z from 'zod';

const greet = command('greet', { args: { name: z.string() } }, ({ name }) => \`Hello, \${name}!\`);
export default app({ commands: [greet] });
`;

describe('window.__TAURI__', () => {
  const folders = new TemporaryFolders();
  let workbench: Workbench;
  let main: Frame;

  before(async () => {
    const folder = await makeTemplate('vanilla', folders.make('global-api-'));
    mkdirSync(join(folder, 'src-ipc'));
    writeFileSync(join(folder, 'src-ipc/main.ts'), HANDLERS);
    workbench = await startWorkbench({ folder });
    await workbench.command('IPC Workbench: Open App');
    main = await workbench.appFrame('main');
  });
  after(async () => {
    await workbench?.close();
    folders.remove();
  });

  test('the page of the template greets', async () => {
    await main.locator('#greet-input').fill('Ada');
    await main.locator('#greet-form button').click();
    await eventually(() => main.locator('#greet-msg').innerText(), 'Hello, Ada!');
  });

  test('the plugin of its capability is there, others are not', async () => {
    const found = await main.evaluate(() => {
      const api = (window as unknown as { __TAURI__: Record<string, object> }).__TAURI__;
      return { core: Object.keys(api).length, opener: Object.keys(api['opener'] ?? {}), dialog: 'dialog' in api };
    });
    assert.deepEqual(found, { core: 12, opener: ['openPath', 'openUrl', 'revealItemInDir'], dialog: false });
  });
});
