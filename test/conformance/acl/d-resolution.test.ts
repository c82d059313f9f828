import { expect, test } from 'vitest';
import type { Target } from '#core/acl/capability.ts';
import type { Resolved, ResolvedCommand } from '#core/acl/resolve.ts';
import { capabilitiesOf, capability, json, manifests, PLUGINS, resolved, thrown } from './support.ts';

/** The tables as the list of expected ones has them. */
function tables({ allowedCommands, deniedCommands, commandScope, globalScope }: Resolved) {
  const commands = (table: Resolved['allowedCommands']) =>
    Object.fromEntries(
      [...table].map(([name, entries]) => [
        name,
        entries.map(({ context, windows, webviews, scopeId }) => ({
          context,
          windows,
          webviews,
          scope_id: scopeId ?? null,
        })),
      ]),
    );
  return {
    allowed_commands: commands(allowedCommands),
    denied_commands: commands(deniedCommands),
    command_scope: Object.fromEntries(commandScope),
    global_scope: Object.fromEntries(globalScope),
  };
}

const entries = (table: Resolved, command: string): readonly ResolvedCommand[] =>
  table.allowedCommands.get(command) ?? [];
const scopeIds = (table: Resolved, command: string) => entries(table, command).map(({ scopeId }) => scopeId ?? null);
const allow = (identifier: string, command = 'run', more: object = {}) => ({
  identifier,
  commands: { allow: [command] },
  ...more,
});

const FILES: Readonly<Record<string, string>> = {
  'basic-ping': 'basic-ping.json',
  'file-explorer': 'file-explorer.toml',
  'file-explorer-remote': 'file-explorer-remote.toml',
  multiwebview: 'multiwebview.json',
  multiwindow: 'multiwindow.json',
  'platform-specific-permissions': 'platform-specific-permissions.toml',
  scope: 'scope.toml',
  'scope-extended': 'scope-extended.json',
};

const EXPECTED = Object.entries(json('resolved.json') as Record<string, unknown>);

test.each(EXPECTED)('D44 %s', (name, expected) => {
  const [fixture = '', target = 'linux'] = name.split('@');
  const sources = capabilitiesOf(FILES[fixture] as string);
  const found = resolved(
    sources.map((each) => each.capability),
    PLUGINS,
    target as Target,
  );
  expect(tables(found)).toEqual(expected);
  expect([...found.allowedCommands.keys()]).toEqual([...found.allowedCommands.keys()].sort());
});

test('D44 counts ten', () => {
  expect(EXPECTED.length).toBe(10);
});

test('D45 capabilities go by their identifiers', () => {
  const two = ['b', 'a'].map((identifier) => capability(['ping:allow-ping'], { identifier }));
  expect(entries(resolved(two), 'plugin:ping|ping').map((each) => each.referencedBy.capability)).toEqual(['a', 'b']);
});

test('D46 D47 D48 references that nothing knows', () => {
  const error = (reference: string) => thrown(() => resolved([capability([reference])]));
  expect([error('nope:x'), error('allow-greet'), error('ping:nope')]).toEqual([
    'unknown ACL for nope, expected one of fs, os, ping',
    'unknown ACL for app manifest, expected one of fs, os, ping',
    'unknown permission nope for ping',
  ]);
});

test('D49 a member that is nowhere', () => {
  const given = manifests({ p: { set: { s: ['nope'] } } });
  expect(thrown(() => resolved([capability(['p:s'])], given))).toBe('permission nope not found from set s');
  const other = manifests({ p: { set: { s: ['q:x'] } } });
  expect(thrown(() => resolved([capability(['p:s'])], other))).toBe('permission q:x not found from set s');
});

test('D50 a default that is not there is empty', () => {
  expect(resolved([capability(['ping:default'])]).allowedCommands.size).toBe(0);
});

test('D51 set first for a capability, permission first for a set', () => {
  const given = manifests({
    p: {
      permission: [allow('both', 'of_permission'), allow('member', 'of_set')],
      set: { both: ['member'], outer: ['both'] },
    },
  });
  const commands = (reference: string) => [...resolved([capability([reference])], given).allowedCommands.keys()];
  expect([commands('p:both'), commands('p:outer')]).toEqual([['plugin:p|of_set'], ['plugin:p|of_permission']]);
});

test('D52 sets of sets; the permission is named', () => {
  const given = manifests({ p: { permission: [allow('p')], set: { a: ['b'], b: ['p'] } } });
  expect(entries(resolved([capability(['p:a'])], given), 'plugin:p|run').map((each) => each.referencedBy)).toEqual([
    { capability: 'c', permission: 'p' },
  ]);
});

test('D53 a set may reach into another plugin', () => {
  const given = new Map([...PLUGINS, ...manifests({ dialog: { set: { extra: ['fs:allow-read-file'] } } })]);
  expect([...resolved([capability(['dialog:extra'])], given).allowedCommands.keys()]).toEqual(['plugin:fs|read_file']);
});

test('D54 a set that contains itself', () => {
  const given = manifests({ p: { set: { a: ['b'], b: ['p:a'] }, default: ['a', 'default'] } });
  expect(thrown(() => resolved([capability(['p:a'])], given))).toBe(
    'permission set p:a contains itself: p:a → p:b → p:a',
  );
  expect(thrown(() => resolved([capability(['p:default'])], given))).toMatch(/contains itself/);
});

