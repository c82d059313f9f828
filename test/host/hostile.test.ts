import assert from 'node:assert/strict';
import { api, closeEverything, openPanel, showPage, TestApp, until } from './workbench.ts';

describe('a hostile page', () => {
  afterEach(closeEverything);

  it('is answered or dropped, recorded in any case, and harms nobody', async () => {
    const { inspector } = await api();
    const app = await TestApp.host('attacked');
    try {
      app.open('victim');
      await app.whenReady('victim');
      inspector.clear();

      const panel = openPanel('hostile');
      let answers: Record<string, unknown> | undefined;
      panel.webview.onDidReceiveMessage((message: { answers?: Record<string, unknown> } | undefined) => {
        answers ??= message?.answers;
      });
      app.hosted.addWindow(panel, { label: 'hostile' });
      showPage(panel, 'hostile');
      const got = await until(() => answers, 'answering the last call');

      const rejected = (id: number) => String(got[id]);
      assert.equal(got[99], 'still answered');
      assert.match(rejected(11), /^malformed message: cmd/);
      assert.match(rejected(13), /^malformed message: raw/);
      assert.match(rejected(25), /^malformed message: cmd/);
      assert.match(rejected(15), /^malformed message: callback/);
      assert.match(rejected(19), /^Command __proto__ not found$/);
      assert.ok(rejected(21).length > 0 && rejected(23).length > 0);
      assert.deepEqual(Object.keys(got), ['11', '13', '15', '19', '21', '23', '25', '99']);

      const problems = inspector.query('problem').filter(({ window }) => window === 'hostile');
      assert.ok(problems.length >= 30, `${problems.length} problems were recorded`);
      assert.ok(problems.every(({ status, note }) => status === 'error' && note));
      assert.equal(({} as Record<string, unknown>)['polluted'], undefined);

      // Nobody else noticed.
      const { greeting } = (await app.run('victim', 'basics')) as { greeting: string };
      assert.equal(greeting, 'Hello, Ada!');
    } finally {
      app.hosted.dispose();
    }
  });

  it('cannot flood the host: of 100,000 calls at once every one is settled, and memory stays bounded', async function () {
    this.timeout(60_000);
    const app = await TestApp.host('flooded');
    const before = process.memoryUsage().heapUsed;
    let peak = before;
    const sampling = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().heapUsed);
    }, 20);
    try {
      app.open('main');
      await app.whenReady('main');
      const { settled, right, refused, reasons } = (await app.run('main', 'flood', 100_000)) as {
        settled: number;
        right: number;
        refused: number;
        reasons: string[];
      };
      assert.equal(settled, 100_000);
      assert.equal(right + refused, 100_000);
      for (const reason of reasons) assert.match(reason, /too many calls at once/);
      const megabytes = Math.round((peak - before) / 1024 / 1024);
      assert.ok(megabytes < 400, `${megabytes} MB more`);
      const { greeting } = (await app.run('main', 'basics')) as { greeting: string };
      assert.equal(greeting, 'Hello, Ada!');
    } finally {
      clearInterval(sampling);
      app.hosted.dispose();
    }
  });
});
