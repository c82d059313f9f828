// `npm run check`: types, lint, format, dead code. All are run, then the result is told.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const CHECKS = [
  ['types', 'tsc', '-b'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['format', 'biome', 'format', '.'],
  ['dead code', 'knip'],
];

const failed = [];
for (const [name, command, ...args] of CHECKS) {
  const start = performance.now();
  const { status } = spawnSync(join(root, 'node_modules', '.bin', command), args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`\nnpm run check: ${failed.join(', ')} failed`);
  // For the end of `npm test`.
  if (process.env.CHECK_FAILURES) writeFileSync(process.env.CHECK_FAILURES, `${failed.join('\n')}\n`);
  process.exitCode = 1;
}
