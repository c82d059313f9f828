/** What the editor says of handlers and pages, from TypeScript's own server with the plugin that ships. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { stubFile } from '#server/rust/index.ts';
import { addTypes } from '../../../extension/app/add-types.ts';
import { indexOf, rustReader } from '../rust/rust-fixtures.ts';
import { makeExtension, Project, Server } from './server.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const DEMO = readFileSync(join(root, 'webview-ui/demo/src-ipc/main.ts'), 'utf8');

const MAIN = `import { app, channel, command, validatePath } from 'ipc-workbench';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { shout } from './helper.ts';

const greet = command('greet', { args: { name: z.string() } }, ({ name }, context) => {
  context.window.emit('greeted', name);
  return shout(\`Hello, \${name}!\`);
});
const read = command('read', { args: { path: z.string() } }, async ({ path }) =>
  readFile(await validatePath(path, process.cwd()), 'utf8'));
const stream = command('stream', { args: { inner: z.object({ on: channel<number>() }) } }, ({ inner }) => {
  const timer = setTimeout(() => void inner.on.send(1), 10).unref();
  return timer.hasRef();
});
const { promise } = Promise.withResolvers<Set<number>>();
void promise.then((numbers) => numbers.union(new Set([Buffer.from('x')[0]])));

export default app({ commands: [greet, read, stream] });
`;
const HELPER = `import * as z from 'zod';
export const shout = (text: string): string => z.string().parse(text).toUpperCase();
`;
const PAGE = `import { ipc } from 'ipc-workbench';
import type backend from '../src-ipc/main';

const text: string = await ipc<typeof backend>().greet({ name: 'World' });
const file: string = await ipc<typeof backend>().read({ path: 'x' });
const timer: number = setTimeout(() => undefined, 1);
document.title = text + file + timer;
`;

vi.setConfig({ testTimeout: 120_000 }); // the first of a server has TypeScript read its own files

let extension: string;
let withPlugin: Server;
let without: Server;
let project: Project | undefined;

function open(files: Readonly<Record<string, string>>, plugin = true): Project {
  project = new Project(files, plugin ? withPlugin : without);
  return project;
}

beforeAll(async () => {
  extension = await makeExtension();
  withPlugin = new Server(extension);
  without = new Server();
}, 60_000);
afterEach(async () => {
  await project?.end();
  project = undefined;
});
afterAll(async () => {
  await Promise.all([withPlugin.end(), without.end()]);
  rmSync(extension, { recursive: true });
});

/** A package of the project's own. */
const installed = (name: string, version: string, types: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version, types: 'index.d.ts' }),
  [`node_modules/${name}/index.d.ts`]: types,
});

