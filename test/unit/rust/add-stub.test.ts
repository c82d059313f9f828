/** One handler more in a backend that somebody wrote. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyEdits } from '#core/acl/edit.ts';
import { addStub, type RustIndex, type RustReader, type StubOptions } from '#server/rust/index.ts';
import { indexOf, rustReader } from './rust-fixtures.ts';

let reader: RustReader;
let index: RustIndex;

beforeAll(async () => {
  reader = await rustReader();
  index = indexOf(reader, 'app');
});
afterAll(() => reader.dispose());

/** The source with the handlers of some commands added one after the other. */
function add(source: string, names: readonly string[], options?: StubOptions): string {
  return names.reduce((text, name) => {
    const command = index.find(name);
    if (!command) throw new Error(name);
    return applyEdits(text, addStub(text, command, index, options));
  }, source);
}

const BACKEND = `// My backend.
import { app, command } from 'ipc-workbench';
import * as z from 'zod';

const greet = command('greet', { args: { name: z.string() } }, ({ name }) => \`Hello, \${name}!\`); // mine

// All of it.
export default app({ commands: [greet] });
`;

test('a handler goes before the app, with its types, its imports and its place in the list', () => {
  expect(add(BACKEND, ['save_note'])).toMatchInlineSnapshot(`
    "// My backend.
    import { app, command, reject } from 'ipc-workbench';
    import * as z from 'zod';

    const greet = command('greet', { args: { name: z.string() } }, ({ name }) => \`Hello, \${name}!\`); // mine

    const u64 = z.int().min(0).meta({ title: 'u64' }); // exact up to 2^53, as numbers of a page are

    const Kind = z.enum(['plain-text', 'markdown', 'todo!']).meta({ title: 'Kind' });

    const Note = z.object({
      id: z.guid(),
      noteTitle: z.string(),
      savedAt: z.iso.datetime({ offset: true }).nullable().default(null),
      type: Kind,
      tags: z.array(z.string()).default([]),
      parentId: z.guid().nullish(),
      ref: u64,
    }).meta({ title: 'Note' });

    /**
     * Rust: \`async fn save_note(note_entry: Entry, window: tauri::WebviewWindow) -> Result<Entry>\`
     * src-tauri/src/commands/notes.rs:25
     */
    const saveNote = command('save_note', { args: { note_entry: Note }, returns: Note }, () => {
      throw reject('save_note is not written yet. In Rust: src-tauri/src/commands/notes.rs:25');
    });

    // All of it.
    export default app({ commands: [greet, saveNote] });
    "
  `);
});

