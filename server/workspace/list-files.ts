/** The files of folders that are read, without what git leaves out. */
import { join } from 'node:path';
import { walkFolders } from '../project/index.ts';
import { kindOf } from './kinds.ts';

/** Deeper nobody has code. */
const MAX_DEPTH = 24;

/** Paths with forward slashes, of the kinds that the server reads. */
export async function* listFiles(folders: readonly string[]): AsyncGenerator<string> {
  for (const root of folders) {
    for await (const { folder, files } of walkFolders(root, MAX_DEPTH)) {
      for (const name of files) {
        const path = join(folder, name).replaceAll('\\', '/');
        if (kindOf(path) !== undefined) yield path;
      }
    }
  }
}
