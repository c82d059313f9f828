/** Conformance K: the host around the ACL. What needs no editor; the rest is in test/host and test/e2e. */
import { describe, expect, test, vi } from 'vitest';
import type { Origin } from '#core/acl/reach.ts';
import type { Call } from '#core/call.ts';
import { command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { Door } from '../../../extension/door.ts';
import { frameHtml } from '../../../extension/frame-html.ts';
import { resend } from '../../../extension/inspector/resend.ts';
import { createKey } from '../../../extension/key.ts';
import { PanelTransport } from '../../../extension/transport.ts';
import { WebviewTransport } from '../../../extension/webview-transport.ts';
import { panelCsp } from '../../../extension/app/page-html.ts';
import { createRealm, KEY, ORIGIN, type Realm } from '../../unit/bridge/realm.ts';
import { createCore, frameOf, openFake, turn } from '../../unit/core/fakes.ts';

type Seen = Pick<Call, 'cmd' | 'window' | 'origin' | 'generation'>;

/** A core whose stage notes the identity of every call. */
function watched() {
  const seen: Seen[] = [];
  const core = createCore({
    stages: [
      (call, next) => {
        seen.push({ cmd: call.cmd, window: call.window, origin: call.origin, generation: call.generation });
        return next(call);
      },
    ],
  });
  core.addCommand(command('who', {}, (_args, { window }) => window.label));
  core.addCommand(command('never', {}, () => new Promise(() => undefined)));
  return { core, seen };
}

const problems = (core: Core) => [...core.tap.records()].filter(({ kind }) => kind === 'problem');
const notes = (core: Core) => problems(core).map(({ name, note }) => `${name}: ${note}`);

/** VS Code's side of a webview: what is posted to the page, and a page that posts. */
function fakeWebview() {
  let hear = (_message: unknown): void => undefined;
  const posted: unknown[][] = [];
  return {
    posted,
    say: (message: unknown) => hear(message),
    onDidReceiveMessage: (listener: (message: unknown) => void) => {
      hear = listener;
      return { dispose: () => undefined };
    },
    postMessage: async (message: unknown[]) => {
      posted.push(message);
      return true;
    },
  };
}

function openWindow(core: Core, label: string) {
  const window = core.createWindow({ label }, { setTitle() {}, setTheme() {}, reveal() {}, dispose() {} });
  const door = new Door({
    tap: core.tap,
    app: core.name,
    window: label,
    generation: () => window.connection?.generation ?? 0,
  });
  return { window, door };
}

/** A window whose page is an extension's own webview. */
function openWebview(core: Core) {
  const { window, door } = openWindow(core, 'main');
  const webview = fakeWebview();
  const key = createKey();
  const transport = new WebviewTransport({ webview: webview as never, key, door });
  const connection = core.connect(window, transport);
  transport.serve(connection);
  const say = (mark: string, ...messages: object[]) => webview.say([mark, ...frameOf(messages)]);
  return { webview, key, say, connection };
}

/** A window whose page is in the frame of a wrapper page. */
function openPanel(core: Core, pages: ReadonlyMap<string, Origin>) {
  const { window, door } = openWindow(core, 'main');
  const webview = fakeWebview();
  const left = new Map(pages);
  const redeem = (key: string) => {
    const origin = left.get(key);
    left.delete(key);
    return origin;
  };
  const transport = new PanelTransport({ webview: webview as never, door, redeem, onConnect() {}, onSilent() {} });
  transport.serve(core.connect(window, transport));
  const say = (generation: unknown, ...messages: object[]) => webview.say([generation, ...frameOf(messages)]);
  return { webview, say };
}

const READY = { kind: 'ready', version: 1, url: 'http://127.0.0.1/' };
const call = (cmd: string) => ({ kind: 'invoke', cmd, callback: 1, error: 2, payload: {} });

describe('a frame inside of the page', () => {
  /** A page with one call that waits for its answer. */
  async function calling(): Promise<Realm> {
    const realm = await createRealm();
    await turn();
    realm.run(`__TAURI_INTERNALS__.invoke('who').then((value) => (window.answer = value))`);
    await turn();
    return realm;
  }
  const reply = frameOf([{ kind: 'run', id: 0, value: 'forged' }]);
  const forged = (origin: string, data: unknown) => ({ origin, data, source: {}, stopImmediatePropagation() {} });

  test('K151 of another origin can send the page no calls to pass on', async () => {
    const realm = await calling();
    const before = realm.said().length;
    const invoke = frameOf([call('who')]);
    realm.dispatch('message', forged('https://evil.example', [realm.mark, ...invoke]));
    realm.dispatch('message', forged(ORIGIN, ['ipc-workbench', ...invoke]));
    await turn();
    expect(realm.said().length).toBe(before);
  });

  test('K152 cannot forge a reply: it has neither the origin nor the key', async () => {
    const realm = await calling();
    realm.dispatch('message', forged('https://evil.example', [realm.mark, ...reply]));
    realm.dispatch('message', forged('null', [realm.mark, ...reply]));
    for (const mark of ['ipc-workbench', 'ipc-workbench:', `${String(realm.mark)}0`, undefined, null, 7]) {
      realm.dispatch('message', forged(ORIGIN, [mark, ...reply]));
    }
    for (const data of [null, undefined, 7, '', {}]) realm.dispatch('message', forged(ORIGIN, data));
    await turn();
    expect(realm.window['answer']).toBe(undefined);
    // The genuine one has both.
    realm.dispatch('message', forged(ORIGIN, [realm.mark, ...reply]));
    await turn();
    expect(realm.window['answer']).toBe('forged');
  });

  test('F95 K153 cannot speak to the host without the key: one record for each burst, no answer', async () => {
    const { core, seen } = watched();
    const { webview, key, say } = openWebview(core);
    say(`${key}0.5`, READY);
    await turn();
    const answers = webview.posted.length;
    for (let n = 0; n < 500; n++) say('ipc-workbench', call('who'));
    say(`${createKey()}0.5`, call('who'));
    say(key.slice(0, -1), call('who'));
    say(`${key}${'1'.repeat(200)}`, call('who'));
    await turn();
    expect(seen).toEqual([]);
    expect(webview.posted.length).toBe(answers);
    expect(notes(core)).toEqual(['wrong key: 503 messages without the key of its page: dropped']);
    // Nobody who reads records learns the key.
    expect(JSON.stringify([...core.tap.records()])).not.toContain(key);
  });
});

test('a page in a frame says its key, and takes its port from the wrapper page only, whoever embeds it', async () => {
  const said: unknown[] = [];
  const parent = { postMessage: (message: unknown) => said.push(message) };
  const realm = await createRealm({ label: undefined, wrapperKey: 'wrapper' }, { parent, name: 'main' });
  expect(said).toEqual([KEY]);
  const offered = (source: object, data: unknown) => {
    const posts: unknown[] = [];
    const ports = [{ postMessage: (parts: unknown) => posts.push(parts) }];
    realm.dispatch('message', { source, data, ports, stopImmediatePropagation() {} });
    return posts.length;
  };
  for (const data of ['ipc-workbench:port', KEY, '', undefined, null]) expect(offered(parent, data)).toBe(0);
  expect(offered({}, 'wrapper')).toBe(0);
  expect(offered(parent, 'wrapper')).toBe(1);
  // One is enough for a page.
  expect(offered(parent, 'wrapper')).toBe(0);
});

test('the messages that an extension and its page exchange for themselves stay theirs', () => {
  const { core } = watched();
  const { webview } = openWebview(core);
  for (const message of [undefined, null, 7, 'text', {}, [], ['other'], [7], [null]]) webview.say(message);
  expect(problems(core)).toEqual([]);
});

test('K154 a message that claims a label, an origin or a page load has those of its connection', async () => {
  const { core, seen } = watched();
  openFake(core, 'admin');
  const page = openFake(core, 'main');
  page.connection.origin = { remote: 'https://example.com/' };
  const claims = { window: 'admin', webview: 'admin', label: 'admin', origin: 'local', generation: 7 };
  page.say({ kind: 'invoke', cmd: 'who', callback: 1, error: 2, payload: claims, ...claims });
  await turn();
  expect(page.ran(1)).toEqual(['main']);
  expect(seen).toEqual([{ cmd: 'who', window: 'main', origin: { remote: 'https://example.com/' }, generation: 1 }]);
});

describe('K156 after a reload', () => {
  test('of a webview, the mark of the page before is refused, and its replies are not for the new page', async () => {
    const { core, seen } = watched();
    const { webview, key, say, connection } = openWebview(core);
    say(`${key}0.1`, READY, call('never'));
    await turn();
    say(`${key}0.2`, READY);
    await turn();
    expect([...core.tap.records()].find(({ name }) => name === 'never')?.status).toBe('orphan');
    say(`${key}0.1`, call('who'));
    say(`${key}0.1`, READY);
    await turn();
    expect(seen.map(({ cmd }) => cmd)).toEqual(['never']);
    expect(connection.generation).toBe(2);
    expect(notes(core)).toEqual(['late message: 2 messages of a page load that is gone: dropped']);
    expect(webview.posted.at(-1)?.[0]).toBe(`${key}0.2`);
    const realm = await createRealm();
    realm.run(`__TAURI_INTERNALS__.invoke('who').then((value) => (window.answer = value))`);
    const data = [`${key}0.1`, ...frameOf([{ kind: 'run', id: 0, value: 'of the old page' }])];
    realm.dispatch('message', { origin: ORIGIN, data, stopImmediatePropagation() {} });
    await turn();
    expect(realm.window['answer']).toBe(undefined);
  });

  test('of a frame, a key counts once, a load without one is deaf, and old frames are dropped', async () => {
    const { core, seen } = watched();
    const pages = new Map<string, Origin>([
      ['one', 'local'],
      ['two', { remote: 'https://example.com/a' }],
    ]);
    const { webview, say } = openPanel(core, pages);
    webview.say({ kind: 'connect', generation: 1, key: 'one' });
    say(1, READY, call('never'));
    webview.say({ kind: 'connect', generation: 2, key: 'two' });
    say(2, READY, call('who'));
    say(1, call('who'));
    say('2', call('who'));
    await turn();
    expect(seen.map(({ cmd, origin }) => [cmd, origin])).toEqual([
      ['never', 'local'],
      ['who', { remote: 'https://example.com/a' }],
    ]);
    webview.say({ kind: 'connect', generation: 3, key: 'one' });
    say(3, READY, call('who'));
    await turn();
    expect(seen.length).toBe(2);
    expect(notes(core)).toEqual([
      'late message: 3 messages of page load 3, which is gone: dropped',
      'wrong key: 1 message asking for a connection without the key of a page load: dropped',
    ]);
  });

  test('a page that went where no bridge is has its calls settled', async () => {
    const { core } = watched();
    const { webview, say } = openPanel(core, new Map([['one', 'local']]));
    webview.say({ kind: 'connect', generation: 1, key: 'one' });
    say(1, READY, call('never'));
    webview.say({ kind: 'gone', generation: 7 });
    expect([...core.tap.records()].find(({ name }) => name === 'never')?.status).toBe('pending');
    webview.say({ kind: 'gone', generation: 1 });
    const record = [...core.tap.records()].find(({ name }) => name === 'never');
    expect([record?.status, record?.note]).toEqual(['orphan', 'the page went away']);
    say(1, call('who'));
    expect(notes(core)).toEqual(['late message: 1 message of page load 1, which is gone: dropped']);
  });
});

test('what the wrapper page saw of strangers is recorded, a flood as one', () => {
  const { core } = watched();
  const { webview } = openPanel(core, new Map());
  for (let n = 0; n < 100; n++) webview.say({ kind: 'foreign', origin: 'https://evil.example' });
  webview.say({ kind: 'no such kind' });
  expect(notes(core)).toEqual([
    'foreign page: 100 messages of https://evil.example, which is not the page of this window: dropped',
    'malformed message: 1 message that the wrapper page does not send: dropped',
  ]);
});

test('another burst is another record', () => {
  let now = 0;
  const { core } = watched();
  const door = new Door({ tap: core.tap, app: 'a', window: 'w', generation: () => 1 });
  const clock = vi.spyOn(core.tap, 'now').mockImplementation(() => now);
  for (now of [0, 500, 1000, 2500]) door.turnAway('wrong key', 'without it');
  clock.mockRestore();
  expect(notes(core)).toEqual([
    'wrong key: 3 messages without it: dropped',
    'wrong key: 1 message without it: dropped',
  ]);
});

test('K159 a replayed call comes from where the recorded one came from, whatever the window shows now', async () => {
  const { core, seen } = watched();
  const page = openFake(core);
  page.connection.origin = { remote: 'https://example.com/a' };
  page.invoke('who', {}, 1);
  await turn();
  const [record] = [...core.tap.records()].filter(({ kind }) => kind === 'invoke');
  expect(record?.origin).toBe('https://example.com/a');
  page.connection.origin = 'local';
  resend(record as NonNullable<typeof record>, () => page.connection);
  await turn();
  expect(seen.map(({ origin }) => origin)).toEqual([
    { remote: 'https://example.com/a' },
    { remote: 'https://example.com/a' },
  ]);
});

describe('K160 the CSP', () => {
  const wrapper = (remote: boolean) => {
    const page = { origin: 'http://127.0.0.1:2', url: 'http://127.0.0.1:2/', wrapperKey: 'k', remote };
    return frameHtml({ script: 's', page, label: '"><script>', title: '</title>', state: {}, theme: 'dark' });
  };

  test('of the wrapper page allows its script, the worker it makes of that and the one origin of its window, and no label ends it', () => {
    const html = wrapper(false);
    const [, csp = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    expect(csp.replaceAll(/nonce-[^']+/g, 'nonce-n').split('; ')).toEqual([
      "default-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      'frame-src http://127.0.0.1:2',
      'connect-src ws://127.0.0.1:2',
      "script-src 'nonce-n'",
      'worker-src blob:',
      "style-src 'nonce-n'",
    ]);
    expect(html.match(/<script/g)?.length).toBe(1);
    expect(html).toContain('clipboard-read');
    expect(wrapper(true)).not.toContain('clipboard-read');
  });

  test("of the app's pages is the app's, never weaker: no unsafe-eval, no hosts, no frames are added", () => {
    for (const csp of ["default-src 'self'", "default-src 'none'; connect-src https://api.example", '']) {
      const made = panelCsp(csp, 'n');
      expect(made).not.toMatch(/unsafe-eval|\*|blob:|data:/);
      expect(made).not.toContain('frame-src');
      const hosts = made.match(/https?:\/\/[^\s;]+/g) ?? [];
      expect(hosts).toEqual(csp.match(/https?:\/\/[^\s;]+/g) ?? []);
    }
  });
});
