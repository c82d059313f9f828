/** Commands about folders, and about what is in them. */
import type { Stats } from 'node:fs';
import { lstat, mkdir, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { FsGrant } from '#core/acl/scope/fs.ts';
import { command, type Command, type CommandContext } from '#core/command.ts';
import { reject } from '#core/error.ts';
import { rustPath } from '#core/rust-path.ts';
import { codeOf, ioRejection } from '../io-error.ts';
import type { FsCommands } from './access.ts';
import { BaseOptions, MkdirOptions, PathArgument, RemoveOptions, RenameOptions, requested } from './arguments.ts';
import { fileInfo } from './info.ts';
import { openFolder, type Place } from './place.ts';
import { entriesOf, makeFolders, removeTree, walk } from './tree.ts';

const paths = rustPath(process.platform === 'win32');

export function entryCommands(fs: FsCommands): readonly Command[] {
  /** The metadata of what a path leads to, or of the link itself. */
  const statAt = (grant: FsGrant, link: boolean): Promise<Stats> =>
    fs.at(grant, (place) => (place.flags === 0 && !link ? stat(place.path) : lstat(place.path)), { link });

  const metadata = (name: string, link: boolean) =>
    command(name, { args: { path: PathArgument, options: BaseOptions } }, ({ path, options }, context) =>
      fs.withPaths(name, [requested(path, options?.baseDir)], context, async (grant) => {
        try {
          return fileInfo(await statAt(grant, link));
        } catch (error) {
          throw ioRejection(`failed to get metadata of path: ${grant.shown} with error: `, error);
        }
      }),
    );

  return [
    metadata('stat', false),
    metadata('lstat', true),
    command('exists', { args: { path: PathArgument, options: BaseOptions } }, ({ path, options }, context) =>
      fs.withPaths('exists', [requested(path, options?.baseDir)], context, (grant) =>
        statAt(grant, false).then(
          () => true,
          (error: unknown) => {
            if (codeOf(error) === '') throw error;
            return false; // also where it cannot be told, as in Rust
          },
        ),
      ),
    ),
    command('size', { args: { path: PathArgument, options: BaseOptions } }, ({ path, options }, context) =>
      fs.withPaths('size', [requested(path, options?.baseDir)], context, async (grant) => {
        const stats = await statAt(grant, false).catch((error: unknown) => {
          throw ioRejection('', error);
        });
        if (stats.isFile()) return stats.size;
        try {
          return await fs.walking(() => fs.at(grant, (place) => sizeOf(place, grant, fs.strict)));
        } catch (error) {
          throw ioRejection(`failed to get size at path: ${grant.shown} with error: `, error);
        }
      }),
    ),
    command('read_dir', { args: { path: PathArgument, options: BaseOptions } }, ({ path, options }, context) =>
      fs.withPaths('read_dir', [requested(path, options?.baseDir)], context, async (grant) => {
        try {
          return await fs.at(grant, async (place) => {
            const folder = await openFolder(place.path, place.flags);
            try {
              return (await entriesOf(folder)).map((entry) => ({
                name: entry.name,
                isDirectory: entry.isDirectory(),
                isFile: entry.isFile(),
                isSymlink: entry.isSymbolicLink(),
              }));
            } finally {
              await folder.close();
            }
          });
        } catch (error) {
          throw ioRejection(`failed to read directory at path: ${grant.shown} with error: `, error);
        }
      }),
    ),
    command('mkdir', { args: { path: PathArgument, options: MkdirOptions } }, ({ path, options }, context) =>
      fs.withPaths('mkdir', [requested(path, options?.baseDir)], context, async (grant) => {
        const mode = (options?.mode ?? 0o777) & 0o777;
        try {
          if (options?.recursive) await makeAll(fs, grant, mode);
          else await fs.at(grant, (place) => mkdir(place.path, mode), { link: true });
        } catch (error) {
          throw ioRejection(`failed to create directory at path: ${grant.shown} with error: `, error);
        }
        return null;
      }),
    ),
    command('remove', { args: { path: PathArgument, options: RemoveOptions } }, ({ path, options }, context) =>
      fs.withPaths('remove', [requested(path, options?.baseDir)], context, async (grant) => {
        const stats = await statAt(grant, true).catch((error: unknown) => {
          throw ioRejection(`failed to get metadata of path: ${grant.shown} with error: `, error);
        });
        try {
          await fs.at(
            grant,
            async (place) => {
              if (!stats.isDirectory()) return unlink(place.path);
              if (!options?.recursive) return rmdir(place.path);
              return fs.walking(async () => {
                if (fs.strict) await walk(place.path, place.real, refuseForbidden(grant));
                await removeTree(place.path);
              });
            },
            { link: true },
          );
        } catch (error) {
          throw ioRejection(`failed to remove path: ${grant.shown} with error: `, error);
        }
        return null;
      }),
    ),
    command(
      'rename',
      { args: { oldPath: PathArgument, newPath: PathArgument, options: RenameOptions } },
      ({ oldPath, newPath, options }, context: CommandContext) => {
        const requests = [requested(oldPath, options?.oldPathBaseDir), requested(newPath, options?.newPathBaseDir)];
        return fs.withPaths('rename', requests, context, async (from, to) => {
          try {
            await fs.at(
              from,
              (old) =>
                fs.at(
                  to,
                  async (target) => {
                    if (fs.strict) await fs.walking(() => refuseGain(from, old, target));
                    await rename(old.path, target.path);
                  },
                  { link: true },
                ),
              { link: true },
            );
          } catch (error) {
            throw ioRejection(`failed to rename old path: ${from.shown} to new path: ${to.shown} with error: `, error);
          }
          return null;
        });
      },
    ),
  ];
}

/** What the files below a folder have together. What the scope forbids expressly is not counted. */
async function sizeOf(place: Place, grant: FsGrant, strict: boolean): Promise<number> {
  let size = 0;
  await walk(place.path, place.real, async (real, stats) => {
    if (strict && (await grant.decide(real)) === 'forbidden') return false;
    if (stats.isFile()) size += stats.size;
    return true;
  });
  return size;
}

/** Makes a folder and those that it is in. */
async function makeAll(fs: FsCommands, grant: FsGrant, mode: number): Promise<void> {
  const missing: string[] = [];
  let existing = grant.path;
  while (!(await isThere(existing))) {
    const [parent, name] = [paths.parent(existing), paths.fileName(existing)];
    if (parent === undefined || parent === '' || name === undefined) break;
    missing.unshift(name);
    existing = parent;
  }
  if (missing.length === 0) {
    // Rust is content with what is a folder already.
    await fs.at(grant, async (place) => {
      if (!(await stat(place.path)).isDirectory()) await mkdir(place.path, mode);
    });
    return;
  }
  // The scope is asked about the last folder; the ones on the way to it are made for its sake.
  const start: FsGrant = { ...grant, path: existing, decide: (real) => grant.decide(join(real, ...missing)) };
  await fs.at(start, (place) => makeFolders(place.path, missing, mode));
}

/** A link to nothing is there too: nothing can be made at its place. */
const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** A folder that goes takes with it what is in it: nothing of that may be forbidden. */
function refuseForbidden(grant: FsGrant) {
  return async (real: string, stats: Stats): Promise<boolean> => {
    // Of a link only the link itself goes.
    if (!stats.isSymbolicLink() && (await grant.decide(real)) === 'forbidden') throw reject(`forbidden path: ${real}`);
    return true;
  };
}

/**
 * What is in a folder goes with it to its new name: a file that is out of the scope must not be in it afterwards, where
 * the name of a folder between them is all that keeps it out.
 */
async function refuseGain(from: FsGrant, old: Place, target: Place): Promise<void> {
  if (!(await lstat(old.path)).isDirectory()) return;
  await walk(old.path, old.real, async (real, stats) => {
    if (stats.isSymbolicLink()) return false;
    const before = await from.decide(real);
    const gains = before === 'neither' && (await from.decide(target.real + real.slice(old.real.length))) === 'allowed';
    if (before === 'forbidden' || gains) throw reject(`forbidden path: ${real}`);
    return true;
  });
}
