// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { loadPlots } from '../../../../webview-ui/inspector/time/plot-library.ts';

test('plots can be drawn where the browser’s language is that of POSIX', async () => {
  Object.defineProperty(navigator, 'language', { value: 'en-US@posix', configurable: true });
  expect((await loadPlots()).paths.bars).toBeTypeOf('function');
});
