/** How esbuild makes the bundles of the backend process; they lie beside each other in one folder. */
import type { BuildOptions } from 'esbuild';

/** @param outdir the folder of the bundles */
export function backendBundles(outdir: string): readonly BuildOptions[] {
  const shared = {
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
  } satisfies BuildOptions;
  return [
    {
      ...shared,
      // The process and the library share the core, and both share the user's zod: its hooks find it.
      entryPoints: { backend: 'extension/backend/process.ts', 'ipc-workbench': 'extension/backend/library.ts' },
      splitting: true,
      chunkNames: 'backend-[hash]',
      external: ['zod'],
    },
    { ...shared, entryPoints: { zod: 'extension/backend/zod.ts' }, minify: true },
  ];
}
