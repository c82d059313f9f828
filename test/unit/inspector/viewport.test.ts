import { expect, test } from 'vitest';
import { MAX_SCROLL_HEIGHT, Viewport } from '../../../webview-ui/inspector/viewport.ts';

function viewport(count: number, height = 220): Viewport {
  const made = new Viewport(22);
  made.height = height;
  made.count = count;
  return made;
}

test('a short list has all its rows in sight', () => {
  expect(viewport(3).span(6)).toEqual({ first: 0, last: 3, offset: 0 });
  expect(viewport(0).span(6)).toEqual({ first: 0, last: 0, offset: 0 });
});

test('scrolling shows the rows at that place, and an echo of what was set is no news', () => {
  const view = viewport(1000);
  expect(view.scrolled(2200)).toBe(true);
  expect(view.span(0)).toEqual({ first: 100, last: 110, offset: 2200 });
  expect(view.scrolled(2200.4)).toBe(false);
});

test('as many elements as it says serve every place of the list, and no place needs fewer', () => {
  const view = viewport(1000, 231);
  let most = 0;
  for (let top = 0; top < 22_000; top += 7) {
    view.scrolled(top);
    const { first, last } = view.span(6);
    most = Math.max(most, last - first);
  }
  expect(most).toBe(view.elements(6));
});

test('a row is revealed with the least movement', () => {
  const view = viewport(1000);
  view.reveal(5);
  expect(view.top).toBe(0);
  view.reveal(10);
  expect(view.top).toBe(22);
  view.reveal(0);
  expect(view.top).toBe(0);
  view.reveal(500, 'center');
  expect(view.span(0).first).toBe(495);
});

test('the same rows stay in sight when rows go at the front', () => {
  const view = viewport(1000);
  view.scrolled(2200);
  view.shift(40);
  view.count = 960;
  expect(view.span(0).first).toBe(60);
});

test.each([1_000_000, 10_000_000])('of %d rows the first and the last can be reached', (count) => {
  const view = viewport(count);
  expect(view.scrollHeight).toBe(MAX_SCROLL_HEIGHT);
  view.toEnd();
  expect(view.isAtEnd).toBe(true);
  expect(view.span(6).last).toBe(count);
  expect(view.scrollTop).toBeCloseTo(MAX_SCROLL_HEIGHT - 220, 3);
  view.scrolled(0);
  expect(view.span(6).first).toBe(0);
  view.scrolled(MAX_SCROLL_HEIGHT - 220);
  expect(view.span(0).last).toBe(count);
});

test('beyond the cap, rows stand where the scrollbar is', () => {
  const view = viewport(10_000_000);
  view.reveal(5_000_000);
  const { first, offset } = view.span(0);
  // the revealed row is the last one in sight
  expect(offset - view.scrollTop + (5_000_000 - first) * 22).toBeCloseTo(220 - 22, 3);
});
