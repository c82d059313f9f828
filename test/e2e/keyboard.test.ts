// With the focus in an app's page, VS Code's keys are still VS Code's, and the page's are the page's.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Frame, Locator } from 'playwright-core';
import { eventually } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { makeProject, pageReady } from './project.ts';

describe('the keyboard in a page', () => {
  let workbench: Workbench;
  let main: Frame;
  let palette: Locator;

  before(async () => {
    const project = await makeProject();
    workbench = await startWorkbench({ folder: project.folder });
    await workbench.command('IPC Workbench: Open App');
    main = await pageReady(await workbench.appFrame('main'));
    palette = workbench.page.locator('.quick-input-widget:visible input');
  });
  after(() => workbench?.close());

  // As a user does: a click in the page, and the focus is there.
  beforeEach(async () => {
    await main.locator('#text').click();
    await eventually(() => main.evaluate(() => document.activeElement?.id), 'text');
    assert.equal(await workbench.page.evaluate(() => document.activeElement?.tagName), 'IFRAME');
  });

  for (const keys of ['F1', 'Control+Shift+P']) {
    test(`${keys} opens the command palette`, async () => {
      await workbench.page.keyboard.press(keys);
      await palette.waitFor();
      await eventually(() => palette.inputValue(), '>');
      if (keys === 'F1') await workbench.screenshot('palette-over-a-page');
      await workbench.page.keyboard.type('close app');
      await eventually(() => palette.inputValue(), '>close app'); // it has the focus, not only the stage
      await workbench.page.keyboard.press('Escape');
      await palette.waitFor({ state: 'detached' });
      // The page has the focus again; of the element that had it the browser keeps the place: Tab goes to the next.
      await eventually(() => main.evaluate(() => document.hasFocus()), true);
      await workbench.page.keyboard.press('Tab');
      await eventually(() => main.evaluate(() => document.activeElement?.id), 'send');
    });
  }

  test('a shortcut runs its command: Ctrl+B hides and shows the side bar', async () => {
    const sideBar = workbench.page.locator('.part.sidebar');
    await sideBar.waitFor();
    await workbench.page.keyboard.press('Control+b');
    await sideBar.waitFor({ state: 'hidden' });
    await main.locator('#text').click();
    await workbench.page.keyboard.press('Control+b');
    await sideBar.waitFor();
  });

  test('what is typed and edited stays in the page', async () => {
    const { keyboard } = workbench.page;
    await keyboard.type('first words');
    await keyboard.press('Control+a');
    await keyboard.press('Control+x');
    await keyboard.type('[');
    await keyboard.press('Control+v');
    await keyboard.type(']');
    await eventually(() => main.locator('#text').inputValue(), '[first words]');
    await keyboard.press('Control+z');
    await eventually(async () => (await main.locator('#text').inputValue()) !== '[first words]', true);
    await main.locator('#text').fill('sent by Enter');
    await keyboard.press('Enter');
    await eventually(() => main.locator('#answer').innerText(), 'sent by Enter');
    await keyboard.press('Tab');
    await eventually(() => main.evaluate(() => document.activeElement?.id), 'send');
    assert.equal(await palette.count(), 0);
  });

  test('a key that the page has taken for itself is not handed on', async () => {
    await main.evaluate(() =>
      addEventListener(
        'keydown',
        (event) => {
          if (event.key !== 'F1') return;
          event.preventDefault();
          document.documentElement.dataset['help'] = 'shown';
        },
        { capture: true },
      ),
    );
    await workbench.page.keyboard.press('F1');
    await main.waitForFunction(() => document.documentElement.dataset['help'] === 'shown');
    // Keys are handed on in order: had F1 been, the palette would be there before this one's effect.
    await workbench.page.keyboard.press('Control+b');
    await workbench.page.locator('.part.sidebar').waitFor({ state: 'hidden' });
    assert.equal(await palette.count(), 0);
  });
});
