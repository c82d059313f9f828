import { expect, onTestFinished, test } from 'vitest';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RustCommand } from '#server/rust/index.ts';
import { targetOf } from '../../../extension/answer-target.ts';
import { AppAcl } from '#server/project/app-acl.ts';
import { findHandlers } from '../../../extension/app/handler-places.ts';
import { readProject } from '#server/project/project.ts';
import type { ProjectFacts } from '../../../extension/tree/facts.ts';
import { readDetails, type RunningFacts } from '../../../extension/tree/read-facts.ts';
import {
  capabilityRows,
  commandRows,
  corePluginRows,
  pluginCommandRows,
  pluginRows,
  projectRows,
  sectionRows,
  type TreeRow,
  windowRows,
} from '../../../extension/tree/rows.ts';

const ROOT = 'project';

const CONFIG = {
  productName: 'Notes',
  identifier: 'dev.notes',
  build: { frontendDist: '.' },
  app: {
    windows: [
      { label: 'main', title: 'Notes' },
      { label: 'about', title: 'About', url: 'about.html' },
    ],
  },
};

const permission = (name: string) =>
  `[[permission]]\nidentifier = "allow-${name.replace('_', '-')}"\ncommands.allow = ["${name}"]\n`;
const PERMISSIONS = ['greet', 'save_note', 'delete_note'].map(permission).join('\n');

const capability = (identifier: string, windows: readonly string[], ...permissions: string[]) => ({
  identifier,
  windows,
  permissions,
});

const BACKEND = `import { app, command } from 'ipc-workbench';
const greet = command('greet', {}, () => 'Hello');
const ping = command(
  "ping", {}, () => 1);
`;

const rust = (name: string, line: number) =>
  ({ name, file: 'src-tauri/src/notes.rs', line, column: 8, signature: `fn ${name}()` }) as RustCommand;

async function details(
  files: Readonly<Record<string, unknown>>,
  running?: Partial<RunningFacts>,
  rules: readonly string[] = [],
) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'ipc-tree-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries({ 'src-tauri/tauri.conf.json': CONFIG, ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const project = readProject(root);
  const backend = { commands: new Set(['greet', 'ping']), plugins: new Map<string, ReadonlySet<string>>() };
  const app: RunningFacts | undefined = running && {
    windows: [{ label: 'main', title: 'Notes!', url: 'http://127.0.0.1:4000/list' }],
    plugins: new Map(),
    backend,
    handles: (name) => backend.commands.has(name),
    armed: new Set(),
    ...running,
  };
  return readDetails({
    project,
    acl: new AppAcl(project.acl),
    running: app,
    rust: { commands: [rust('save_note', 12), rust('delete_note', 30), rust('greet', 3)], isRead: true },
    hasRule: (name) => rules.includes(name),
    handlers: await findHandlers(join(root, 'src-ipc')),
  });
}

const FILES = {
  'src-ipc/main.ts': BACKEND,
  'src-tauri/permissions/notes.toml': PERMISSIONS,
  'src-tauri/capabilities/main.json': capability(
    'main',
    ['main', 'about'],
    'core:default',
    'allow-greet',
    'fs:allow-read-file',
  ),
  'src-tauri/capabilities/about.json': capability('about', ['about'], 'allow-save-note', 'sql:default'),
  'package.json': { dependencies: { '@tauri-apps/plugin-store': '2', '@tauri-apps/api': '2' } },
};

const told = (rows: readonly TreeRow[]) =>
  rows.map(({ icon, label, description }) => `${icon} ${label}: ${description}`);
const spoken = (rows: readonly TreeRow[]) => rows.map((row) => row.spoken);

