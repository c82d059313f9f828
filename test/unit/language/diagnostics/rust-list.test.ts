/** Paths added to lists of commands. */
import { expect, test } from 'vitest';
import { applyEdits, type TextEdit } from '#core/acl/edit.ts';
import { addToList, listAround, removeFromList } from '#server/fixes/rust-list.ts';

type List = NonNullable<ReturnType<typeof listAround>>;

/** The text after edits of the list that is meant: `|` is in one of its items. */
function edited(text: string, edits: (code: string, list: List, offset: number) => TextEdit[]): string | undefined {
  const offset = text.indexOf('|');
  const code = text.replace('|', '');
  const list = listAround(code, offset);
  return list && applyEdits(code, edits(code, list, offset));
}

const added = (text: string) => edited(text, (code, list) => addToList(code, list, 'b::add'));
const removed = (text: string) => edited(text, removeFromList);

test('a path is added as the last one stands: with its comma, on a line of its own, behind its comment', () => {
  expect(added('generate_handler![|greet]')).toBe('generate_handler![greet, b::add]');
  expect(added('generate_handler![|greet,]')).toBe('generate_handler![greet, b::add]');
  expect(added('generate_handler![\n    |greet,\n    leave,\n  ]')).toBe(
    'generate_handler![\n    greet,\n    leave,\n    b::add,\n  ]',
  );
  expect(added('generate_handler![\n    |greet\n  ]')).toBe('generate_handler![\n    greet,\n    b::add\n  ]');
  expect(added('generate_handler![\n    |greet // first\n  ]')).toBe(
    'generate_handler![\n    greet, // first\n    b::add\n  ]',
  );
  expect(added('generate_handler![\r\n    |greet, // first\r\n  ]')).toBe(
    'generate_handler![\r\n    greet, // first\r\n    b::add,\r\n  ]',
  );
});

test('brackets in attributes, strings and comments do not end a list', () => {
  expect(added('collect_commands![#[cfg(all(a, b = "]"))] greet /* ] */, |leave::<R>]')).toBe(
    'collect_commands![#[cfg(all(a, b = "]"))] greet /* ] */, leave::<R>, b::add]',
  );
});

test('the list is the one around the place, and there may be none', () => {
  expect(added('generate_handler![a]; generate_handler![|b]')).toBe(
    'generate_handler![a]; generate_handler![b, b::add]',
  );
  expect(added('generate_handler![a]; |')).toBeUndefined();
  expect(added('generate_handler![a, |')).toBeUndefined();
  expect(added('|')).toBeUndefined();
});

test('an item goes with its attributes, one comma, and its line where it is alone there', () => {
  expect(removed('generate_handler![gr|eet, leave]')).toBe('generate_handler![leave]');
  expect(removed('generate_handler![greet, le|ave]')).toBe('generate_handler![greet]');
  expect(removed('generate_handler![greet, le|ave,]')).toBe('generate_handler![greet, ]');
  expect(removed('generate_handler![gr|eet]')).toBe('generate_handler![]');
  expect(removed('generate_handler![a, b::<(T, U)>|, c]')).toBe('generate_handler![a, c]');
  expect(removed('generate_handler![\n    a,\n    #[cfg(any(x, y))]\n    b::|c, // why\n    d,\n  ]')).toBe(
    'generate_handler![\n    a,\n    d,\n  ]',
  );
  expect(removed('generate_handler![\r\n    a,\r\n    |b\r\n  ]')).toBe('generate_handler![\r\n    a,\r\n  ]');
  expect(removed('generate_handler![\n    a, |b, c,\n  ]')).toBe('generate_handler![\n    a, c,\n  ]');
  expect(removed('generate_handler![ | ]')).toBe('generate_handler![  ]');
});
