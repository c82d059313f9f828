import * as opener from '@tauri-apps/plugin-opener';
import * as shell from '@tauri-apps/plugin-shell';
import { equal, heard, pluginCases } from './cases.ts';

const { Command } = shell;

/** Echoes its standard input, line by line, until that ends. */
const echo = () => Command.create('node', ['-e', 'process.stdin.pipe(process.stdout)']);

const emitter = () => new shell.EventEmitter<{ news: number }>();

export const shellCases = pluginCases(shell, {
  'Command.create': async () => {
    const { code, stdout } = await Command.create('node', ['-e', 'console.log("out")']).execute();
    equal([code, stdout], [0, 'out\n']);
  },
  'Command.sidecar': async () => equal((await Command.sidecar('binaries/tool', ['x']).execute()).stdout, 'sidecar x\n'),
  'Command#execute': async () => {
    const { code, stderr } = await Command.create('node', ['-e', 'console.error("err"); process.exit(3)']).execute();
    equal([code, stderr], [3, 'err\n']);
  },
  'Command#spawn': async () => {
    const command = echo();
    const closed = heard<number | null>();
    command.on('close', ({ signal }) => closed.tell(signal));
    const child = await command.spawn();
    await child.kill();
    equal(await closed.promise, 9);
  },
  'Child#write': async () => {
    const command = echo();
    const line = heard<string>();
    command.stdout.on('data', line.tell);
    const child = await command.spawn();
    await child.write('a line\n');
    equal((await line.promise).trimEnd(), 'a line');
    await child.kill();
  },
  'Child#kill': async () => (await echo().spawn()).kill(),
  // No call of these reaches the host.
  ...Object.fromEntries(
    ['addListener', 'on', 'once', 'prependListener', 'prependOnceListener'].map((name) => [
      `EventEmitter#${name}`,
      () => {
        const events = emitter();
        let seen = 0;
        (events[name as 'on'] as typeof events.on)('news', (value) => (seen = value));
        equal([events.emit('news', 5), seen], [true, 5]);
      },
    ]),
  ),
  ...Object.fromEntries(
    ['removeListener', 'off'].map((name) => [
      `EventEmitter#${name}`,
      () => {
        const events = emitter();
        const listener = () => undefined;
        events.on('news', listener);
        (events[name as 'off'] as typeof events.off)('news', listener);
        equal(events.listenerCount('news'), 0);
      },
    ]),
  ),
  'EventEmitter#removeAllListeners': () => equal(emitter().removeAllListeners().listenerCount('news'), 0),
  'EventEmitter#emit': () => equal(emitter().emit('news', 1), false),
  'EventEmitter#listenerCount': () =>
    equal(
      emitter()
        .on('news', () => undefined)
        .listenerCount('news'),
      1,
    ),
  // VS Code asks the user before it opens another site.
  open: () => shell.open('https://example.com/shell'),
});

export const openerCases = pluginCases(opener, {
  openUrl: () => opener.openUrl('https://example.com/opener'),
  openPath: ({ folder }) => opener.openPath(folder),
  revealItemInDir: ({ folder }) => opener.revealItemInDir(folder),
});
