import { expect, test } from 'vitest';
import { command } from '#core/command.ts';
import { createCore, openFake, until } from '../../unit/core/fakes.ts';
import { authority, capabilitiesOf, capability, manifests, PLUGINS, refusal } from './support.ts';

const PING = 'plugin:ping|ping';
const pinging = (more: object) => capability(['ping:allow-ping'], more);
const remote = (url: string) => ({ origin: { remote: url } });
const deniable = manifests({ ping: { commands: ['ping'] } });

test('F80 a window that is named, and one that is not', () => {
  const asked = authority(capabilitiesOf('basic-ping.json').map((each) => each.capability));
  expect(refusal(asked, PING)).toBe(undefined);
  expect(refusal(asked, PING, { window: 'second' })).toMatch(/^ping\.ping not allowed on window "second"/);
});

test('F81 F82 local and remote are apart', () => {
  const onlyRemote = authority([pinging({ local: false, remote: { urls: ['https://tauri.app'] } })]);
  expect(refusal(onlyRemote, PING)).toMatch(/URL: local\n/);
  expect(refusal(onlyRemote, PING, remote('https://tauri.app/x'))).toBe(undefined);
  expect(refusal(authority([pinging({})]), PING, remote('https://tauri.app/x'))).toMatch(
    /URL: https:\/\/tauri\.app\/x\n/,
  );
});

test('F83 a denial beats', () => {
  const asked = authority([capability(['ping:allow-ping', 'ping:deny-ping'])], deniable);
  expect(refusal(asked, PING)).toMatch(/^ping\.ping explicitly denied on origin local\n/);
});

test('F84 a denial holds for every window', () => {
  const two = [
    capability(['ping:allow-ping'], { identifier: 'a' }),
    capability(['ping:deny-ping'], { identifier: 'b', windows: ['other'] }),
  ];
  for (const denyMode of ['tauri-2.12', 'scoped-origin'] as const) {
    expect(refusal(authority(two, deniable, { denyMode }), PING)).toBe(
      'ping.ping explicitly denied on origin local\n\nreferenced by: capability: b, permission: deny-ping',
    );
  }
});

test('F85 and for every origin, unless it is asked otherwise', () => {
  const two = [
    capability(['ping:allow-ping'], { identifier: 'a' }),
    capability(['ping:deny-ping'], { identifier: 'b', local: false, remote: { urls: ['https://x.test'] } }),
  ];
  expect(refusal(authority(two, deniable), PING)).toMatch(/explicitly denied on origin local/);
  const scoped = authority(two, deniable, { denyMode: 'scoped-origin' });
  expect(refusal(scoped, PING)).toBe(undefined);
  expect(refusal(scoped, PING, remote('https://x.test/'))).toMatch(/explicitly denied on origin remote/);
});

test('F86 F87 commands of an app without a manifest', () => {
  const asked = authority([]);
  expect(refusal(asked, 'greet')).toBe(undefined);
  expect(refusal(asked, 'greet', remote('https://x.test'))).toMatch(/^greet not allowed\./);
  const older = authority([], PLUGINS, { remoteAppCommands: 'allow' });
  expect(refusal(older, 'greet', remote('https://x.test'))).toBe(undefined);
});

test('F88 F89 commands of an app with one', () => {
  const asked = authority([], manifests({ '__app-acl__': { commands: ['greet'] } }));
  expect(refusal(asked, 'greet')).toBe('greet not allowed. Permissions associated with this command: allow-greet');
  expect(refusal(asked, 'x')).toBe('x not allowed. Command not found');
});

test('F90 the channel’s own command is free', () => {
  expect(refusal(authority([]), 'plugin:__TAURI_CHANNEL__|fetch')).toBe(undefined);
});

test('F91 F92 malformed commands', () => {
  const asked = authority([pinging({})]);
  expect(refusal(asked, 'plugin:fs')).toBe('fs. not allowed. Command not found');
  expect(refusal(asked, `${PING}|x`)).toBe(`ping.ping not allowed. "${PING}|x" is malformed: it has more than one "|"`);
});

test('F93 names that objects have', () => {
  const asked = authority([], new Map([...PLUGINS, ...manifests({ '__app-acl__': { commands: ['greet'] } })]));
  for (const name of ['__proto__', 'constructor', 'toString']) {
    expect([
      refusal(asked, name),
      refusal(asked, `plugin:${name}|${name}`),
      refusal(asked, `plugin:fs|${name}`),
    ]).toEqual([
      `${name} not allowed. Command not found`,
      `${name}.${name} not allowed. Plugin not found`,
      `fs.${name} not allowed. Command not found`,
    ]);
  }
  expect(refusal(authority([]), '__proto__')).toBe(undefined);
});

test('F94 the scopes of all entries that match', () => {
  const scoped = (allow: unknown) => ({ identifier: 'ping:allow-ping', allow: [allow] });
  const asked = authority([
    capability([scoped('one')], { identifier: 'a' }),
    capability([scoped('two')], { identifier: 'b', windows: ['other'] }),
    capability([scoped('three'), 'ping:allow-ping'], { identifier: 'c' }),
  ]);
  const decision = asked.decide({ command: PING, window: 'main', webview: 'main', origin: 'local' });
  if (!decision.allowed) throw new Error(decision.message);
  expect(decision.entries.map(({ scopeId }) => scopeId)).toEqual([1, 3, undefined]);
  expect(asked.commandScope(decision.entries)).toEqual({ allow: ['one', 'three'], deny: [] });
});

test('F94 a command of ours sees the scopes that its permissions bring', async () => {
  const core = createCore({ authority: authority([capability([{ identifier: 'fs:read', allow: ['/a'] }])]) });
  const scopes: unknown[] = [];
  core.addCommand(
    command('read', { permissions: ['fs:allow-read-file'] }, (_args, { scope }) => void scopes.push(scope)),
  );
  const page = openFake(core, 'main');
  page.invoke('read', {}, 1);
  await until(() => page.ran(1).length === 1);
  expect(scopes).toEqual([{ allow: ['/a'], deny: [] }]);
});

test('E73 E74 E75 windows and webviews are named apart, and who names neither reaches nobody', () => {
  const reach = (more: object) => authority([capability(['ping:allow-ping'], more)]);
  const views = reach({ windows: [], webviews: ['child'] });
  expect(refusal(views, PING, { window: 'main', webview: 'child' })).toBe(undefined);
  expect(refusal(views, PING, { window: 'child', webview: 'other' })).toMatch(
    /^ping\.ping not allowed on window "child"/,
  );
  const windows = reach({ windows: ['main'] });
  expect(refusal(windows, PING, { window: 'main', webview: 'other' })).toBe(undefined);
  const nobody = reach({ windows: [] });
  for (const label of ['main', 'c', '', '*'])
    expect(refusal(nobody, PING, { window: label })).toMatch(/^ping\.ping not/);
});
