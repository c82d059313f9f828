/** Files of a project that are wrong in odd ways: each says which file, and none ends in an error of Node's. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parseText } from '#core/acl/data.ts';
import { ProjectError } from '#server/project/config.ts';
import { readProject } from '#server/project/project.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder with these files; null makes a folder of that name. */
function projectOf(files: Readonly<Record<string, string | null>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ipc-project-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(text === null ? join(folder, path) : dirname(join(folder, path)), { recursive: true });
    if (text !== null) writeFileSync(join(folder, path), text);
  }
  return folder;
}

function problemOf(folder: string, place = false): string {
  try {
    readProject(folder);
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
    return `${error.file.slice(folder.length + 1)}${place ? `:${error.line}:${error.column}` : ''}: ${error.message}`;
  }
  return 'none';
}

const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
test.each([
  [
    'a folder named as the configuration',
    { 'tauri.conf.json': null },
    /^tauri\.conf\.json: .* has no tauri\.conf\.json/,
  ],
  ['very deep JSON', { 'tauri.conf.json': deep }, /^tauri\.conf\.json: .*recursion limit exceeded/],
  [
    'a file named capabilities',
    { 'tauri.conf.json': '{}', capabilities: '' },
    /^capabilities: cannot be read: ENOTDIR/,
  ],
  ['very deep capabilities', { 'tauri.conf.json': '{}', 'capabilities/a.json': deep }, /^capabilities\/a\.json: /],
  [
    'a devUrl that is none',
    { 'tauri.conf.json': '{"build":{"devUrl":"no url"}}' },
    /^tauri\.conf\.json: build\.devUrl/,
  ],
  [
    'a devUrl of a file',
    { 'tauri.conf.json': '{"build":{"devUrl":"file:///etc"}}' },
    /^tauri\.conf\.json: build\.devUrl/,
  ],
  [
    'an isolation pattern without a folder',
    { 'tauri.conf.json': '{"app":{"security":{"pattern":{"use":"isolation"}}}}' },
    /^tauri\.conf\.json: app\.security\.pattern\.options: /,
  ],
])('%s', (_name, files, problem) => {
  expect(problemOf(projectOf(files))).toMatch(problem);
});

test.each([
  [
    'a label that is no pattern',
    { 'tauri.conf.json': '{}', 'capabilities/a.json': '{"identifier":"a",\n"permissions":[],"windows":["a**"]}' },
    /^capabilities\/a\.json:2:29: failed to run glob: Pattern syntax error near position 0/,
  ],
  [
    'comments in a JSON capability',
    { 'tauri.conf.json': '{}', 'capabilities/a.json': '{\n// why\n}' },
    /^capabilities\/a\.json:2:1: failed to parse JSON: invalid comment token/,
  ],
  [
    'two capabilities of one name',
    {
      'tauri.conf.json': '{}',
      'capabilities/a.toml': 'identifier = "x"\npermissions = []',
      'capabilities/b.json': '{"permissions":[],"identifier":"x"}',
    },
    /^capabilities\/b\.json:1:32: capability with identifier `x` already exists/,
  ],
  [
    'a capability of the configuration that is none',
    { 'tauri.conf.json': '{"app":{"security":{"capabilities":[\n{"identifier":"x"}]}}}' },
    /^tauri\.conf\.json:2:1: failed to parse JSON: missing field `permissions`/,
  ],
  [
    'a capability that is not there',
    { 'tauri.conf.json': '{"app":{"security":{"capabilities":["zzz"]}}}' },
    /^tauri\.conf\.json:1:37: capability with identifier zzz not found/,
  ],
])('the place of %s', (_name, files, problem) => {
  expect(problemOf(projectOf(files), true)).toMatch(problem);
});

test('what is optional in Tauri may be null', () => {
  const { config, name, devUrl } = readProject(
    projectOf({
      'tauri.conf.json': JSON.stringify({
        productName: null,
        version: null,
        build: { devUrl: null, frontendDist: null },
        app: { windows: [{ theme: null, parent: null }], security: { csp: null } },
      }),
    }),
  );
  expect(name).toMatch(/^ipc-project-/);
  expect([devUrl, config.version, config.build.frontendDist]).toEqual([undefined, undefined, undefined]);
  expect([config.app.windows[0]?.theme, config.app.windows[0]?.parent]).toEqual([undefined, undefined]);
});

test('folders named as files are passed over', () => {
  const folder = projectOf({
    'src-tauri/tauri.conf.json': null,
    'tauri.conf.json': '{"productName":"Root"}',
    'src-ipc/main.ts': null,
    'src-ipc/main.js': '',
  });
  const { name, backendFile } = readProject(folder);
  expect([name, backendFile]).toEqual(['Root', join(folder, 'src-ipc/main.js')]);
});

test.each(['json', 'jsonc', 'json5', 'toml'] as const)(
  'lists in lists without end are a problem of a %s file',
  (format) => {
    const lists = '['.repeat(200_000) + ']'.repeat(200_000);
    const text = format === 'toml' ? `a = ${lists}` : lists;
    expect(() => parseText('/a', text, format)).toThrow(/: recursion limit exceeded/);
  },
);
