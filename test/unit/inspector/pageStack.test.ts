import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vm from 'node:vm';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { locateStack, type StackSource } from '../../../extension/inspector/page-stack.ts';
import { fileOfSource, type ReadScript, SCRIPT_LENGTH, SourceMaps } from '../../../extension/inspector/source-maps.ts';

let folder: string;
const path = (file: string) => join(folder, file);
function write(file: string, text: string): void {
  mkdirSync(dirname(path(file)), { recursive: true });
  writeFileSync(path(file), text);
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ipc-stack-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ORIGIN = 'http://127.0.0.1:4000';
const MAIN = `import { save } from '../node_modules/@tauri-apps/api/core.js';
import { later } from './lib/later.ts';

export function onSave(title: string): void {
  later(() => save(title));
}
onSave('Groceries');
`;

/** A frontend as a bundler makes it: sources in src/, the script and its map in dist/assets/. */
async function bundle(options: { sourcemap: 'inline' | 'linked'; minify?: boolean }): Promise<void> {
  write('src/main.ts', MAIN);
  write('src/lib/later.ts', `export const later = (run: () => void): void => {\n  run();\n};\n`);
  write(
    'node_modules/@tauri-apps/api/core.js',
    `export function save(title) {\n  globalThis.report(new Error());\n}\n`,
  );
  await build({
    entryPoints: [path('src/main.ts')],
    outfile: path('dist/assets/main.js'),
    bundle: true,
    logLevel: 'error',
    ...options,
  });
}

/** The stack that running the bundle gives, as a page would have it. */
function runBundle(): string {
  const text = readFileSync(path('dist/assets/main.js'), 'utf8');
  let stack = '';
  const report = (error: Error) => (stack = error.stack ?? '');
  vm.runInNewContext(text, { report, Error }, { filename: `${ORIGIN}/assets/main.js` });
  return stack;
}

const readDist: ReadScript = async (url) => {
  const file = path(join('dist', url.pathname));
  return { text: readFileSync(file, 'utf8'), file };
};

function source(more: Partial<StackSource> = {}): StackSource {
  return {
    key: 'notes main 1',
    origin: ORIGIN,
    roots: [folder],
    addedLines: 0,
    read: readDist,
    documentFile: () => undefined,
    shown: (file) => file.slice(folder.length + 1),
    ...more,
  };
}

test.each([{ sourcemap: 'inline' }, { sourcemap: 'linked' }, { sourcemap: 'linked', minify: true }] as const)(
  'check 31: the first frame of the author is the line of his call, by a map that is $sourcemap',
  async (options) => {
    await bundle(options);
    const frames = await locateStack(runBundle(), source(), new SourceMaps());
    const own = frames.filter(({ frame }) => !frame.library && frame.problem === undefined);
    expect(own[0]?.frame).toMatchObject({
      place: 'src/main.ts:5:15',
      code: 'later(() => save(title));',
      opens: 'file',
    });
    expect(own[0]?.target).toEqual({ file: path('src/main.ts'), line: 5, column: 15 });
    expect(own.map(({ frame }) => frame.place)).toContain('src/lib/later.ts:2:3');
    expect(frames[0]?.frame).toMatchObject({ place: 'node_modules/@tauri-apps/api/core.js:2:21', library: true });
  },
);

test('a script in the HTML of an extension’s webview has its place there; nothing is asked for, nothing opens', async () => {
  const read: ReadScript = () => Promise.reject(new Error('asked'));
  const frames = await locateStack('Error\n    at async go (<anonymous>:3:32)', source({ read }), new SourceMaps());
  expect(frames).toEqual([
    { frame: { name: 'go', isAsync: true, place: 'script in the page:3:32', library: false }, target: undefined },
  ]);
});

test('where the sources are not there, the text in the map opens', async () => {
  await bundle({ sourcemap: 'linked' });
  rmSync(path('src'), { recursive: true });
  const frames = await locateStack(runBundle(), source(), new SourceMaps());
  const own = frames.find(({ frame }) => frame.place === 'src/main.ts:5:15');
  expect(own?.frame).toMatchObject({ opens: 'text', code: 'later(() => save(title));' });
  expect(own?.target).toEqual({ source: 'src/main.ts', text: MAIN, line: 5, column: 15 });
});

test('what cannot be mapped says why, and is shown as the page runs it', async () => {
  const texts: Record<string, string> = {
    '/none.js': 'run()',
    '/text.js': 'const x = "sourceMappingURL=a.map"; run()',
    '/far.js': 'run()\n//# sourceMappingURL=https://elsewhere.test/a.map',
    '/broken.js': 'run()\n//# sourceMappingURL=broken.map',
    '/broken.map': '<!doctype html>',
    '/gone.js': 'run()\n//# sourceMappingURL=gone.map',
    '/other.js': `run()\n//# sourceMappingURL=data:application/json,${encodeURIComponent('{"version":3,"sources":["a"],"mappings":""}')}`,
  };
  const read: ReadScript = async ({ pathname }) => {
    const text = texts[pathname];
    if (text === undefined) throw new Error(`${pathname} is not in the built frontend`);
    return { text };
  };
  const stack = ['none', 'text', 'far', 'broken', 'gone', 'other', 'missing'].map(
    (name) => `at ${ORIGIN}/${name}.js:1:1`,
  );
  const frames = await locateStack(stack.join('\n'), source({ read }), new SourceMaps());
  expect(frames.map(({ frame }) => [frame.place, frame.problem?.replace(/: Unexpected token.*/, '')])).toEqual([
    ['none.js:1:1', 'no source map: the script names none'],
    ['text.js:1:1', 'no source map: the script names none'],
    ['far.js:1:1', 'no source map: it is at another site'],
    ['broken.js:1:1', 'no source map: it cannot be read'],
    ['gone.js:1:1', 'no source map: /gone.map is not in the built frontend'],
    ['other.js:1:1', 'no source map: the source map does not know this place'],
    ['missing.js:1:1', 'no source map: /missing.js is not in the built frontend'],
  ]);
  expect(frames.every(({ target }) => target === undefined)).toBe(true);
});

test('a script in a document of the frontend stands where it was before the bridge came in', async () => {
  write('dist/index.html', '<!doctype html>\n<script>\n  invoke();\n</script>\n');
  const documentFile = (url: URL) => (url.pathname === '/' ? path('dist/index.html') : undefined);
  const [frame] = await locateStack(`at ${ORIGIN}/:5:3`, source({ addedLines: 2, documentFile }), new SourceMaps());
  expect(frame?.frame).toMatchObject({ place: 'dist/index.html:3', code: 'invoke();' });
  expect(frame?.target).toEqual({ file: path('dist/index.html'), line: 3, column: 3 });
});

test('a map is read once for a page load, and only the last are kept', async () => {
  await bundle({ sourcemap: 'linked' });
  const asked: string[] = [];
  const read: ReadScript = (url) => {
    asked.push(url.pathname);
    return readDist(url);
  };
  const maps = new SourceMaps();
  const at = { url: `${ORIGIN}/assets/main.js`, line: 3, column: 3 };
  await Promise.all([maps.locate(at, 'load 1', read), maps.locate(at, 'load 1', read)]);
  expect(asked).toEqual(['/assets/main.js', '/assets/main.js.map']);
  await maps.locate(at, 'load 2', read);
  expect(asked).toHaveLength(4);
  for (let n = 0; n < 100; n++) await maps.locate(at, `load ${n}`, read);
  expect(maps.size).toBeLessThanOrEqual(64);
});

test('the names of sources lead to files of the project, and to no other', () => {
  write('app/src/main.ts', '');
  write('app/ui/src/page.ts', '');
  write('secret.ts', '');
  symlinkSync(path('secret.ts'), path('app/src/link.ts'));
  const roots = [path('app')];
  const server = { url: new URL(`${ORIGIN}/src/main.ts`), file: undefined };
  const built = { url: new URL(`${ORIGIN}/assets/main.js.map`), file: path('app/dist/assets/main.js.map') };
  const found = (source: string, map: Parameters<typeof fileOfSource>[1] = server) =>
    fileOfSource(source, map, roots)?.slice(folder.length + 1);
  // A development server: relative to the script, by the path of the server, by the path of the disk.
  expect(found('main.ts')).toBe('app/src/main.ts');
  expect(found('/src/main.ts')).toBe('app/src/main.ts');
  expect(found(`/@fs${path('app/src/main.ts')}`)).toBe('app/src/main.ts');
  expect(found(path('app/src/main.ts'))).toBe('app/src/main.ts');
  // A server whose root is a folder of the project.
  expect(found('/src/page.ts')).toBe('app/ui/src/page.ts');
  // Bundlers.
  expect(found('../../src/main.ts', built)).toBe('app/src/main.ts');
  expect(found('webpack://notes/./src/main.ts?abcd', built)).toBe('app/src/main.ts');
  expect(found(`file://${path('app/src/main.ts')}`, built)).toBe('app/src/main.ts');
  // Not of the project, though there.
  for (const source of [
    '../../../secret.ts',
    path('secret.ts'),
    '../../src/link.ts',
    `/@fs${path('secret.ts')}`,
    '',
    '\0',
  ]) {
    expect([source, found(source, built)]).toEqual([source, undefined]);
  }
});

test('a file of any size that a map names is opened, but not read', async () => {
  write('src/large.ts', 'const first = 1;\n');
  truncateSync(path('src/large.ts'), SCRIPT_LENGTH + 1);
  const map = { version: 3, sources: ['../src/large.ts'], names: [], mappings: 'AAAA' };
  write('dist/a.js', `x();\n//# sourceMappingURL=data:application/json,${encodeURIComponent(JSON.stringify(map))}\n`);
  const [first] = await locateStack(`Error\n    at f (${ORIGIN}/a.js:1:1)`, source(), new SourceMaps());
  expect(first?.target).toMatchObject({ file: path('src/large.ts') });
  expect(first?.frame.code).toBeUndefined();
});
