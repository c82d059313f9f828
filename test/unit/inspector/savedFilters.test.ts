import { expect, test } from 'vitest';
import { SavedFilters } from '../../../extension/inspector/saved-filters.ts';

function memory(stored?: unknown) {
  let kept = stored;
  return {
    get: <T>() => kept as T | undefined,
    update: (_key: string, value: unknown) => {
      kept = value;
      return Promise.resolve();
    },
  };
}

test('filters with names are told to all pages, and are there after a reload', () => {
  const kept = memory();
  const filters = new SavedFilters(kept);
  const heard: unknown[] = [];
  for (const page of ['panel', 'tab']) filters.onChange(() => heard.push([page, filters.all]));
  const saved = [{ name: 'failures', filter: 'is:error' }];
  filters.all = saved;
  expect(heard).toEqual([
    ['panel', saved],
    ['tab', saved],
  ]);
  expect(new SavedFilters(kept).all).toEqual(saved);
  filters.dispose();
  filters.all = [];
  expect(heard.length).toBe(2);
});

test('what cannot be read is none', () => {
  expect(new SavedFilters(memory([{ name: 1 }])).all).toEqual([]);
  expect(new SavedFilters(memory('x')).all).toEqual([]);
});
