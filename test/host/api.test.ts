import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { MessageRecord } from '../../core/record.ts';
import { parseStack, UNNAMED_SCRIPT } from '../../core/stack-frames.ts';
import { api, closeEverything, eventually, extension, openPanel, showPage, TestApp, until } from './workbench.ts';

describe('the api for other extensions', () => {
  afterEach(closeEverything);

  it('has the version of the package and the members that it promises', async () => {
    const exports = await api();
    assert.equal(exports.version, (extension().packageJSON as { version: string }).version);
    assert.deepEqual(Object.keys(exports).toSorted(), [
      'IpcError',
      'activationMs',
      'attachWebview',
      'channel',
      'command',
      'hostApp',
      'inspector',
      'plugin',
      'reject',
      'version',
    ]);
  });

  it('hosts an app whose windows are panels of another extension', async () => {
    const app = await TestApp.host('hosted');
    try {
      const heard: unknown[] = [];
      app.hosted.app.listenAny('from-page', ({ payload }) => heard.push(payload));
      const panel = app.open('first');
      app.open('second');
      await Promise.all([app.whenReady('second'), until(() => panel.visible || app.ready.has('first'), 'loading')]);
      panel.reveal();
      await app.whenReady('first');
      assert.deepEqual(await app.run('first', 'basics'), {
        label: 'first',
        title: 'first',
        greeting: 'Hello, Ada!',
        refusal: 'Permission denied: not for pages',
        wrong: 'invalid args `name` for command `greet`: expected a text',
        unknown: 'Command no_such_command not found',
        bytes: [255, 2, 1],
        numbers: [0, 1, 2],
      });
      assert.deepEqual(heard, [{ here: true }]);
      app.hosted.app.window('first')?.setTitle('Renamed');
      assert.equal(panel.title, 'Renamed');

      panel.dispose();
      await eventually(() => app.hosted.app.windows().map(({ label }) => label), ['second']);
      assert.deepEqual(((await app.run('second', 'basics')) as { label: string }).label, 'second');
    } finally {
      app.hosted.dispose();
    }
    assert.deepEqual(app.hosted.app.windows(), []);
    const again = await TestApp.host('hosted'); // the name is free again
    await assert.rejects(TestApp.host('hosted'), /an app named "hosted" is hosted already/);
    again.hosted.dispose();
  });

  it('records what another extension’s webview says and what is said to it', async () => {
    const { attachWebview, inspector } = await api();
    const panel = openPanel('attached');
    const attached = attachWebview(panel.webview, { label: 'attached', app: 'other' });
    const answers: unknown[] = [];
    panel.webview.onDidReceiveMessage((message: unknown) => answers.push(message));
    showPage(panel, 'attached');
    await eventually(() => answers, [{ type: 'hello', from: 'page' }]);
    await attached.webview.postMessage({ type: 'ping', number: 1 });
    await eventually(() => answers.length, 2);
    const seen = () =>
      inspector
        .query('attached')
        .filter(({ kind, app }) => kind === 'message' && app === 'other')
        .map(({ direction, name, body }) => [direction, name, body.kind === 'json' ? body.value : body]);
    assert.deepEqual(seen(), [
      ['to-host', 'hello', { type: 'hello', from: 'page' }],
      ['to-page', 'ping', { type: 'ping', number: 1 }],
      ['to-host', 'pong', { type: 'pong', number: 1 }],
    ]);

    attached.dispose();
    await panel.webview.postMessage({ type: 'ping', number: 2 });
    await eventually(() => answers.length, 3); // it goes on, unseen
    assert.equal(seen().length, 3);
  });

  it('finds records by words, tells of new ones, and again when their outcome is known', async () => {
    const { inspector } = await api();
    const app = await TestApp.host('recorded');
    const told: MessageRecord[] = [];
    let listening: vscode.Disposable | undefined;
    try {
      app.open('main');
      await app.whenReady('main');
      inspector.clear();
      listening = inspector.onRecord((record) => told.push(record));
      await app.run('main', 'basics');
      await until(() => told.some(({ name, status }) => name === 'reverse' && status === 'ok'), 'telling of the call');

      const words = (filter: string) => inspector.query(filter).map(({ name, status }) => `${name} ${status}`);
      assert.deepEqual(words('greet -report'), ['greet ok', 'greet error']);
      assert.deepEqual(words('greet -error -report'), ['greet ok']);
      assert.deepEqual(words('denied -report'), ['refuse denied']);
      assert.deepEqual(words('nothing has this'), []);
      const [call] = inspector.query('greet ada');
      assert.deepEqual(call && { ...pick(call), body: call.body, outcome: call.outcome }, {
        kind: 'invoke',
        direction: 'to-host',
        app: 'recorded',
        window: 'main',
        name: 'greet',
        status: 'ok',
        body: { kind: 'json', value: { name: 'Ada' } },
        outcome: { kind: 'text', json: '"Hello, Ada!"' },
      });
      // Where the page made it, without the bridge. VS Code writes the page into a document: its script has no address.
      assert.deepEqual([...new Set(parseStack(call?.pageStack ?? '').map(({ url }) => url))], [UNNAMED_SCRIPT]);
      assert.equal(told.findLast(({ id }) => id === call?.id)?.status, 'ok');
      const numbersOf = (filter?: string) => {
        const found = inspector
          .statistics(filter)
          .find(({ app, command }) => app === 'recorded' && command === 'greet');
        return found && [found.count, found.errors, found.denied, found.p50 !== undefined];
      };
      assert.deepEqual(numbersOf(), [2, 1, 0, true]);
      assert.deepEqual(numbersOf('ada'), [1, 0, 0, true]);

      listening.dispose();
      const before = told.length;
      await app.run('main', 'basics');
      assert.equal(told.length, before);
      inspector.clear();
      assert.deepEqual(inspector.query(), []);
    } finally {
      listening?.dispose();
      app.hosted.dispose();
    }
  });
});

function pick({ kind, direction, app, window, name, status }: MessageRecord) {
  return { kind, direction, app, window, name, status };
}
