// What the inspector's page costs: processor time of its main thread, bytes and elements, against its targets.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');

test('the page keeps to its targets for up to a million messages, with room for a machine that does much else', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['test/bench/inspector.mjs', '--within', '3'], {
    cwd: root,
  });
  process.stdout.write(stdout);
});
