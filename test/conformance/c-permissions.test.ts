import { expect, test } from 'vitest';
import * as z from 'zod';
import { type AuthorityOptions, authorityFor } from '#core/acl/authority.ts';
import { parseCapabilityFile } from '#core/acl/capability-file.ts';
import { appManifest, mergeManifest } from '#core/acl/manifest.ts';
import { parsePermissionFile, projectManifests } from '#core/acl/manifest-file.ts';
import { CommandScope, GlobalScope } from '#core/acl/scope/scope.ts';
import { command } from '#core/command.ts';
import { plugin } from '#core/plugin.ts';
import { openPage, outcome, startCore } from './harness.ts';

const ran: string[] = [];
const notes = plugin({
  name: 'notes',
  commands: [
    command('read', {}, () => {
      ran.push('read');
      return 'a note';
    }),
    command('list', {}, (_args, { scope, globalScope }) => {
      const Entry = z.object({ path: z.string() });
      const paths = (given: CommandScope<z.infer<typeof Entry>>) => given.allows.map(({ path }) => path);
      return [paths(new CommandScope(scope, Entry)), paths(new GlobalScope(globalScope, Entry))];
    }),
  ],
});

interface Given {
  readonly capabilities: readonly object[];
  /** a permission file of the app */
  readonly permissions?: string;
  readonly options?: Partial<AuthorityOptions>;
  /** those of the plugin that have permissions */
  readonly commands?: readonly string[];
}

/** An app whose capability files say what its windows may do. */
async function start({ capabilities, permissions, options, commands = ['read', 'list', 'absent'] }: Given) {
  ran.length = 0;
  const files = permissions === undefined ? [] : [parsePermissionFile('app.toml', permissions)];
  const own = parsePermissionFile(
    'notes.toml',
    '[[permission]]\nidentifier = "all"\n[[permission.scope.allow]]\npath = "/all"\n',
  );
  const manifests = new Map([
    ...projectManifests(undefined, files),
    ['notes', mergeManifest([own.data], commands)] as const,
  ]);
  const sources = parseCapabilityFile('main.json', JSON.stringify(capabilities));
  const input = { capabilities: sources.map(({ capability }) => capability), manifests, target: 'linux' as const };
  const unexpected = ({ message }: { message: string }) => {
    throw new Error(message);
  };
  return startCore({
    authority: authorityFor(input, unexpected, options),
    plugins: [notes],
    commands: [command('greet', {}, () => 'Hello!'), command('hidden', {}, () => 'hidden')],
  });
}

const main = (permissions: readonly unknown[], more: object = {}) => ({
  identifier: 'main',
  windows: ['main'],
  permissions,
  ...more,
});

test('C47 the five texts of a refusal, and nothing runs', async () => {
  const refused = async (given: Given, cmd: string, label = 'main') => {
    const page = await openPage(await start(given), label);
    return ((await outcome(page.invoke(cmd))) as { error: unknown }).error;
  };
  const granted = { capabilities: [main(['notes:allow-read'])] };
  expect(await refused({ capabilities: [main(['notes:allow-read', 'notes:deny-read'])] }, 'plugin:notes|read')).toBe(
    'notes.read explicitly denied on origin local\n\nreferenced by: capability: main, permission: deny-read',
  );
  expect(await refused(granted, 'plugin:notes|read', 'other')).toBe(
    'notes.read not allowed on window "other", webview "other", URL: local\n\nallowed on: [windows: "main", URL: local]\n\nreferenced by: capability: main, permission: allow-read',
  );
  expect(await refused(granted, 'plugin:notes|list')).toBe(
    'notes.list not allowed. Permissions associated with this command: notes:allow-list',
  );
  expect(await refused(granted, 'plugin:notes|nothing')).toBe('notes.nothing not allowed. Command not found');
  expect(await refused(granted, 'plugin:nobody|nothing')).toBe('nobody.nothing not allowed. Plugin not found');
  expect(ran).toEqual([]);
});

test('C48 the text of a release build', async () => {
  const page = await openPage(await start({ capabilities: [], options: { messages: 'release' } }), 'main');
  expect(await outcome(page.invoke('plugin:notes|read'))).toEqual({
    error: 'Command plugin:notes|read not allowed by ACL',
  });
});

test('C49 an app command needs a permission where the app has a manifest, and none where it has none', async () => {
  const free = await openPage(await start({ capabilities: [] }), 'main');
  expect(await outcome(free.invoke('greet'))).toEqual({ ok: 'Hello!' });
  const permissions = '[[permission]]\nidentifier = "allow-greet"\ncommands.allow = ["greet"]\n';
  expect(appManifest([parsePermissionFile('app.toml', permissions).data])).toBeDefined();
  const guarded = await openPage(await start({ capabilities: [], permissions }), 'main');
  expect(await outcome(guarded.invoke('greet'))).toEqual({
    error: 'greet not allowed. Permissions associated with this command: allow-greet',
  });
  expect(await outcome(guarded.invoke('hidden'))).toEqual({ error: 'hidden not allowed. Command not found' });
  const granted = await openPage(await start({ capabilities: [main(['allow-greet'])], permissions }), 'main');
  expect(await outcome(granted.invoke('greet'))).toEqual({ ok: 'Hello!' });
});

test('C50 the permission is asked before the command is looked for', async () => {
  const page = await openPage(await start({ capabilities: [main(['notes:allow-absent'])] }), 'main');
  expect(await outcome(page.invoke('plugin:notes|nothing'))).toEqual({
    error: 'notes.nothing not allowed. Command not found',
  });
  // Allowed, and nobody answers it.
  expect(await outcome(page.invoke('plugin:notes|absent'))).toEqual({ error: 'Command absent not found' });
});

