/** The files of a project as they are while somebody edits them. */
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigFiles, EditedFiles, readAclFiles } from '#server/project/index.ts';
import { folderOf } from './projects.ts';

/** A reader of files that are all open in editors. */
function project(edited: Record<string, string>) {
  const folder = folderOf(edited);
  const files = new EditedFiles((file) => {
    const own = edited[relative(folder, file)];
    if (own !== undefined) return own;
    throw new Error('gone');
  });
  const read = () => {
    const config = new ConfigFiles(join(folder, 'tauri.conf.json'), 'linux', files);
    const acl = readAclFiles(folder, config, files);
    const problems = files
      .takeReport()
      .problems.map(({ file, line, message }) => `${relative(folder, file)}:${line} ${message}`);
    return { config, acl, enabled: acl.enabled.map(({ capability }) => capability.identifier), problems };
  };
  return { edited, read };
}

const capability = (identifier: string) => `{ "identifier": "${identifier}", "windows": ["main"], "permissions": [] }`;

test('what is wrong in one file hides nothing in the others, and all of it is told', () => {
  const texts = {
    'tauri.conf.json':
      '{ "app": { "windows": [{ "label": 1 }, { "label": "b", "visible": "no" }], "security": { "capabilities": ["a", "x", { "identifier": 5 }, "b"] } } }',
    'capabilities/a.json': capability('a'),
    'capabilities/b.json': capability('b'),
    'capabilities/b2.json': capability('b'),
    'capabilities/broken.json': '{ "identifier": ',
    'capabilities/shape.toml': 'identifier = "s"\npermissions = [5]\n',
    'capabilities/glob.json': '{ "identifier": "glob", "windows": ["a**"], "permissions": [] }',
    'permissions/p.toml': '[[permission]]\nidentifier = 1\n',
    'permissions/q.toml': '[[permission]]\nidentifier = "allow-q"\n',
  };
  const { enabled, problems, acl, config } = project(texts).read();
  expect(problems).toEqual([
    expect.stringContaining('tauri.conf.json:1 app.windows.0.label: '),
    expect.stringContaining('tauri.conf.json:1 app.windows.1.visible: '),
    expect.stringContaining('capabilities/broken.json:1 failed to parse JSON: '),
    expect.stringContaining('capabilities/shape.toml:2 failed to parse TOML: '),
    'capabilities/b2.json:1 capability with identifier `b` already exists',
    'tauri.conf.json:1 capability with identifier x not found',
    expect.stringContaining('tauri.conf.json:1 failed to parse JSON: invalid type: integer'),
    expect.stringContaining('permissions/p.toml:2 failed to parse TOML: '),
  ]);
  expect(enabled).toEqual(['a', 'b']);
  expect(acl.permissions.map(({ data }) => data.permission[0]?.identifier)).toEqual(['allow-q']);
  expect(config.config.app.windows.map(({ label }) => label)).toEqual(['main', 'b']);
});

test('a file that cannot be parsed counts as what it was before, and the text of the editor counts', () => {
  const { edited, read } = project({
    'tauri.conf.json': '{ "app": { "windows": [{ "label": "one" }] } }',
    'capabilities/a.json': capability('a'),
  });
  expect(read().enabled).toEqual(['a']);
  edited['capabilities/a.json'] = '{ "identifier": "new", "windows';
  edited['tauri.conf.json'] = '{ "app": { "windows": [{ "label": "one';
  const broken = read();
  expect(broken.enabled).toEqual(['a']);
  expect(broken.config.config.app.windows.map(({ label }) => label)).toEqual(['one']);
  expect(broken.problems).toHaveLength(2);
  edited['capabilities/a.json'] = capability('new');
  edited['tauri.conf.json'] = '{}';
  expect(read()).toMatchObject({ enabled: ['new'], problems: [] });
});

test('what did not change is not parsed again', () => {
  const { edited, read } = project({
    'tauri.conf.json': '{}',
    'capabilities/a.json': capability('a'),
    'capabilities/b.json': capability('b'),
  });
  const [first, second] = read().acl.enabled;
  edited['capabilities/b.json'] = capability('c');
  const [again, other] = read().acl.enabled;
  expect(again).toBe(first);
  expect(other).not.toBe(second);
});

test('a configuration that was never right is an empty one', () => {
  const { config, enabled, problems } = project({
    'tauri.conf.json': '{{{',
    'capabilities/a.json': capability('a'),
  }).read();
  expect([config.config.app.windows, enabled, problems.length]).toEqual([[], ['a'], 1]);
});
