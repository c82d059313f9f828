/** Handlers beside Rust commands of their names. */
import { expect, test } from 'vitest';
import { type Files, linesOf, Project, rust, script } from './project.ts';

const SAVE = rust('#[tauri::command]\nfn save(user_id: u32, name: Option<String>) {}\n');
const handler = (args: string): Files => ({
  'src/main.ts': script("await invoke('save', { userId: 1 });"),
  'src-ipc/main.ts': `import { app, command } from 'ipc-workbench';
import * as z from 'zod';
const save = command('save', { args: ${args} }, () => {});
export default app({ commands: [save] });
`,
});

test('a key of a handler that the Rust command does not have is a warning', async () => {
  expect(await linesOf({ ...SAVE, ...handler('{ userId: z.int(), title: z.string().optional() }') })).toEqual([
    'src-ipc/main.ts warning handler-mismatch "title": the Rust command save has no argument "title": it takes "userId", "name"',
  ]);
});

test('a handler may take less than the Rust command', async () => {
  expect(await linesOf({ ...SAVE, ...handler('{ userId: z.int() }') })).toEqual([]);
});

test('nothing is said where the arguments of the Rust command are not all known', async () => {
  const files = rust('use other::Session;\n#[tauri::command]\nfn save(session: Session) {}\n');
  expect(await linesOf({ ...files, ...handler('{ userId: z.int() }') })).toEqual([]);
});

test('a call that fits the handler alone is not wrong', async () => {
  const files = {
    ...SAVE,
    ...handler('{ user: z.string() }'),
    'src/main.ts': script("await invoke('save', { user: 'a' });"),
  };
  expect(await linesOf(files)).toEqual([
    'src-ipc/main.ts warning handler-mismatch "user": the Rust command save has no argument "user": it takes "userId", "name"',
  ]);
});

test('the fix is the key that the Rust command has, in the schema and in the function', async () => {
  const fixed = async (args: string, fn: string) => {
    using project = await Project.open({
      ...SAVE,
      'src/main.ts': script("await invoke('save', { userId: 1 });"),
      'src-ipc/main.ts': `import { app, command } from 'ipc-workbench';
import * as z from 'zod';
const title = z.string();
const save = command('save', { args: ${args} }, ${fn});
export default app({ commands: [save] });
`,
    });
    const fixes = await project.fixes('handler-mismatch');
    return fixes.map(({ title, files }) => [title, files['src-ipc/main.ts']?.split('\n')[3]]);
  };
  expect(await fixed('{ user_id: z.int(), name: z.string() }', '({ user_id }) => user_id')).toEqual([
    [
      'Change the key to "userId"',
      "const save = command('save', { args: { userId: z.int(), name: z.string() } }, ({ userId: user_id }) => user_id);",
    ],
  ]);
  expect(await fixed("{ ['user_id'] /* who */: z.int(), name: z.string() }", '() => {}')).toEqual([
    [
      'Change the key to "userId"',
      "const save = command('save', { args: { ['userId'] /* who */: z.int(), name: z.string() } }, () => {});",
    ],
  ]);
  // The only one that is left.
  expect(await fixed('{ userId: z.int(), title }', '(args) => args.title')).toEqual([
    [
      'Change the key to "name"',
      "const save = command('save', { args: { userId: z.int(), name: title } }, (args) => args.name);",
    ],
  ]);
  expect(await fixed('{ title }', '() => {}')).toEqual([]);
});
