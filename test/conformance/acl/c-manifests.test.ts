import { expect, test } from 'vitest';
import { appManifest, identifiersOf, inlinedManifest, mergeManifest } from '#core/acl/manifest.ts';
import { isPermissionFile, parseManifests, parsePermissionFile, projectManifests } from '#core/acl/manifest-file.ts';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import { capability, resolved, thrown } from './support.ts';

const file = (text: string, name = 'x.toml') => parsePermissionFile(name, text);
const data = (text: string) => file(text).data;

test('C35 a scope at the top level belongs to no permission', () => {
  const { permissions } = mergeManifest([
    data('[[permission]]\nidentifier = "deny-x"\n[[scope.deny]]\npath = "a"\n'),
    data('[[permission]]\nidentifier = "deny-y"\n[[permission.scope.deny]]\npath = "a"\n'),
  ]);
  expect([permissions.get('deny-x')?.scope, permissions.get('deny-y')?.scope]).toEqual([{}, { deny: [{ path: 'a' }] }]);
});

test('C36 the later definition holds', () => {
  const define = (command: string) =>
    data(
      `[default]\npermissions = ["${command}"]\n[[permission]]\nidentifier = "p"\ncommands.allow = ["${command}"]\n`,
    );
  const merged = mergeManifest([define('a'), define('b')]);
  expect(merged.permissions.get('p')?.commands.allow).toEqual(['b']);
  expect(merged.default?.permissions).toEqual(['b']);
});

test('C37 a set needs a description', () => {
  expect(thrown(() => file('[[set]]\nidentifier = "s"\npermissions = []'))).toMatch(
    /^failed to parse TOML: missing field `description`/,
  );
  expect(data('[[permission]]\nidentifier = "p"').permission[0]?.description).toBe(undefined);
});

test('C38 the default describes itself', () => {
  expect(mergeManifest([data('[default]\npermissions = []')]).default?.description).toBe('Default plugin permissions.');
});

test('C39 what is generated for a command', () => {
  const { permissions } = mergeManifest([], ['read_text_file']);
  expect([...permissions.values()]).toEqual([
    {
      identifier: 'allow-read-text-file',
      description: 'Enables the read_text_file command without any pre-configured scope.',
      commands: { allow: ['read_text_file'], deny: [] },
      scope: {},
    },
    {
      identifier: 'deny-read-text-file',
      description: 'Denies the read_text_file command without any pre-configured scope.',
      commands: { allow: [], deny: ['read_text_file'] },
      scope: {},
    },
  ]);
});

test('C40 only TOML and JSON', () => {
  expect(thrown(() => file('', 'permissions/x.json5'))).toBe('unknown permission format json5');
  expect(file('{"permission":[{"identifier":"p"}]}', 'x.json').data.permission.length).toBe(1);
});

test('C41 C42 the app has a manifest when it has something in it', () => {
  expect(appManifest([])).toBe(undefined);
  expect(appManifest([data('# nothing\n')])).toBe(undefined);
  const found = (text: string) => projectManifests(new Map(), [file(text)]);
  expect(resolved([], found('')).hasAppAcl).toBe(false);
  expect(resolved([], found('[[permission]]\nidentifier = "p"')).hasAppAcl).toBe(true);
});

test('C41 which files are read', () => {
  const paths = [
    'permissions/a/b.toml',
    'permissions/x.json',
    'permissions/schemas/schema.json',
    'permissions/readme.md',
  ];
  expect(paths.map(isPermissionFile)).toEqual([true, true, false, false]);
});

test('C42 a plugin that the app defines itself', () => {
  const names = (allowed?: 'all' | string[]) => inlinedManifest([], ['a_b', 'c'], allowed).default?.permissions;
  expect([names(), names('all'), names(['allow-c'])]).toEqual([undefined, ['allow-a-b', 'allow-c'], ['allow-c']]);
  expect(identifiersOf('p', inlinedManifest([], ['c'], 'all'))).toEqual(['p:default', 'p:allow-c', 'p:deny-c']);
  expect(identifiersOf('__app-acl__', inlinedManifest([], ['c']))).toEqual(['allow-c', 'deny-c']);
});

test('C43 what the build wrote takes the place of the bundled manifests', () => {
  const written = parseManifests(
    'acl-manifests.json',
    JSON.stringify({
      zoom: {
        default_permission: { identifier: 'default', description: 'd', permissions: ['allow-in'] },
        permissions: { 'allow-in': { identifier: 'allow-in', description: '', commands: { allow: ['in'], deny: [] } } },
        permission_sets: {},
        global_scope_schema: null,
      },
    }),
  );
  const found = projectManifests(written, []);
  expect([...found.keys()]).toEqual(['zoom']);
  expect([...resolved([capability(['zoom:default'])], found).allowedCommands.keys()]).toEqual(['plugin:zoom|in']);
  expect(projectManifests(undefined, [])).toEqual(bundledManifests());
});
