import { expect, test } from 'vitest';
import { cleanUp, rejection, setUp, start, write } from './harness.ts';

cleanUp();

test.for([
  ['exit', { code: 3 }, 'it exited with code 3'],
  ['kill', {}, 'it was ended by SIGKILL'],
  ['crash', {}, 'an error outside of its commands ended it (nobody catches this)'],
] as const)('a backend that ends in "%s" answers with a sentence, and runs again', async ([cmd, payload, reason]) => {
  const { page } = await start();
  const main = page();
  expect(await rejection(main.invoke(cmd, payload))).toBe(
    `The backend stopped while "${cmd}" was running: ${reason} and was restarted.`,
  );
  expect(await main.invoke('greet', { name: 'Ada' })).toBe('Hello, Ada!');
});

test('a backend that eats the memory says so', async () => {
  const { page } = await start({ maxMemoryMb: 32, hangMs: 0 });
  const main = page();
  expect(await rejection(main.invoke('eat_memory'))).toBe(
    'The backend stopped while "eat_memory" was running: it ran out of memory (its limit is 32 MB) and was restarted.',
  );
  expect(await main.invoke('greet', { name: 'Ada' })).toBe('Hello, Ada!');
});

test('an endless loop is ended, with every call that waits behind it', async () => {
  const { core, page, lines } = await start({ hangMs: 3000 });
  const main = page();
  const loop = rejection(main.invoke('loop'));
  const behind = rejection(main.invoke('greet', { name: 'Ada' }));
  expect(await loop).toBe(
    'The backend stopped while "loop" was running: it did not respond for 3 s and was restarted.',
  );
  expect(await behind).toBe(
    'The backend stopped while "greet" was running: it did not respond for 3 s and was restarted.',
  );
  expect(await main.invoke('greet', { name: 'Ada' })).toBe('Hello, Ada!');
  expect([...core.windows.keys()]).toEqual(['main']);
  expect(lines).toContain('error: The backend stopped: it did not respond for 3 s and was restarted.');
});

test('what a process emitted before it ended is heard', async () => {
  const { page, until } = await start();
  const main = page();
  await main.listen('last-words');
  await rejection(main.invoke('exit', { code: 0 }));
  await until(() => main.heard.length > 0);
  expect(main.heard).toEqual([['event last-words', null]]);
});

test('a rejection that nobody awaits is logged with its stack, and the process goes on', async () => {
  const { page, lines, until } = await start();
  const main = page();
  const pid = await main.invoke('pid');
  await main.invoke('reject_unheard');
  await until(() => lines.length > 0);
  expect(lines.join('\n')).toMatch(
    /^error: Error in a promise that nobody awaits: Error: nobody awaits this\n\s+at .*src-ipc\/main\.ts:\d+:\d+/,
  );
  expect(await main.invoke('pid')).toBe(pid);
});

test('the windows of the app hear the new process', async () => {
  const { page } = await start();
  const main = page();
  const first = await main.invoke('pid');
  await rejection(main.invoke('exit', { code: 1 }));
  expect(await main.invoke('pid')).not.toBe(first);
  expect(await main.invoke('plugin:watcher|told')).toEqual([
    ['window', 'main'],
    ['page', 'main', 'app://main/', 'Finished'],
  ]);
});

test('a backend that ends right after each start stays stopped until a file is saved', async () => {
  const main = (ready: string) => `
    import { app, command, plugin } from 'ipc-workbench';
    const watcher = plugin({ name: 'watcher', onWindowReady: () => { ${ready} } });
    export default app({ commands: [command('hi', {}, () => 'hi')], plugins: [watcher] });`;
  const { backend, page, folder, until, lines } = await setUp({
    files: { 'src-ipc/main.ts': main('process.exit(9)') },
    watch: true,
  });
  const window = page();
  await backend.start();
  await until(() => backend.state.kind === 'stopped');
  const text =
    'it ended 3 times right after its start (it exited with code 9); save one of its files to start it again';
  expect(backend.state).toEqual({ kind: 'stopped', reason: text });
  expect(lines.at(-1)).toBe(`error: The backend stays stopped: ${text}.`);
  expect(await rejection(window.invoke('hi'))).toBe(`The backend could not run "hi": ${text}.`);
  write(folder, 'src-ipc/main.ts', main(''));
  await until(() => backend.state.kind === 'running');
  expect(await window.invoke('hi')).toBe('hi');
});

test('calls that arrive while it starts wait for it', async () => {
  const { backend, page } = await setUp();
  const main = page();
  const starting = backend.start();
  expect(
    await Promise.all([
      main.invoke('greet', { name: 'Ada' }),
      rejection(main.invoke('nothing')),
      rejection(main.invoke('plugin:nobody|nothing')),
      rejection(main.invoke('plugin:watcher|nothing')),
    ]),
  ).toEqual(['Hello, Ada!', 'Command nothing not found', 'plugin nobody not found', 'Command nothing not found']);
  expect(await starting).toBe(true);
});

test('a call does not wait for ever for a backend that does not load', async () => {
  const { backend, page, errors } = await setUp({
    files: { 'src-ipc/main.ts': 'await new Promise(() => setInterval(() => undefined, 1000));' },
    loadMs: 300,
  });
  const main = page();
  const starting = backend.start();
  expect(await rejection(main.invoke('hi'))).toMatch(/^The backend could not run "hi": it did not (start|load)/);
  expect(await starting).toBe(false);
  expect(errors).toEqual([
    {
      message: 'It did not finish loading within 0.3 s: its top level or setup() waits for something.',
      file: 'src-ipc/main.ts',
      line: 1,
      column: 1,
    },
  ]);
});

test('dispose answers what runs, and leaves no process, timer or watcher behind', async () => {
  const before = resources();
  const { core, backend, page, until } = await start({ watch: true });
  const main = page();
  const other = page('other');
  await other.listen('waiting');
  const pid = (await main.invoke('pid')) as number;
  const running = rejection(main.invoke('forever'));
  await until(() => other.heard.length > 0);
  backend.dispose();
  backend.dispose();
  expect(await running).toBe('The backend stopped while "forever" was running: the app was closed.');
  await backend.whenEnded();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expect(await rejection(main.invoke('greet', { name: 'Ada' }))).toBe(
    'The backend could not run "greet": the app was closed.',
  );
  core.dispose();
  await new Promise((resolve) => setTimeout(resolve)); // the core's own timers
  const left = Object.entries(resources()).filter(([kind, count]) => count > (before[kind] ?? 0));
  expect(left).toEqual([]);
});

test('a process that does not listen is ended all the same', async () => {
  const { backend, page } = await start({ hangMs: 0 });
  const main = page();
  const pid = (await main.invoke('pid')) as number;
  const loop = rejection(main.invoke('loop'));
  backend.dispose();
  expect(await loop).toBe('The backend stopped while "loop" was running: the app was closed.');
  await backend.whenEnded();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

/** How many of each kind keep this process alive. */
function resources(): Record<string, number> {
  const kinds = Map.groupBy(process.getActiveResourcesInfo(), (kind) => kind);
  return Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length]));
}
