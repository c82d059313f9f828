/** What a project's Rust build chooses of a plugin: Cargo features decide what some of them do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Document } from '#core/acl/document.ts';

type Table = Readonly<Record<string, unknown>>;

/**
 * The Cargo features of `crate` in the project's own Cargo.toml; undefined where it does not depend on it, or there is no
 * such file that can be read.
 *
 * @param defaults what it has without being asked
 */
export function cargoFeatures(
  configFolder: string,
  crate: string,
  defaults: readonly string[],
): ReadonlySet<string> | undefined {
  let manifest: Table;
  try {
    manifest = table(new Document(readFileSync(join(configFolder, 'Cargo.toml'), 'utf8'), 'toml').value);
  } catch {
    return undefined; // no Rust here; what is wrong with such a file, Cargo says
  }
  const targets = Object.values(table(manifest['target'])).map(table);
  const found = [manifest, ...targets].flatMap((part) => {
    const dependency = table(part['dependencies'])[crate];
    return dependency === undefined ? [] : [table(dependency)];
  });
  if (found.length === 0) return undefined;
  const features = found.flatMap((each) => (Array.isArray(each['features']) ? each['features'].map(String) : []));
  const bare = found.every((each) => each['default-features'] === false);
  return new Set([...(bare ? [] : defaults), ...features]);
}

function table(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}
