import { expect, test } from 'vitest';
import type { RuntimeAuthority } from '#core/acl/authority.ts';
import { CapabilityBuilder } from '#core/acl/capability-builder.ts';
import { parseRuntimeCapability } from '#core/acl/capability-file.ts';
import { authority, capability, manifests, refusal, thrown } from './support.ts';

const PING = 'plugin:ping|ping';
const access = (command: string) => ({ command, window: 'main', webview: 'main', origin: 'local' }) as const;

function add(asked: RuntimeAuthority, text: string): void {
  asked.addCapability(parseRuntimeCapability(text));
}

function scopeOf(asked: RuntimeAuthority, command: string) {
  return asked.commandScope(asked.resolveAccess(access(command)) ?? []);
}

test('J146 a capability is added while the app runs', () => {
  for (const text of [
    '{"identifier":"c","windows":["main"],"permissions":["ping:allow-ping"]}',
    'identifier = "c"\nwindows = ["main"]\npermissions = ["ping:allow-ping"]',
  ]) {
    const asked = authority([]);
    for (const window of ['main', 'other']) {
      expect(refusal(asked, PING, { window })).toMatch(/^ping\.ping not allowed\. Permissions associated/);
    }
    add(asked, text);
    expect(refusal(asked, PING)).toBe(undefined);
    expect(refusal(asked, PING, { window: 'other' })).toMatch(/^ping\.ping not allowed on window "other"/);
  }
  expect(thrown(() => parseRuntimeCapability('garbage'))).toBe('invalid capability');
});

test('J147 its scopes are its own; Tauri to 2.12 mixes them', () => {
  const given = manifests({ fs: { commands: ['read', 'write'] } });
  const before = () => [capability([{ identifier: 'fs:allow-read', allow: ['old'] }])];
  const more = JSON.stringify({
    ...{ identifier: 'd', windows: ['main'] },
    permissions: [{ identifier: 'fs:allow-write', allow: ['new'] }],
  });
  const rebased = authority(before(), given);
  add(rebased, more);
  expect([scopeOf(rebased, 'plugin:fs|read'), scopeOf(rebased, 'plugin:fs|write')]).toEqual([
    { allow: ['old'], deny: [] },
    { allow: ['new'], deny: [] },
  ]);
  const merged = authority(before(), given, { scopeIds: 'merged' });
  add(merged, more);
  expect(scopeOf(merged, 'plugin:fs|read')).toEqual({ allow: ['old', 'new'], deny: [] });
});

test('J148 the scope of a plugin grows', () => {
  const asked = authority([capability(['fs:allow-app'])]);
  expect(asked.globalScope('fs').allow).toEqual([{ path: '$APP' }]);
  add(asked, '{"identifier":"d","permissions":["fs:deny-home"]}');
  expect(asked.globalScope('fs')).toEqual({ allow: [{ path: '$APP' }], deny: [{ path: '$HOME' }] });
});

test('J149 a denial that is added', () => {
  const given = manifests({ ping: { commands: ['ping'] } });
  const asked = authority([capability(['ping:allow-ping'])], given);
  expect(refusal(asked, PING)).toBe(undefined);
  add(asked, '{"identifier":"d","permissions":["ping:deny-ping"]}');
  expect(refusal(asked, PING)).toMatch(/^ping\.ping explicitly denied/);
});

test('J149 what is granted by name grows too', () => {
  const asked = authority([]);
  const before = asked.grants;
  add(asked, '{"identifier":"d","windows":["main"],"permissions":["ping:allow-ping"]}');
  expect(asked.of('main').allows('ping:allow-ping')).toBe(true);
  expect(asked.grants).not.toBe(before);
});

test('J150 the builder', () => {
  expect(thrown(() => new CapabilityBuilder('x').permission('bad id'))).toBe("invalid permission identifier 'bad id'");
  const built = new CapabilityBuilder('x')
    .window('main')
    .webview('w')
    .remote('https://a.test')
    .local(false)
    .platform('linux')
    .permission('ping:allow-ping')
    .permissionScoped('fs:read', [], [])
    .build();
  expect(built).toEqual(
    capability(['ping:allow-ping', { identifier: 'fs:read', allow: [], deny: [] }], {
      ...{ identifier: 'x', webviews: ['w'], local: false, platforms: ['linux'] },
      remote: { urls: ['https://a.test'] },
    }),
  );
});
