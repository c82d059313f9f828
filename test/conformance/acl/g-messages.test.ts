import { expect, test } from 'vitest';
import * as z from 'zod';
import { command } from '#core/command.ts';
import { plugin } from '#core/plugin.ts';
import { createCore, openFake, until } from '../../unit/core/fakes.ts';
import { authority, capability, manifests, refusal } from './support.ts';

const PING = 'plugin:ping|ping';

test('G96 G97 what is not there', () => {
  const asked = authority([], manifests({ myplugin: { commands: ['known'] } }));
  expect(refusal(asked, 'plugin:unknown-plugin|cmd')).toBe('unknown-plugin.cmd not allowed. Plugin not found');
  expect(refusal(asked, 'plugin:myplugin|unknown-command')).toBe(
    'myplugin.unknown-command not allowed. Command not found',
  );
});

test('G98 the permissions that would allow it', () => {
  const asked = authority([], manifests({ ping: { default: ['allow-ping'], commands: ['ping'] } }));
  expect(refusal(asked, PING)).toBe(
    'ping.ping not allowed. Permissions associated with this command: ping:allow-ping, ping:default',
  );
});

test('G98 sets of sets count, those of other plugins do not, and a circle ends', () => {
  const given = manifests({
    ping: { commands: ['ping'], set: { b: ['allow-ping', 'a'], a: ['b'], other: ['pong:far'] } },
    pong: { set: { far: ['ping:allow-ping'] } },
  });
  expect(refusal(authority([], given), PING)).toMatch(/: ping:a, ping:allow-ping, ping:b$/);
});

test('G99 Tauri’s own plugins are named with core', () => {
  const asked = authority([], manifests({ 'core:window': { commands: ['close'] } }));
  expect(refusal(asked, 'plugin:window|close')).toBe(
    'window.close not allowed. Permissions associated with this command: core:window:allow-close',
  );
});

test('G100 G101 G102 where it is allowed', () => {
  const remote = { urls: ['https://tauri.app'] };
  const first = capability(['ping:allow-ping'], { webviews: ['w1'], local: false, remote });
  expect(refusal(authority([first]), PING, { window: 'other' })).toBe(
    'ping.ping not allowed on window "other", webview "other", URL: local\n\n' +
      'allowed on: [windows: "main", webviews: "w1", URL: https://tauri.app]\n\n' +
      'referenced by: capability: c, permission: allow-ping',
  );
  const second = capability(['ping:allow-ping'], { identifier: 'd', windows: [], webviews: ['w1', 'w2'] });
  expect(refusal(authority([first, second]), PING, { window: 'other', webview: 'view' })).toBe(
    'ping.ping not allowed on window "other", webview "view", URL: local\n\n' +
      'allowed on: [windows: "main", webviews: "w1", URL: https://tauri.app], [webviews: "w1", "w2", URL: local]\n\n' +
      'referenced by: capability: c, permission: allow-ping || capability: d, permission: allow-ping',
  );
});

test('G103 a denial, with the address as Rust prints it', () => {
  const asked = authority([capability(['ping:deny-ping'])], manifests({ ping: { commands: ['ping'] } }));
  expect(refusal(asked, PING, { origin: { remote: 'http://x.y' } })).toBe(
    'ping.ping explicitly denied on origin remote: http://x.y/\n\nreferenced by: capability: c, permission: deny-ping',
  );
});

test('G104 the text of a release build', () => {
  const release = authority([], undefined, { messages: 'release' });
  expect(refusal(release, PING)).toBe('Command plugin:ping|ping not allowed by ACL');
  expect(authority([]).decide({ command: PING, window: 'm', webview: 'm', origin: 'local' })).toMatchObject({
    allowed: false,
    message: 'ping.ping not allowed. Permissions associated with this command: ping:allow-ping',
    release: 'Command plugin:ping|ping not allowed by ACL',
  });
});

test('G105 G106 what comes after the permission', async () => {
  const core = createCore();
  core.addCommand(command('greet', { args: { name: z.string() } }, () => 'hello'));
  await core.addPlugin(plugin({ name: 'ping', commands: [] }));
  const page = openFake(core, 'main');
  const errors: unknown[] = [];
  for (const [index, [name, args]] of (
    [
      ['hello', {}],
      [PING, {}],
      ['plugin:nope|x', {}],
      ['greet', {}],
    ] as const
  ).entries()) {
    page.invoke(name, args, index * 2);
    await until(() => page.ran(index * 2 + 1).length === 1);
    errors.push(page.ran(index * 2 + 1)[0]);
  }
  expect(errors).toEqual([
    'Command hello not found',
    'Command ping not found',
    'plugin nope not found',
    'invalid args `name` for command `greet`: command greet missing required key name',
  ]);
});
