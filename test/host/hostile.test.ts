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
      const key = keyOf(app.hosted.bridgeScript('hostile', 'n'));
      showPage(panel, 'hostile', (nonce) => `<script nonce="${nonce}">var stolenKey = ${JSON.stringify(key)}</script>`);
      const got = await until(() => answers, 'answering the last call');

      const rejected = (id: number) => String(got[id]);
      assert.equal(got[99], 'still answered');
      assert.match(rejected(11), /^malformed message: cmd/);
      assert.match(rejected(13), /^malformed message: raw/);
      assert.match(rejected(25), /^malformed message: cmd/);
      assert.match(rejected(15), /^malformed message: callback/);
      assert.match(rejected(19), /^Command __proto__ not found$/);
      assert.ok(rejected(21).length > 0 && rejected(23).length > 0);
      assert.deepEqual(Object.keys(got), ['11', '13', '15', '19', '21', '23', '25', '27', '28', '99']);

      // What came without the key was turned away at the door: a record for what comes together, and no answer.
      const door = inspector.query('wrong key').filter(({ window }) => window === 'hostile');
      const counts = door.map(
        ({ note }) => /^(\d+) messages? without the key of its page: dropped$/.exec(note ?? '')?.[1],
      );
      assert.equal(
        counts.reduce((sum, count) => sum + Number(count), 0),
        4,
        door.map(({ note }) => note).join('; '),
      );
      assert.ok(!JSON.stringify(inspector.query('')).includes(key), 'no record holds the key');

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

  it('cannot be spoken for by frames inside of it, which neither call nor answer', async () => {
    const { inspector } = await api();
    const app = await TestApp.host('besieged');
    try {
      inspector.clear();
      const panel = openPanel('besieged');
      app.hosted.addWindow(panel, { label: 'besieged' });
      let nonceOfPage = '';
      showPage(panel, 'besieged', (nonce) => {
        nonceOfPage = nonce;
        return app.hosted.bridgeScript('besieged', nonce) + `<script nonce="${nonce}">var nonce = "${nonce}"</script>`;
      });
      const { value } = await app.reported(0);
      assert.ok(nonceOfPage !== '');
      assert.deepEqual(value, {
        attacked: ['of the page itself', 'without an origin'],
        overheard: [],
        answer: 'genuine',
        acquired: 'refused',
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      const calls = inspector.query('echo').filter(({ kind }) => kind === 'invoke');
      assert.deepEqual(
        calls.map(({ body }) => body),
        [{ kind: 'json', value: { value: 'genuine' } }],
      );
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

/** The key of a window, as its bridge is told it. */
function keyOf(script: string): string {
  const [, config = ''] = /data-config="([^"]*)"/.exec(script) ?? [];
  return (JSON.parse(config.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as { key: string }).key;
}
