/** uPlot, loaded when something is first plotted. */
import type uPlot from 'uplot';

export async function loadPlots(): Promise<typeof uPlot> {
  sayLanguage();
  const { default: library } = await import('uplot');
  return library;
}

/**
 * The library takes the browser's language for numbers as it loads. Where the system has the language of POSIX, Chromium
 * says `en-US@posix`, which no format of numbers takes.
 */
function sayLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
  }
}
