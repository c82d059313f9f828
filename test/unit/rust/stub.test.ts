/** Handlers made from Rust: they type-check, load, and their schemas read what serde writes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppDefinition } from '#core/index.ts';
import { type RustIndex, type RustReader, stubFile, stubFor } from '#server/rust/index.ts';
import { indexFrom, indexOf, rustReader } from './rust-fixtures.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const folder = mkdtempSync(join(tmpdir(), 'rust-stubs-'));

let reader: RustReader;
let app: RustIndex;
let backend: AppDefinition;

beforeAll(async () => {
  reader = await rustReader();
  app = indexOf(reader, 'app');
  backend = await load(stubFile(app, new Set()));
});
afterAll(() => {
  reader.dispose();
  rmSync(folder, { recursive: true });
});

let count = 0;

/** Runs a backend with the library and zod of this repository. */
async function load(source: string): Promise<AppDefinition> {
  const file = join(folder, `backend-${count++}.ts`);
  const at = (path: string) => pathToFileURL(join(root, path)).href;
  writeFileSync(
    file,
    source
      .replace("'ipc-workbench'", `'${at('extension/backend/library.ts')}'`)
      .replace("'zod'", `'${at('node_modules/zod/index.js')}'`),
  );
  return ((await import(pathToFileURL(file).href)) as { default: AppDefinition }).default;
}

/** What TypeScript says of files that import the library, with every check that projects may have on. */
function problemsIn(sources: Readonly<Record<string, string>>): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2024,
    lib: ['lib.es2024.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    paths: {
      'ipc-workbench': [join(root, 'extension/backend/library.ts')],
      zod: [join(root, 'node_modules/zod')],
    },
  };
  const files = Object.entries(sources).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  });
  const program = ts.createProgram(files, options);
  return files
    .flatMap((path) => {
      const file = program.getSourceFile(path);
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    })
    .map(({ messageText, file, start = 0 }) => {
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `${basename(file?.fileName ?? '')}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
}

/** What a schema makes of a value: the value, or the first complaint. */
async function parse(name: string, key: string, value: unknown): Promise<unknown> {
  const schema = backend.commands.find((each) => each.name === name)?.args[key];
  const result = await schema?.['~standard'].validate(value);
  return result?.issues ? `refused: ${result.issues[0]?.message}` : result?.value;
}

test('stubs type-check, written handlers too, and each is held to its types', () => {
  const all = stubFile(app, new Set());
  const written = all
    .replace(/\(\) => \{\n {2}throw reject\('greet [^}]*\}/, '({ name }) => `Hello, ${name}!`')
    .replace(
      /\(\) => \{\n {4}throw reject\('list_notes [^}]*\}/,
      '({ pageSize, searchText }) => ({ items: [], next: pageSize, more: searchText })',
    );
  expect(written).toContain('Hello, ${name}');
  expect(written).toContain('next: pageSize');
  const greeted = new Set(app.commands.map(({ name }) => name).filter((name) => name !== 'greet'));
  const one = stubFile(app, greeted);
  expect(one.match(/^const \w+/gm)).toEqual(['const greet']);
  const problems = problemsIn({
    'all.ts': all,
    'written.ts': written,
    'one.ts': one,
    'none.ts': stubFile(indexFrom(reader, {}), new Set()),
    'wrong-name.ts': all.replace('returns: z.boolean()', 'returns: z.bool()'),
    'wrong-result.ts': written.replace('`Hello, ${name}!`', 'name.length'),
  });
  expect(problems).toEqual([
    expect.stringMatching(/^wrong-name\.ts:.*'bool' does not exist/),
    expect.stringMatching(/^wrong-result\.ts:/),
  ]);
}, 120_000);

test('the file of a project loads, and has its commands and plugins', () => {
  expect(backend.commands).toHaveLength(13);
  expect(backend.plugins.map(({ name, commands }) => [name, commands?.map(({ name }) => name)])).toEqual([
    ['notes-store', ['get', 'set']],
  ]);
});

test('a stub as a developer sees it', () => {
  const command = app.find('list_notes');
  expect(command && stubFor(command, app)).toMatchInlineSnapshot(`
    {
      "code": "/**
     * Rust: \`async fn list_notes(db: Db<'_>, page_size: u16, _search_text: Option<String>) -> Result<Page<Entry>>\`
     * src-tauri/src/commands/notes.rs:9
     */
    const listNotes = command(
      'list_notes',
      {
        args: {
          pageSize: u16,
          searchText: z.string().nullable().default(null),
        },
        returns: PageOfNote,
      },
      () => {
        throw reject('list_notes is not written yet. In Rust: src-tauri/src/commands/notes.rs:9');
      },
    );",
      "declarations": [
        {
          "code": "const u16 = z.int().min(0).max(65535).meta({ title: 'u16' });",
          "name": "u16",
        },
        {
          "code": "const u64 = z.int().min(0).meta({ title: 'u64' }); // exact up to 2^53, as numbers of a page are",
          "name": "u64",
        },
        {
          "code": "const usize = z.int().min(0).meta({ title: 'usize' }); // exact up to 2^53, as numbers of a page are",
          "name": "usize",
        },
        {
          "code": "const Kind = z.enum(['plain-text', 'markdown', 'todo!']).meta({ title: 'Kind' });",
          "name": "Kind",
        },
        {
          "code": "const Note = z.object({
      id: z.guid(),
      noteTitle: z.string(),
      savedAt: z.iso.datetime({ offset: true }).nullable().default(null),
      type: Kind,
      tags: z.array(z.string()).default([]),
      parentId: z.guid().nullish(),
      ref: u64,
    }).meta({ title: 'Note' });",
          "name": "Note",
        },
        {
          "code": "const PageOfNote = z.object({
      items: z.array(Note),
      next: usize.nullable().default(null),
    }).meta({ title: 'Page' });",
          "name": "PageOfNote",
        },
      ],
      "imports": [
        "command",
        "reject",
      ],
      "name": "listNotes",
      "notes": [],
    }
  `);
});