describe('a project without tsconfig.json and node_modules', () => {
  test('without the plugin it is red', async () => {
    const project = open({ 'src-ipc/main.ts': MAIN, 'src-ipc/helper.ts': HELPER }, false);
    const problems = (await project.problems('src-ipc/main.ts', MAIN)).join('\n');
    for (const name of ['ipc-workbench', 'zod', 'node:fs/promises']) expect(problems).toContain(`'${name}'`);
  });

  test('handlers have no problems, nor has a file that they import, and they know their types', async () => {
    const project = open({ 'src-ipc/main.ts': MAIN, 'src-ipc/helper.ts': HELPER });
    expect(await project.problems('src-ipc/main.ts', MAIN)).toEqual([]);
    expect(await project.problems('src-ipc/helper.ts', HELPER)).toEqual([]);
    const hover = await project.hover('src-ipc/main.ts', "command('greet'");
    expect(JSON.stringify(hover.documentation)).toContain('Defines a command.');
    expect(hover.displayString).toContain('"greet"');
    expect(await project.completions('src-ipc/main.ts', 'context.')).toEqual(
      expect.arrayContaining(['window', 'app', 'authority', 'request', 'signal']),
    );
    expect((await project.hover('src-ipc/main.ts', 'name }, context')).displayString).toContain('name: string');
  });

  test('the demo, and the backend that is made for a Rust project, have no problems', async () => {
    const reader = await rustReader();
    const stubs = stubFile(indexOf(reader, 'app'), new Set());
    reader.dispose();
    const project = open({ 'demo/src-ipc/main.ts': DEMO, 'app/src-ipc/main.ts': stubs });
    expect(await project.problems('demo/src-ipc/main.ts', DEMO)).toEqual([]);
    expect(await project.problems('app/src-ipc/main.ts', stubs)).toEqual([]);
  });

  test('what is wrong is red', async () => {
    const project = open({});
    const wrong = async (change: (text: string) => string) => await project.problems('src-ipc/main.ts', change(MAIN));
    project.write('src-ipc/helper.ts', HELPER);
    expect(await wrong((text) => text.replace('shout(`Hello, ${name}!`)', 'name.nothing'))).toEqual([
      expect.stringMatching(/^8: Property 'nothing' does not exist on type 'string'/),
    ]);
    expect(await wrong((text) => text.replace('send(1)', "send('1')"))).toEqual([
      expect.stringMatching(/^13: Argument of type 'string' is not assignable to parameter of type 'number'/),
    ]);
    expect(await wrong((text) => text.replace("'node:fs/promises'", "'node:fs/nothing'"))).toEqual([
      expect.stringContaining("Cannot find module 'node:fs/nothing'"),
    ]);
    expect(await wrong((text) => text.replace('validatePath }', 'validatePaths }'))).toContainEqual(
      expect.stringContaining('validatePaths'),
    );
    expect(await wrong((text) => `${text}document.title = '';\n`)).toEqual([
      expect.stringContaining("Cannot find name 'document'"),
    ]);
  });

  test('a page has typed calls, and keeps the types of a browser', async () => {
    const files = { 'src-ipc/main.ts': MAIN, 'src-ipc/helper.ts': HELPER, 'src/main.ts': PAGE };
    const project = open(files);
    expect(await project.problems('src/main.ts', PAGE)).toEqual([]);
    expect(await project.problems('src/main.ts', PAGE.replace("name: 'World'", 'name: 7'))).toEqual([
      "4: Type 'number' is not assignable to type 'string'.",
    ]);
    expect(await project.problems('src/main.ts', PAGE.replace('.greet(', '.great('))).toEqual([
      expect.stringContaining("Property 'great' does not exist"),
    ]);
  });

  test('the page of the docs has typed calls', async () => {
    const docs = readFileSync(join(root, 'docs/backend.md'), 'utf8');
    const page = /```ts\n(import \{ invoke \}[^]*?)```/.exec(docs)?.[1] ?? '';
    const invoke = 'export declare function invoke<T>(cmd: string, args?: Record<string, unknown>): Promise<T>;';
    const project = open({
      ...installed('@tauri-apps/api', '2.0.0', ''),
      'node_modules/@tauri-apps/api/core.d.ts': invoke,
      'src-ipc/main.ts': MAIN,
      'src-ipc/helper.ts': HELPER,
    });
    expect(await project.problems('src/main.ts', page)).toEqual([]);
    expect(await project.problems('src/main.ts', page.replace('const text', 'const text: number'))).toEqual([
      expect.stringContaining("Type 'string' is not assignable to type 'number'"),
    ]);
  });

  test('handlers and pages that are open at the same time have no problems', async () => {
    const main = MAIN.replace('.unref();\n  return timer.hasRef()', ';\n  return timer');
    const project = open({ 'src-ipc/helper.ts': HELPER });
    expect(await project.problems('src-ipc/main.ts', main)).toEqual([]);
    expect(await project.problems('src/main.ts', PAGE)).toEqual([]);
    expect(await project.problems('src-ipc/main.ts', main)).toEqual([]);
  });

  test('handlers have Node without asking for it, also where only a page knows them', async () => {
    const main =
      "import { app, command } from 'ipc-workbench';\nexport default app({ commands: [command('cwd', {}, () => process.cwd())] });\n";
    const page = PAGE.replace(".greet({ name: 'World' })", '.cwd()').replace(/const file.*\n/, "const file = '';\n");
    const project = open({ 'src-ipc/main.ts': main });
    expect(await project.problems('src/main.ts', page)).toEqual([]);
    expect(await project.problems('src-ipc/main.ts', main)).toEqual([]);
  });

  test('zod and Node are given to handlers only', async () => {
    const other = "import * as z from 'zod';\nimport { sep } from 'node:path';\nz.string().parse(sep);\n";
    const project = open({ 'src/other.ts': other });
    const problems = await project.problems('src/other.ts', other);
    expect(problems).toEqual([expect.stringContaining("'zod'"), expect.stringContaining("'node:path'")]);
    expect(await project.files('src/other.ts')).toEqual([project.path('src/other.ts')]);
  });
});

