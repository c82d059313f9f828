// Who does not see, sees little, or wants no motion uses the inspector, too: axe in each theme, large text, forced colours.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import type { Frame } from 'playwright-core';
import { painted } from '../vscode/page.mjs';
import { eventually, press } from './controls.ts';
import { startWorkbench, themes, type Workbench } from './harness.ts';
import { filterBy } from './inspector.ts';

describe('the inspector, for everybody', () => {
  let workbench: Workbench;
  let inspector: Frame;

  before(async () => {
    workbench = await startWorkbench();
    await workbench.command('IPC Workbench: Open Demo');
    const main = await workbench.appFrame('main');
    await main.locator('#window-label', { hasText: 'main' }).waitFor();
    await press(main, 'greet-run', 'greet-result');
    await press(main, 'user-wrong', 'user-result');
    await main.locator('#stream-size-1').check();
    await press(main, 'stream-run', 'stream-result');
    await press(main, 'access-secret', 'access-result');
    await workbench.command('IPC Workbench: Open Inspector');
    inspector = await workbench.inspectorFrame();
    await inspector.evaluate(axe.source);
  });
  after(() => workbench?.close());

  /** What axe finds that keeps people out, as `rule: element`. */
  async function faults(): Promise<string[]> {
    await painted(inspector);
    const { violations } = await inspector.evaluate(() =>
      (globalThis as unknown as { readonly axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
    );
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  }

  async function setTheme(theme: keyof typeof themes): Promise<void> {
    mkdirSync(join(workbench.folder, '.vscode'), { recursive: true });
    const settings = { 'workbench.colorTheme': themes[theme] };
    writeFileSync(join(workbench.folder, '.vscode/settings.json'), JSON.stringify(settings));
    const kind = {
      light: 'light',
      dark: 'dark',
      'high contrast': 'high-contrast',
      'high contrast light': 'high-contrast-light',
    };
    await inspector.locator(`body[data-vscode-theme-kind=vscode-${kind[theme]}]`).waitFor();
  }

  const select = async (words: string) => {
    await filterBy(inspector, words);
    await inspector.locator('[role=row][data-id]').last().click();
    await inspector.locator('section.detail [role=tab]').first().waitFor();
  };
  const show = (view: string) => inspector.getByRole('radio', { name: view, exact: true }).click();

  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    test(`check 74: axe finds nothing serious, ${theme}`, async () => {
      await setTheme(theme);
      await select('update_user');
      await filterBy(inspector, '');
      assert.deepEqual(await faults(), [], 'list and details');
      await workbench.screenshot(`inspector-access-${theme}`);
      await select('is:denied');
      await inspector.getByRole('region', { name: 'Permission' }).waitFor();
      assert.deepEqual(await faults(), [], 'why it was denied');
      await filterBy(inspector, '');
      await show('Sequence');
      assert.deepEqual(await faults(), [], 'sequence');
      await show('Statistics');
      assert.deepEqual(await faults(), [], 'statistics');
      await show('List');
    });
  }

  test('check 74: the list is a grid that says how many rows there are; each tab of the details holds', async () => {
    await filterBy(inspector, 'nothing has this');
    await inspector.getByText(/\b0 of \d+ match$/).waitFor();
    assert.deepEqual(await faults(), [], 'nothing found');
    await select('cmd:download');
    const grid = inspector.getByRole('grid', { name: 'Messages' });
    assert.ok(Number(await grid.getAttribute('aria-rowcount')) > 1);
    const tabs = inspector.locator('section.detail [role=tab]');
    for (let at = 0; at < (await tabs.count()); at++) {
      await tabs.nth(at).click();
      assert.deepEqual(await faults(), [], (await tabs.nth(at).textContent()) ?? '');
    }
  });

  test('twice as large, nothing is cut off; with forced colours and without motion it holds', async () => {
    const { page } = workbench;
    const before = page.viewportSize();
    await page.setViewportSize({ width: 700, height: 450 });
    const overflow = () => inspector.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await eventually(overflow, 0);
    await workbench.screenshot('inspector-access-zoomed');
    assert.deepEqual(await faults(), [], 'zoomed');
    if (before) await page.setViewportSize(before);
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    assert.deepEqual(await faults(), [], 'forced colours');
    await workbench.screenshot('inspector-access-forced-colors');
    assert.equal(await inspector.evaluate(() => document.getAnimations().length), 0);
    await page.emulateMedia({ forcedColors: null, reducedMotion: null });
  });
});
