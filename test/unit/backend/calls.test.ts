import { expect, test } from 'vitest';
import { authorityByName, authorityFor } from '#core/acl/authority.ts';
import { Capability } from '#core/acl/capability.ts';
import { APP_KEY } from '#core/acl/identifier.ts';
import { mergeManifest, PermissionFileData } from '#core/acl/manifest.ts';
import { cleanUp, rejection, start } from './harness.ts';

cleanUp();

test('handlers answer as they do in the host: JSON, bytes, headers, rejections', async () => {
  const { page } = await start();
  const main = page();
  expect(await main.invoke('greet', { name: 'Ada' })).toBe('Hello, Ada!');
  expect(await main.invoke('mood')).toBe('calm');
  expect(await main.invoke('settings')).toEqual({ theme: 'dark' });
  expect(await main.invoke('echo', { value: { a: [1, null, 'ü'] } })).toEqual({ a: [1, null, 'ü'] });
  expect(await main.invoke('echo_bytes', new Uint8Array([1, 2, 3]))).toEqual(new Uint8Array([1, 2, 3]));
  expect(await main.invoke('echo_bytes', new Uint8Array(100_000).fill(7))).toEqual(new Uint8Array(100_000).fill(7));
  expect(await main.invoke('who', {}, [['X-Test', 'yes']])).toEqual({
    window: 'main',
    title: 'Window main',
    app: 'Test',
    windows: ['main'],
    header: 'yes',
  });
  expect(await rejection(main.invoke('fail', { how: 'bug' }))).toBe('a bug');
  expect(await rejection(main.invoke('fail', { how: 'request' }))).toBe('Invalid request: no');
  expect(await rejection(main.invoke('fail', { how: 'value' }))).toEqual({ code: 7 });
  expect(await rejection(main.invoke('greet', {}))).toBe(
    'invalid args `name` for command `greet`: command greet missing required key name',
  );
  expect(await rejection(main.invoke('nothing'))).toBe('Command nothing not found');
});

test('the answers of many calls come in the order of the calls', async () => {
  const { page } = await start();
  const main = page();
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 500 }, (_, at) =>
      main.invoke('echo', { value: at }).then((value) => order.push(Number(value))),
    ),
  );
  expect(order).toEqual(Array.from({ length: 500 }, (_, at) => at));
});

test('check 32: a call is recorded with the time that its handler took, and the rest is accounted for', async () => {
  const { core, page } = await start();
  const main = page();
  const first = core.tap.next;
  await main.invoke('greet', { name: 'Ada' });
  await main.invoke('emit_filter', { label: 'a', event: 'some' });
  const calls = Array.from({ length: core.tap.next - first }, (_, at) => core.tap.find(first + at)).filter(
    (record) => record?.kind === 'invoke',
  );
  expect(calls.map((call) => [call?.name, call?.status, typeof call?.phases?.handler])).toEqual([
    ['greet', 'ok', 'number'],
    ['emit_filter', 'ok', 'number'],
  ]);
  for (const call of calls) {
    const { check = 0, handler = 0, serialize = 0 } = call?.phases ?? {};
    expect(check + handler + serialize).toBeCloseTo(call?.duration ?? 0, 6);
    // The way to the process and back belongs to neither of them.
    expect([check > 0, handler >= 0, serialize > 0]).toEqual([true, true, true]);
  }
});

test('state is kept in the process, and a value that nobody manages is named', async () => {
  const { page } = await start();
  const main = page();
  expect(await main.invoke('add')).toBe(false);
  expect(await rejection(main.invoke('state'))).toBe(
    'state not managed for field `missing` on command `state`. You must call `.manage()` before using this command',
  );
});

