import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

/** First and last number of each group of tauri-acl.md section 8. */
const GROUPS = {
  A: [1, 14],
  B: [15, 34],
  C: [35, 43],
  D: [44, 69],
  E: [70, 79],
  F: [80, 95],
  G: [96, 106],
  H: [107, 126],
  I: [127, 145],
  J: [146, 150],
  K: [151, 160],
} as const;

const TESTS = resolve(import.meta.dirname, '../..');
/** What only a real VS Code shows has its tests there; titles have the numbers there too. */
const FOLDERS = ['conformance/acl', 'host', 'e2e'];

test('every number of the list of the ACL is tested', () => {
  const tested = new Set<number>();
  const strangers: string[] = [];
  for (const folder of FOLDERS) {
    for (const file of readdirSync(join(TESTS, folder)).filter((name) => name.endsWith('.test.ts'))) {
      const text = readFileSync(join(TESTS, folder, file), 'utf8');
      for (const [, numbers = ''] of text.matchAll(/['"`]((?:[A-K]\d+ )+)/g)) {
        for (const [title, group, digits] of numbers.matchAll(/([A-K])(\d+) /g)) {
          const [from, to] = GROUPS[group as keyof typeof GROUPS];
          if (Number(digits) < from || Number(digits) > to) strangers.push(`${file}: ${title}`);
          tested.add(Number(digits));
        }
      }
      expect(text).not.toMatch(/\b(test|describe|it)\.(skip|todo|only)\b/);
    }
  }
  const all = Array.from({ length: 160 }, (_, index) => index + 1);
  expect(strangers).toEqual([]);
  expect(all.filter((number) => !tested.has(number))).toEqual([]);
});
