import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the light theme of high contrast, which has the class of the dark one as well, is light', () => {
  const style = readFileSync(new URL('../../../webview-ui/inspector/style.css', import.meta.url), 'utf8');
  const schemes = [...style.matchAll(/([^{}]+)\{\s*color-scheme: (light|dark);/g)].map(
    ([, selectors = '', scheme]) => [scheme, selectors.includes('vscode-high-contrast')] as const,
  );
  expect(schemes).toEqual([
    ['dark', true],
    ['light', true],
  ]);
});
