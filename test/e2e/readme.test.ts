// The README's "first command in five minutes", step by step, with the README's own text.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TemporaryFolders } from '../vscode/temporary.mjs';
import { eventually } from './controls.ts';
import { startWorkbench } from './harness.ts';

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
const folders = new TemporaryFolders();
after(() => folders.remove());

/** The code block that follows `before` in the README, without its indentation. */
function block(before: string): string {
  const match = new RegExp(`${before}[^\\n]*\\n(?: *\\n)*( *)\`\`\`\\w+\\n([\\s\\S]*?)\\n *\`\`\``).exec(readme);
  assert.ok(match, `the README has no code after ${before}`);
  return (match[2] as string).replaceAll(new RegExp(`^${match[1]}`, 'gm'), '');
}

test('the first command of one’s own, as the README tells it', { timeout: 180_000 }, async () => {
  const folder = folders.make('ipc-readme-');
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'tauri.conf.json'), block('`tauri.conf.json`'));
  writeFileSync(join(folder, 'dist/index.html'), block('`dist/index.html`'));
  const workbench = await startWorkbench({ folder, viewport: { width: 1400, height: 900 } });

  await workbench.command('IPC Workbench: Open App');
  const page = await workbench.appFrame('main');
  await page.locator('#go').click();

  await workbench.command('IPC Workbench: Open Inspector');
  const inspector = await workbench.inspectorFrame();
  const calls = inspector.getByRole('row').filter({ hasText: 'greet' });
  await calls.first().getByText('error').waitFor();
  await calls.first().click();
  await inspector.getByRole('tab', { name: 'Error' }).click();
  await inspector.getByText('Command greet not found').first().waitFor();

  await workbench.command('IPC Workbench: Create Backend (src-ipc/main.ts)');
  const file = join(folder, 'src-ipc/main.ts');
  await eventually(
    () => existsSync(file) && readFileSync(file, 'utf8').trim(),
    block('It writes `src-ipc/main.ts`').trim(),
  );
  await eventually(async () => {
    await page.locator('#go').click();
    return page.locator('#out').evaluate((output) => (output as HTMLOutputElement).value);
  }, 'Hello, World!');

  writeFileSync(file, readFileSync(file, 'utf8').replace('Hello, ', 'Good day, '));
  await eventually(async () => {
    await page.locator('#go').click();
    return page.locator('#out').evaluate((output) => (output as HTMLOutputElement).value);
  }, 'Good day, World!');

  await calls.last().click();
  await inspector.getByRole('button', { name: 'Edit & Resend' }).click();
  await inspector.getByRole('textbox', { name: /arguments/i }).fill('{ "name": 7 }');
  await inspector.page().keyboard.press('Control+Enter');
  const text = 'invalid args `name` for command `greet`: invalid type: integer `7`, expected a string';
  await inspector.getByRole('tab', { name: 'Error' }).click();
  await inspector.getByText(text).first().waitFor();
  await workbench.screenshot('readme');
  await workbench.close();
});
