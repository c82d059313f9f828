/** Texts that are being typed: whatever is asked about them, wherever, is answered. */
import { expect, test } from 'vitest';
import { ACL_TEXTS } from '../../acl/texts.ts';
import { CURSOR } from '../server.ts';
import { projectWith } from './project.ts';

const REQUESTS = ['completion', 'hover', 'definition', 'documentHighlight', 'prepareRename'];

test('all fixtures, cut and pasted at many places', async () => {
  const start = 'src-tauri/capabilities/start.json';
  await using client = await projectWith(start, '{}');
  let asked = 0;
  for (const [index, { name, text, format }] of ACL_TEXTS.entries()) {
    const folder = name.includes('/permissions/') ? 'permissions' : 'capabilities';
    const path = `src-tauri/${folder}/typed-${index}.${format}`;
    await client.open(path, '');
    for (let at = 2; at < text.length; at += Math.ceil(text.length / 6)) {
      const [before, after] = [text.slice(0, at), text.slice(at)];
      for (const typed of [before + CURSOR, `${before}${CURSOR}${after.slice(1)}`, `${before}"${CURSOR}${after}`]) {
        await client.change(path, typed);
        for (const request of REQUESTS) {
          await client.request(`textDocument/${request}`, client.at(path));
          asked++;
        }
      }
    }
  }
  expect(asked).toBeGreaterThan(1000);
}, 60_000);