test('commands: what needs somebody comes first, with why and where', async () => {
  const { commands } = await details(FILES, {});
  const rows = commandRows(ROOT, commands);
  expect(told(rows)).toEqual([
    'circle-slash delete_note: denied: needs allow-delete-note · no handler · notes.rs:30',
    'question save_note: no handler · only in "about" · notes.rs:12',
    'circle-slash ping: denied: no permission is known · main.ts:3',
    'symbol-method greet: main.ts:2',
  ]);
  expect(spoken(rows)).toEqual([
    'Command delete_note, denied: needs allow-delete-note, no handler',
    'Command save_note, no handler, only in "about"',
    'Command ping, handled, denied: no permission is known',
    'Command greet, handled',
  ]);
  expect(rows.map(({ click, context }) => [click, context])).toEqual([
    ['ipcWorkbench.openRustSource', 'command unhandled stub rust missing'],
    ['ipcWorkbench.openRustSource', 'command unhandled stub rust'],
    ['ipcWorkbench.openHandler', 'command handled'],
    ['ipcWorkbench.openHandler', 'command handled rust'],
  ]);
  expect(rows[0]?.target).toEqual({
    project: ROOT,
    command: 'delete_note',
    permission: 'allow-delete-note',
    window: 'main',
  });
  expect(targetOf(rows[0])).toEqual(rows[0]?.target);
  expect(rows[0]?.tooltip).toContain('src-tauri/src/notes.rs:30');
});

test('commands: a rule answers, a call waits, a capability denies', async () => {
  const denied = capability('main', ['main', 'about'], 'allow-greet', 'allow-save-note', 'deny-it');
  const deny = '[[permission]]\nidentifier = "deny-it"\ncommands.deny = ["greet"]\n';
  const files = {
    'src-tauri/permissions/notes.toml': `${PERMISSIONS}\n${deny}`,
    'src-tauri/capabilities/main.json': denied,
  };
  const { commands } = await details(files, { armed: new Set(['save_note']) }, ['save_note']);
  const rows = commandRows(
    ROOT,
    commands.filter(({ name }) => name !== 'ping' && name !== 'delete_note'),
  );
  expect(told(rows)).toEqual([
    'circle-slash greet: denied by deny-it of "main" · src-ipc',
    'law save_note: answered by a rule · the next call waits · notes.rs:12',
  ]);
  expect(rows[1]?.context).toBe('command stub rust rule');
});

test('an app that does not run: what its text handles; its windows are those of the configuration', async () => {
  const { commands, windows } = await details({ 'src-ipc/main.ts': BACKEND });
  expect(commands.filter(({ handled }) => handled).map(({ name }) => name)).toEqual(['greet', 'ping']);
  expect(told(windowRows(ROOT, windows))).toEqual([
    'circle-outline main: not open · Notes · index.html',
    'circle-outline about: not open · About · about.html',
  ]);
});

test('windows: open ones with the path of their page, then those of the configuration', async () => {
  const { windows } = await details({}, {});
  const rows = windowRows(ROOT, windows);
  expect(told(rows)).toEqual(['window main: Notes! · /list', 'circle-outline about: not open · About · about.html']);
  expect(rows.map(({ click, context, spoken: said }) => [click, context, said])).toEqual([
    ['ipcWorkbench.showWindow', 'window open', 'Window main, open, Notes!'],
    ['ipcWorkbench.openWindow', 'window closed', 'Window about, not open, About'],
  ]);
});

test('plugins: what is granted of those that are hosted, and those that nobody answers', async () => {
  const running = {
    plugins: new Map([
      ['window', ['title', 'set_title']],
      ['fs', ['read_file', 'write_file']],
      ['http', ['fetch']],
    ]),
    backend: { commands: new Set<string>(), plugins: new Map([['own', new Set(['go'])]]) },
  };
  const { plugins } = await details(FILES, running);
  const rows = pluginRows(ROOT, plugins);
  expect(told(rows.filter(({ label }) => label !== 'core'))).toEqual([
    'plug fs: 1 of 2 commands granted',
    'file-code own: 0 of 1 command granted · in src-ipc',
    expect.stringMatching(/^warning sql: \d+ commands granted · not hosted: its calls reject$/),
    'warning store: 0 commands granted · not hosted: its calls reject',
  ]);
  // http is hosted and nothing of the project speaks of it.
  expect(rows.map(({ label }) => label)).not.toContain('http');
  expect(rows.at(-1)?.label).toBe('core');
  const window = corePluginRows(ROOT, plugins).find(({ label }) => label === 'window');
  expect(window?.spoken).toMatch(/^Plugin window, \d+ of \d+ commands granted$/);
  const fs = plugins.find(({ name }) => name === 'fs');
  expect(fs && told(pluginCommandRows(ROOT, fs))).toEqual([
    'check read_file: ',
    'circle-slash write_file: no window may call it',
  ]);
});

