/** What the scopes of paths ask the file system, from Node. */
import { readlink, realpath } from 'node:fs/promises';
import type { FileLinks } from '#core/acl/scope/fs-scope.ts';

export const fileLinks: FileLinks = {
  async readlink(path) {
    try {
      return await readlink(path);
    } catch (error) {
      // EINVAL says that it is something else than a link; Windows says UNKNOWN for some of those.
      if (isAbsent(error) || ['EINVAL', 'UNKNOWN'].includes(codeOf(error))) return undefined;
      throw error;
    }
  },
  async realpath(path) {
    try {
      // That of promises is the system's own, which on Windows knows short names and the case of a name.
      return await realpath(path);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  },
};

const isAbsent = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | null)?.code ?? '';
