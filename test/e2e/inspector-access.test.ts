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
      .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html.slice(0, 300)}`));
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
      await show('List');
      const found: Record<string, readonly string[]> = {};
      await select('update_user');
      await filterBy(inspector, '');
      found['list and details'] = await faults();
      await workbench.screenshot(`inspector-access-${theme}`);
      await select('is:denied');
      await inspector.getByRole('region', { name: 'Permission' }).waitFor();
      found['why it was denied'] = await faults();
      await filterBy(inspector, '');
      await inspector.locator('.grid').focus();
      await inspector.page().keyboard.press('?');
      await inspector.getByRole('dialog').waitFor();
      found['keys'] = await faults();
      await inspector.page().keyboard.press('Escape');
      await inspector.getByRole('dialog').waitFor({ state: 'detached' });
      await show('Sequence');
      found['sequence'] = await faults();
      await show('Statistics');
      found['statistics'] = await faults();
      assert.deepEqual(found, {
        'list and details': [],
        'why it was denied': [],
        keys: [],
        sequence: [],
        statistics: [],
      });
    });
  }

  test('check 74: the list is a grid that says how many rows there are; each tab of the details holds', async () => {
    await show('List');
    await filterBy(inspector, 'nothing has this');
    await inspector.getByText(/\b0 of \d+ match$/).waitFor();
    assert.deepEqual(await faults(), [], 'nothing found');
    await filterBy(inspector, '');
    const grid = inspector.getByRole('grid', { name: 'Messages' });
    assert.ok(Number(await grid.getAttribute('aria-rowcount')) > 5);
    await select('cmd:download');
    const found: string[] = [];
    for (const tab of await inspector.locator('section.detail [role=tab]').all()) {
      await tab.click();
      for (const fault of await faults()) found.push(`${await tab.textContent()}: ${fault}`);
    }
    assert.deepEqual(found, []);
  });

  test('twice as large, nothing is cut off', async () => {
    const { page } = workbench;
    const before = page.viewportSize() ?? { width: 1400, height: 900 };
    await show('List');
    await select('cmd:download');
    await page.setViewportSize({ width: before.width / 2, height: before.height / 2 });
    await eventually(() => inspector.evaluate(controlsOutside), []);
    assert.deepEqual(await faults(), []);
    await workbench.screenshot('inspector-access-twice-as-large');
    await page.setViewportSize(before);
  });

  test('with forced colours and without motion it holds', async () => {
    const { page } = workbench;
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    assert.deepEqual(await faults(), []);
    await workbench.screenshot('inspector-access-forced-colors');
    assert.equal(await inspector.evaluate(() => document.getAnimations().length), 0);
    await page.emulateMedia({ forcedColors: null, reducedMotion: null });
  });
});

/** Runs in the page: what one could press or write in and cannot see whole. What scrolls may be scrolled to. */
function controlsOutside(): string[] {
  const controls = document.querySelectorAll('.toolbar :is(button, input), .detail-header button');
  return [...controls].flatMap((control) => {
    const { left, right, width } = control.getBoundingClientRect();
    const isWhole = left >= 0 && right <= window.innerWidth;
    return width === 0 || isWhole ? [] : [control.getAttribute('aria-label') ?? control.className];
  });
}
