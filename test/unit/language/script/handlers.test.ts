/** Handlers in TypeScript: what they take and give, as far as it is written. */
import { describe, expect, test } from 'vitest';
import type { CommandDefinition } from '#server/index/facts.ts';
import { Scripts } from './facts.ts';

const FILE = 'src-ipc/main.ts';
const HEAD = `import { app, channel, command, plugin } from 'ipc-workbench';\nimport * as z from 'zod';\n`;

function definitionIn(text: string): { scripts: Scripts; definition: CommandDefinition } {
  const scripts = new Scripts({ [FILE]: HEAD + text });
  const [definition] = scripts.facts(FILE).commands;
  if (!definition) throw new Error('no definition');
  return { scripts, definition };
}

/** Parameters in short: `key?: type`, with `!` where something is not known. */
function parametersIn(text: string): string[] {
  return definitionIn(text).definition.parameters.map(
    ({ key, type, isRequired }) =>
      `${key}${isRequired === true ? '' : isRequired === false ? '?' : '!'}: ${type ?? '!'}`,
  );
}

test('a handler has its name, its places, its comment and its signature', () => {
  const { scripts, definition } = definitionIn(`
/**
 * Says hello.
 *
 * Twice.
 */
export const greet = command('greet', { args: { name: z.string(), 'last-name': z.string() } }, async ({ name }) => {
  return name;
});`);
  const { at, whole, literal, ...rest } = definition;
  expect([at, literal].map((place) => scripts.at(place))).toEqual(['greet', 'greet']);
  expect(scripts.at(whole)).toMatch(/^command\('greet'[^]*\}\)$/);
  expect(rest.parameters.map((each) => scripts.at(each.at))).toEqual(['name', 'last-name']);
  expect({ ...rest, parameters: rest.parameters.map(({ key }) => key) }).toEqual({
    name: 'greet',
    source: 'handler',
    parameters: ['name', 'last-name'],
    isComplete: true,
    returns: undefined,
    error: undefined,
    signature: `command('greet', { args: { name: z.string(), 'last-name': z.string() } }, async ({ name }) => { … })`,
    doc: 'Says hello.\n\nTwice.',
    isRegistered: true,
    permissions: [],
    registrations: [],
    types: [],
  });
});

describe('its arguments', () => {
  test.each<[schema: string, parameter: string]>([
    ['z.string().min(1).max(20)', 'x: string'],
    ['z.int()', 'x: number'],
    ['z.number().optional()', 'x?: number'],
    ['z.boolean().default(true)', 'x?: boolean'],
    ['z.optional(z.string())', 'x?: string'],
    ['z.string().nullish()', 'x?: string | null'],
    ['z.string().nullable()', 'x: string | null'],
    ['z.array(z.string())', 'x: string[]'],
    ['z.union([z.string(), z.number()]).array()', 'x: Array<string | number>'],
    [`z.enum(['a', 'b'])`, 'x: "a" | "b"'],
    [`z.literal('a')`, 'x: "a"'],
    ['z.literal([1, true, null])', 'x: 1 | true | null'],
    [`z.object({ a: z.string(), 'b c': z.int().optional() })`, 'x: { a: string; "b c"?: number }'],
    ['z.record(z.string(), z.number())', 'x: Record<string, number>'],
    ['z.tuple([z.string(), z.int()])', 'x: [string, number]'],
    ['z.email()', 'x: string'],
    ['z.iso.datetime()', 'x: string'],
    ['z.unknown()', 'x?: unknown'],
    ['z.any()', 'x?: any'],
    ['Note', 'x: { id: number }'],
    ['z.array(Note).optional()', 'x?: Array<{ id: number }>'],
    ['z.string().transform(Number)', 'x: string'],
    ['z.object({ a: z.string() }).partial()', 'x: !'],
    ['z.lazy(() => Note)', 'x!: !'],
    ['other', 'x!: !'],
    ['imported', 'x!: !'],
  ])('%s', (schema, parameter) => {
    const text = `import { imported } from './schemas';\nconst Note = z.object({ id: z.int() });\n`;
    expect(parametersIn(`${text}command('c', { args: { x: ${schema} } }, f);`)).toEqual([parameter]);
  });

  test('are channels, and shorthands, and those of a constant', () => {
    const { definition } = definitionIn(
      `const onNote = channel<Note>();\nconst args = { onNote, id: z.int() };\ncommand('watch', { args }, ({ onNote }) => {});`,
    );
    expect(definition.parameters.map(({ key, kind, type, declared }) => [key, kind, type, declared])).toEqual([
      ['onNote', 'channel', 'Channel<Note>', 'onNote'],
      ['id', 'value', 'number', 'z.int()'],
    ]);
    expect(definition.isComplete).toBe(true);
  });

  test.each([
    ['of elsewhere', `command('c', { args: schemas }, f)`],
    ['spread', `command('c', { args: { ...more, x: z.int() } }, f)`],
    ['computed', `command('c', { args: { [key]: z.int() } }, f)`],
    ['with options of elsewhere', `command('c', options, f)`],
  ])('%s are not all known', (_, text) => {
    expect(definitionIn(text).definition.isComplete).toBe(false);
  });

  test('there are none', () => {
    expect(definitionIn(`command('c', {}, f)`).definition).toMatchObject({ parameters: [], isComplete: true });
  });
});

