/** A thread that has one SQLite database open: what takes long takes it here, and the extension host goes on. */
import { existsSync } from 'node:fs';
import type * as sqlite from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerData } from './database.ts';
import { bind, nextStatement, type SqlValue } from './statements.ts';

/** A result that is larger is refused before it fills the memory of both sides, or keeps the host for long. */
const MAX_RESULT = 128 * 1024 * 1024;
/** What a row, and a value, need besides their text; a byte is a number in a list. */
const ROW_SIZE = 48;
const VALUE_SIZE = 16;
const BYTE_SIZE = 8;

type Row = Record<string, unknown>;

const port = parentPort;
if (!port) throw new Error('a worker thread runs this');
const { file, readOnly, stop } = workerData as WorkerData;
const stopped = new Int32Array(stop);
const post = (message: FromWorker) => port.postMessage(message);

try {
  const database = await open();
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'close') {
      database.close();
      port.close();
      return;
    }
    try {
      const { kind, query, values } = message;
      post({
        kind: 'done',
        value: kind === 'select' ? select(database, query, values) : execute(database, query, values),
      });
    } catch (error) {
      post({ kind: 'failed', error: errorText(error) });
    }
  });
  post({ kind: 'done', value: null });
} catch (error) {
  post({ kind: 'failed', error: errorText(error) });
}

async function open(): Promise<sqlite.DatabaseSync> {
  let DatabaseSync: typeof sqlite.DatabaseSync;
  try {
    ({ DatabaseSync } = await import('node:sqlite'));
  } catch {
    throw new Error(`this VS Code runs Node.js ${process.versions.node}, which has no SQLite: a newer one has`);
  }
  const isNew = file !== undefined && !existsSync(file);
  // Extensions stay off: `load_extension` is not authorized.
  const database = new DatabaseSync(file ?? ':memory:', { readOnly, allowExtension: false });
  database.exec('PRAGMA busy_timeout = 5000');
  // sqlx makes new databases so.
  if (isNew && !readOnly) database.exec('PRAGMA journal_mode = WAL');
  return database;
}

function execute(database: sqlite.DatabaseSync, query: string, values: readonly SqlValue[]): [number, number] {
  let changed = 0;
  let lastId = 0;
  for (const [statement, named, positional] of statements(database, query, values)) {
    const { changes, lastInsertRowid } = statement.run(named, ...positional);
    changed += Number(changes);
    lastId = Number(lastInsertRowid);
  }
  return [changed, lastId];
}

function select(database: sqlite.DatabaseSync, query: string, values: readonly SqlValue[]): Row[] {
  const rows: Row[] = [];
  let size = 0;
  for (const [statement, named, positional] of statements(database, query, values)) {
    for (const row of statement.iterate(named, ...positional) as Iterable<Row>) {
      if (Atomics.load(stopped, 0) === 1) throw new Error('the page that asked is gone');
      const columns = Object.entries(row);
      // Before anything is made of it: bytes become many times larger.
      size = columns.reduce((sum, [, value]) => sum + sizeOf(value), size + ROW_SIZE);
      if (size > MAX_RESULT) throw new Error(`the result has more than ${MAX_RESULT >> 20} MiB: use LIMIT`);
      for (const [column, value] of columns) row[column] = jsonValue(value);
      rows.push(row);
    }
  }
  return rows;
}

/** Each statement of a query with its values. One is prepared when those before it have run: it may need their tables. */
function* statements(
  database: sqlite.DatabaseSync,
  query: string,
  values: readonly SqlValue[],
): Generator<[sqlite.StatementSync, Record<string, SqlValue>, SqlValue[]]> {
  if (query.includes('\0')) throw new Error('encountered unexpected or invalid data: a NUL character in the query');
  let rest = nextStatement(query);
  let offset = 0;
  while (rest !== '') {
    // SQLite itself says where a statement ends.
    const { length } = database.prepare(rest).sourceSQL;
    const { sql, named, positional, taken } = bind(rest.slice(0, length), values, offset);
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    yield [statement, named, [...positional]];
    offset += taken;
    rest = length === 0 ? '' : nextStatement(rest.slice(length));
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return VALUE_SIZE + value.length;
  return VALUE_SIZE + (value instanceof Uint8Array ? value.length * BYTE_SIZE : 0);
}

/** As JSON has it: integers beyond 2^53 become the nearest number, bytes a list. */
function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Uint8Array ? Array.from(value) : value;
}

/** An error as sqlx words it. */
function errorText(error: unknown): string {
  const { message, errcode } = error as Error & { errcode?: number };
  return errcode === undefined ? message : `error returned from database: (code: ${errcode}) ${message}`;
}
