// The boundary of an app's window, attacked from inside: frames of other sites, of no origin and of the page's own, popups,
// forged replies, navigation. Nothing gets through, and the inspector shows who tried. And a page of another site as a
// window: it has what a capability grants its address, and nothing of the app's own pages.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { eventually, until } from './controls.ts';
import { startWorkbench, type Workbench } from './harness.ts';
import { filterBy, listed, listedRows } from './inspector.ts';
import { invoke, makeProject, pageReady } from './project.ts';

const servers: Server[] = [];
after(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

/** Serves one page at every address; gives its origin. */
async function serveSite(html: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'set-cookie': 'site=1; Path=/' }).end(html);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/**
 * Runs in a frame inside of the app's page: says to every window around it what only the bridge, the wrapper page or the
 * host may say, with keys that are none.
 */
function attack(keys: readonly string[]): void {
  const invokeFrame = JSON.stringify({ messages: [['greet', 0, { name: 'attacker' }]] });
  const replyFrame = JSON.stringify({ messages: [[0, 'forged'], { kind: 'run', id: 0, value: 'forged' }] });
  const windows: Window[] = [];
  for (let at: Window = window; at !== at.parent; at = at.parent) windows.push(at.parent);
  for (const each of windows) {
    for (const key of keys) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (document.title = 'a bridge took the port');
      each.postMessage(key, '*', [port2]);
      each.postMessage([key, invokeFrame], '*');
      each.postMessage([key, replyFrame], '*');
    }
    each.postMessage({ kind: 'connect', generation: 9, key: 'ipc-workbench:' }, '*');
    each.postMessage({ kind: 'load', url: 'https://evil.example/' }, '*');
    for (const generation of [0, 1, 2, 3]) {
      each.postMessage([generation, invokeFrame], '*');
      each.postMessage([generation, replyFrame], '*');
    }
  }
  document.title = 'attacked';
}

