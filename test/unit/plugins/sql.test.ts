import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as sqlite from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { rustPath } from '#core/rust-path.ts';
import { parseConnectionUrl } from '../../../extension/plugins/sql/connection-url.ts';
import { Database } from '../../../extension/plugins/sql/database.ts';
import { bind, nextStatement, sqlValue } from '../../../extension/plugins/sql/statements.ts';
import { turn } from '../core/fakes.ts';
import { outcome, TestApp } from './harness.ts';

// Vite does not know this module of Node's.
const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite') as typeof sqlite;

const WORKER = fileURLToPath(new URL('../../../extension/plugins/sql/worker.ts', import.meta.url));
const CLOSED = 'attempted to acquire a connection on a closed pool';
const never = new AbortController().signal;

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sql-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function start() {
  const home = scratch();
  const system = { platform: 'linux' as const, env: { HOME: home }, home, readText: () => undefined };
  const app = await TestApp.start({ cwd: home, system });
  onTestFinished(() => app.core.dispose());
  return { app, folder: join(home, '.config', 'dev.test.app') };
}

// ---- statements

/** Pieces of SQL; a parameter stands where the last one says so. */
const piece = fc.oneof(
  fc.constantFrom(
    ["'it''s ? $1'", 0],
    ['"a?b" ', 0],
    ['`$1`', 0],
    ['[?x]', 0],
    ['-- ? $1 \n', 0],
    ['/* ? ; $1 */', 0],
    ['a$1', 0],
    ['é$2', 0],
    ["x'00'", 0],
    ['1.5', 0],
    ['?', 1],
    ['?2', 1],
    ['$1', 1],
    ['$3', 1],
  ) as fc.Arbitrary<readonly [string, number]>,
);

test('a parameter is found where SQLite sees one, and nowhere else', () => {
  const database = new DatabaseSync(':memory:');
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }),
      fc.array(fc.oneof(fc.integer(), fc.constant(null)), { maxLength: 4 }),
      (pieces, values) => {
        const sql = pieces.map(([text]) => text).join(' , ');
        const { named, positional, sql: renamed } = bind(sql, values, 0);
        expect(Object.keys(named).length + positional.length > 0).toBe(pieces.some(([, parameters]) => parameters > 0));
        // SQLite has the same opinion: only what has a value is a parameter of the statement.
        const columns = pieces.map(([text, parameters], index) => (parameters > 0 ? `${text} AS c${index}` : "''"));
        if (columns.length === 0) return;
        const query = bind(`SELECT ${columns.join(', ')}`, values, 0);
        const row = database.prepare(query.sql).get(query.named, ...query.positional) as Record<string, unknown>;
        let nameless = 0;
        for (const [index, [text, parameters]] of pieces.entries()) {
          if (parameters === 0) continue;
          const at = text === '?' ? nameless++ : Number(text.slice(1)) - 1;
          expect(row[`c${index}`]).toBe(values[at] ?? null);
        }
        expect(renamed.length).toBeGreaterThanOrEqual(sql.length);
      },
    ),
  );
});

test('what is no statement is skipped, whatever it is made of', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(' ', '\n', ';', '-- ; x\n', '/* ; */'), { maxLength: 10 }), (parts) => {
      expect(nextStatement(`${parts.join('')}SELECT 1`)).toBe('SELECT 1');
      expect(nextStatement(parts.join(''))).toBe('');
    }),
  );
  expect([nextStatement('-- end'), nextStatement('/* open'), nextStatement('--')]).toEqual(['', '', '']);
});

test('a value is what Tauri binds', () => {
  expect([1, 1.5, 'x', null, true, false, [1], { a: [null] }, undefined].map(sqlValue)).toEqual([
    1,
    1.5,
    'x',
    null,
    'true',
    'false',
    '[1]',
    '{"a":[null]}',
    null,
  ]);
});

test('values are data and never SQL', async () => {
  const database = await Database.open({ file: undefined, readOnly: false }, WORKER);
  onTestFinished(() => database.dispose());
  const run = (kind: 'execute' | 'select', query: string, values: readonly (string | number | null)[] = []) =>
    database.run({ kind, query, values }, never);
  await run('execute', 'CREATE TABLE t (a TEXT, n)');
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      "'; DROP TABLE t; --",
      '" OR 1=1 --',
      "' UNION SELECT sql FROM sqlite_schema --",
      '$1',
      '?',
      '\\',
      '',
    ),
  );
  const number = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0),
  );
  await fc.assert(
    fc.asyncProperty(
      text,
      number,
      fc.constantFrom('VALUES ($1, $2)', 'VALUES (?, ?)', 'VALUES (?1, ?2)'),
      async (a, n, values) => {
        await run('execute', 'DELETE FROM t');
        expect(await run('execute', `INSERT INTO t ${values}`, [a, n])).toEqual([1, expect.any(Number)]);
        expect(await run('select', 'SELECT * FROM t WHERE a = $1', [a])).toEqual([{ a, n }]);
      },
    ),
    { numRuns: 60 },
  );
});

// ---- URLs

