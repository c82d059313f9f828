// Every JavaScript template of create-tauri-app, generated and built, opened from one workspace, and its greeting clicked.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeTemplate, type Template, TEMPLATES } from '../frontends/frontends.ts';
import { TemporaryFolders } from '../vscode/temporary.mjs';
import { eventually, tabTitles, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';

const HANDLER = `import { app, command } from 'ipc-workbench';
import * as z from 'zod';

const greet = command('greet', { args: { name: z.string() } }, ({ name }) => \`Hello, \${name}! Greetings from TypeScript.\`);

export default app({ commands: [greet] });
`;

const folders = new TemporaryFolders();
after(() => folders.remove());

describe("create-tauri-app's templates", () => {
  let workbench: Workbench;

  before(async () => {
    const folder = folders.make('ipc-templates-');
    for (const template of TEMPLATES) {
      const project = await makeTemplate(template, folder);
      mkdirSync(join(project, 'src-ipc'));
      writeFileSync(join(project, 'src-ipc/main.ts'), HANDLER);
    }
    workbench = await startWorkbench({ folder, settings: { 'ipcWorkbench.frontend': 'dist' } });
  });
  after(() => workbench?.close());

  for (const template of TEMPLATES) {
    test(`${template}: the page opens, and its button greets`, async () => {
      await open(template);
      const main = await workbench.appFrame('main');
      await main.locator('input').first().fill('Ada');
      await main.getByRole('button', { name: 'Greet' }).click();
      await main.getByText('Hello, Ada! Greetings from TypeScript.').waitFor();
      if (template === 'react-ts') await workbench.screenshot('template-react-ts-light');
      await workbench.command('IPC Workbench: Close App');
      await eventually(() => tabTitles(workbench.page), []);
    });
  }

  async function open(template: Template): Promise<void> {
    await workbench.command('IPC Workbench: Open App');
    const picker = workbench.page.locator('.quick-input-widget:visible');
    await picker.locator('input').fill(template);
    // Exactly: "vue" is in "vue-ts" too, "react" in "preact".
    const rows = picker.locator('.monaco-list-row');
    const index = await until(async () => {
      const names = await rows.locator('.label-name').allInnerTexts();
      return 1 + names.findIndex((name) => name.trim() === template);
    }, `${template} in the picker`);
    await rows.nth(index - 1).click();
  }
});
