/** Walks through folders; no link is followed on the way, on Linux not even one that is put there meanwhile. */
import { isUtf8 } from 'node:buffer';
import type { Dirent, Stats } from 'node:fs';
import { lstat, mkdir, readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, ioError } from '../io-error.ts';
import { type Folder, openFolder } from './place.ts';

/** How many entries are looked at before a folder is renamed. */
const MOST_ENTRIES = 200_000;
/** How deep a tree may be: there is a folder open for every level. */
const MOST_LEVELS = 256;

/** The entries whose names are text; Tauri leaves the others out too. */
export async function entriesOf(folder: Folder): Promise<(Dirent & { name: string })[]> {
  const entries = await readdir(folder.path, { withFileTypes: true, encoding: 'buffer' });
  return entries
    .filter(({ name }) => isUtf8(name))
    .map((entry) => Object.assign(entry, { name: entry.name.toString() })) as unknown as (Dirent & { name: string })[];
}

/** @param depth how many folders are open on the way to this one */
async function within<T>(path: string, depth: number, use: (folder: Folder) => Promise<T>): Promise<T> {
  if (depth > MOST_LEVELS) throw ioError('ENAMETOOLONG');
  const folder = await openFolder(path);
  try {
    return await use(folder);
  } finally {
    await folder.close();
  }
}

/** Makes each folder of `names` in the one before, beginning at `path`, which is there. */
export async function makeFolders(path: string, names: readonly string[], mode: number): Promise<void> {
  let folder = await openFolder(path);
  try {
    for (const [index, name] of names.entries()) {
      const made = join(folder.path, name);
      try {
        await mkdir(made, mode);
      } catch (error) {
        // Somebody else may have made it in this moment.
        if (codeOf(error) !== 'EEXIST' || !(await lstat(made)).isDirectory()) throw error;
      }
      if (index === names.length - 1) return;
      const next = await openFolder(made);
      await folder.close();
      folder = next;
    }
  } finally {
    await folder.close();
  }
}

/** Removes a folder and all that is in it. */
export async function removeTree(path: string, depth = 0): Promise<void> {
  await within(path, depth, async (folder) => {
    for (const entry of await readdir(folder.path, { withFileTypes: true, encoding: 'buffer' })) {
      const child = Buffer.concat([Buffer.from(`${folder.path}/`), entry.name]);
      if (!entry.isDirectory()) await unlink(child);
      // A name that is no text cannot be opened by one: such a folder must be empty.
      else if (isUtf8(entry.name)) await removeTree(child.toString(), depth + 1);
      else await rmdir(child);
    }
  });
  await rmdir(path);
}

/** Looks at what is in a folder, by its own path; says whether to go into a folder. */
export type Look = (real: string, stats: Stats) => Promise<boolean>;

/** Calls `look` for all below a folder; `real` is the folder's own path. */
export async function walk(path: string, real: string, look: Look): Promise<void> {
  let entries = 0;
  const visit = (path: string, real: string, depth: number): Promise<void> =>
    within(path, depth, async (folder) => {
      for (const { name } of await entriesOf(folder)) {
        if (++entries > MOST_ENTRIES) throw ioError('EFBIG');
        const child = join(folder.path, name);
        const stats = await lstat(child);
        const place = join(real, name);
        if ((await look(place, stats)) && stats.isDirectory()) await visit(child, place, depth + 1);
      }
    });
  await visit(path, real, 0);
}
