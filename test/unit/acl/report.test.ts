import { expect, test } from 'vitest';
import { type Access, RuntimeAuthority } from '#core/acl/authority.ts';
import { Capability } from '#core/acl/capability.ts';
import { explain } from '#core/acl/explain.ts';
import { mergeManifest } from '#core/acl/manifest.ts';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import { report, type ReportInput } from '#core/acl/report.ts';
import { resolve } from '#core/acl/resolve.ts';

const manifests = new Map([...bundledManifests(), ['own', mergeManifest([], ['run', 'burn'])] as const]);
const capability = (identifier: string, permissions: unknown[], more: object = {}) =>
  Capability.parse({ identifier, windows: ['main'], permissions, ...more });
const enabled = [
  capability('here', [{ identifier: 'own:allow-run', allow: [{ path: '/a' }] }, 'own:deny-burn', 'own:allow-burn']),
  capability('far', ['own:allow-run'], { local: false, remote: { urls: ['https://a.test'] }, windows: ['x', 'y-*'] }),
  capability('mac', ['own:allow-run'], { platforms: ['macOS'] }),
];
const disabled = [capability('off', ['own:allow-run'])];

function ask(command: string, more: Partial<ReportInput & { window: string; origin: Access['origin'] }> = {}) {
  const { window = 'main', origin = 'local', ...rest } = more;
  const access: Access = { command, window, webview: window, origin };
  const authority = new RuntimeAuthority(resolve({ capabilities: enabled, manifests, target: 'linux' }), manifests);
  const explanation = explain({ authority, manifests, target: 'linux', enabled, disabled }, access);
  const fileOf = (name: string) => (name === 'far' ? undefined : `${name}.json`);
  const given = { wasRefused: true, refusal: undefined, asked: [], fileOf, editable: true, ...rest };
  return report({ access, explanation, ...given });
}

test('every entry says what it failed by, and where it stands', () => {
  const { verdict, summary, entries, missing, targets, release } = ask('plugin:own|run', { window: 'second' });
  expect([verdict, summary]).toEqual([
    'refused',
    'Capabilities allow the command, but none of them for window "second".',
  ]);
  expect(release).toBe('Command plugin:own|run not allowed by ACL');
  expect(entries.map(({ capability, file, effect, reasons }) => [capability, file, effect, reasons])).toEqual([
    [
      'far',
      undefined,
      'does not apply',
      ['is for windows "x", "y-*", not for "second"', 'is for https://a.test, not for pages of the app'],
    ],
    ['here', 'here.json', 'does not apply', ['is for window "main", not for "second"']],
    ['off', 'off.json', 'does not apply', ['is not enabled: app.security.capabilities does not name it']],
    ['mac', 'mac.json', 'does not apply', ['is for other platforms: its capability does not name this one']],
  ]);
  expect(missing).toEqual([{ identifier: 'own:allow-run', commands: 1 }]);
  expect(targets).toEqual([]);
});

test('the window fits, and only the page does not', () => {
  const origin = { remote: 'https://b.test/x' };
  expect(ask('plugin:own|run', { origin }).summary).toBe(
    'Capabilities allow the command for window "main", but none of them for https://b.test/x.',
  );
  expect(ask('plugin:own|run', { window: 'x' }).summary).toBe(
    'Capabilities allow the command for window "x", but none of them for pages of the app.',
  );
  expect(ask('plugin:own|run', { window: 'second', origin }).summary).toBe(
    'Capabilities allow the command, but none of them for window "second".',
  );
});

test('a denial: nothing is offered, for nothing would help', () => {
  const { verdict, entries, missing } = ask('plugin:own|burn');
  expect(verdict).toBe('refused');
  expect(entries.map(({ permission, effect }) => [permission, effect])).toEqual([
    ['own:deny-burn', 'denies'],
    ['own:allow-burn', 'allows'],
  ]);
  expect(missing).toEqual([]);
});

test('what no capability mentions: the smallest permission, and the files of this window', () => {
  const { summary, missing, targets, capabilities } = ask('plugin:window|title');
  expect(summary).toBe('No capability in force allows the command.');
  expect(missing.map(({ identifier }) => identifier)).toEqual(['core:window:allow-title', 'core:window:default']);
  expect(targets).toEqual([{ capability: 'here', file: 'here.json' }]);
  expect(capabilities).toEqual([{ capability: 'here', file: 'here.json' }]);
});

test('an unknown command, and one that is allowed by now', () => {
  expect(ask('plugin:nope|x')).toMatchObject({ verdict: 'refused', missing: [] });
  expect(ask('plugin:nope|x').summary).toMatch(/^No permission is known/);
  const now = ask('plugin:own|run');
  expect([now.verdict, now.missing, now.commandScope.allow]).toEqual(['allowed', [], ['{"path":"/a"}']]);
});

test('a handler that refuses: what it asks for, or what it said', () => {
  expect(ask('read', { refusal: 'Permission denied: no', asked: ['fs:read'] })).toMatchObject({
    verdict: 'handler',
    summary: 'The command asks for fs:read, which no capability of this window grants.',
    missing: [{ identifier: 'fs:read' }],
    targets: [{ capability: 'here' }],
  });
  expect(ask('read', { refusal: 'Permission denied: no' })).toMatchObject({
    verdict: 'handler',
    summary: 'The command may be called; its handler refused: Permission denied: no',
    missing: [],
  });
});

test('check 14: of a call that was not refused it says which capability allows it, and by which permission', () => {
  const { verdict, summary } = ask('plugin:own|run', { wasRefused: false });
  expect([verdict, summary]).toEqual(['allowed', 'Capability "here" allows it by own:allow-run.']);
  // A file may have changed since.
  expect(ask('plugin:own|run', { wasRefused: false, window: 'second' }).verdict).toBe('refused');
});
