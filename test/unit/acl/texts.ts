/** The texts of all capability and permission files among the fixtures, with what they are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCapabilityFile } from '#core/acl/capability-file.ts';
import type { Format } from '#core/acl/document.ts';

export interface AclText {
  /** its path below test/fixtures */
  readonly name: string;
  readonly text: string;
  readonly format: Format;
}

const root = join(import.meta.dirname, '../../fixtures');

export const ACL_TEXTS: readonly AclText[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\/(?:capabilities|permissions)\//.test(path) && isCapabilityFile(path))
  .sort()
  .map((name) => ({
    name,
    text: readFileSync(join(root, name), 'utf8'),
    format: name.slice(name.lastIndexOf('.') + 1) as Format,
  }));
