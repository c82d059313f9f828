/**
 * From a path that the scope allows to the file that is used: they must be the same, also where somebody puts a link in
 * between the two.
 *
 * Linux: the folder is opened first, the scope is asked where that folder really is, and the system is then given a name
 * in the open folder (`/proc/self/fd/{folder}/{name}`), never through a link. No other file can be meant any more.
 * Elsewhere: the canonical path is used, the scope asked about it once more, and an opened file compared with what lies
 * there. A folder swapped twice within that time can lead a rename, a removal or the making of an empty file astray.
 */
import { constants, existsSync } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import { canonicalPath } from '#core/acl/scope/fs-scope.ts';
import type { FsGrant } from '#core/acl/scope/fs.ts';
import { reject } from '#core/error.ts';
import { rustPath } from '#core/rust-path.ts';
import { fileLinks } from '../file-links.ts';

const { O_RDONLY, O_TRUNC } = constants;
/** A flag that Windows does not have. */
const flag = (name: keyof typeof constants): number => (constants as Partial<Record<string, number>>)[name] ?? 0;
const O_DIRECTORY = flag('O_DIRECTORY');
const O_NOFOLLOW = flag('O_NOFOLLOW');
const O_NONBLOCK = flag('O_NONBLOCK');
/** Opens a folder only to stand in it: Node has no name for this flag of Linux. */
const O_PATH = 0x20_0000;
/** Refuses links in all parts of a path, on macOS. */
const O_NOFOLLOW_ANY = 0x2000_0000;

const HAS_PROC = process.platform === 'linux' && existsSync('/proc/self/fd');
const paths = rustPath(process.platform === 'win32');

const openPath = (handle: FileHandle) => `/proc/self/fd/${handle.fd}`;

export interface Place {
  /** what to give the system */
  readonly path: string;
  /** the same place as people know it */
  readonly real: string;
  /** whether nobody can make `path` lead elsewhere */
  readonly pinned: boolean;
  /** to open with: no link is followed at the end */
  readonly flags: number;
}

export interface PlaceOptions {
  /** whether a link at the end is meant, or what it leads to */
  readonly follow: boolean;
  /** `permissions.strictFsScope`; without it the path is used as it is, as Tauri does */
  readonly strict: boolean;
}

/** Runs `use` at the place that `grant` allows. Rejects with `forbidden path: …` where it leads out of the scope by now. */
export async function atPlace<T>(
  grant: FsGrant,
  { follow, strict }: PlaceOptions,
  use: (place: Place) => Promise<T>,
): Promise<T> {
  if (!strict) {
    return use({ path: grant.path, real: grant.path, pinned: true, flags: follow ? 0 : O_NOFOLLOW });
  }
  const { folder, name } = await locate(grant.path, follow);
  if (name === undefined || !HAS_PROC) {
    const real = name === undefined ? folder : paths.push(folder, name);
    await confirm(grant, real);
    const flags = process.platform === 'darwin' ? O_NOFOLLOW_ANY : O_NOFOLLOW;
    return use({ path: real, real, pinned: false, flags });
  }
  const handle = await open(folder, O_PATH | O_DIRECTORY);
  try {
    const where = await readlink(openPath(handle), { encoding: 'buffer' });
    if (!isUtf8(where)) throw forbidden(grant);
    const real = paths.push(where.toString(), name);
    await confirm(grant, real);
    return await use({ path: `${openPath(handle)}/${name}`, real, pinned: true, flags: O_NOFOLLOW });
  } finally {
    await handle.close();
  }
}

/** Opens the file at a place. Never waits for somebody else, as the opening of a pipe would. */
export async function openAt(place: Place, flags: number, mode?: number): Promise<FileHandle> {
  // What may turn out to be another file is not emptied before that is known.
  const truncate = !place.pinned && (flags & O_TRUNC) !== 0;
  const handle = await open(place.path, (truncate ? flags & ~O_TRUNC : flags) | place.flags | O_NONBLOCK, mode);
  try {
    if (!place.pinned) await verify(handle, place.path);
    if (truncate && (await handle.stat()).isFile()) await handle.truncate(0);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A folder that is open: its entries are reached without a way in which a link could be put. */
export interface Folder {
  /** to read it, and before `/{name}` */
  readonly path: string;
  close(): Promise<void>;
}

/** Opens a folder; throws `ENOTDIR` where it is none, or a link. */
export async function openFolder(path: string, flags = O_NOFOLLOW): Promise<Folder> {
  if (!HAS_PROC) {
    return { path, close: async () => undefined };
  }
  const handle = await open(path, O_RDONLY | O_DIRECTORY | flags);
  return { path: openPath(handle), close: () => handle.close() };
}

/** The canonical folder of a path, and the name in it; none for a root. */
async function locate(path: string, follow: boolean): Promise<{ folder: string; name: string | undefined }> {
  const given = follow ? await canonicalPath(path, fileLinks, paths) : path;
  const parent = paths.parent(given);
  const name = paths.fileName(given);
  if (parent === undefined || parent === '' || name === undefined) return { folder: given, name: undefined };
  return { folder: follow ? parent : await canonicalPath(parent, fileLinks, paths), name };
}

async function confirm(grant: FsGrant, real: string): Promise<void> {
  if ((await grant.decide(real)) !== 'allowed') throw forbidden(grant);
}

export const forbidden = (grant: FsGrant) => reject(`forbidden path: ${grant.shown}`);

/** Whether the open file is the one at `path`, and no link leads there. */
async function verify(handle: FileHandle, path: string): Promise<void> {
  const [opened, there] = await Promise.all([handle.stat({ bigint: true }), lstat(path, { bigint: true })]);
  if (opened.ino !== there.ino || opened.dev !== there.dev || (await realpath(path)) !== path) {
    throw reject(`forbidden path: ${path}`);
  }
}