test('permissions and scopes are those of the capabilities, also after they change', async () => {
  const capability = (allow: string) => ({
    identifier: 'notes',
    description: '',
    windows: ['main'],
    webviews: [],
    local: true,
    permissions: [{ identifier: 'notes:read', allow: [{ path: allow }] }],
  });
  const { core, page } = await start();
  const main = page();
  expect(await rejection(main.invoke('read_notes'))).toMatch(
    /^Permission denied: notes:read is not granted to window "main"/,
  );
  core.authority = authorityByName([capability('/notes/*')]);
  expect(await main.invoke('read_notes')).toEqual({ allow: [{ path: '/notes/*' }], deny: [] });
  expect(await main.invoke('read_note', { path: '/notes/a' })).toBe('yes');
  expect(await rejection(main.invoke('read_note', { path: '/other/a' }))).toMatch(/does not cover "\/other\/a"/);
});

test('handlers see the scopes of the permission that let the call through, and may add capabilities', async () => {
  const { core, page } = await start();
  const main = page();
  expect(await main.invoke('scopes')).toEqual([
    { allow: [], deny: [] },
    { allow: [], deny: [] },
  ]);
  const permission = (identifier: string, allow: string[], scope: string) => ({
    identifier,
    commands: { allow, deny: [] },
    scope: { allow: [scope] },
  });
  const manifest = mergeManifest([
    PermissionFileData.parse({
      permission: [
        permission('allow-scopes', ['scopes'], 'of the command'),
        permission('allow-add', ['add_capability'], 'not asked for'),
        permission('everywhere', [], 'of the app'),
      ],
    }),
  ]);
  const capability = Capability.parse({ identifier: 'main', windows: ['main'], permissions: ['allow-add'] });
  const input = { capabilities: [capability], manifests: new Map([[APP_KEY, manifest]]), target: undefined };
  core.authority = authorityFor(input, () => undefined);
  expect(await rejection(main.invoke('scopes'))).toBe(
    'scopes not allowed. Permissions associated with this command: allow-scopes',
  );
  await main.invoke('add_capability', {
    capability: 'identifier = "more"\nwindows = ["main"]\npermissions = ["allow-scopes", "everywhere"]',
  });
  expect(await main.invoke('scopes')).toEqual([
    { allow: ['of the command'], deny: [] },
    { allow: ['of the app'], deny: [] },
  ]);
  expect(await rejection(main.invoke('add_capability', { capability: '{' }))).toBe('invalid capability');
});

test('check 4: a reload of the page aborts the signal of its handlers; what they still say is in the record', async () => {
  const { core, page, until } = await start();
  const main = page('main');
  const other = page('other');
  await other.listen('waiting');
  await other.listen('aborted');
  void main.invoke('until_aborted');
  await until(() => other.heard.length === 1);
  main.reload();
  await until(() => other.heard.length === 2);
  expect(other.heard).toEqual([
    ['event waiting', null],
    ['event aborted', 'the page reloaded'],
  ]);
  const named = (name: string) => [...core.tap.records()].find((record) => record.name === name);
  await until(() => named('until_aborted')?.outcome !== undefined);
  const call = named('until_aborted');
  expect(call).toMatchObject({ status: 'orphan', outcome: { kind: 'text', json: 'null' } });
  expect(call?.note).toMatch(/^the page reloaded; its answer came \d+ ms after the call and was dropped$/);
  // Also of what it emitted when it was not waited for any more.
  expect([named('waiting')?.cause, named('aborted')?.cause]).toEqual([call?.id, call?.id]);
});

test('events go to everybody, to one window, and to those that a filter accepts', async () => {
  const { page, until } = await start();
  const [a, b] = [page('a'), page('b')];
  for (const [label, each] of [
    ['a', a],
    ['b', b],
  ] as const) {
    for (const event of ['all', 'one', 'some']) await each.listen(event, { kind: 'WebviewWindow', label });
  }
  await a.invoke('emit', { event: 'all', payload: { n: 1 } });
  await a.invoke('emit_to', { target: 'b', event: 'one' });
  await a.invoke('emit_filter', { label: 'a', event: 'some' });
  await until(() => a.heard.length + b.heard.length === 4);
  expect(a.heard).toEqual([
    ['event all', { n: 1 }],
    ['event some', 'filtered'],
  ]);
  expect(b.heard).toEqual([
    ['event all', { n: 1 }],
    ['event one', 'to you'],
  ]);
  expect(await rejection(a.invoke('emit', { event: 'no way', payload: 1 }))).toMatch(
    /permitted for event names: "no way"/,
  );
});

