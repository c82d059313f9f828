/** How often the language server is started again after it ended by itself. */
import { expect, test, vi } from 'vitest';
import { Crashes } from '../../../extension/language/crashes.ts';

test('five times within three minutes; the sixth is told', () => {
  const tooMany = vi.fn();
  const crashes = new Crashes(tooMany);
  expect([0, 1, 2, 3, 4].map((second) => crashes.add(second * 1_000))).toEqual([true, true, true, true, true]);
  expect(tooMany).not.toHaveBeenCalled();
  expect(crashes.add(179_000)).toBe(false);
  expect(tooMany).toHaveBeenCalledOnce();
});

test('crashes of long ago do not count, nor those before a start by hand', () => {
  const tooMany = vi.fn();
  const crashes = new Crashes(tooMany);
  for (let minute = 0; minute < 60; minute++) expect(crashes.add(minute * 60_000)).toBe(true);
  for (let second = 0; second < 3; second++) crashes.add(3_600_000 + second);
  crashes.forget();
  expect(crashes.add(3_601_000)).toBe(true);
  expect(tooMany).not.toHaveBeenCalled();
});
