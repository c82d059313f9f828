import * as sql from '@tauri-apps/plugin-sql';
import { equal, ok, pluginCases } from './cases.ts';

const { default: Database } = sql;
const URL = 'sqlite:cases.db';

async function filled() {
  const database = await Database.load(URL);
  await database.execute('DROP TABLE IF EXISTS people');
  await database.execute('CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, photo BLOB)');
  await database.execute('INSERT INTO people (name) VALUES ($1), ($2)', ['Ada', 'Grace']);
  return database;
}

export const sqlCases = pluginCases(sql, {
  'default.load': async () => equal((await Database.load(URL)).path, URL),
  'default.get': async () => {
    await filled();
    equal(await Database.get(URL).select('SELECT count(*) AS n FROM people'), [{ n: 2 }]);
  },
  'default#execute': async () => {
    const database = await filled();
    const { rowsAffected, lastInsertId } = await database.execute('INSERT INTO people (name) VALUES (?)', ['Edsger']);
    equal([rowsAffected, lastInsertId], [1, 3]);
  },
  'default#select': async () => {
    const database = await filled();
    equal(await database.select('SELECT id, name, photo FROM people WHERE name = $1', ['Ada']), [
      { id: 1, name: 'Ada', photo: null },
    ]);
  },
  'default#close': async () => ok(await (await filled()).close(URL), 'it was open'),
});
