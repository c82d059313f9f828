/** `plugin:sql|…` (tauri-acl 5.2): SQLite databases of the app, each in a thread of its own. */
import { mkdir } from 'node:fs/promises';
import * as z from 'zod';
import { command, type CommandContext } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import { rustPath } from '#core/rust-path.ts';
import { findDirectory } from '../directories.ts';
import { type PluginHost, unsupported } from '../host.ts';
import { ioErrorText } from '../io-error.ts';
import { parseConnectionUrl } from './connection-url.ts';
import { Database, type Query } from './database.ts';
import { sqlValue } from './statements.ts';

const Config = z.looseObject({ preload: z.array(z.string()).default([]) }).nullish();

/** Each is a thread, and the host has its memory and its files. */
const MAX_DATABASES = 32;

const QUERY = { db: z.string(), query: z.string(), values: z.array(z.unknown()) };
interface QueryArgs {
  readonly db: string;
  readonly query: string;
  readonly values: readonly unknown[];
}

export function sqlPlugin(core: Core, host: PluginHost): Plugin {
  /** by URL; as under Tauri one that was closed stays here, closed */
  const databases = new Map<string, Promise<Database>>();
  /** also of those that are about to open, and of those that are closed and still have a query to end */
  let threads = 0;
  let over = false;

  async function open(url: string): Promise<Database> {
    const paths = rustPath(host.system.platform === 'win32');
    // The directory is named by it: without one the files would lie among those of all programs.
    if (host.identifier === '') throw unsupported('sql.load', 'the app has no identifier');
    const folder = findDirectory('AppConfig', host);
    if (folder === undefined) throw reject('No App config path was found!');
    const place = parseConnectionUrl(url, { paths, folder, cwd: host.cwd });
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw reject(`Couldn't create app config dir: ${ioErrorText(error)}`);
    });
    return await Database.open(place, host.sqlWorker);
  }

  /** Opens a database that is not open yet. Two who load it at once get the same. */
  async function load(url: string): Promise<void> {
    const known = databases.get(url);
    if (known && (await known).open) return;
    // Another call may have opened it while this one waited.
    if (databases.get(url) !== known) return load(url);
    if (threads >= MAX_DATABASES) {
      throw reject(`too many databases: ${MAX_DATABASES} of the app are open, close some`);
    }
    const opening = open(url);
    databases.set(url, opening);
    threads++;
    const gone = () => void threads--;
    try {
      const database = await opening;
      void database.ended.then(gone);
      if (over) database.dispose();
    } catch (error) {
      gone();
      if (databases.get(url) === opening) databases.delete(url);
      throw error;
    }
  }

  async function loaded(url: string): Promise<Database> {
    const database = databases.get(url);
    if (!database) throw reject(`database ${url} not loaded`);
    return await database;
  }

  async function run(kind: Query['kind'], { db, query, values }: QueryArgs, { signal }: CommandContext) {
    const database = await loaded(db);
    return await database.run({ kind, query, values: values.map(sqlValue) }, signal);
  }

  return plugin<z.output<typeof Config>>({
    name: 'sql',
    config: Config,
    async setup(_app, config) {
      for (const url of config?.preload ?? []) {
        // An app whose database is a server can still be looked at: what it asks of that rejects.
        if (url.startsWith('sqlite:')) await load(url);
        else core.note('sql', `plugins.sql.preload: ${url.replace(/:.*/s, '')} is not opened, only SQLite is here`);
      }
    },
    commands: [
      command('load', { args: { db: z.string() } }, async ({ db }) => {
        await load(db);
        return db;
      }),
      command('execute', { args: QUERY }, (args, context) => run('execute', args, context)),
      command('select', { args: QUERY }, (args, context) => run('select', args, context)),
      command('close', { args: { db: z.string().optional() } }, async ({ db }) => {
        for (const url of db === undefined ? [...databases.keys()] : [db]) (await loaded(url)).dispose();
        return true;
      }),
    ],
    onDrop() {
      over = true;
      for (const opening of databases.values()) {
        void opening.then(
          (database) => database.dispose(),
          () => undefined, // it never opened
        );
      }
      databases.clear();
    },
  });
}
