/** The decisions about paths of one app, on this machine. */
import { FsAccess } from '#core/acl/scope/fs.ts';
import { type AppPlace, pathPlace } from './directories.ts';
import { fileLinks } from './file-links.ts';

/** @param cwd what a relative path without a base directory starts from */
export function createFsAccess(app: AppPlace, cwd: string): FsAccess {
  return new FsAccess({ ...pathPlace(app), links: fileLinks, cwd });
}
