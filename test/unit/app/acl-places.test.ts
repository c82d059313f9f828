import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Capability } from '#core/acl/capability.ts';
import type { Origin } from '#core/acl/reach.ts';
import { AppAcl, HostedAcl } from '#server/project/app-acl.ts';
import { readProject } from '#server/project/project.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const DECLARED = {
  commands: [{ name: 'read', permissions: ['notes:read'] }],
  plugins: [{ name: 'own', commands: [{ name: 'run', permissions: ['own:extra'] }] }],
};

function aclOf(files: Record<string, string>, config: object = {}): AppAcl {
  const folder = mkdtempSync(join(tmpdir(), 'ipc-acl-'));
  folders.push(folder);
  mkdirSync(join(folder, 'capabilities'));
  writeFileSync(join(folder, 'tauri.conf.json'), JSON.stringify(config));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'capabilities', name), text);
  return new AppAcl(readProject(folder).acl, { backend: DECLARED });
}

const FILE = `{
  "identifier": "main",
  "windows": ["main"],
  "permissions": [
    "notes:read",
    "core:default",
    { "identifier": "own:deny-run" }
  ]
}`;

test('the place of what brings a permission: of the reference, also through a set, else of the capability', () => {
  const acl = aclOf({ 'main.json': FILE });
  const at = (capability: string, command: string, permission: string) => {
    const place = acl.placeOf(capability, command, permission);
    return place && [place.file.split(/[/\\]/).at(-1), place.line, place.column];
  };
  expect(at('main', 'plugin:window|title', 'core:window:allow-title')).toEqual(['main.json', 6, 5]);
  expect(at('main', 'plugin:own|run', 'own:deny-run')).toEqual(['main.json', 7, 5]);
  expect(at('main', 'read', 'notes:read')).toEqual(['main.json', 5, 5]);
  expect(at('main', 'plugin:window|title', '')).toEqual(['main.json', 2, 17]);
  expect(at('none', 'read', 'notes:read')).toBeUndefined();
});

test('what handlers ask for, and where new files go', () => {
  const acl = aclOf({ 'main.json': FILE });
  expect([acl.askedBy('read'), acl.askedBy('plugin:own|run'), acl.askedBy('nothing')]).toEqual([
    ['notes:read'],
    ['own:extra'],
    [],
  ]);
  expect(acl.files.listed).toBeUndefined();
  expect(acl.files.folder.endsWith('capabilities')).toBe(true);
  const security = { capabilities: ['main'] };
  const listed = aclOf({ 'main.json': FILE }, { app: { security } });
  expect(listed.files.listed?.file.endsWith('tauri.conf.json')).toBe(true);
  expect(listed.overview('main', 'local').find(({ called }) => called === 'plugin:own|run')).toMatchObject({
    state: 'denied',
  });
});

test('an app of another extension is explained by its capabilities alone', () => {
  const capability = Capability.parse({ identifier: 'page', windows: ['page'], permissions: ['core:default'] });
  const acl = new HostedAcl([capability], DECLARED);
  const access = { command: 'plugin:window|close', window: 'page', webview: 'page', origin: 'local' } as const;
  expect(acl.explain(access)).toMatchObject({
    verdict: 'refused',
    capabilities: ['page'],
    permissions: [{ identifier: 'core:window:allow-close', commands: 1 }],
  });
  expect(acl.askedBy('read')).toEqual(['notes:read']);
  expect(acl.overview('page', 'local').find(({ called }) => called === 'read')?.asks).toEqual([
    { permission: 'notes:read', capabilities: [] },
  ]);
});

test('what a window may do depends on the page that it shows', () => {
  const ofApp = { identifier: 'page', windows: ['page'], permissions: ['core:window:allow-close'] };
  const remote = { urls: ['https://a.test'] };
  const ofSite = { ...ofApp, identifier: 'site', permissions: ['core:window:allow-show'], local: false, remote };
  const acl = new HostedAcl([Capability.parse(ofApp), Capability.parse(ofSite)], DECLARED);
  const stateIn = (origin: Origin) =>
    Object.fromEntries(acl.overview('page', origin).map(({ called, state }) => [called, state]));
  expect(stateIn('local')).toMatchObject({ 'plugin:window|close': 'allowed', read: 'unprotected' });
  expect(stateIn('local')).not.toHaveProperty('plugin:window|show');
  expect(stateIn({ remote: 'https://a.test/' })).toMatchObject({ 'plugin:window|show': 'allowed', read: 'missing' });
  expect(stateIn({ remote: 'https://a.test/' })).not.toHaveProperty('plugin:window|close');
});

test('the settings count for an app of another extension, too', () => {
  const origin = { remote: 'https://a.test/' };
  const access = { command: 'read', window: 'page', webview: 'page', origin };
  expect(new HostedAcl([], DECLARED).authority.decide(access).allowed).toBe(false);
  const switches = {
    denyMode: 'tauri-2.12',
    remoteAppCommands: 'allow',
    scopeIds: 'rebased',
    messages: 'debug',
  } as const;
  expect(new HostedAcl([], DECLARED, switches).authority.enforces(access)).toBe(false);
});
