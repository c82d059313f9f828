import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cleanUp, setUp, start } from './harness.ts';

cleanUp();

const HEAD = `import { app, channel, command, plugin } from 'ipc-workbench';\n`;
const TAIL = `\nexport default app({ commands: [] });\n`;

/** What is reported of a `main.ts`, or of several files. */
async function errorOf(files: string | Readonly<Record<string, string>>) {
  const { backend, errors } = await setUp({ files: typeof files === 'string' ? { 'src-ipc/main.ts': files } : files });
  expect(await backend.start()).toBe(false);
  const { stack: _stack, ...error } = errors[0] ?? { message: 'no error' };
  return error;
}

test.for([
  ['a syntax error', `${HEAD}\nconst a = ;\n`, 'Syntax error: Expression expected', 3, 11],
  [
    'a name declared twice',
    `${HEAD}const greet = 1;\nconst greet = 2;${TAIL}`,
    "Syntax error: Identifier 'greet' has already been declared",
    3,
    7,
  ],
  ['a throw at the top level', `${HEAD}\n  throw new Error('not today');`, 'not today', 3, 9],
  [
    'a throw deeper in the code, and with an enum above',
    `${HEAD}enum A { x, y }\n\nfunction f(): never { throw new Error(String(A.y)); }\nf();`,
    '1',
    4,
    29,
  ],
  [
    'a package that is not there',
    `${HEAD}import x from 'left-pad';${TAIL}`,
    'Cannot find package "left-pad". Install it in the project.',
    2,
    15,
  ],
  [
    'a file that is not there',
    `${HEAD}import x from "./nothing.js";${TAIL}`,
    'Cannot find file "./nothing.js".',
    2,
    15,
  ],
  [
    'no default export',
    `${HEAD}export const a = 1;`,
    'There is no default export made by app(): add `export default app({ commands: [] })`.',
    1,
    1,
  ],
  [
    'a command registered twice',
    `${HEAD}const a = command('a', {}, () => 1);\nexport default app({ commands: [a, a] });`,
    'command "a" is registered twice in the app',
    3,
    16,
  ],
  [
    'a setup that throws',
    `${HEAD}export default app({\n  setup() {\n    throw new Error('no database');\n  },\n});`,
    'error encountered during setup hook: no database',
    4,
    11,
  ],
  [
    'a plugin that throws',
    `${HEAD}export default app({ plugins: [plugin({ name: 'p', async setup() { throw new Error('no') } })] });`,
    'failed to initialize plugin `p`: no',
    2,
    74,
  ],
  ['an exit', `${HEAD}process.exit(4);`, 'It ended while it loaded: it exited with code 4.', undefined, undefined],
] as const)('%s is reported with its place', async ([, source, message, line, column]) => {
  expect(await errorOf(source)).toEqual({
    message,
    ...(line !== undefined && { file: 'src-ipc/main.ts', line, column }),
  });
});

test('a type that is imported as a value is explained', async () => {
  const error = await errorOf({
    'src-ipc/main.ts': `${HEAD}import { User } from './types.ts';\nlet user: User | undefined;${TAIL}`,
    'src-ipc/types.ts': 'export interface User { name: string }',
  });
  expect(error).toEqual({
    message: `Syntax error: The requested module './types.ts' does not provide an export named 'User'. If "User" is a type, import it with "import type"`,
    file: 'src-ipc/main.ts',
    line: 2,
    column: 10,
  });
});

test('an error in an imported file is reported there', async () => {
  const error = await errorOf({
    'src-ipc/main.ts': `${HEAD}import settings from './settings.json';${TAIL}`,
    'src-ipc/settings.json': '{\n  "a": 1,\n  oops\n}',
  });
  expect(error).toMatchObject({ file: 'src-ipc/settings.json', line: 3, column: 3 });
});

test('imports are found as TypeScript finds them', async () => {
  const { page } = await start({
    files: {
      'src-ipc/main.ts': `${HEAD}
        import { a } from './a';
        import { b } from './b.js';
        import { c } from './c.mjs';
        import { d } from './d';
        import e from './e.cjs';
        import data from './data.json';
        import more from './data.json' with { type: 'json' };
        const late = command('late', {}, async () => (await import('./late')).late);
        export default app({ commands: [command('all', {}, () => [a, b, c, d, e.e, data.f, more.f]), late] });`,
      'src-ipc/a.ts': 'export const a: string = "a";',
      'src-ipc/b.ts': 'export const b: string = "b";',
      'src-ipc/c.mts': 'export const c: string = "c";',
      'src-ipc/d/index.ts': 'export const d: string = "d";',
      'src-ipc/e.cts': 'const e: string = "e";\nmodule.exports = { e };',
      'src-ipc/data.json': '{ "f": "f" }',
      'src-ipc/late.ts': 'export const late = "late";',
    },
  });
  const main = page();
  expect(await main.invoke('all')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'f']);
  expect(await main.invoke('late')).toBe('late');
});

test('JavaScript needs nothing else', async () => {
  const { backend, page, folder } = await setUp({
    files: { 'src-ipc/main.mjs': `${HEAD}export default app({ commands: [command('hi', {}, () => 'hi')] });` },
  });
  backend.dispose();
  const made = await start({
    files: {
      'src-ipc/main.ts': '',
      'src-ipc/main.mjs': `${HEAD}export default app({ commands: [command('hi', {}, () => 'hi')] });`,
    },
    entry: join(folder, 'src-ipc/main.mjs'),
  });
  expect(await made.page().invoke('hi')).toBe('hi');
  expect(page).toBeTypeOf('function');
});

test('a project with a zod of its own shares it with the library', async () => {
  const source = `${HEAD}
    import * as z from 'zod';
    const nested = command('nested', { args: { box: z.object({ on: z.array(channel<string>()) }) } }, async ({ box }) => {
      await box.on[0]?.send('hi');
    });
    export default app({ commands: [nested, command('where', {}, () => import.meta.resolve('zod'))] });`;
  const made = await setUp({ files: { 'src-ipc/main.ts': source } });
  mkdirSync(join(made.folder, 'node_modules'));
  symlinkSync(join(import.meta.dirname, '../../../node_modules/zod'), join(made.folder, 'node_modules/zod'));
  expect(await made.backend.start()).toBe(true);
  const main = made.page();
  await main.invoke('nested', { box: { on: ['__CHANNEL__:5'] } });
  expect(main.heard[0]).toEqual(['message 5', 0, 'hi']);
  expect(await main.invoke('where')).toMatch(/node_modules\/zod\/index\.js$/);
});

test('types of zod beside the handlers are no zod', async () => {
  const source = `${HEAD}
    import * as z from 'zod';
    const greet = command('greet', { args: { name: z.string() } }, ({ name }) => name);
    export default app({ commands: [greet] });`;
  const manifest = JSON.stringify({ name: 'zod', version: '4.6.7', types: './index.d.ts', copiedBy: 'ipc-workbench' });
  const made = await setUp({ files: { 'src-ipc/main.ts': source, 'src-ipc/node_modules/zod/package.json': manifest } });
  expect(await made.backend.start()).toBe(true);
  expect(await made.page().invoke('greet', { name: 'Ada' })).toBe('Ada');
});
