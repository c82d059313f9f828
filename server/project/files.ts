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
