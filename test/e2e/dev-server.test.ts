// Hot reload in a panel, with the genuine Vite: 50 edits without a new page, an edit that makes one, a server that goes.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Frame } from 'playwright-core';
import { createServer, type InlineConfig, type ViteDevServer } from 'vite';
import { freePort } from '../vscode/browser.mjs';
import { TemporaryFolders } from '../vscode/temporary.mjs';
import { eventually, tab, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { filterBy, listed, listedRows } from './inspector.ts';
import { invoke, pageReady, reloaded } from './project.ts';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const fixture = join(root, 'test/fixtures/projects/vite');
const folders = new TemporaryFolders();
after(() => folders.remove());

declare global {
  /** Another one for each load of the page. */
  var loads: string;
  /** How often a module was replaced. */
  var updates: number;
}

type Configuration = { build: Record<string, unknown>; app: { security: Record<string, unknown> } };

/** A copy of the project that an edit may change. */
function makeViteProject(port: number, change: (configuration: Configuration) => void = () => {}) {
  const folder = join(folders.make('ipc-'), 'hot');
  cpSync(fixture, folder, { recursive: true });
  const path = (file: string) => join(folder, file);
  const file = path('src-tauri/tauri.conf.json');
  const configuration = JSON.parse(readFileSync(file, 'utf8')) as Configuration;
  configuration.build['devUrl'] = `http://localhost:${port}`;
  change(configuration);
  writeFileSync(file, JSON.stringify(configuration));
  return {
    folder,
    write: (file: string, text: string) => {
      mkdirSync(join(path(file), '..'), { recursive: true });
      writeFileSync(path(file), text);
    },
  };
}

/** As `npm run dev` of a template starts it. */
async function startVite(folder: string, port: number, server: InlineConfig['server'] = {}): Promise<ViteDevServer> {
  const vite = await createServer({
    root: folder,
    configFile: false,
    clearScreen: false,
    logLevel: 'warn',
    cacheDir: join(folder, 'node_modules/.vite'),
    resolve: { alias: { '@tauri-apps/api': join(root, 'node_modules/@tauri-apps/api') } },
    optimizeDeps: { noDiscovery: true },
    server: { port, strictPort: true, host: 'localhost', fs: { strict: false }, ...server },
  });
  return vite.listen();
}

const shownMessage = (frame: Frame) => frame.locator('#message').textContent();
const stateOf = (frame: Frame) => frame.evaluate(() => ({ loads, updates }));

/** The page that stands in for an app whose server does not answer. */
function waitingPage({ page }: Workbench): Promise<Frame> {
  const find = async () => {
    for (const frame of page.frames()) {
      const found = await frame.evaluate(() => document.body.hasAttribute('data-unreachable')).catch(() => false);
      if (found) return frame;
    }
    return undefined;
  };
  return until(find, 'the page that waits for the server');
}

/**
 * Makes an edit and waits for it. What Vite watches files with drops a change that comes less than 50 ms after another of
 * the same file, also the second half of a save that it has seen as two: then it is saved again, as anybody would.
 * Gives how often it was saved.
 */
async function editUntil(
  { watcher }: ViteDevServer,
  edit: () => void,
  isSeen: () => Promise<boolean>,
): Promise<number> {
  let changed = performance.now();
  const note = () => (changed = performance.now());
  watcher.on('change', note);
  try {
    let saves = 0;
    let saved = Number.NEGATIVE_INFINITY;
    await until(async () => {
      if (performance.now() - saved > 3000) {
        edit();
        saves++;
        saved = performance.now();
      }
      return isSeen();
    }, 'seeing the edit');
    await until(() => performance.now() - changed > 60, 'the time in which changes are dropped');
    return saves;
  } finally {
    watcher.off('change', note);
  }
}

describe('a dev server with hot reload', () => {
  let project: ReturnType<typeof makeViteProject>;
  let workbench: Workbench;
  let vite: ViteDevServer;
  let main: Frame;
  let port: number;

  before(async () => {
    port = await freePort();
    project = makeViteProject(port);
    vite = await startVite(project.folder, port);
    workbench = await startWorkbench({ folder: project.folder });
    await workbench.command('IPC Workbench: Open App');
    main = await pageReady(await workbench.appFrame('main'));
  });
  after(async () => {
    await vite.close();
  });

  test('50 edits are seen without a new page, whatever the CSP says', async () => {
    const { loads } = await stateOf(main);
    let saves = 0;
    for (let edit = 1; edit <= 50; edit++) {
      const save = () => project.write('src/message.ts', `export const message = 'edit ${edit}';`);
      saves += await editUntil(vite, save, async () => (await shownMessage(main)) === `edit ${edit}`);
    }
    const seen = await stateOf(main);
    assert.equal(seen.loads, loads);
    assert.ok(seen.updates >= 50 && seen.updates <= saves, `${seen.updates} updates of ${saves} saves`);
    assert.deepEqual(await main.evaluate(() => location.pathname), '/');
  });

  test('so is an edit of a style', async () => {
    const { loads } = await stateOf(main);
    const color = () => main.locator('#message').evaluate((element) => getComputedStyle(element).color);
    await eventually(color, 'rgb(0, 0, 1)');
    project.write('src/style.css', '#message { color: rgb(0, 0, 2); }');
    await eventually(color, 'rgb(0, 0, 2)');
    assert.equal((await stateOf(main)).loads, loads);
  });

  test('an edit that loads the page anew leaves nothing of the old one behind', async () => {
    const { loads } = await stateOf(main);
    const rid = await main.evaluate(async () => {
      const { Channel, invoke } = tauri.core;
      await tauri.event.listen('tick', () => {});
      const channel = new Channel<number>();
      const { promise, resolve } = Promise.withResolvers<void>();
      channel.onmessage = () => resolve();
      void invoke('stream', { channel });
      await promise;
      return invoke<number>('plugin:image|new', { rgba: [0, 0, 0, 0], width: 1, height: 1 });
    });
    assert.ok((await invoke(main, 'plugin:image|size', { rid })) && rid > 0);

    project.write('index.html', readFileSync(join(fixture, 'index.html'), 'utf8').replace('>0<', '>1<'));
    await until(async () => (await stateOf(main).catch(() => undefined))?.loads !== loads, 'a new load of the page');
    await pageReady(main);
    assert.equal(await main.locator('#edition').textContent(), '1');

    // The call was aborted, its channel is closed, and the resource is nobody's.
    const ends = async () => (await invoke(main, 'read_ends')) as { ok: string[] };
    await until(async () => (await ends()).ok.length === 2, 'the end of the stream');
    const [why, closed] = (await ends()).ok;
    assert.equal(why, 'the page reloaded');
    assert.match(closed ?? '', /^Channel closed/);
    assert.deepEqual(await invoke(main, 'plugin:image|size', { rid }), {
      error: `The resource id ${rid} is invalid.`,
    });

    // One listener of the new page: one event, not two.
    const heard = await main.evaluate(async () => {
      let heard = 0;
      const { promise, resolve } = Promise.withResolvers<void>();
      await tauri.event.listen('tick', () => heard++);
      await tauri.event.listen('tock', () => resolve());
      await tauri.core.invoke('emit', { event: 'tick' });
      await tauri.core.invoke('emit', { event: 'tock' });
      await promise;
      return heard;
    });
    assert.equal(heard, 1);
    await workbench.command('IPC Workbench: Open Inspector');
    const inspector = await workbench.inspectorFrame();
    await filterBy(inspector, 'tick');
    const ticks = async () => (await listed(inspector)).filter((row) => row.startsWith('tick ')).length;
    await eventually(ticks, 1, 'the event was sent once');
    await filterBy(inspector, 'pending');
    await eventually(() => listed(inspector), []);
    await filterBy(inspector, '');
  });

  test('and edits are seen in the new page', async () => {
    project.write('src/message.ts', "export const message = 'after the reload';");
    await eventually(() => shownMessage(main), 'after the reload');
  });

  test('check 31: the stack of a call begins at its line in the sources, and leads there; so does its handler', async () => {
    await main.locator('#edition').click();
    await main.locator('html[data-ends]').waitFor();
    const inspector = await workbench.inspectorFrame();
    await filterBy(inspector, 'read_ends');
    // The test has called it before, and then the page.
    await eventually(async () => (await listed(inspector)).length, 3);
    const id = Math.max(...(await listedRows(inspector)).map((row) => row.id));
    await inspector.locator(`[role=row][data-id="${id}"]`).click();
    await inspector.getByRole('tab', { name: 'Stack' }).click();
    const lines = readFileSync(join(fixture, 'src/main.ts'), 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes("('read_ends')")) + 1;
    const frame = inspector.locator('.frame').first();
    await frame.getByText(new RegExp(`^src/main\\.ts:${line}:\\d+$`)).waitFor();
    assert.equal(await frame.locator('code').textContent(), lines[line - 1]?.trim());
    await inspector.getByRole('tab', { name: 'Stack' }).press('ArrowDown');
    await workbench.page.keyboard.press('Enter');
    await tab(workbench.page, 'main.ts').waitFor();
    const cursor = (line: number) =>
      workbench.page
        .locator('.part.statusbar')
        .getByText(new RegExp(`^Ln ${line}, Col \\d+`))
        .waitFor();
    await cursor(line);

    await inspector.getByRole('tab', { name: 'Handler' }).click();
    const handlers = readFileSync(join(fixture, 'src-ipc/main.ts'), 'utf8').split('\n');
    const handler = handlers.findIndex((text) => text.includes("command('read_ends'")) + 1;
    await inspector.getByRole('button', { name: `src-ipc/main.ts:${handler}` }).click();
    await cursor(handler);
    await filterBy(inspector, '');
  });

  test('a server that goes: the window says so, and loads when it is back', async () => {
    await vite.close();
    await workbench.command('IPC Workbench: Reload Windows');
    const waiting = await waitingPage(workbench);
    const text = await waiting.locator('[role=alert]').textContent();
    assert.equal(text, `The development server at http://localhost:${port} does not answer (ECONNREFUSED).`);

    project.write('src/message.ts', "export const message = 'it is back';");
    vite = await startVite(project.folder, port);
    main = await pageReady(await workbench.appFrame('main'));
    await eventually(() => shownMessage(main), 'it is back');
    project.write('src/message.ts', "export const message = 'and hot';");
    await eventually(() => shownMessage(main), 'and hot');
  });

  test('a server that is started again under an open page: the page connects again', async () => {
    const { loads } = await stateOf(main);
    await vite.close();
    vite = await startVite(project.folder, port);
    await until(async () => (await stateOf(main).catch(() => undefined))?.loads !== loads, 'a new load of the page');
    await pageReady(main);
    // The new server may not watch its files yet, nor the page be connected: what is saved before that is nobody's change.
    let asked = 0;
    const isShown = async () => {
      if (asked++ % 20 === 0) project.write('src/message.ts', `export const message = 'again, ${asked}';`);
      return (await shownMessage(main))?.startsWith('again') === true;
    };
    await until(isShown, 'a change in the page that connected again');
  });

  test('hot reload on a port of its own, as templates have it', async () => {
    await vite.close();
    const hmr = { protocol: 'ws', host: 'localhost', port: await freePort() };
    vite = await startVite(project.folder, port, { hmr });
    main = await reloaded(workbench, 'main', main, () => workbench.command('IPC Workbench: Reload Windows'));
    const { loads } = await stateOf(main);
    project.write('src/message.ts', "export const message = 'another port';");
    await eventually(() => shownMessage(main), 'another port');
    assert.equal((await stateOf(main)).loads, loads);
  });
});
