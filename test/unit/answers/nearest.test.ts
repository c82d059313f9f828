import { expect, test } from 'vitest';
import { nearest } from '#core/nearest.ts';

const NAMES = ['save_note', 'list_notes', 'delete_note', 'greet'];

test.each([
  ['saveNote', 'save_note'],
  ['save-note', 'save_note'],
  ['save_notes', 'save_note'],
  ['gret', 'greet'],
  ['lst_notes', 'list_notes'],
  ['x', undefined],
  ['load_note', undefined],
  ['completely_else', undefined],
  ['greet', undefined],
])('%s: did you mean %s?', (wanted, meant) => {
  expect(nearest(wanted, NAMES)).toBe(meant);
});

test('a name of any length costs little', () => {
  expect(nearest('a'.repeat(10_000_000), ['b'.repeat(10_000_000)])).toBeUndefined();
});
