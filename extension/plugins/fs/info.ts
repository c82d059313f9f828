/** `FileInfo`: what `stat`, `lstat` and `fstat` answer. */
import type { Stats } from 'node:fs';

const UNIX = process.platform !== 'win32';

/** Members that the system does not have are null, as Rust's `None` is. */
export function fileInfo(stats: Stats) {
  const unix = <T>(value: T): T | null => (UNIX ? value : null);
  return {
    isFile: stats.isFile(),
    isDirectory: stats.isDirectory(),
    isSymlink: stats.isSymbolicLink(),
    size: stats.size,
    mtime: milliseconds(stats.mtimeMs),
    atime: milliseconds(stats.atimeMs),
    // Where a file system keeps no time of birth, Node says 0.
    birthtime: stats.birthtimeMs === 0 ? null : milliseconds(stats.birthtimeMs),
    readonly: (stats.mode & 0o222) === 0,
    // Node does not tell them, on Windows neither.
    fileAttributes: null,
    dev: unix(stats.dev),
    ino: unix(stats.ino),
    mode: unix(stats.mode),
    nlink: unix(stats.nlink),
    uid: unix(stats.uid),
    gid: unix(stats.gid),
    rdev: unix(stats.rdev),
    blksize: unix(stats.blksize),
    blocks: unix(stats.blocks),
  };
}

/** Rust gives whole milliseconds, and for times before 1970 how long before. */
const milliseconds = (ms: number) => Math.floor(Math.abs(ms));
