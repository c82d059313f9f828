/** What commands changed of a window's page itself. A reload loses it in the page, so the window remembers it. */
import type { CoreWindow } from '#core/window.ts';
import type { PageChange } from '#core/wire.ts';

type Lasting = Extract<PageChange, { property: 'colorScheme' | 'background' | 'zoom' | 'cursor' | 'pointerEvents' }>;

const PROPERTIES = ['colorScheme', 'background', 'zoom', 'cursor', 'pointerEvents'] as const;

/** Changes the page, now and after each reload. */
export function setPageState(window: CoreWindow, change: Lasting): void {
  window.remembered.set(change.property, change.value);
  window.connection?.change(change);
}

export function setBackground(window: CoreWindow, color: string | null): void {
  setPageState(window, { property: 'background', value: color });
}

/** Brings a page that was just loaded to the state that its window remembers, or was opened with. */
export function restorePageState(window: CoreWindow): void {
  const { theme, backgroundColor } = window.options;
  const state: Record<string, unknown> = { colorScheme: theme, background: backgroundColor };
  for (const property of PROPERTIES) {
    const remembered = window.remembered.get(property);
    if (window.remembered.has(property)) state[property] = remembered;
  }
  for (const property of PROPERTIES) {
    // Only setters above put these values there, each with its type.
    if (state[property] != null) window.connection?.change({ property, value: state[property] } as Lasting);
  }
}