test('types that are there are used again, and what is handled stays as it is', () => {
  const once = add(BACKEND, ['save_note']);
  expect(add(once, ['save_note', 'greet'])).toBe(once);
  const twice = add(once, ['list_notes']);
  expect(twice.match(/const Note =/g)).toHaveLength(1);
  expect(twice).toContain('const PageOfNote');
  expect(twice).toContain('commands: [greet, saveNote, listNotes]');
  expect(twice.match(/import \{.*/g)).toEqual(["import { app, command, reject } from 'ipc-workbench';"]);
});

test('lists of every form take one more', () => {
  const list = (text: string) =>
    add(`import { app, command } from 'ipc-workbench';\n${text}\n`, ['dock_badge']).split('// list')[1];
  expect(list('// list\nexport default app({ commands: [] });')).toContain('commands: [dockBadge] ');
  expect(list('// list\nexport default app({ commands: [a, b,] });')).toContain('commands: [a, b, dockBadge] ');
  expect(list('// list\nexport default app({\n  commands: [\n    a,\n    b, // the last\n  ],\n});')).toContain(
    '    b, // the last\n    dockBadge,\n  ],',
  );
  expect(list('// list\nexport default app({\n  commands: [\n    a,\n    b // the last\n  ],\n});')).toContain(
    '    b, // the last\n    dockBadge\n  ],',
  );
  expect(list('// list\nexport default app({ setup() {} });')).toContain('app({ commands: [dockBadge], setup() {} })');
  expect(list('// list\nexport default app({});')).toContain('app({ commands: [dockBadge] })');
  expect(list('// list\nexport default app({ commands: make(1, [2]), plugins: [] });')).toContain(
    'commands: [...make(1, [2]), dockBadge], plugins',
  );
  expect(list('// list\nexport default app({ commands });')).toContain('app({ commands: [...commands, dockBadge] })');
});

test('a list in a const of its own gets it, and the handler stands before that', () => {
  const source =
    "import { app } from 'ipc-workbench';\nconst commands = [a, ...more];\n\nexport default app({ commands });\n";
  const result = add(source, ['dock_badge']);
  expect(result).toContain('const commands = [a, ...more, dockBadge];');
  expect(result.indexOf('const dockBadge')).toBeLessThan(result.indexOf('const commands'));
  expect(result).toContain('export default app({ commands });');
});

test('a command of a plugin goes into that plugin, or into a new one', () => {
  const once = add(BACKEND, ['plugin:notes-store|get']);
  expect(once).toContain("const notesStorePlugin = plugin({ name: 'notes-store', commands: [get] });");
  expect(once).toMatch(/app\(\{ plugins: \[notesStorePlugin\], commands: \[greet\] \}\)/);
  expect(add(once, ['plugin:notes-store|set'])).toContain("plugin({ name: 'notes-store', commands: [get, set] })");
});

test('an empty file gets an app, and one that exports something else stays as it is', () => {
  const result = add('', ['greet']);
  expect(result).toMatch(/^import \{ app, command, reject \} from 'ipc-workbench';\nimport \* as z from 'zod';\n\n/);
  expect(result).toContain('export default app({ commands: [greet] });\n');
  expect(add('export default 1;', ['greet'])).toBe('export default 1;');
});

test('names that mean something else are left to it', () => {
  const source = `import { Note } from './note.ts';\nimport { command as cmd, app as create } from 'ipc-workbench';\nfunction saveNote() {}\nexport default create({ commands: [] });\n`;
  const result = add(source, ['save_note']);
  expect(result).toContain('const ModelsNote = z.object');
  expect(result).toContain("const saveNoteCommand = command('save_note'");
  expect(result).toContain('create({ commands: [saveNoteCommand] })');
  expect(result).toContain("import { command as cmd, app as create, command, reject } from 'ipc-workbench';");
});

test('strings, templates, comments and regular expressions are no code', () => {
  const source = `import { app, command } from 'ipc-workbench';
const text = \`app({ commands: [ \${\`\${'}'}\`} ] })\`;
// app({ commands: [no] })
const pattern = /app\\({ commands: [\\]"'] }\\)/;
const half = 4 / 2; // '
export default app({ commands: [] });
const after = \`app({ commands: [ \${\`\${'}'}\`} ] })\` + 'app({ commands: [] })';
`;
  const result = add(source, ['dock_badge']);
  expect(result).toContain('export default app({ commands: [dockBadge] });');
  expect(result).toContain(source.split('\n').slice(1, 5).join('\n'));
});

test('line ends stay those of the file', () => {
  const result = add(BACKEND.replaceAll('\n', '\r\n'), ['save_note']);
  expect(result.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

test('JavaScript gets no types', () => {
  const result = add('', ['echo_tree', 'watch'], { javascript: true });
  expect(result).not.toMatch(/: z\.ZodType|channel<|^type /m);
});

test('whatever the file, nothing of it is lost', () => {
  const pieces = [
    'app',
    '({',
    '})',
    'commands',
    ':',
    '[',
    ']',
    ',',
    'export default ',
    "'",
    '`',
    '${',
    '}',
    '/',
    '//',
    '/*',
    '*/',
    '\n',
    'import ',
    'from ',
    "'ipc-workbench'",
    'const a = ',
    ';',
    'plugin',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
      const source = parts.join('');
      for (const name of ['greet', 'plugin:notes-store|get']) {
        const command = index.find(name);
        const edits = command ? addStub(source, command, index) : [];
        if (edits.some(({ length, offset }) => length > 0 || offset > source.length)) return false;
        if (new Set(edits.map(({ offset }) => offset)).size < edits.length) return false;
      }
      return true;
    }),
    { numRuns: 300 },
  );
});