test('capabilities lead to their files; one that is not in force says so', async () => {
  const listed = { ...CONFIG, app: { ...CONFIG.app, security: { capabilities: ['main'] } } };
  const { capabilities } = await details({ ...FILES, 'src-tauri/tauri.conf.json': listed });
  const rows = capabilityRows(ROOT, capabilities);
  expect(told(rows)).toEqual([
    'shield main: for "main", "about" · 3 permissions · main.json',
    'circle-outline about: not enabled · for "about" · 2 permissions · about.json',
  ]);
  expect(rows[0]?.target.place).toMatchObject({ line: 1, column: 15 });
  expect(targetOf(rows[0])?.place).toEqual({ file: expect.any(String), line: 1, column: 15 });
});

test('the parts of a project say how much there is, and what waits for somebody', async () => {
  const all = await details(FILES, {});
  expect(sectionRows(ROOT, all).map(({ label, description, context }) => [label, description, context])).toEqual([
    ['Windows', '1 of 2 open', 'section windows'],
    ['Commands', '4 commands, 2 unhandled, 2 denied', 'section commands unhandled'],
    ['Plugins', '3 plugins', 'section plugins'],
    ['Capabilities', '2 capabilities', 'section capabilities'],
  ]);
  const one = { ...all, reading: true, plugins: [], capabilities: all.capabilities.slice(0, 1), commands: [] };
  expect(told(sectionRows(ROOT, one)).slice(1)).toEqual([
    'symbol-method Commands: reading the Rust code…',
    'shield Capabilities: 1 capability',
  ]);
});

test('projects: running, stopped, and one whose files cannot be read', () => {
  const facts = (root: string, part: Partial<ProjectFacts>): ProjectFacts => ({
    root,
    name: root,
    identifier: `dev.${root}`,
    folder: `apps/${root}`,
    configFile: `${root}/tauri.conf.json`,
    running: false,
    ...part,
  });
  const problem = { message: 'not valid JSON', file: 'c/tauri.conf.json', line: 3, column: 1 };
  const rows = projectRows([facts('a', { running: true }), facts('b', {}), facts('c', { problem })]);
  expect(told(rows)).toEqual([
    'play-circle a: running · dev.a · apps/a',
    'package b: dev.b · apps/b',
    'error c: cannot be read: not valid JSON',
  ]);
  expect(rows.map(({ isOpen, below, click }) => [isOpen, below?.kind, click])).toEqual([
    [true, 'project', undefined],
    [false, 'project', undefined],
    [undefined, undefined, 'ipcWorkbench.openPlace'],
  ]);
  expect(told(projectRows([facts('b', {})]))).toEqual(['package b: dev.b']);
});

test('every row has an id of its own, whatever names there are', async () => {
  const all = await details(FILES, {});
  const rows = [
    ...sectionRows(ROOT, all),
    ...windowRows(ROOT, all.windows),
    ...commandRows(ROOT, all.commands),
    ...pluginRows(ROOT, all.plugins),
    ...corePluginRows(ROOT, all.plugins),
    ...all.plugins.flatMap((plugin) => pluginCommandRows(ROOT, plugin)),
    ...capabilityRows(ROOT, all.capabilities),
  ];
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  expect(rows.filter((row) => row.spoken === '' || row.icon === '')).toEqual([]);
});