describe('a hostile window', () => {
  let workbench: Workbench;
  let main: Frame;
  let inspector: Frame;
  let evil: string;
  let site: string;

  before(async () => {
    const script = `const attack = ${attack.toString()}; attack(['ipc-workbench:', 'ipc-workbench:hello']);`;
    evil = await serveSite(`<title>evil</title><script>${script}</script>`);
    site = await serveSite('<title>elsewhere</title><h1>Another site</h1>');
    const project = await makeProject();
    project.write(
      'tauri.conf.json',
      JSON.stringify({
        ...(JSON.parse(project.read('tauri.conf.json')) as object),
        app: {
          windows: [
            { label: 'main', title: 'Basic: main' },
            { label: 'elsewhere', title: 'Elsewhere', url: `${site}/page?query`, create: true },
          ],
        },
      }),
    );
    project.write(
      'capabilities/remote.json',
      JSON.stringify({
        identifier: 'remote',
        local: false,
        windows: ['elsewhere'],
        remote: { urls: [`${site}/*`] },
        permissions: ['core:app:default'],
      }),
    );
    workbench = await startWorkbench({ folder: project.folder });
    await workbench.command('IPC Workbench: Open App');
    main = await pageReady(await workbench.appFrame('main'));
    await workbench.command('IPC Workbench: Open Inspector');
    inspector = await workbench.inspectorFrame();
  });
  after(() => workbench?.close());

  /** Puts a frame into the app's page and gives it once its document says that it attacked. */
  async function attackFrom(attributes: Record<string, string>): Promise<Frame> {
    const handle = await main.evaluateHandle((attributes) => {
      const frame = document.createElement('iframe');
      for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
      document.body.append(frame);
      return frame;
    }, attributes);
    const frame = await until(() => handle.asElement()?.contentFrame(), 'showing the frame');
    await until(async () => (await frame.title().catch(() => '')) === 'attacked', 'attacking');
    return frame;
  }

  /** The page works as before, nothing that an attacker asked for ran, and what they tried is on record. */
  async function unharmed(attempts: RegExp): Promise<void> {
    assert.deepEqual(await invoke(main, 'greet', { name: 'Ada' }), { ok: 'Hello, Ada!' });
    await filterBy(inspector, 'attacker');
    await eventually(() => listed(inspector), []);
    await filterBy(inspector, 'foreign');
    await until(
      async () => attempts.test(await inspector.locator('[role=grid], body').first().innerText()),
      'a record',
    );
  }

  test('a frame of another site is nobody', async () => {
    const pending = main.evaluate(() => tauri.core.invoke('count', { to: 0, channel: new tauri.core.Channel() }));
    const frame = await attackFrom({ src: `${evil}/` });
    assert.equal(await pending, 0);
    assert.match(
      await frame.evaluate(() => {
        try {
          return String((parent as unknown as Record<string, unknown>)['__TAURI_INTERNALS__']);
        } catch (error) {
          return (error as Error).name;
        }
      }),
      /SecurityError/,
    );
    assert.equal(await frame.evaluate(() => '__TAURI_INTERNALS__' in window), false);
    await unharmed(/foreign page/);
  });

  test('neither is one that shows the page of the app in a frame of its own', async () => {
    const address = await main.evaluate(() => location.href);
    const frame = await attackFrom({ src: `${evil}/embed` });
    await frame.evaluate(async (address) => {
      const learned: string[] = [];
      addEventListener('message', ({ data }) => {
        if (typeof data === 'string') learned.push(data);
      });
      const inner = document.createElement('iframe');
      inner.src = address;
      document.body.append(inner);
      while (learned.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      // The page says its key to whoever embeds it: that alone opens nothing, here or there.
      for (const key of learned) {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => (document.title = 'a bridge took the port');
        inner.contentWindow?.postMessage(key, '*', [port2]);
        for (let at: Window = window; at !== at.parent; at = at.parent) at.parent.postMessage(key, '*');
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }, address);
    assert.equal(await frame.title(), 'attacked');
    await unharmed(/foreign page/);
  });

  for (const [name, attributes] of [
    ['a srcdoc frame without an origin', { sandbox: 'allow-scripts' }],
    ['a srcdoc frame of the page itself', {}],
  ] as const) {
    test(`${name} cannot speak for the window past its bridge`, async () => {
      const script = `const attack = ${attack.toString()}; attack(['ipc-workbench:', 'ipc-workbench:hello']);`;
      await attackFrom({ ...attributes, srcdoc: `<title>x</title><script>${script}</script>` });
      await unharmed(/foreign page/);
    });
  }

  test('nor can a frame of a blob, and no popup opens', async () => {
    const script = `const attack = ${attack.toString()}; attack(['ipc-workbench:', 'ipc-workbench:hello']);`;
    const src = await main.evaluate(
      (html) => URL.createObjectURL(new Blob([html], { type: 'text/html' })),
      `<title>x</title><script>${script}</script>`,
    );
    await attackFrom({ src });
    assert.equal(await main.evaluate((evil) => open(evil) === null, evil), true);
    await unharmed(/foreign page/);
  });

  test('the page itself reaches the host through its port only', async () => {
    // Keys left out: a page that asks for a new port loses the one it has.
    await main.evaluate(`(${attack.toString()})([])`);
    await main.evaluate(() => (document.title = 'Basic'));
    await unharmed(/foreign page/);
  });

  test('malformed commands are refused in one sentence each', async () => {
    for (const cmd of [
      'plugin:x',
      'plugin:a|b|c',
      'plugin:',
      'plugin:|',
      'plugin:app|version|x',
      '__proto__',
      'plugin:__proto__|constructor',
      '',
    ]) {
      const answer = await invoke(main, cmd);
      assert.ok(
        'error' in answer && typeof answer.error === 'string' && answer.error !== '',
        `${cmd}: ${JSON.stringify(answer)}`,
      );
    }
    assert.deepEqual(await invoke(main, 'greet', { name: 'Ada' }), { ok: 'Hello, Ada!' });
  });

  describe('of another site', () => {
    let elsewhere: Frame;
    before(async () => {
      elsewhere = await workbench.appFrame('elsewhere');
    });

    /** Calls as `@tauri-apps/api` does. */
    const call = (cmd: string, args: Record<string, unknown> = {}) =>
      elsewhere.evaluate(
        ([cmd, args]) =>
          (
            globalThis as unknown as {
              __TAURI_INTERNALS__: { invoke(cmd: string, args: unknown): Promise<unknown> };
            }
          ).__TAURI_INTERNALS__
            .invoke(cmd, args)
            .then(
              (ok) => ({ ok }),
              (error: unknown) => ({ error: String(error) }),
            ),
        [cmd, args] as const,
      );

    test('has what a capability grants its address, and no more', async () => {
      assert.deepEqual(await call('plugin:app|version'), { ok: '1.2.3' });
      const refused = async (cmd: string, args = {}) => (await call(cmd, args)) as { error?: string };
      assert.match((await refused('greet', { name: 'Eve' })).error ?? '', /^greet not allowed/);
      const { error = '' } = await refused('plugin:window|set_title', { value: 'mine' });
      assert.ok(
        error.startsWith(
          `window.set_title not allowed on window "elsewhere", webview "elsewhere", URL: ${site}/page?query`,
        ),
        error,
      );
    });

    test('shares no storage with the app, and its cookies stay in the host', async () => {
      await main.evaluate(() => localStorage.setItem('token', 'secret'));
      const seen = await elsewhere.evaluate(() => ({
        origin: location.origin,
        path: location.pathname + location.search,
        token: localStorage.getItem('token'),
        cookie: document.cookie,
        heading: document.querySelector('h1')?.textContent,
      }));
      const own = await main.evaluate(() => location.origin);
      assert.notEqual(seen.origin, own);
      assert.notEqual(seen.origin, site);
      assert.deepEqual(
        { ...seen, origin: '' },
        { origin: '', path: '/page?query', token: null, cookie: '', heading: 'Another site' },
      );
      const storage = await elsewhere.evaluate(() => fetch('/__ipc_workbench__/storage').then(({ status }) => status));
      assert.equal(storage, 403);
    });

    test('is shown as that in the inspector', async () => {
      await filterBy(inspector, 'plugin:app|version elsewhere');
      const row = inspector.locator('[role=row][data-id]').last();
      await row.click();
      await inspector.getByRole('tab', { name: 'Message' }).click();
      await inspector.getByText(`${site}/page?query`).first().waitFor();
    });

    test('cannot come to the pages of the app in its window', async () => {
      const own = await main.evaluate(() => location.origin);
      await elsewhere.evaluate((own) => void setTimeout(() => (location.href = own)), own);
      await until(
        async () =>
          (await listedAbout('elsewhere page went')) || elsewhere.isDetached() || !elsewhere.url().startsWith(own),
        'staying away',
      );
      assert.ok(!elsewhere.url().startsWith(own), elsewhere.url());
    });
  });

  async function listedAbout(words: string): Promise<boolean> {
    await filterBy(inspector, words);
    return (await listedRows(inspector)).length > 0;
  }

  test('that goes to a document without a bridge has its calls settled', async () => {
    await main.evaluate(() => void tauri.core.invoke('wait'));
    await filterBy(inspector, 'wait');
    await eventually(() => listed(inspector), ['wait pending']);
    await main.goto(new URL('/data.json', main.url()).href);
    await eventually(() => listed(inspector), ['wait orphan']);
    await workbench.command('IPC Workbench: Reload Windows');
    main = await pageReady(await workbench.appFrame('main'));
  });

  test('that goes to another site has no IPC there, and its calls are settled', async () => {
    await main.evaluate(() => void tauri.core.invoke('wait'));
    await filterBy(inspector, 'wait');
    await eventually(() => listed(inspector), ['wait orphan', 'wait pending']);
    await main.evaluate((evil) => void setTimeout(() => (location.href = evil)), evil);
    await eventually(() => listed(inspector), ['wait orphan', 'wait orphan']);
    assert.ok(
      !workbench.page
        .frames()
        .some((frame) => frame.url().startsWith(evil) && frame.parentFrame() === main.parentFrame()),
    );
    await workbench.command('IPC Workbench: Reload Windows');
    main = await pageReady(await workbench.appFrame('main'));
    assert.deepEqual(await invoke(main, 'greet', { name: 'again' }), { ok: 'Hello, again!' });
    assert.deepEqual(await invoke(main, 'read_aborts'), {
      ok: ['main: the page went away', 'main: the page went away'],
    });
  });
});
