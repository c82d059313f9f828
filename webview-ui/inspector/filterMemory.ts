/** Filters that were used. */

export interface FilterMemory {
  /** the latest first */
  readonly history: readonly string[];
}

export const HISTORY = 20;

/** A history with a filter that was used now. */
export function remember(history: readonly string[], filter: string): readonly string[] {
  const text = filter.trim();
  return text === '' ? history : [text, ...history.filter((other) => other !== text)].slice(0, HISTORY);
}

/** State of an older version, or of nobody, must not keep the page from opening. */
export function readMemory(state: object): Partial<FilterMemory> {
  const { history } = state as Partial<Record<keyof FilterMemory, unknown>>;
  const isText = (value: unknown): value is string => typeof value === 'string';
  return Array.isArray(history) ? { history: history.filter(isText).slice(0, HISTORY) } : {};
}