test('C54 a scope that cannot be read fails the call', async () => {
  const scoped = (allow: readonly unknown[]) => main([{ identifier: 'notes:allow-list', allow }, 'notes:all']);
  const good = await openPage(await start({ capabilities: [scoped([{ path: '/a' }])] }), 'main');
  expect(await outcome(good.invoke('plugin:notes|list'))).toEqual({ ok: [['/a'], ['/all']] });
  const bad = await openPage(await start({ capabilities: [scoped([{ path: '/a' }, 5])] }), 'main');
  expect(await outcome(bad.invoke('plugin:notes|list'))).toEqual({
    error: expect.stringMatching(/^error deserializing scope: ./) as unknown,
  });
});

test('C54 what is added while the app runs decides the next call, and outlives a change of the files', async () => {
  const core = await start({ capabilities: [] });
  const page = await openPage(core, 'main');
  expect(await outcome(page.invoke('plugin:notes|read'))).toHaveProperty('error');
  await core.handle.addCapability(main(['notes:allow-read']));
  expect(await page.invoke('plugin:notes|read')).toBe('a note');
  await expect(core.handle.addCapability('garbage')).rejects.toThrow('invalid capability');
  const { authority } = await start({ capabilities: [] });
  core.authority = authority;
  expect(await page.invoke('plugin:notes|read')).toBe('a note');
});

test('C54 what is added may name what only handlers ask for, as files may; a denial must be known', async () => {
  const core = await start({ capabilities: [] });
  core.addCommand(command('ask', { permissions: ['notes:share', 'own:thing'] }, () => 'asked'));
  const page = await openPage(core, 'main');
  await core.handle.addCapability(main(['notes:share', 'own:thing', 'notes:allow-read']));
  expect(await page.invoke('ask')).toBe('asked');
  expect(await page.invoke('plugin:notes|read')).toBe('a note');
  for (const [wrong, text] of [
    ['notes:deny-share', 'unknown permission deny-share for notes'],
    ['own:deny-thing', 'unknown ACL for own, expected one of '],
    ['no identifier', 'invalid capability'],
  ] as const) {
    await expect(core.handle.addCapability(main(['own:more', wrong]))).rejects.toThrow(text);
  }
  expect(core.authority.of('main').allows('own:more')).toBe(false);
});

test('C54 nothing can be added where no capability decides', async () => {
  const core = await startCore({});
  await expect(core.handle.addCapability(main(['core:default']))).rejects.toThrow(
    /^no capability can be added: app ".+" was hosted without capabilities, so every command may be called$/,
  );
});

test('C54 what a change of the manifests breaks of it is told, and the rest holds, denials above all', async () => {
  const core = await start({ capabilities: [] });
  const page = await openPage(core, 'main');
  await core.handle.addCapability(main(['notes:allow-read', 'notes:deny-absent', 'own:thing']));
  expect(await page.invoke('plugin:notes|read')).toBe('a note');
  const change = async (commands?: readonly string[]) => {
    core.authority = (
      await start({ capabilities: [main(['notes:allow-list'])], ...(commands && { commands }) })
    ).authority;
  };
  const notes = () => [...core.tap.records()].flatMap(({ name, note }) => (name === 'permissions' ? [note] : []));
  await change();
  expect(notes()).toEqual([]);
  expect(await page.invoke('plugin:notes|read')).toBe('a note');
  // What it denied cannot be known any more: it may have been any of them.
  for (let n = 0; n < 2; n++) {
    await change(['list']);
    expect(await outcome(page.invoke('plugin:notes|list'))).toEqual({
      error: 'notes.list explicitly denied on origin local\n\nreferenced by: capability: main, permission: deny-absent',
    });
    expect(core.authority.of('main').allows('own:thing')).toBe(true);
    expect(notes()).toEqual([
      'capability "main", which was added while the app runs: unknown permission allow-read for notes',
      'capability "main", which was added while the app runs: unknown permission deny-absent for notes',
    ]);
  }
  await change();
  expect(await page.invoke('plugin:notes|read')).toBe('a note');
});

test('C54 what an owner added goes with the owner, and nothing else does', async () => {
  const core = await start({ capabilities: [main(['notes:allow-list'])] });
  const page = await openPage(core, 'main');
  const { authority } = core;
  const [one, two] = [{}, {}];
  await core.handle.addCapability(main(['own:host']));
  core.addCapability(main(['notes:allow-read', 'own:one']), one);
  core.addCapability(main(['notes:deny-list', { identifier: 'notes:all', allow: [{ path: '/two' }] }]), two);
  expect(await page.invoke('plugin:notes|read')).toBe('a note');
  expect(await outcome(page.invoke('plugin:notes|list'))).toHaveProperty('error');
  core.dropCapabilities(one);
  expect(core.authority).toBe(authority);
  expect(await outcome(page.invoke('plugin:notes|read'))).toHaveProperty('error');
  expect(await outcome(page.invoke('plugin:notes|list'))).toHaveProperty('error');
  core.dropCapabilities(two);
  expect(await page.invoke('plugin:notes|list')).toEqual([[], []]);
  expect(core.authority.of('main').allows('own:one')).toBe(false);
  expect(core.authority.of('main').allows('own:host')).toBe(true);
  const { grants } = authority;
  core.dropCapabilities(two);
  expect(authority.grants).toBe(grants);
});
