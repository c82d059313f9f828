/** Small questions to the file system. */
import { statSync } from 'node:fs';

/** Whether there is a file of that path: a folder of that name is none. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // It is not there, or a file stands where a folder should.
    return false;
  }
}

/**
 * Whether a path that a file of `folder` names leads to another machine. Windows would sign in there just to look, and files
 * of a workspace that is not trusted may name any.
 */
export function isElsewhere(path: string, folder: string): boolean {
  const host = hostOf(path);
  return host !== undefined && host !== hostOf(folder);
}

/** Of a path such as `\\server\share`; devices (`\\.\…`) count, too. */
const hostOf = (path: string) => /^[\\/]{2}([^\\/]+)/.exec(path)?.[1]?.toLowerCase();
