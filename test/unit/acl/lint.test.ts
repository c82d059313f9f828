import { expect, test } from 'vitest';
import type { Capability } from '#core/acl/capability.ts';
import { parseCapabilityFile } from '#core/acl/capability-file.ts';
import { lintCapability, lintPermissionFile } from '#core/acl/lint.ts';
import { appManifest } from '#core/acl/manifest.ts';
import { parsePermissionFile } from '#core/acl/manifest-file.ts';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';

const MANIFESTS = bundledManifests();

/** `code@line: what the range covers` of every finding in a capability of the window main. */
function findings(permissions: unknown[], more: object = {}, enabled?: ReadonlySet<Capability>): string[] {
  const text = JSON.stringify({ identifier: 'c', windows: ['main'], ...more, permissions });
  const [source] = parseCapabilityFile('c.json', text);
  if (!source) throw new Error('no capability');
  const declared = new Set(['notes:read']);
  return lintCapability(source, { manifests: MANIFESTS, declared, ...(enabled && { enabled }) }).map(
    ({ code, place: { range } }) => `${code}: ${text.slice(range.start, range.end)}`,
  );
}

const scoped = (identifier: string, allow: unknown[]) => ({ identifier, allow });

test('nothing is said about what is well', () => {
  expect(
    findings(['core:default', 'core:window:allow-close', 'notes:read', 'store:default', 'dialog:allow-open']),
  ).toEqual([]);
  expect(findings(['fs:allow-home-read'], { windows: ['*'] })).toEqual([]);
});

test('what nothing knows, with what was probably meant', () => {
  expect(findings(['fs:alow-read-file', 'nope:x', 'fs:allow-read-file'])).toEqual([
    'unknown-permission: "fs:alow-read-file"',
    'unknown-manifest: "nope:x"',
  ]);
  const text = '{"identifier":"c","windows":["*"],"permissions":["core:windw:default","zzzzzz:q"]}';
  const [source] = parseCapabilityFile('c.json', text);
  if (!source) throw new Error('no capability');
  expect(lintCapability(source, { manifests: MANIFESTS }).map(({ message }) => message)).toEqual([
    'unknown ACL for core:windw; did you mean "core:window:default"?',
    'unknown ACL for zzzzzz',
  ]);
});

test('where a capability holds', () => {
  expect(findings([], { windows: [] })).toEqual(['unreachable: "c"']);
  expect(findings([], { local: false })).toEqual(['unreachable: false']);
  expect(findings([], { platforms: [] })).toEqual(['unreachable: []']);
  expect(findings([], {}, new Set())).toEqual(['not-enabled: "c"']);
  expect(findings(['core:default'], { remote: { urls: ['https://a.test'] } })).toEqual(['remote-core: "core:default"']);
});

test('labels', () => {
  expect(findings([], { windows: ['a**', '{a,b}', '!main', '[!a]*', 'x/y:z_?'] })).toEqual([
    'glob: "a**"',
    'label: "{a,b}"',
    'label: "!main"',
  ]);
});

test('addresses', () => {
  const urls = [
    'https://example.com*',
    'localhost:1420',
    'tauri.app',
    'https://*.x.test/*',
    'http://*:*',
    'http://localhost:*',
  ];
  expect(findings([], { remote: { urls } })).toEqual([
    'url-pattern: "tauri.app"',
    'url-host: "https://example.com*"',
    'url-scheme: "localhost:1420"',
  ]);
});

test('what reaches farther than it seems', () => {
  expect(findings(['fs:allow-home-read'])).toEqual(['app-wide-scope: "fs:allow-home-read"']);
  const [extended] = findings([scoped('fs:allow-home-read', [{ path: '/x' }])]);
  expect(extended).toBe('extended-set: "fs:allow-home-read"');
  expect(findings([scoped('fs:scope', [{ path: '/x' }])])[0]).toBe('app-wide-scope: "fs:scope"');
  expect(findings(['fs:deny-read-file'])).toEqual(['app-wide-denial: "fs:deny-read-file"']);
  expect(findings(['fs:scope'])).toEqual([]);
});

test('scope values', () => {
  const values = (plugin: string, allow: unknown[]) => findings([scoped(plugin, allow)], { windows: ['*'] });
  expect(values('fs:allow-read-file', [{ path: '$APP/x' }, '$LOG', { path: '$HOME/*.env' }, '$APPDATA/**'])).toEqual([
    'path-variable: "$APP/x"',
    'path-variable: "$LOG"',
    'dotfile: "$HOME/*.env"',
  ]);
  expect(values('http:allow-fetch', [{ url: 'https://example.com*' }, 'https://example.com/*'])).toEqual([
    'url-host: "https://example.com*"',
  ]);
  expect(values('opener:allow-open-url', [{ url: 'https://*.github.com/x' }, { url: 'https://github.com/*' }])).toEqual(
    ['opener-glob: "https://*.github.com/x"'],
  );
  const args = ['-l', { validator: 'a|b' }, { validator: '(a|b)[|]\\|' }, { validator: 'a|b', raw: true }];
  expect(values('shell:allow-execute', [{ name: 'x', cmd: 'x', args }])).toEqual(['validator: "a|b"']);
  expect(findings([{ identifier: 'shell:allow-execute', deny: [{ name: 'x' }] }])).toEqual([
    'shell-deny: [{"name":"x"}]',
  ]);
});

test('what is ignored, and what stands there twice', () => {
  expect(findings(['store:default', 'store:default'], { window: ['main'], $schema: 'x' })).toEqual([
    'unknown-field: "window"',
    'duplicate: "store:default"',
  ]);
  expect(findings([{ identifier: 'store:default', alow: [] }])).toEqual(['unknown-field: "alow"']);
});

test('permission files', () => {
  const text = `
[default]
permissions = ["gret", "app"]
[[scope.deny]]
path = "x"
[[set]]
identifier = "app"
description = "d"
permissions = ["greet", "app", "fs:nope", "fs:default"]
[[permission]]
identifier = "greet"
commands.allow = ["greet", "scope-app"]
`;
  const file = parsePermissionFile('p.toml', text);
  const app = appManifest([file.data]);
  if (!app) throw new Error('no manifest');
  const manifests = new Map([...MANIFESTS, ['__app-acl__', app] as const]);
  expect(
    lintPermissionFile(file, '__app-acl__', manifests).map(({ code, message, place }) => [code, place.line, message]),
  ).toEqual([
    ['top-level', 4, expect.stringContaining('[[permission.scope.')],
    ['command-name', 12, expect.stringContaining('"scope-app"')],
    ['unknown-permission', 9, 'permission fs:nope not found from set app'],
    ['cycle', 7, 'permission set app contains itself: app → app'],
    ['unknown-permission', 3, 'permission gret not found from set default; did you mean "greet"?'],
  ]);
});
