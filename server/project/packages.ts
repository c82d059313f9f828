/** What a package.json says of its package. */
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import * as z from 'zod';

export interface Package {
  readonly folder: string;
  readonly name: string | undefined;
  /** names of what it depends on, for whichever purpose */
  readonly dependencies: ReadonlySet<string>;
}

const Dependencies = z.record(z.string(), z.unknown()).catch({});
const Manifest = z.looseObject({
  name: z.string().optional().catch(undefined),
  dependencies: Dependencies.optional(),
  devDependencies: Dependencies.optional(),
  peerDependencies: Dependencies.optional(),
});

/**
 * The package of a package.json; of one that is gone, or half written, nothing more is known than its folder.
 *
 * @param file its path, with forward slashes
 */
export async function readPackage(file: string): Promise<Package> {
  const { name, dependencies, devDependencies, peerDependencies } = await readManifest(file);
  return {
    folder: posix.dirname(file),
    name,
    dependencies: new Set(Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })),
  };
}

async function readManifest(file: string): Promise<z.infer<typeof Manifest>> {
  try {
    return Manifest.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}
