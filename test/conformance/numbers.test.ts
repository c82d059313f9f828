import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { WAITING } from './waiting.ts';

const GROUPS = {
  A: [1, 12],
  B: [13, 35],
  C: [36, 54],
  D: [55, 69],
  E: [70, 91],
  F: [92, 100],
  G: [101, 111],
  H: [112, 116],
  I: [117, 120],
} as const;

test('every number of the conformance list is tested or waits for a part, and none does both', () => {
  const tested = new Set<number>();
  const strangers: string[] = [];
  for (const file of readdirSync(import.meta.dirname).filter((name) => /^[a-z]-.*\.test\.ts$/.test(name))) {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8');
    for (const [title, group, digits] of text.matchAll(/['"`]([A-I])(\d+) /g)) {
      const [from, to] = GROUPS[group as keyof typeof GROUPS];
      const number = Number(digits);
      if (number < from || number > to) strangers.push(title);
      tested.add(number);
    }
    expect(text).not.toMatch(/\b(test|describe|it)\.(skip|todo|only)\b/);
  }
  const waiting = Object.keys(WAITING).map(Number);
  const all = Array.from({ length: 120 }, (_, index) => index + 1);
  expect(strangers).toEqual([]);
  expect(all.filter((number) => !tested.has(number) && !waiting.includes(number))).toEqual([]);
  expect(waiting.filter((number) => tested.has(number))).toEqual([]);
});