test('what could not be translated is unknown, with the Rust type, and noted', () => {
  const command = app.find('accepts_everything');
  const stub = command && stubFor(command, app);
  expect(stub?.notes).toEqual([
    'argument `theirs`: whether `Theirs` comes from the page cannot be told',
    'argument `generic`: whether `T` comes from the page cannot be told',
    'argument `fn`: whether `fn(u8) -> u8` comes from the page cannot be told',
    'the result: `other_crate::Answer` is a type of the crate other_crate',
  ]);
  expect(stub?.code).toContain('theirs: z.unknown() /* Rust: Theirs */');
});

test('types whose own code says what they look like are not guessed', () => {
  const index = indexFrom(reader, {
    'src/lib.rs': `
      struct Plain; impl Serialize for Own { fn serialize() {} } struct Own;
      mod a { #[derive(Serialize)] pub struct Twice { a: u8 } } mod b { #[derive(Serialize)] pub struct Twice { b: u8 } }
      use self::c::*; mod c { pub use super::a::Twice as One; }
      #[tauri::command] fn plain() -> Plain {}
      #[tauri::command] fn own() -> Own {}
      #[tauri::command] fn one() -> One {}
      #[tauri::command] fn nobody() -> crate::d::Twice {}
      #[cfg(mac)] mod mac { #[derive(Serialize)] pub struct System { mac: u8 } } #[cfg(mac)] pub use mac::*;
      #[cfg(win)] mod win { #[derive(Serialize)] pub struct System { win: u8 } } #[cfg(win)] pub use win::*;
      #[tauri::command] fn platform() -> crate::System {}
      #[tauri::command] fn external() -> ratatui::style::Color {}`,
  });
  const notes = Object.fromEntries(index.commands.map((command) => [command.name, [...stubFor(command, index).notes]]));
  expect(notes).toEqual({
    plain: ['`Plain` (src/lib.rs:2) does not derive Serialize'],
    own: ['`Own` (src/lib.rs:2) has its own impl of Serialize'],
    one: [],
    nobody: ['the result: `crate::d::Twice` may be any of several types: src/lib.rs:3, src/lib.rs:3'],
    platform: ['the result: `crate::System` may be any of several types: src/lib.rs:9, src/lib.rs:10'],
    external: ['the result: `ratatui::style::Color` is a type of the crate ratatui'],
  });
});

test('a command that takes something else on another platform is noted', () => {
  const index = indexFrom(reader, {
    'src/lib.rs':
      '#[cfg(a)] #[tauri::command] fn icon(path: String) {}\n#[cfg(b)] #[tauri::command] fn icon(id: u32) {}',
  });
  const [command] = index.commands;
  expect(command && stubFor(command, index).notes).toEqual(['`icon` has another form at src/lib.rs:2']);
});

