import { expect, test } from 'vitest';
import { Gate } from '../../../extension/plugins/fs/gate.ts';

test('only so much runs at once, in the order of the calls, and what is too heavy runs alone', async () => {
  const gate = new Gate(10);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const run = (name: string, weight: number) =>
    gate.run(weight, () => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
    });
  const all = [run('a', 6), run('b', 4), run('heavy', 100), run('c', 1)];
  expect(begun).toEqual(['a', 'b']);
  ends.get('a')?.();
  await all[0];
  expect(begun).toEqual(['a', 'b']);
  ends.get('b')?.();
  await all[1];
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'heavy']);
  ends.get('heavy')?.();
  await all[2];
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'heavy', 'c']);
  ends.get('c')?.();
  expect(await Promise.all(all)).toEqual(['a', 'b', 'heavy', 'c']);
});

test('a task that fails makes room too', async () => {
  const gate = new Gate(1);
  await expect(gate.run(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await gate.run(1, async () => 'next')).toBe('next');
});
