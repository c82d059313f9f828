/** Clicks through a page whose author we do not know, as somebody who tries everything once. */
import type { Frame } from 'playwright-core';

/** How often at most; an app with lists may have thousands of buttons. */
const MOST_CLICKS = 120;
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
 * Clicks every control that is to be seen once. What a click brought comes before what was there already: a view is gone
 * through before the next one is opened. Two controls with the same text in the same kind of place are taken for one.
 */
export async function explore({ frame, rest }: ExploreOptions): Promise<Explored> {
  /** when each control was first seen */
  const seen = new Map<string, number>();
  const done = new Set<string>();
  let missed = 0;
  while (done.size < MOST_CLICKS) {
    const page = await frame();
    if (!page) break;
    const names = await page.evaluate(visibleControls).catch(() => []); // the page is being loaded
    for (const name of names) if (!seen.has(name)) seen.set(name, done.size);
    const open = names.filter((name) => !done.has(name));
    const newest = Math.max(...open.map((name) => seen.get(name) ?? 0));
    const next = open.find((name) => seen.get(name) === newest);
    if (next === undefined) break;
    done.add(next);
    try {
      await page
        .locator(`[data-explored="${quoted(next)}"]`)
        .first()
        .click({ timeout: CLICK_WITHIN_MS });
    } catch {
      missed++;
    }
    await rest();
  }
  return { clicks: done.size - missed, missed };
}

const quoted = (text: string) => text.replace(/["\\]/g, '\\$&');

/** Runs in the page: writes each visible control's name on it, and gives the names. */
function visibleControls(): string[] {
  const CONTROLS =
    'button, [role=button], [role=tab], [role=menuitem], [role=switch], summary, input[type=checkbox], input[type=radio], input[type=submit], input[type=button], a[href], a[role], select';
  const names: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>(CONTROLS)) {
    const { width, height } = element.getBoundingClientRect();
    if (width === 0 || height === 0 || element.matches(':disabled')) continue;
    if (getComputedStyle(element).visibility === 'hidden') continue;
    const text = (element.innerText || element.getAttribute('aria-label') || element.title || element.id).trim();
    const name = `${element.tagName} ${text.slice(0, 80)}`.replace(/\s+/g, ' ');
    element.setAttribute('data-explored', name);
    names.push(name);
  }
  return names;
}