describe('types as files of the project', () => {
  const add = (project: Project) =>
    addTypes({
      root: project.folder,
      handlers: project.path('src-ipc'),
      types: join(extension, 'dist/types/node_modules'),
    });
  const all = ['ipc-workbench', 'zod', '@standard-schema/spec', '@types/node', 'undici-types'];

  test('are enough for the editor and for tsc, without the plugin', async () => {
    const project = open({ 'src-ipc/main.ts': MAIN, 'src-ipc/helper.ts': HELPER }, false);
    expect(add(project)).toEqual(all);
    expect(await project.problems('src-ipc/main.ts', MAIN)).toEqual([]);
    expect(tsc(project.path('src-ipc'))).toEqual([]);
    project.write('src-ipc/main.ts', MAIN.replace('shout(`Hello, ${name}!`)', 'shout(7)'));
    expect(tsc(project.path('src-ipc'))).toEqual([
      "main.ts: Argument of type 'number' is not assignable to parameter of type 'string'.",
    ]);
  });

  test('leave alone what the project has, and renew what they are', () => {
    const project = open({
      ...installed('zod', '4.0.0', ''),
      'src-ipc/tsconfig.json': '{}',
      'src-ipc/node_modules/undici-types/package.json': '{ "name": "undici-types" }',
    });
    const ours = ['ipc-workbench', '@standard-schema/spec', '@types/node'];
    expect(add(project)).toEqual(ours);
    expect(existsSync(project.path('src-ipc/node_modules/zod'))).toBe(false);
    expect(readFileSync(project.path('src-ipc/tsconfig.json'), 'utf8')).toBe('{}');
    writeFileSync(project.path('src-ipc/node_modules/ipc-workbench/index.d.ts'), 'old');
    expect(add(project)).toEqual(ours);
    expect(readFileSync(project.path('src-ipc/node_modules/ipc-workbench/index.d.ts'), 'utf8')).toContain('export');
  });
});

/** What `tsc -p` says of a folder. */
function tsc(folder: string): string[] {
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  return ts
    .getPreEmitDiagnostics(ts.createProgram(fileNames, options))
    .map(
      ({ file, messageText }) =>
        `${basename(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
}

describe('a project with its own', () => {
  test('packages come first', async () => {
    const project = open({
      ...installed('ipc-workbench', '9.0.0', 'export declare const command: "its own";'),
      ...installed('zod', '4.0.0', 'export declare const string: "its zod";'),
      ...installed('@types/node', '22.0.0', 'declare module "node:os" { export const own: "its node"; }'),
    });
    const text = `import { command } from 'ipc-workbench';
import * as z from 'zod';
import { own } from 'node:os';
const all: ['its own', 'its zod', 'its node'] = [command, z.string, own];
export default all;
`;
    expect(await project.problems('src-ipc/main.ts', text)).toEqual([]);
    expect((await project.files('src-ipc/main.ts')).filter((path) => path.startsWith(extension))).toEqual([]);
  });

  test('zod has the library speak of it', async () => {
    const zod = {
      'node_modules/zod/package.json': JSON.stringify({ name: 'zod', version: '4.0.0', types: 'index.d.ts' }),
    };
    const types = `export interface ZodType<O = unknown, I = unknown> { readonly own: [O, I] }
export interface $ZodIssue { readonly message: string }
`;
    const project = open({ ...zod, 'node_modules/zod/index.d.ts': types });
    const text = `import { channel } from 'ipc-workbench';\nimport type { ZodType } from 'zod';
export const schema: ZodType = channel<string>();\nexport const own: unknown = schema.own;\n`;
    expect(await project.problems('src-ipc/main.ts', text)).toEqual([]);
    expect(
      (await project.files('src-ipc/main.ts')).filter((path) =>
        path.startsWith(`${extension}/dist/types/node_modules/zod/`),
      ),
    ).toEqual([]);
  });

  test('tsconfig.json keeps its settings, and its pages and handlers have no problems', async () => {
    const tsconfig = {
      compilerOptions: {
        target: 'ES2022',
        lib: ['ES2024', 'DOM', 'DOM.Iterable'],
        module: 'ESNext',
        moduleResolution: 'bundler',
        allowImportingTsExtensions: true,
        isolatedModules: true,
        noEmit: true,
        strict: true,
      },
      include: ['src'],
    };
    const main = MAIN.replace('.unref();\n  return timer.hasRef()', ';\n  return timer').replace(
      /const \{ promise \}[^]*?\n\n/,
      '\n',
    );
    const project = open({
      'tsconfig.json': JSON.stringify(tsconfig),
      'src-ipc/main.ts': main,
      'src-ipc/helper.ts': HELPER,
      'src/main.ts': PAGE,
    });
    expect(await project.problems('src/main.ts', PAGE)).toEqual([]);
    expect(await project.problems('src-ipc/main.ts', main)).toEqual([]);
    expect(await project.problems('src/main.ts', PAGE.replace('file: string', 'file: number'))).toEqual([
      "5: Type 'string' is not assignable to type 'number'.",
    ]);
  });

  test('node16 resolution and CommonJS are no obstacle', async () => {
    const tsconfig = {
      compilerOptions: { module: 'node16', strict: true, noEmit: true, lib: ['ES2024'] },
      include: ['src-ipc'],
    };
    const text = MAIN.replace('./helper.ts', './helper.js').replace(/const \{ promise \}[^]*?\n\n/, '\n');
    const project = open({
      'tsconfig.json': JSON.stringify(tsconfig),
      'src-ipc/helper.ts': HELPER,
      'src-ipc/main.ts': text,
    });
    expect(await project.problems('src-ipc/main.ts', text)).toEqual([]);
  });
});
