/** What the host and the backend process agree on about files. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';

/** The fingerprint of a file's content. */
export function hashOf(content: string | Uint8Array): string {
  return createHash('sha1').update(content).digest('base64');
}

/** Whether there is a file of that path: a folder of that name is none. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // It is not there, or a file stands where a folder should.
    return false;
  }
}
