import { expect, test } from 'vitest';
import { RuntimeAuthority } from '#core/acl/authority.ts';
import { Capability } from '#core/acl/capability.ts';
import { appManifest, mergeManifest } from '#core/acl/manifest.ts';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import { overview } from '#core/acl/overview.ts';
import { APP_KEY } from '#core/acl/identifier.ts';
import { resolve } from '#core/acl/resolve.ts';

const capability = (identifier: string, window: string, permissions: unknown[]) =>
  Capability.parse({ identifier, windows: [window], permissions });
const capabilities = [
  capability('one', 'main', ['core:window:default', 'core:window:allow-close', 'own:default', 'own:deny-burn']),
  capability('two', 'main', ['core:window:allow-close']),
  capability('other', 'second', ['core:window:allow-set-title']),
];
const own = mergeManifest([], ['burn', 'run', 'walk']);
const plugins = new Map([
  ...bundledManifests(),
  ['own', { ...own, default: { description: '', permissions: ['allow-run', 'allow-burn'] } }] as const,
]);
const COMMANDS = [
  { called: 'greet', asks: ['core:window:allow-close', 'own:allow-walk'] },
  ...['burn', 'run', 'walk'].map((name) => ({ called: `plugin:own|${name}`, asks: [] })),
];

function look(window: string, manifests: Parameters<typeof resolve>[0]['manifests'] = plugins) {
  const authority = new RuntimeAuthority(resolve({ capabilities, manifests, target: 'linux' }), manifests);
  return overview({ authority, manifests, commands: COMMANDS }, { window, webview: window, origin: 'local' });
}

test('allowed with every reason, denied, missing and unprotected', () => {
  const found = look('main');
  const of = (called: string) => found.find((each) => each.called === called);
  expect(of('plugin:window|close')).toEqual({
    called: 'plugin:window|close',
    name: 'close',
    plugin: 'core:window',
    state: 'allowed',
    by: [
      { capability: 'one', permission: 'core:window:allow-close' },
      { capability: 'two', permission: 'core:window:allow-close' },
    ],
    asks: [],
  });
  expect(of('plugin:own|burn')).toMatchObject({
    state: 'denied',
    by: [{ capability: 'one', permission: 'own:deny-burn' }],
  });
  expect(of('plugin:own|walk')).toMatchObject({ state: 'missing', by: [] });
  expect(of('greet')).toEqual({
    called: 'greet',
    name: 'greet',
    plugin: undefined,
    state: 'unprotected',
    by: [],
    // What its handler asks for by name
    asks: [
      { permission: 'core:window:allow-close', capabilities: ['one', 'two'] },
      { permission: 'own:allow-walk', capabilities: [] },
    ],
  });
  // Of plugins that are not the app's own, what is not allowed is not listed: there are hundreds.
  expect(of('plugin:window|set_title')).toBeUndefined();
});

test('the app comes first, then plugin by plugin, each by name', () => {
  const found = look('main');
  expect(found[0]?.called).toBe('greet');
  const names = found.map(({ plugin = '', name }) => `${plugin} ${name}`);
  expect(names).toEqual([...names].sort());
});

test('another window: what a denial of one window denies is denied there too', () => {
  expect(look('second').map(({ called, state }) => `${called} ${state}`)).toEqual([
    'greet unprotected',
    'plugin:window|set_title allowed',
    'plugin:own|burn denied',
    'plugin:own|run missing',
    'plugin:own|walk missing',
  ]);
});

test('with a manifest of the app, its commands need permissions', () => {
  const app = appManifest([], ['greet']);
  if (!app) throw new Error('no manifest');
  expect(look('main', new Map([...plugins, [APP_KEY, app]]))[0]).toMatchObject({ called: 'greet', state: 'missing' });
});