test('listeners of the process hear what pages emit', async () => {
  const { page } = await start();
  const main = page();
  await main.invoke('listen', { event: 'news' });
  await main.invoke('plugin:event|emit', { event: 'news', payload: 1 });
  await main.invoke('plugin:event|emit_to', { event: 'news', target: { kind: 'Window', label: 'main' }, payload: 2 });
  expect(await main.invoke('seen')).toEqual([
    ['app', 1],
    ['any', 1],
    ['once', 1],
    ['window', 1],
    ['any', 2],
    ['window', 2],
  ]);
});

test('windows are seen and driven from the process', async () => {
  const { core, page } = await start();
  const main = page('main');
  page('second');
  expect(await main.invoke('who')).toMatchObject({ windows: ['main', 'second'] });
  await main.invoke('set_title', { title: 'New' });
  expect(core.windows.get('main')?.title).toBe('New');
  await main.invoke('close', { label: 'second' });
  expect([...core.windows.keys()]).toEqual(['main']);
  expect(await main.invoke('who')).toMatchObject({ windows: ['main'], title: 'New' });
});

test('plugins get their configuration, answer, and hear what happens', async () => {
  const { core, backend, page } = await start();
  core.fireRunEvent({ kind: 'Ready' });
  const main = page();
  expect(await main.invoke('plugin:watcher|level')).toBe(3);
  expect(await main.invoke('plugin:watcher|told')).toEqual([
    ['Ready'],
    ['window', 'main'],
    ['page', 'main', 'app://main/', 'Started'],
    ['page', 'main', 'app://main/', 'Finished'],
  ]);
  expect(await rejection(main.invoke('plugin:watcher|nothing'))).toBe('Command nothing not found');
  expect(await rejection(main.invoke('plugin:nobody|nothing'))).toBe('plugin nobody not found');
  expect(core.initScripts).toEqual(['window.watched = true']);
  expect(await backend.allowNavigation({ label: 'main' }, 'https://example.com/')).toBe(true);
  expect(await backend.allowNavigation({ label: 'main' }, 'https://example.com/forbidden')).toBe(false);
  expect(backend.info?.plugins).toEqual([
    {
      name: 'watcher',
      commands: [
        { name: 'told', permissions: [], args: [] },
        { name: 'level', permissions: [], args: [] },
      ],
      initScript: 'window.watched = true',
      hooks: ['onNavigation', 'onPageLoad', 'onWindowReady', 'onEvent', 'onDrop'],
    },
  ]);
  expect(backend.info?.commands.find(({ name }) => name === 'read_notes')).toEqual({
    name: 'read_notes',
    permissions: ['notes:read'],
    args: [],
  });
});

test('the console of the process is read line by line, with its levels', async () => {
  const { lines, page, until } = await start();
  await page().invoke('print');
  await until(() => lines.length >= 6);
  expect(lines.toSorted()).toEqual([
    'debug: detail',
    'error: wrong',
    'info: one',
    'info: two',
    'warn: careful',
    'warn: very',
  ]);
});

test('an answer that cannot be sent is a rejection, and takes no other answer with it', async () => {
  const { page } = await start();
  const main = page();
  const detached = rejection(main.invoke('detached'));
  expect(await main.invoke('greet', { name: 'Ada' })).toBe('Hello, Ada!');
  expect(await detached).toMatch(/^Serialization error: /);
});
