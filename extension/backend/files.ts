/** What the host and the backend process agree on about files. */
import { createHash } from 'node:crypto';

/** The fingerprint of a file's content. */
export function hashOf(content: string | Uint8Array): string {
  return createHash('sha1').update(content).digest('base64');
}
