/**
 * The theme's colours for what is drawn on a canvas, which knows no variables. They are read from an element, so that
 * mixes, fallbacks and forced colours come out as the browser computes them, and read again when the theme changes.
 */

const COLOURS = {
  text: '--text',
  faint: '--faint',
  grid: '--time-grid',
  lane: '--time-lane',
  focus: '--focus',
  bad: '--bad',
  check: '--time-check',
  handler: '--time-handler',
  handlerFaint: '--time-handler-faint',
  serialize: '--time-serialize',
  channel: '--time-channel',
  event: '--time-event',
  density: '--time-density',
  toHost: '--time-to-host',
  toPage: '--time-to-page',
} as const;

export type Colour = keyof typeof COLOURS;
export type Palette = Readonly<Record<Colour, string>> & { readonly font: string };

/** Reads the colours that the variables have at a place in the page. */
export function readPalette(place: HTMLElement): Palette {
  const probe = document.createElement('span');
  probe.style.display = 'none';
  place.append(probe);
  const computed = getComputedStyle(probe);
  const colours = Object.entries(COLOURS).map(([name, variable]) => {
    probe.style.color = `var(${variable})`;
    return [name, computed.color] as const;
  });
  const { fontFamily } = computed;
  probe.remove();
  return { ...(Object.fromEntries(colours) as Record<Colour, string>), font: `11px ${fontFamily}` };
}

/** Tells when the colours may be others. */
export function watchTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  // VS Code writes its variables into the style of the root.
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  const queries = ['(forced-colors: active)', '(prefers-contrast: more)'].map((query) => window.matchMedia(query));
  for (const query of queries) query.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener('change', listener);
  };
}
