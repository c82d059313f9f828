import { expect, test } from 'vitest';
import type { Access } from '#core/acl/authority.ts';
import { RuntimeAuthority } from '#core/acl/authority.ts';
import { Capability } from '#core/acl/capability.ts';
import { explain, referenceTo } from '#core/acl/explain.ts';
import { mergeManifest, PermissionFileData } from '#core/acl/manifest.ts';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import { resolve } from '#core/acl/resolve.ts';

const own = PermissionFileData.parse({
  permission: [
    { identifier: 'mac', commands: { allow: ['run'] }, platforms: ['macOS'] },
    { identifier: 'scope', scope: { allow: ['G'] } },
  ],
});
const manifests = new Map([...bundledManifests(), ['own', mergeManifest([own], ['run'])] as const]);
const capability = (identifier: string, permissions: unknown[], more: object = {}) =>
  Capability.parse({ identifier, windows: ['main'], permissions, ...more });

const enabled = [
  capability('here', [{ identifier: 'own:allow-run', allow: ['C'] }, 'own:scope']),
  capability('far', ['own:allow-run'], { local: false, remote: { urls: ['https://a.test'] } }),
  capability('mac-only', ['own:allow-run'], { platforms: ['macOS'] }),
  capability('part', ['own:mac']),
];
const disabled = [capability('off', ['own:allow-run', 'own:deny-run'])];

const ask = (command: string, more: Partial<Access> = {}) => {
  const authority = new RuntimeAuthority(resolve({ capabilities: enabled, manifests, target: 'linux' }), manifests);
  const access: Access = { command, window: 'main', webview: 'main', origin: 'local', ...more };
  return explain({ authority, manifests, target: 'linux', enabled, disabled }, access);
};

test('an allowed call: by what, with which scopes, and what was left out', () => {
  const { verdict, text, candidates, leftOut, commandScope, globalScope, permissions, capabilities } =
    ask('plugin:own|run');
  expect([verdict, text]).toEqual(['allowed', undefined]);
  expect(candidates.map(({ entry, ...fits }) => [entry.referencedBy.capability, fits])).toEqual([
    ['far', { denies: false, originFits: false, labelFits: true }],
    ['here', { denies: false, originFits: true, labelFits: true }],
  ]);
  expect(leftOut).toEqual([
    { capability: 'off', permission: 'allow-run', reason: 'capability not enabled' },
    { capability: 'off', permission: 'deny-run', reason: 'capability not enabled' },
    { capability: 'mac-only', permission: 'allow-run', reason: 'capability for other platforms' },
    { capability: 'part', permission: 'mac', reason: 'permission for other platforms' },
  ]);
  expect([commandScope.allow, globalScope.allow]).toEqual([['C'], ['G']]);
  expect([permissions, capabilities]).toEqual([
    [
      { identifier: 'own:allow-run', commands: 1 },
      { identifier: 'own:mac', commands: 1 },
    ],
    ['here', 'part'],
  ]);
});

test('a refused call: the texts, and what would help', () => {
  const { verdict, text, candidates, permissions, capabilities } = ask('plugin:window|close');
  expect([verdict, candidates, permissions, capabilities]).toEqual([
    'refused',
    [],
    [{ identifier: 'core:window:allow-close', commands: 1 }],
    ['here', 'part'],
  ]);
  expect(text).toEqual({
    debug: 'window.close not allowed. Permissions associated with this command: core:window:allow-close',
    release: 'Command plugin:window|close not allowed by ACL',
  });
  expect(
    ask('plugin:own|run', { window: 'other', webview: 'other' }).candidates.map(({ labelFits }) => labelFits),
  ).toEqual([false, false]);
  expect(ask('plugin:window|close', { origin: { remote: 'https://a.test/x' } }).capabilities).toEqual(['far']);
});

test('a command that needs no permission, and one of nobody', () => {
  expect(ask('greet')).toMatchObject({ verdict: 'free', permissions: [] });
  expect(ask('plugin:nope|x')).toMatchObject({
    verdict: 'refused',
    permissions: [],
    globalScope: { allow: [], deny: [] },
  });
});

test('of what would help, the smallest comes first', () => {
  const { permissions } = ask('plugin:window|title');
  expect(permissions).toEqual([
    { identifier: 'core:window:allow-title', commands: 1 },
    { identifier: 'core:window:default', commands: expect.any(Number) },
  ]);
  expect(permissions[1]?.commands).toBeGreaterThan(10);
});

test('the reference that brings a permission is found, through sets and for other platforms', () => {
  const of = (given: Capability, command: string, permission: string) =>
    referenceTo({ capability: given, manifests }, command, permission);
  const wide = capability('wide', ['own:scope', 'core:default', 'own:deny-run'], { platforms: ['macOS'] });
  expect([
    of(wide, 'plugin:window|title', 'allow-title'),
    of(wide, 'plugin:own|run', 'deny-run'),
    of(wide, 'plugin:own|run', 'allow-run'),
  ]).toEqual([1, 2, -1]);
});
