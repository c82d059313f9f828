import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from '@tauri-apps/plugin-sql';
import { expect, onTestFinished, test } from 'vitest';
import { type CoreSettings, openPage, outcome, type Page, startCore } from '../harness.ts';

const SQL = '@tauri-apps/plugin-sql';

/** A core whose app has its directories below a folder of its own. */
async function start(settings: CoreSettings = {}) {
  const home = mkdtempSync(join(tmpdir(), 'sql-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const system = { platform: process.platform, env: { HOME: home, APPDATA: home }, home, readText: () => undefined };
  const core = await startCore({ ...settings, host: { cwd: home, system, ...settings.host } });
  const config = join(home, process.platform === 'linux' ? '.config' : '', 'dev.test.app');
  return { core, home, config, page: await openPage(core, 'main', { packages: [SQL] }) };
}

const packageOf = (page: Page) => page.packages[SQL] as { default: typeof Database };

async function load(page: Page, url = 'sqlite:test.db') {
  return await packageOf(page).default.load(url);
}

test('a database is made in the directory of the configuration, and changes say what they did', async () => {
  const { page, config } = await start();
  const db = await load(page);
  expect(db.path).toBe('sqlite:test.db');
  expect(existsSync(join(config, 'test.db'))).toBe(true);
  expect(await db.execute('CREATE TABLE todos (id INTEGER PRIMARY KEY, title TEXT, done BOOLEAN)')).toEqual({
    rowsAffected: 0,
    lastInsertId: 0,
  });
  expect(await db.execute('INSERT INTO todos (title, done) VALUES ($1, $2), ($3, $4)', ['a', 1, 'b', 0])).toEqual({
    rowsAffected: 2,
    lastInsertId: 2,
  });
  expect(await db.execute('UPDATE todos SET title = ? WHERE id = ?', ['c', 2])).toEqual({
    rowsAffected: 1,
    lastInsertId: 2,
  });
  expect(await db.select('SELECT * FROM todos WHERE title = $1', ['c'])).toEqual([{ id: 2, title: 'c', done: 0 }]);
  expect(await db.select('SELECT * FROM todos WHERE id > 5')).toEqual([]);
});

test('values have the types that sqlx gives them', async () => {
  const { page } = await start();
  const db = await load(page, 'sqlite::memory:');
  const query = `SELECT $1 AS number, typeof($1) AS t1, $2 AS text, $3 AS missing, $4 AS yes, typeof($4) AS t4, $5 AS list,
    9007199254740993 AS large, x'00ff10' AS bytes, 1.5 AS real, zeroblob(0) AS none`;
  expect(await db.select(query, [5, 'ü😀', null, true, [1, { a: 2 }]])).toEqual([
    {
      number: 5,
      t1: 'real',
      text: 'ü😀',
      missing: null,
      yes: 'true',
      t4: 'text',
      list: '[1,{"a":2}]',
      large: 9007199254740992,
      bytes: [0, 255, 16],
      real: 1.5,
      none: [],
    },
  ]);
});

test('placeholders of every form get the value that sqlx gives them', async () => {
  const { page } = await start();
  const db = await load(page, 'sqlite::memory:');
  const cases = [
    ['SELECT $2 AS a, $1 AS b', [1, 2]],
    ['SELECT ?2 AS a, ?1 AS b', [1, 2]],
    ['SELECT ? AS a, ? AS b', [1, 2]],
    ['SELECT ?2 AS a, ? AS b', [1, 2]],
    ['SELECT $1 AS a, $2 AS b', [1]],
    ['SELECT $1 AS a, ? AS b', [1, 2, 3]],
    [`SELECT '$1 ?' AS a, "b$1" AS b FROM (SELECT $1 AS "b$1") -- $9 ?`, [7]],
    ['SELECT :a AS a', [1]],
    ['SELECT @a AS a', [1]],
    ['SELECT $name AS a', [1]],
  ] as const;
  const answers = [];
  for (const [query, values] of cases) answers.push(await outcome(db.select(query, [...values])));
  expect(answers).toEqual([
    { ok: [{ a: 2, b: 1 }] },
    { ok: [{ a: 2, b: 1 }] },
    { ok: [{ a: 1, b: 2 }] },
    { ok: [{ a: 2, b: 1 }] },
    { ok: [{ a: 1, b: null }] },
    { ok: [{ a: 1, b: 1 }] },
    { ok: [{ a: '$1 ?', b: 7 }] },
    { error: 'encountered unexpected or invalid data: unsupported SQL parameter format: :a' },
    { error: 'encountered unexpected or invalid data: unsupported SQL parameter format: @a' },
    {
      error:
        'encountered unexpected or invalid data: parameters with non-integer names are not currently supported: name',
    },
  ]);
});

test('several statements run one after the other, each with its values', async () => {
  const { page } = await start();
  const db = await load(page, 'sqlite::memory:');
  const script = `/* the table */ CREATE TABLE t (a, b TEXT DEFAULT ';'); -- and
    INSERT INTO t (a) VALUES (?); ; INSERT INTO t VALUES (?, 'x;y'); --`;
  expect(await db.execute(script, [1, 2])).toEqual({ rowsAffected: 2, lastInsertId: 2 });
  expect(await db.select('SELECT a FROM t WHERE a = 1; SELECT a, b FROM t WHERE a = 2')).toEqual([
    { a: 1 },
    { a: 2, b: 'x;y' },
  ]);
  expect(await outcome(db.execute('  -- nothing'))).toEqual({ ok: { rowsAffected: 0, lastInsertId: 0 } });
  expect(await outcome(db.execute('INSERT INTO t VALUES (3, 3); INSERT INTO nope VALUES (1)'))).toEqual({
    error: 'error returned from database: (code: 1) no such table: nope',
  });
  expect(await db.select('SELECT count(*) AS n FROM t')).toEqual([{ n: 3 }]);
});

test('a transaction over several calls is one, and foreign keys hold', async () => {
  const { page } = await start();
  const db = await load(page);
  await db.execute('CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p(id))');
  await db.execute('BEGIN');
  await db.execute('INSERT INTO p VALUES (1)');
  await db.execute('ROLLBACK');
  expect(await db.select('SELECT * FROM p')).toEqual([]);
  expect(await outcome(db.execute('INSERT INTO c VALUES (1)'))).toEqual({
    error: 'error returned from database: (code: 787) FOREIGN KEY constraint failed',
  });
});

test('refusals are in the words of the plugin and of sqlx', async () => {
  const { page, config } = await start();
  const { default: Sql } = packageOf(page);
  const db = await load(page);
  await db.execute('CREATE TABLE t (a UNIQUE)');
  await db.execute('INSERT INTO t VALUES (1)');
  writeFileSync(
    join(config, 'text.db'),
    'this is no database, but a text of some length, that SQLite refuses to read at all',
  );
  const answers = {
    scheme: await outcome(Sql.load('oracle:x')),
    none: await outcome(Sql.load('test.db')),
    mysql: await outcome(Sql.load('mysql://localhost/x')),
    postgres: await outcome(Sql.load('postgres://localhost/x')),
    folder: await outcome(Sql.load('sqlite:no/such/folder.db')),
    readOnly: await outcome(Sql.load('sqlite:new.db?mode=ro')),
    mode: await outcome(Sql.load('sqlite:new.db?mode=wr')),
    option: await outcome(Sql.load('sqlite:new.db?color=red')),
    nul: await outcome(Sql.load('sqlite:new%00.db')),
    notLoaded: await outcome(Sql.get('sqlite:other.db').select('SELECT 1')),
    closeUnknown: await outcome(db.close('sqlite:other.db')),
    syntax: await outcome(db.select('SELEC 1')),
    unique: await outcome(db.execute('INSERT INTO t VALUES (1)')),
    noDatabase: await outcome((await Sql.load('sqlite:text.db')).select('SELECT * FROM sqlite_schema')),
    values: await outcome(page.invoke('plugin:sql|select', { db: 'x', query: 'y', values: 1 })),
  };
  expect(answers).toEqual({
    scheme: { error: 'invalid connection url: oracle:x' },
    none: { error: 'invalid connection url: test.db' },
    mysql: {
      error:
        'sql.load is not supported in a VS Code panel (it has SQLite only; reach MySQL from a handler of your backend)',
    },
    postgres: {
      error:
        'sql.load is not supported in a VS Code panel (it has SQLite only; reach PostgreSQL from a handler of your backend)',
    },
    folder: { error: 'error returned from database: (code: 14) unable to open database file' },
    readOnly: { error: 'error returned from database: (code: 14) unable to open database file' },
    mode: { error: 'error with configuration: unknown value "wr" for `mode`' },
    option: { error: 'error with configuration: unknown query parameter `color` while parsing connection URL' },
    nul: { error: 'error communicating with database: filename passed to SQLite must not contain nul bytes' },
    notLoaded: { error: 'database sqlite:other.db not loaded' },
    closeUnknown: { error: 'database sqlite:other.db not loaded' },
    syntax: { error: 'error returned from database: (code: 1) near "SELEC": syntax error' },
    unique: { error: 'error returned from database: (code: 2067) UNIQUE constraint failed: t.a' },
    noDatabase: { error: 'error returned from database: (code: 26) file is not a database' },
    values: {
      error: 'invalid args `values` for command `select`: invalid type: integer `1`, expected a sequence',
    },
  });
  expect(existsSync(join(config, 'new.db'))).toBe(false);
});

test('a closed database says so until it is loaded again; without a name all are closed', async () => {
  const { page } = await start();
  const [a, b] = [await load(page, 'sqlite:a.db'), await load(page, 'sqlite:b.db')];
  await a.execute('CREATE TABLE t (x)');
  expect(await a.close('sqlite:a.db')).toBe(true);
  const closed = { error: 'attempted to acquire a connection on a closed pool' };
  expect(await outcome(a.select('SELECT 1'))).toEqual(closed);
  expect(await outcome(b.select('SELECT 1 AS x'))).toEqual({ ok: [{ x: 1 }] });
  expect(await a.close()).toBe(true);
  expect(await outcome(b.select('SELECT 1'))).toEqual(closed);
  await load(page, 'sqlite:a.db');
  expect(await a.select('SELECT name FROM sqlite_schema')).toEqual([{ name: 't' }]);
});

test('options of the URL: read only, another directory, in memory', async () => {
  const { page, home, config } = await start();
  const db = await load(page);
  await db.execute('CREATE TABLE t (x)');
  const reader = await load(page, 'sqlite:test.db?mode=ro');
  expect(await outcome(reader.execute('INSERT INTO t VALUES (1)'))).toEqual({
    error: 'error returned from database: (code: 8) attempt to write a readonly database',
  });
  // As under Tauri: `..` and absolute paths lead where they lead, for the plugin has no scope.
  await load(page, `sqlite:${join(home, 'absolute.db')}`);
  await load(page, 'sqlite:../beside.db');
  await load(page, 'sqlite:with%20space%3F.db');
  await load(page, 'sqlite://working.db');
  await load(page, 'sqlite:nothing.db?mode=memory&cache=shared');
  expect([
    existsSync(join(home, 'absolute.db')),
    existsSync(join(config, '..', 'beside.db')),
    existsSync(join(config, 'with space?.db')),
    existsSync(join(home, 'working.db')),
    existsSync(join(config, 'nothing.db')),
    existsSync(join(config, ':memory:')),
  ]).toEqual([true, true, true, true, false, false]);
});

test('what the configuration preloads is open without load', async () => {
  const { page, core } = await start({
    pluginConfig: { sql: { preload: ['sqlite:early.db', 'postgres://user:secret@host/x'] } },
  });
  const { default: Sql } = packageOf(page);
  expect(await Sql.get('sqlite:early.db').select('SELECT 1 AS x')).toEqual([{ x: 1 }]);
  const notes = [...core.tap.records()].filter(({ name }) => name === 'sql').map(({ note }) => note);
  expect(notes).toEqual(['plugins.sql.preload: postgres is not opened, only SQLite is here']);
});

test('a long query holds up neither the host nor other databases', async () => {
  const { page } = await start();
  const [busy, other] = [await load(page, 'sqlite::memory:'), await load(page, 'sqlite:other.db')];
  const order: string[] = [];
  const long = busy
    .select(
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT max(i) AS m FROM n',
    )
    .then((rows) => {
      order.push('long');
      return rows;
    });
  const after = busy.select('SELECT 1').then(() => order.push('after it'));
  await other.select('SELECT 1').then(() => order.push('other'));
  expect(await long).toEqual([{ m: 3000000 }]);
  await after;
  expect(order).toEqual(['other', 'long', 'after it']);
});

test('as under Tauri, a page that may load databases can attach others', async () => {
  const { page, home } = await start();
  const db = await load(page);
  await db.execute(
    `ATTACH '${join(home, 'outside.db')}' AS other; CREATE TABLE other.t (x); INSERT INTO other.t VALUES (1)`,
  );
  expect(await (await load(page, 'sqlite:../../outside.db')).select('SELECT * FROM t')).toEqual([{ x: 1 }]);
  expect(await db.select('PRAGMA database_list')).toHaveLength(2);
});

test('extensions are not loaded', async () => {
  const { page } = await start();
  const db = await load(page, 'sqlite::memory:');
  const refused = { error: 'error returned from database: (code: 1) not authorized' };
  expect(await outcome(db.select("SELECT load_extension('/tmp/evil.so')"))).toEqual(refused);
  expect(await outcome(db.execute("SELECT load_extension('/tmp/evil.so', 'entry')"))).toEqual(refused);
});