test('a URL leads where Rust would lead it, or is refused', () => {
  const place = { paths: rustPath(false), folder: '/config/app', cwd: '/cwd' };
  const at = (url: string) => {
    try {
      const { file, readOnly } = parseConnectionUrl(url, place);
      return [file, readOnly];
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(
    [
      'sqlite:a.db',
      'sqlite:sub/a.db',
      'sqlite:../a.db',
      'sqlite:/abs/a.db',
      'sqlite:///abs/a.db',
      'sqlite://a.db',
      'sqlite::memory:',
      'sqlite:a.db?mode=ro',
      'sqlite:a.db?mode=memory',
      'sqlite:%61.db',
      'sqlite:a.db?immutable=1',
      'sqlite:a.db?vfs=x',
      'sqlite:%ff',
      'SQLITE:a',
      'a',
      '',
    ].map(at),
  ).toEqual([
    ['/config/app/a.db', false],
    ['/config/app/sub/a.db', false],
    ['/config/app/../a.db', false],
    ['/abs/a.db', false],
    ['/abs/a.db', false],
    ['/cwd/a.db', false],
    [undefined, false],
    ['/config/app/a.db', true],
    [undefined, false],
    ['/config/app/a.db', false],
    ['/config/app/a.db', true],
    'error returned from database: (code: 1) no such vfs: x',
    'error with configuration: %ff is not UTF-8',
    'invalid connection url: SQLITE:a',
    'invalid connection url: a',
    'invalid connection url: ',
  ]);
});

test('whatever a URL is, it is a place or a refusal', () => {
  const place = { paths: rustPath(false), folder: '/config/app', cwd: '/cwd' };
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((rest) => `sqlite:${rest}`),
      ),
      (url) => {
        try {
          const { file } = parseConnectionUrl(url, place);
          expect(file ?? '/').toMatch(/^\/[^\0]*$/);
        } catch (error) {
          expect((error as Error).name).toBe('Rejection');
        }
      },
    ),
  );
});

// ---- lifetime

const SLOW = (rows: number) =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT i FROM n`;

test('of a page that is gone, rows are left and what waits is not run; a change that runs is made', async () => {
  const { app } = await start();
  const [page, other] = [app.open('a'), app.open('b')];
  const db = 'sqlite:test.db';
  await page.invoke('plugin:sql|load', { db });
  const run = (from: typeof page, kind: string, query: string) =>
    from.invoke(`plugin:sql|${kind}`, { db, query, values: [] });
  await run(page, 'execute', 'CREATE TABLE t (x)');
  // Twenty million rows would take many seconds.
  void outcome(run(page, 'select', SLOW(20_000_000)));
  void outcome(run(page, 'execute', 'INSERT INTO t VALUES (1)'));
  await turn();
  page.window.gone();
  const began = performance.now();
  expect(await run(other, 'select', 'SELECT * FROM t')).toEqual([]);
  expect(performance.now() - began).toBeLessThan(5_000);
  const third = app.open('c');
  void outcome(run(third, 'execute', `INSERT INTO t ${SLOW(300_000)}`));
  await turn();
  third.window.gone();
  expect(await run(other, 'select', 'SELECT count(*) AS n FROM t')).toEqual([{ n: 300_000 }]);
});

test('with the app its databases are closed, and their threads end', async () => {
  const { app, folder } = await start();
  const page = app.open('main');
  await page.invoke('plugin:sql|load', { db: 'sqlite:test.db' });
  await page.invoke('plugin:sql|execute', { db: 'sqlite:test.db', query: 'CREATE TABLE t (x)', values: [] });
  expect(existsSync(join(folder, 'test.db-wal'))).toBe(true);
  app.core.dispose();
  // SQLite removes it with the last connection that is closed as it should be.
  await expect.poll(() => existsSync(join(folder, 'test.db-wal'))).toBe(false);
  expect(readFileSync(join(folder, 'test.db')).subarray(0, 15).toString()).toBe('SQLite format 3');
});

test('what waits for a database when it is closed is told, what runs is answered', async () => {
  const database = await Database.open({ file: undefined, readOnly: false }, WORKER);
  const run = (query: string) => outcome(database.run({ kind: 'execute', query, values: [] }, never));
  const closed = { error: expect.objectContaining({ value: CLOSED }) as unknown };
  const running = run('CREATE TABLE t (x)');
  const waiting = run('SELECT 1');
  database.dispose();
  expect([await running, await waiting, await run('SELECT 1')]).toEqual([{ ok: [0, 0] }, closed, closed]);
  await database.ended;
});

test('a database that cannot be opened leaves no thread, and a thread that dies says so', async () => {
  const failed = await outcome(Database.open({ file: '/no/such/folder/x.db', readOnly: false }, WORKER));
  expect(failed).toMatchObject({
    error: { value: 'error returned from database: (code: 14) unable to open database file' },
  });
  const broken = await outcome(Database.open({ file: undefined, readOnly: false }, join(scratch(), 'none.mjs')));
  expect(broken).toMatchObject({
    error: { message: expect.stringContaining('the thread of the database ended: Cannot find module') },
  });
});

test('two pages that load one database at once get the same', async () => {
  const { app } = await start();
  const [a, b] = [app.open('a'), app.open('b')];
  const db = 'sqlite::memory:';
  await Promise.all([a.invoke('plugin:sql|load', { db }), b.invoke('plugin:sql|load', { db })]);
  await a.invoke('plugin:sql|execute', { db, query: 'CREATE TABLE t (x)', values: [] });
  expect(await b.invoke('plugin:sql|select', { db, query: 'SELECT * FROM t', values: [] })).toEqual([]);
});

test('an app without an identifier has no place for databases', async () => {
  const app = await TestApp.start({ identifier: '' });
  onTestFinished(() => app.core.dispose());
  expect(await outcome(app.open('main').invoke('plugin:sql|load', { db: 'sqlite:x.db' }))).toEqual({
    error: 'sql.load is not supported in a VS Code panel (the app has no identifier)',
  });
});
