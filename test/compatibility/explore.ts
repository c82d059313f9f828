/** Clicks through a page whose author we do not know, as somebody who tries everything once. */
import type { Frame } from 'playwright-core';

/** How often at most; an app with lists may have thousands of buttons. */
const MOST_CLICKS = 60;
const CLICK_WITHIN_MS = 1500;

export interface Explored {
  readonly clicks: number;
  /** what could not be clicked: covered, moving, or gone meanwhile */
  readonly missed: number;
}

export interface ExploreOptions {
  /** the page as it is now: clicks may load it anew */
  frame(): Promise<Frame | undefined>;
  /** waits until what a click began has come to rest, and puts away what VS Code shows over the page */
  rest(): Promise<void>;
}

/**
 * Clicks every control that is to be seen once, those that earlier clicks brought included. Two controls with the same
 * text in the same kind of place are taken for one.
 */
export async function explore({ frame, rest }: ExploreOptions): Promise<Explored> {
  const known = new Set<string>();
  let clicks = 0;
  let missed = 0;
  while (clicks + missed < MOST_CLICKS) {
    const page = await frame();
    if (!page) break;
    const control = await page.evaluate(nextControl, [...known]).catch(() => undefined); // the page is being loaded
    if (control === undefined) break;
    known.add(control);
    try {
      await page.locator('[data-explored=now]').click({ timeout: CLICK_WITHIN_MS });
      clicks++;
    } catch {
      missed++;
    }
    await rest();
  }
  return { clicks, missed };
}

/** Runs in the page: marks the first control that is not known, and gives its name. */
function nextControl(known: readonly string[]): string | undefined {
  const CONTROLS =
    'button, [role=button], [role=tab], [role=menuitem], [role=switch], summary, input[type=checkbox], input[type=radio], input[type=submit], input[type=button], a[href], a[role], select';
  for (const marked of document.querySelectorAll('[data-explored=now]')) marked.removeAttribute('data-explored');
  for (const element of document.querySelectorAll<HTMLElement>(CONTROLS)) {
    const { width, height } = element.getBoundingClientRect();
    if (width === 0 || height === 0 || element.matches(':disabled')) continue;
    if (getComputedStyle(element).visibility === 'hidden') continue;
    const kind = `${element.tagName} ${element.parentElement?.className ?? ''}`;
    const text = (element.innerText || element.getAttribute('aria-label') || element.title || element.id).trim();
    const name = `${kind}: ${text.slice(0, 80)}`;
    if (known.includes(name)) continue;
    element.setAttribute('data-explored', 'now');
    return name;
  }
  return undefined;
}
