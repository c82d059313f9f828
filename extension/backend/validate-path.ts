/** Keeps a path that a page chose inside of a folder. */
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { IpcError } from '#core/error.ts';

/**
 * Resolves `path` (relative to `root`, or absolute), follows symbolic links, and gives the canonical absolute path.
 * Rejects with an {@link IpcError} `invalidPath` where that lies outside of `root`. The last components need not exist:
 * a path to write to is fine as long as every folder that does exist keeps it inside.
 *
 * The check holds for the moment it is made. Where others may write below the root, a folder can become a link between
 * the check and the use: open what is returned with `O_NOFOLLOW` (no part of a canonical path is a link, so that one
 * stands for an attack), and before reading or writing call `validatePath` again with the same path: it must give the
 * same answer, and `stat` of it the inode of the opened file. Hard links cannot be told from files by any check of paths.
 *
 * @example
 * const file = await validatePath(path, app.dataFolder);
 */
export async function validatePath(path: string, root: string): Promise<string> {
  const refuse = (reason: string) => IpcError.invalidPath(`${JSON.stringify(path)} ${reason}`);
  if (typeof path !== 'string' || path === '') throw refuse('is not a path');
  if (path.includes('\0')) throw refuse('contains a NUL character');
  if (isForeign(path)) throw refuse('is a path of another system');
  const canonicalRoot = await realpath(root).catch((error: unknown) => {
    throw IpcError.invalidPath(`the root folder of ${JSON.stringify(path)} cannot be read (${codeOf(error)})`);
  });
  // An absolute path may be given through a symbolic link to the root: only what is canonical is compared.
  // Without a separator at its end: `link/` would be looked at as what the link leads to, not as the link.
  const wanted = resolve(canonicalRoot, path);
  if (!isAbsolute(path) && !isInside(wanted, canonicalRoot)) throw refuse('leaves its root folder');
  const canonical = await canonicalise(wanted, refuse);
  if (!isInside(canonical, canonicalRoot)) {
    throw refuse(
      isAbsolute(path) ? 'lies outside of its root folder' : 'leaves its root folder through a symbolic link',
    );
  }
  return canonical;
}

/** As `realpath`, for a path whose last components may not exist yet. */
async function canonicalise(path: string, refuse: (reason: string) => IpcError): Promise<string> {
  const missing: string[] = [];
  for (let existing = path; ; existing = dirname(existing)) {
    try {
      return join(await realpath(existing), ...missing);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOTDIR') throw refuse('goes through a file as if it were a folder');
      if (code === 'ELOOP') throw refuse('goes through symbolic links that lead in a circle');
      if (code === 'ENAMETOOLONG') throw refuse('is too long');
      if (code !== 'ENOENT') throw refuse(`cannot be looked at (${code})`);
      // A link whose target is missing does not exist for `realpath`, but writing to it would create the target.
      if (await isLink(existing)) throw refuse('goes through a symbolic link that leads nowhere');
      if (dirname(existing) === existing) throw refuse('does not exist');
      missing.unshift(basename(existing));
    }
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    // It is not there at all.
    return false;
  }
}

function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * A page may not know which system it runs on: `..\..\secret` and `C:\Windows` are refused everywhere rather than read
 * as strange names on Unix. On Windows, streams (`file:stream`), devices and network paths of the root's drive are not
 * files below a folder.
 */
function isForeign(path: string): boolean {
  if (process.platform !== 'win32') return path.includes('\\') || /^[a-z]:\//i.test(path);
  return /^[\\/]{2}/.test(path) || path.replace(/^[a-z]:/i, '').includes(':') || /^[a-z]:(?![\\/])/i.test(path);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? 'unknown error';
}
