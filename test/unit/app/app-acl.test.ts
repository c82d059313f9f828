import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { AppAcl, type AppAclOptions, HostedAcl } from '#server/project/app-acl.ts';
import { readProject } from '#server/project/project.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const CONFIG = { identifier: 'dev.test', build: { frontendDist: '.' } };

/** The access control of a project with these files. */
function acl(files: Readonly<Record<string, unknown>>, options?: AppAclOptions): AppAcl {
  const folder = mkdtempSync(join(tmpdir(), 'acl-'));
  folders.push(folder);
  for (const [name, content] of Object.entries({ 'tauri.conf.json': CONFIG, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return new AppAcl(readProject(folder).acl, options);
}

const main = (...permissions: string[]) => ({ identifier: 'main', windows: ['main'], permissions });
const access = (command: string, window = 'main') => ({ command, window, webview: window, origin: 'local' }) as const;
const decide = (from: AppAcl, command: string, window?: string) => {
  const decision = from.authority.decide(access(command, window));
  return decision.allowed ? 'allowed' : decision.message;
};

test('capability files decide, over the manifests of Tauri’s plugins', () => {
  const from = acl({ 'capabilities/main.json': main('core:default', 'fs:allow-read-file') });
  expect(decide(from, 'plugin:window|title')).toBe('allowed');
  expect(decide(from, 'plugin:fs|read_file')).toBe('allowed');
  expect(decide(from, 'plugin:window|set_title')).toMatch(/core:window:allow-set-title$/);
  expect(decide(from, 'plugin:window|title', 'other')).toMatch(/not allowed on window "other"/);
  expect(from.findings).toEqual([]);
});

test('the plugins of an app are those of which a capability in force names a permission', () => {
  const scoped = { identifier: 'fs:allow-read-file', allow: [{ path: '$HOME/**' }] };
  const from = acl({
    'tauri.conf.json': { ...CONFIG, app: { security: { capabilities: ['main'] } } },
    'capabilities/main.json': { ...main(), permissions: ['os:default', scoped, 'allow-greet'] },
    'capabilities/other.json': { ...main('dialog:default'), identifier: 'other' },
  });
  expect([...from.plugins]).toEqual(['os', 'fs']);
});

test('a project without capabilities grants nothing, as under Tauri; its own commands are free', () => {
  const from = acl({});
  expect(decide(from, 'plugin:event|listen')).toMatch(/^event\.listen not allowed\. Permissions associated/);
  expect(decide(from, 'greet')).toBe('allowed');
});

test('permission files put the app’s own commands under the ACL', () => {
  const from = acl({
    'capabilities/main.json': main('allow-greet'),
    'permissions/greet.toml': '[[permission]]\nidentifier = "allow-greet"\ncommands.allow = ["greet"]\n',
  });
  expect(decide(from, 'greet')).toBe('allowed');
  expect(decide(from, 'greet', 'other')).toMatch(/^greet not allowed on window "other"/);
  expect(decide(from, 'other')).toBe('other not allowed. Command not found');
});

test('the manifests that Tauri’s build wrote are the truth about plugins', () => {
  const manifest = {
    default_permission: null,
    permissions: {
      'allow-x': { identifier: 'allow-x', description: '', commands: { allow: ['x'], deny: [] } },
    },
    permission_sets: {},
  };
  const from = acl({
    'capabilities/main.json': main('own:allow-x', 'fs:default'),
    'gen/schemas/acl-manifests.json': { own: manifest },
  });
  expect(decide(from, 'plugin:own|x')).toBe('allowed');
  expect(from.findings.map(({ message, severity }) => [message.split('.')[0], severity])).toEqual([
    ['unknown ACL for fs, expected one of own', 'warning'],
  ]);
});

test('plugins of the backend get permissions, and files below their name add to them', () => {
  const backend = {
    commands: [{ name: 'read_notes', permissions: ['notes:read'] }],
    plugins: [{ name: 'counter', commands: [{ name: 'next_number', permissions: [] }] }],
  };
  const files = {
    'capabilities/main.json': main('counter:default', 'notes:read', 'nobody:asks'),
    'permissions/counter/default.toml': '[default]\npermissions = ["allow-next-number"]\n',
  };
  expect(decide(acl(files, { backend }), 'plugin:counter|next_number')).toBe('allowed');
  expect(decide(acl(files), 'plugin:counter|next_number')).toBe('counter.next_number not allowed. Plugin not found');
  const [finding, ...more] = acl(files, { backend }).findings;
  expect(more).toEqual([]);
  expect(finding?.message).toMatch(/^unknown ACL for nobody, .*handlers may still ask for "nobody:asks" by name\.$/);
  expect(finding?.place).toMatchObject({
    line: 1,
    column: JSON.stringify(files['capabilities/main.json']).indexOf('"nobody') + 1,
  });
  expect(acl(files).authority.of('main').allows('nobody:asks')).toBe(true);
});

test('an explanation knows the capabilities that are not in force', () => {
  const from = acl({
    'tauri.conf.json': { ...CONFIG, app: { security: { capabilities: ['main'] } } },
    'capabilities/main.json': main('core:event:default'),
    'capabilities/off.json': { ...main('core:window:allow-close'), identifier: 'off' },
  });
  const { verdict, leftOut, permissions, capabilities } = from.explain(access('plugin:window|close'));
  expect([verdict, permissions, capabilities]).toEqual([
    'refused',
    [{ identifier: 'core:window:allow-close', commands: 1 }],
    ['main'],
  ]);
  expect(leftOut).toEqual([{ capability: 'off', permission: 'allow-close', reason: 'capability not enabled' }]);
  expect(from.sourceOf('off')?.file).toMatch(/off\.json$/);
});

test('a hosted app: bundled manifests, its own plugins, and an error for what Tauri would refuse', () => {
  const plugins = [{ name: 'notes', commands: [{ name: 'read', permissions: [] }] }];
  const capability = {
    description: '',
    webviews: [],
    local: true,
    ...main('core:default', 'notes:allow-read', 'fs:mine'),
  };
  const { authority } = new HostedAcl([capability], { commands: [], plugins });
  expect(authority.decide(access('plugin:notes|read')).allowed).toBe(true);
  expect(authority.decide(access('plugin:window|close')).allowed).toBe(false);
  expect(authority.of('main').allows('fs:mine')).toBe(true);
  expect(() => new HostedAcl([{ ...capability, permissions: ['a:b:c'] }], { commands: [], plugins })).toThrow(
    /^invalid plugin or permission identifier 'a:b:c'/,
  );
});