test.each<[what: string, text: string, returns: string | undefined]>([
  ['its schema says', `command('c', { returns: z.array(z.string()) }, f)`, 'string[]'],
  ['its function says', `command('c', {}, (): Note => note)`, 'Note'],
  ['its promise says', `command('c', {}, async (): Promise<Note | null> => note)`, 'Note | null'],
  [
    'its schema makes of something else',
    `command('c', { returns: z.array(z.string().transform(Number)) }, f)`,
    undefined,
  ],
  ['nothing says', `command('c', {}, () => note)`, undefined],
])('it gives what %s', (_, text, returns) => {
  expect(definitionIn(text).definition.returns).toBe(returns);
});

test('it asks for permissions', () => {
  const scripts = new Scripts({
    [FILE]: `${HEAD}command('read', { permissions: ['fs:read', "notes:allow-all"] }, f);`,
  });
  const { commands, permissionReferences } = scripts.facts(FILE);
  expect(commands.map(({ permissions }) => permissions)).toEqual([['fs:read', 'notes:allow-all']]);
  expect(permissionReferences.map(({ identifier, at }) => [identifier, scripts.at(at)])).toEqual([
    ['fs:read', 'fs:read'],
    ['notes:allow-all', 'notes:allow-all'],
  ]);
});

test.each([
  ['under another name', `import { command as define } from 'ipc-workbench'; define('c', {}, f);`, ['c']],
  ['as a namespace', `import * as ipc from 'ipc-workbench'; ipc.command('c', {}, f);`, ['c']],
  ['with a constant', `import { command } from 'ipc-workbench'; const N = { c: 'c' }; command(N.c, {}, f);`, ['c']],
  [
    'but not a command of another package',
    `import { command } from 'commander'; command('c', {}, f); // ipc-workbench`,
    [],
  ],
  ['nor one of its own', `import { app } from 'ipc-workbench'; const command = (n) => n; command('c');`, []],
])('commands are defined %s', (_, text, names) => {
  const scripts = new Scripts({ [FILE]: text });
  expect(scripts.facts(FILE).commands.map(({ name }) => name)).toEqual(names);
});

describe('registration', () => {
  /** Commands of all files: `name`, and `name?` for one that no list has. */
  function registered(files: Readonly<Record<string, string>>): string[] {
    const scripts = new Scripts(files);
    return Object.keys(files).flatMap((path) =>
      scripts.facts(path).commands.map(({ name, isRegistered, registrations }) => {
        expect(registrations.map((each) => scripts.at(each)).every((text) => text && /^[\w.]+$/.test(text))).toBe(true);
        return isRegistered ? `${name} ${registrations.length}` : `${name}?`;
      }),
    );
  }
  const NOTES = `import { command } from 'ipc-workbench';\nexport const a = command('a', {}, f);\nexport const b = command('b', {}, f);\nexport const all = [a];\n`;

  test.each<[what: string, main: string, commands: string[]]>([
    ['by a list', `import { a } from './notes'; export default app({ commands: [a] });`, ['a 1', 'b?']],
    ['by a namespace', `import * as notes from './notes'; export default app({ commands: [notes.b] });`, ['a?', 'b 1']],
    [
      'by a list that is spread',
      `import { all } from './notes'; export default app({ commands: [...all] });`,
      ['a 1', 'b?'],
    ],
    [
      'by a variable',
      `import { all } from './notes'; const commands = [...all]; export default app({ commands });`,
      ['a 1', 'b?'],
    ],
    [
      'perhaps, by what cannot be told',
      `import * as notes from './notes'; export default app({ commands: Object.values(notes) });`,
      ['a 0', 'b 0'],
    ],
    [
      'perhaps, by a list of elsewhere',
      `import { more } from 'more'; export default app({ commands: [...more] });`,
      ['a 0', 'b 0'],
    ],
    [
      'in a plugin',
      `import { a, b } from './notes'; const notes = plugin({ name: 'notes', commands: [a] }); export default app({ commands: [b], plugins: [notes] });`,
      ['plugin:notes|a 1', 'b 1'],
    ],
    [
      'in both',
      `import { a } from './notes'; plugin({ name: 'notes', commands: [a] }); app({ commands: [a] });`,
      ['plugin:notes|a 1', 'a 1', 'b?'],
    ],
    ['by nobody', `export default app({});`, ['a?', 'b?']],
    ['perhaps, without any list', ``, ['a 0', 'b 0']],
  ])('%s', (_, main, commands) => {
    const files = { 'src-ipc/notes.ts': NOTES, [FILE]: `import { app, plugin } from 'ipc-workbench';\n${main}` };
    expect(registered(files)).toEqual(commands);
  });

  test('a list of another project says nothing', () => {
    expect(
      registered({
        'one/src-ipc/notes.ts': NOTES,
        'two/src-ipc/main.ts': `import { app } from 'ipc-workbench'; app({ commands: [] });`,
      }),
    ).toEqual(['a 0', 'b 0']);
  });

  test('changes with a list elsewhere', () => {
    const scripts = new Scripts({
      'src-ipc/notes.ts': NOTES,
      [FILE]: `import { app } from 'ipc-workbench'; import { a, b } from './notes'; app({ commands: [a] });`,
    });
    const found = () => scripts.facts('src-ipc/notes.ts').commands.map(({ isRegistered }) => isRegistered);
    expect(found()).toEqual([true, false]);
    const before = scripts.facts('src-ipc/notes.ts');
    scripts.set(
      FILE,
      `import { app } from 'ipc-workbench'; import { a, b } from './notes'; app({ commands: [a, b] });`,
    );
    expect(found()).toEqual([true, true]);
    expect(scripts.facts('src-ipc/notes.ts')).not.toBe(before);
    expect(scripts.facts('src-ipc/notes.ts')).toBe(scripts.facts('src-ipc/notes.ts'));
  });
});
