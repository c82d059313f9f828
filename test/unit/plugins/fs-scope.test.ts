/** The scope of paths on real files: what it allows stays in it, whatever the tree is like. */
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FsScope } from '#core/acl/scope/fs-scope.ts';
import { fileLinks } from '../../../extension/plugins/file-links.ts';
import { entries, pathsOf, realOf, requests, withTree } from '../tree.ts';

test('in 80 generated trees nothing outside of the scope is read or made, and its own files are allowed', async () => {
  let read = 0;
  let made = 0;
  await fc.assert(
    fc.asyncProperty(entries, requests, (entries, requests) =>
      withTree(entries, async (home) => {
        const root = join(home, 'root');
        const isInside = (path: string) => path.startsWith(root + sep);
        const scope = new FsScope({ windows: false, links: fileLinks, requireLiteralLeadingDot: false });
        scope.allowPattern(`${root}/**`);
        const { own, others } = pathsOf(home, entries, requests);
        const below = own.map((path) => `${root}/${path}`);
        for (const path of [...below, ...others.map((each) => (each.startsWith('/') ? each : `${root}/${each}`))]) {
          const real = path.includes('\0') ? undefined : realOf(path);
          if ((await scope.decide(path)) !== 'allowed') {
            if (below.includes(path) && real !== undefined && isInside(real)) throw new Error(`${path} was refused`);
            continue;
          }
          if (real !== undefined) {
            expect(real).toSatisfy(isInside);
            if (!statSync(real).isFile()) continue;
            const text = attempt(() => readFileSync(path, 'utf8'));
            if (text === undefined) continue;
            read++;
            expect(text).toBe('inside');
            continue;
          }
          const file = create(path);
          if (file === undefined) continue;
          made++;
          try {
            expect(file).toSatisfy(isInside);
          } finally {
            rmSync(file);
          }
        }
      }),
    ),
    { numRuns: 80 },
  );
  expect(read).toBeGreaterThan(30);
  expect(made).toBeGreaterThan(30);
});

/** Writes as a command would, through links; where the new file is, if there is one. */
function create(path: string): string | undefined {
  return attempt(() => {
    closeSync(openSync(path, 'a'));
    return realOf(path);
  });
}

function attempt<T>(task: () => T): T | undefined {
  try {
    return task();
  } catch {
    return undefined; // the system does not go this way: a folder is missing or a file, or the name is none
  }
}
