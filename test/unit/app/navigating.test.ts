import { expect, test } from 'vitest';
import { findNavigating } from '../../../extension/app/navigating.ts';
import { createCore, openFake } from '../core/fakes.ts';

test('a document is asked for by the window that waits for it, has the link, is loaded again, or has the focus', () => {
  const core = createCore();
  const [a, b] = [openFake(core, 'a'), openFake(core, 'b')];
  const opening = core.createWindow(
    { label: 'opening' },
    { setTitle: () => undefined, setTheme: () => undefined, reveal: () => undefined, dispose: () => undefined },
  );
  const page = (of: typeof a, url: string) => of.say({ kind: 'ready', version: 1, url });
  page(a, 'http://app/a');
  page(b, 'http://app/b');
  const addresses: Record<string, string> = { a: 'http://app/', b: 'http://app/', opening: 'http://app/new?x' };
  const windows = [a.window, b.window, opening];
  const find = (url: string, referer?: string) =>
    findNavigating(windows, (label) => addresses[label], url, referer)?.label;

  expect([
    find('http://site/new?x', 'http://app/b'),
    find('http://app/other', 'http://app/b'),
    find('http://app/b', 'vscode-webview://wrapper/'),
    find('http://app/other', undefined),
  ]).toEqual(['opening', 'b', 'b', 'a']);
  b.window.setFocused(true);
  expect(find('http://app/other', undefined)).toBe('b');
  page(a, 'http://app/b');
  expect(find('http://app/other', 'http://app/b')).toBe('b');
  expect(findNavigating([], () => undefined, 'http://app/', undefined)).toBe(undefined);
  core.dispose();
});