test('D54 sets that double with every level end', () => {
  const set = Object.fromEntries(
    Array.from({ length: 40 }, (_, level) => [`s${level}`, level === 39 ? ['p'] : [`s${level + 1}`, `s${level + 1}`]]),
  );
  const given = manifests({ p: { permission: [allow('p')], set } });
  expect(thrown(() => resolved([capability(['p:s0'])], given))).toBe(
    'p:s0 reaches more than 10000 permissions, or through more than 200 sets',
  );
});

test('D55 D56 under which name a command is called', () => {
  const given = manifests({ 'core:window': { commands: ['close'] }, '__app-acl__': { commands: ['greet'] } });
  const found = resolved([capability(['core:window:allow-close', 'allow-greet'])], given);
  expect([...found.allowedCommands.keys()]).toEqual(['greet', 'plugin:window|close']);
});

test('D57 local, then the addresses in their order, with one scope', () => {
  const urls = ['https://b.test', 'https://a.test'];
  const found = resolved([capability([{ identifier: 'ping:allow-ping', allow: [1] }], { remote: { urls } })]);
  expect(entries(found, 'plugin:ping|ping').map(({ context, scopeId }) => [context, scopeId])).toEqual([
    ['local', 1],
    [{ remote: 'https://b.test' }, 1],
    [{ remote: 'https://a.test' }, 1],
  ]);
});

test('D58 nowhere', () => {
  const found = resolved([capability(['ping:allow-ping', 'fs:allow-app'], { local: false })]);
  expect(found.allowedCommands.size).toBe(0);
  expect(found.globalScope.get('fs')?.allow).toEqual([{ path: '$APP' }]);
});

test('D59 labels are sorted', () => {
  const found = resolved([capability(['ping:allow-ping'], { windows: ['b', 'a'], webviews: ['d', 'c'] })]);
  const [entry] = entries(found, 'plugin:ping|ping');
  expect([entry?.windows, entry?.webviews]).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('D60 D61 an empty scope is a scope', () => {
  const ids = (entry: unknown) => {
    const found = resolved([capability([entry])]);
    return [scopeIds(found, 'plugin:ping|ping'), Object.fromEntries(found.commandScope)];
  };
  expect(ids('ping:allow-ping')).toEqual([[null], {}]);
  expect(ids({ identifier: 'ping:allow-ping' })).toEqual([[null], {}]);
  expect(ids({ identifier: 'ping:allow-ping', allow: [] })).toEqual([[1], { 1: { allow: [], deny: [] } }]);
});

test('D62 the entry’s values come first', () => {
  const given = manifests({ p: { permission: [allow('p', 'run', { scope: { allow: ['Y'], deny: ['N'] } })] } });
  const found = resolved([capability([{ identifier: 'p:p', allow: ['X'] }])], given);
  expect(found.commandScope.get(1)).toEqual({ allow: ['X', 'Y'], deny: ['N'] });
});

test('D63 D64 a permission without commands extends the plugin’s scope', () => {
  const found = resolved([capability(['fs:allow-app', 'fs:deny-home'])]);
  expect([found.commandScope.size, Object.fromEntries(found.globalScope)]).toEqual([
    0,
    { fs: { allow: [{ path: '$APP' }], deny: [{ path: '$HOME' }] } },
  ]);
  const empty = manifests({ fs: { permission: [{ identifier: 'scope' }] } });
  expect(resolved([capability(['fs:scope'])], empty).globalScope).toEqual(new Map([['fs', { allow: [], deny: [] }]]));
});

test('D65 an extended set extends commands and plugin', () => {
  const given = manifests({ p: { permission: [allow('p'), { identifier: 'only' }], set: { s: ['p', 'only'] } } });
  const found = resolved([capability([{ identifier: 'p:s', allow: ['X'] }])], given);
  expect([found.commandScope.get(1)?.allow, found.globalScope.get('p')?.allow]).toEqual([['X'], ['X']]);
});

test('D66 twice reached is twice there', () => {
  const given = manifests({
    p: { permission: [allow('p', 'run', { scope: { allow: [1] } })], set: { s: ['p', 'p'] } },
  });
  expect(scopeIds(resolved([capability(['p:s'])], given), 'plugin:p|run')).toEqual([1, 2]);
});

test('D67 what is for another platform takes no scope', () => {
  const scoped = (identifier: string, platforms?: string[]) =>
    allow(identifier, 'run', { scope: { allow: [identifier] }, platforms });
  const given = manifests({ p: { permission: [scoped('mac', ['macOS']), scoped('any')], set: { s: ['mac', 'any'] } } });
  const found = resolved([capability(['p:mac', 'p:s'])], given);
  expect([scopeIds(found, 'plugin:p|run'), found.commandScope.get(1)]).toEqual([[1], { allow: ['any'], deny: [] }]);
});

test('D68 denied commands carry the scope', () => {
  const given = manifests({
    p: { permission: [{ identifier: 'd', commands: { deny: ['run'] }, scope: { deny: ['x'] } }] },
  });
  const found = resolved([capability(['p:d'])], given);
  expect(found.deniedCommands.get('plugin:p|run')?.map(({ scopeId }) => scopeId)).toEqual([1]);
});

test('D69 a label that is no pattern', () => {
  expect(thrown(() => resolved([capability(['ping:allow-ping'], { windows: ['a**'] })]))).toBe(
    'failed to run glob: Pattern syntax error near position 0: recursive wildcards must form a single path component',
  );
});
