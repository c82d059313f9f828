/** The count made another way, on the project of the tests: it and the server agree, and it sees what is missing. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { compare, score } from '../../corpus/compare.ts';
import type { Found } from '../../corpus/found.ts';
import { countRust } from '../../corpus/other-rust.ts';
import { countScripts } from '../../corpus/other-script.ts';
import { countByServer } from '../../corpus/server-count.ts';

const folder = resolve('test/fixtures/language/notes').replaceAll('\\', '/');

function countOther(): Found[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  const read = (ending: RegExp) =>
    files
      .filter((file) => ending.test(file))
      .map((file) => ({ file, text: readFileSync(`${folder}/${file}`, 'utf8') }));
  const rust = countRust(read(/\.rs$/));
  const commands = rust.filter(({ sort }) => sort === 'command').map(({ name }) => name);
  return [...rust, ...countScripts(read(/\.(?:ts|svelte|vue)$/), new Set(commands), new Set())];
}

test('the server misses nothing that the other count finds', async () => {
  const { found, reports } = await countByServer(folder);
  const compared = compare(found, countOther());
  expect(reports).toEqual([]);
  expect(Object.values(compared).flatMap(({ onlyOther }) => onlyOther)).toEqual([]);
  expect(compared.command.both).toBeGreaterThan(3);
  expect(compared.call.both).toBeGreaterThan(5);
  expect(compared.event.both).toBeGreaterThan(2);
});

test('what one count lacks is missed, unless somebody judged that it is not there', () => {
  const other: Found[] = [
    { sort: 'call', file: 'a.ts', line: 1, name: 'greet' },
    { sort: 'call', file: 'a.ts', line: 2, name: 'not_there' },
    { sort: 'call', file: 'a.ts', line: 3, name: 'missed' },
    { sort: 'call', file: 'a.ts', line: 4, name: '?' },
  ];
  const { call } = compare(other.slice(0, 1), other);
  const judged = { 'app call a.ts:2 not_there': { real: false, kind: 'text' } };
  expect(score(call, judged, 'app ')).toMatchObject({ real: 2, found: 1, foundAndReal: 1, unjudged: 1 });
});
