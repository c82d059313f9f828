/** Problems are kept for as long as nothing that they follow from is another: what is kept is what would be found anew. */
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProjectIndex } from '#server/index/project-index.ts';
import { problemsAnew, problemsOf } from '#server/diagnostics/index.ts';
import { type Files, TestWorkspace } from '../workspace/workspaces.ts';
import { rust, script } from './project.ts';

const GREET = '#[tauri::command]\nfn greet(user_name: String) {}\n';
const LEAVE = '#[tauri::command]\nfn leave() {}\n';

/** 200 scripts: each calls `greet` as it should, every tenth also what is not there. */
const MANY: Readonly<Record<string, string>> = {
  ...rust(GREET),
  ...Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [
      `src/file${index}.ts`,
      script(`await invoke('greet', { userName: 'x' });${index % 10 === 0 ? "await invoke('leave');" : ''}`),
    ]),
  ),
  'src/nothing.ts': 'export const nothing = 1;\n',
};

async function opened(files: Files) {
  const app = await TestWorkspace.open(files);
  const project = () => app.workspace.projects[0] as ProjectIndex;
  let counted = 0;
  return {
    async changed(changes: Files) {
      for (const [path, text] of Object.entries(changes)) app.write(path, text);
      await app.changed(...Object.keys(changes));
    },
    async removed(path: string) {
      if (existsSync(app.path(path))) app.remove(path);
      await app.changed(path);
    },
    found: () => all(problemsOf(project()), app.folder),
    anew: () => all(problemsAnew(project()), app.folder),
    /** how many files were looked at since it was asked last */
    checked(): number {
      const before = counted;
      counted = problemsOf(project()).checked;
      return counted - before;
    },
  };
}

/** What is wrong, by path: what it is, where, and how it is put right. */
function all(problems: ReturnType<typeof problemsOf>, folder: string) {
  return Object.fromEntries(
    [...problems.files].sort().flatMap((file) => {
      const found = problems.of(file).map(({ fixes = [], ...said }) => ({ ...said, fixes: fixes.map(titleOf) }));
      return found.length === 0 ? [] : [[file.slice(folder.length + 1), found]];
    }),
  );
}

const titleOf = ({ title }: { readonly title: string }) => title;

test('after a keystroke in one of 200 files exactly that file is looked at again', async () => {
  const app = await opened(MANY);
  expect(Object.keys(app.found())).toHaveLength(20);
  expect(app.checked()).toBe(201 - 1);
  app.found();
  expect(app.checked()).toBe(0);
  await app.changed({ 'src/file7.ts': script("await invoke('greet', { userName: 'x' }); await invoke('gree');") });
  expect(app.found()['src/file7.ts']).toMatchObject([{ code: 'unknown-command' }]);
  expect(app.checked()).toBe(1);
});

test('a line above a call, and a script that calls nothing, have no other file looked at again', async () => {
  const app = await opened(MANY);
  app.found();
  app.checked();
  await app.changed({ 'src/nothing.ts': 'export const nothing = 2;\n' });
  app.found();
  expect(app.checked()).toBe(0);
  await app.changed({ 'src/file0.ts': `\n${MANY['src/file0.ts']}` });
  expect(app.found()['src/file0.ts']).toMatchObject([
    { code: 'unknown-command', at: { range: { start: { line: 3 } } } },
  ]);
  expect(app.checked()).toBe(1);
});

test('after a new command all files that call something are looked at again, and the same ones after it went', async () => {
  const app = await opened(MANY);
  app.found();
  app.checked();
  await app.changed(rust(GREET + LEAVE));
  expect(app.found()).toEqual({});
  expect(app.checked()).toBe(200);
  await app.changed(rust(GREET));
  expect(Object.keys(app.found())).toHaveLength(20);
  expect(app.checked()).toBe(200);
});

// ---- whatever is edited

const COMMANDS = ['greet', 'leave', 'greeet', 'plugin:fs|read_file'];
const EVENTS = ['saved', 'save'];

const call = fc
  .tuple(fc.constantFrom(...COMMANDS), fc.constantFrom('', ", { userName: 'x' }", ', { user_name: 1 }', ', { other }'))
  .map(([name, args]) => `await invoke('${name}'${args});`);
const event = fc
  .tuple(fc.constantFrom('listen', 'emit'), fc.constantFrom(...EVENTS))
  .map(([method, name]) => `await ${method}('${name}', () => {});`);
const line = fc.oneof(call, event, fc.constantFrom('', 'await invoke(name);', 'await invoke(', '// nothing'));
const aScript = fc
  .tuple(
    fc.constantFrom('src/one.ts', 'src/two.ts', 'src/Part.svelte', 'src/two.test.ts'),
    fc.array(line, { maxLength: 4 }),
  )
  .map(([path, lines]): Files => {
    const text = script(lines.join('\n'));
    return { [path]: path.endsWith('.svelte') ? `<script lang="ts">\n${text}</script>\n` : text };
  });
const EMITS = 'fn tell(app: AppHandle) { app.emit("saved", 1); }\n';
const someRust = fc
  .tuple(fc.subarray([GREET, LEAVE, EMITS, 'fn broken( {\n']), fc.constantFrom(undefined, 'greet', 'leave, leave', ''))
  .map(([parts, list]): Files => {
    const path = 'src-tauri/src/lib.rs';
    return { [path]: rust(parts.join(''), list)[path] ?? '' };
  });
const capability = fc
  .record({
    windows: fc.subarray(['main', 'mian', 'note-*']),
    permissions: fc.subarray(['core:default', 'fs:default', 'allow-greet', 'nothing:there']),
  })
  .map((some): Files => ({ 'src-tauri/capabilities/main.json': { identifier: 'main', ...some } }));
const handlers = fc.subarray(['greet', 'other']).map(
  (names): Files => ({
    'src-ipc/main.ts': [
      "import { app, command } from '@ipc-workbench/backend';",
      "import * as z from 'zod';",
      ...names.map((name) => `const ${name} = command('${name}', { args: { user: z.string() } }, () => null);`),
      `export default app({ commands: [${names.join(', ')}] });`,
    ].join('\n'),
  }),
);
const removal = fc.constantFrom('src/one.ts', 'src/two.ts', 'src-tauri/capabilities/main.json');

test('whatever is edited, what is found is what would be found anew', { timeout: 60_000 }, async () => {
  const edit = fc.oneof(
    { weight: 4, arbitrary: aScript },
    { weight: 2, arbitrary: someRust },
    capability,
    handlers,
    removal,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 8 }), async (edits) => {
      const app = await opened({ ...rust(GREET), 'src/one.ts': script("await invoke('greet');") });
      for (const each of edits) {
        if (typeof each === 'string') await app.removed(each);
        else await app.changed(each);
        expect(app.found()).toEqual(app.anew());
      }
    }),
    { numRuns: 25 },
  );
});