test('a struct with a tag has its name when it is written', () => {
  const index = indexFrom(reader, {
    'src/lib.rs': `#[derive(Serialize)] #[serde(tag = "type", rename = "done")] pub struct Done { count: u32 }
      #[tauri::command] fn done() -> Done {}`,
  });
  const [command] = index.commands;
  expect(command && stubFor(command, index).declarations[0]?.code).toContain(
    "type: z.literal('done').default('done'),",
  );
});

describe('schemas read what serde reads', () => {
  test.each([
    ['external', 'Unit', 'Unit'],
    ['external', { Newtype: 5 }, { Newtype: 5 }],
    ['external', { Pair: [255, 'x'] }, { Pair: [255, 'x'] }],
    ['external', { Named: { first_name: 'x' } }, { Named: { first_name: 'x' } }],
    ['internal', { kind: 'unit_variant' }, { kind: 'unit_variant' }],
    ['internal', { kind: 'inline', value: 'ß' }, { kind: 'inline', value: 'ß' }],
    ['internal', { kind: 'fields', N: 1.5 }, { kind: 'fields', N: 1.5 }],
    ['adjacent', { t: 'A' }, { t: 'A' }],
    ['adjacent', { t: 'C', c: { deep: [1, 2, 3] } }, { t: 'C', c: { deep: [1, 2, 3] } }],
    ['untagged', 7, 7],
    ['untagged', null, null],
    ['wrapper', [1, 2.5], [1, 2.5]],
    ['code', 10, 10],
    ['options', {}, { 'MAX-COUNT': 0, LABEL: null }],
  ])('%s takes %j', async (key, value, expected) => {
    expect(await parse('echo_shapes', key, value)).toEqual(expected);
  });

  test.each([
    ['external', 'unit'],
    ['external', { Pair: [256, 'x'] }],
    ['internal', { kind: 'hidden' }],
    ['internal', { kind: 'inline', value: 'ab' }],
    ['adjacent', { t: 'C', c: { deep: [1, 2] } }],
    ['untagged', 1.5],
    ['code', 3],
    ['options', { other: 1 }],
  ])('%s refuses %j', async (key, value) => {
    expect(await parse('echo_shapes', key, value)).toMatch(/^refused/);
  });

  test('a struct with everything', async () => {
    const given = {
      value: 'x',
      more: { a: [1] },
      borrowed: 'b',
      shared: 1,
      unique: [],
      by_name: { 1: null },
      level: 'info',
      odd: 1,
      fromPage: 'p',
      unit: null,
      marker: null,
      at: 1_700_000_000,
    };
    expect(await parse('echo_shapes', 'everything', given)).toEqual(given);
    expect(await parse('echo_shapes', 'everything', { ...given, level: 'Info' })).toMatch(/^refused/);
  });

  test('a type that holds itself', async () => {
    const tree = { name: 'a', children: [{ name: 'b', children: [], parent: null }], weight: 1 };
    expect(await parse('echo_tree', 'tree', tree)).toEqual(tree);
    expect(await parse('echo_tree', 'tree', { name: 'a', children: [{ name: 1 }] })).toMatch(/^refused/);
  });

  test('renamed fields, options and defaults', async () => {
    const note = { id: '0189f7a2-3c5e-7d42-9b1a-000000000000', noteTitle: 't', type: 'todo!', ref: 1 };
    expect(await parse('save_note', 'note_entry', note)).toEqual({ ...note, savedAt: null, tags: [] });
    expect(
      await parse('save_note', 'note_entry', { ...note, savedAt: '2026-01-02T03:04:05.678901+02:00' }),
    ).toMatchObject({ savedAt: expect.stringContaining('2026') });
    expect(await parse('save_note', 'note_entry', { ...note, type: 'Todo' })).toMatch(/^refused/);
  });
});

test('a stub of JavaScript has no types', () => {
  const codes = app.commands.flatMap((command) => {
    const { code, declarations } = stubFor(command, app, { javascript: true });
    return [...declarations.map((each) => each.code), code];
  });
  const options = { allowJs: true, target: ts.ScriptTarget.ES2024 } satisfies ts.CompilerOptions;
  const { diagnostics } = ts.transpileModule(codes.join('\n'), {
    fileName: 'main.js',
    reportDiagnostics: true,
    compilerOptions: options,
  });
  expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
  expect(codes.join('\n')).not.toMatch(/: z\.ZodType|channel<|^type /m);
});
