/** Filters that were used, and those that somebody gave a name. */

export interface SavedFilter {
  readonly name: string;
  readonly filter: string;
}

export interface FilterMemory {
  /** the latest first */
  readonly history: readonly string[];
  readonly saved: readonly SavedFilter[];
}

export const HISTORY = 20;
const SAVED = 100;

/** A history with a filter that was used now. */
export function remember(history: readonly string[], filter: string): readonly string[] {
  const text = filter.trim();
  return text === '' ? history : [text, ...history.filter((other) => other !== text)].slice(0, HISTORY);
}

/** Names are used once: a new filter of the same name takes its place. */
export function save(saved: readonly SavedFilter[], added: SavedFilter): readonly SavedFilter[] {
  return [...saved.filter(({ name }) => name !== added.name), added]
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .slice(0, SAVED);
}

/** State of an older version, or of nobody, must not keep the page from opening. */
export function readMemory(state: object): Partial<FilterMemory> {
  const { history, saved } = state as Partial<Record<keyof FilterMemory, unknown>>;
  const isText = (value: unknown): value is string => typeof value === 'string';
  const isSaved = (value: unknown): value is SavedFilter =>
    typeof value === 'object' &&
    value !== null &&
    isText((value as Partial<SavedFilter>).name) &&
    isText((value as Partial<SavedFilter>).filter);
  return {
    ...(Array.isArray(history) ? { history: history.filter(isText).slice(0, HISTORY) } : {}),
    ...(Array.isArray(saved) ? { saved: saved.filter(isSaved).slice(0, SAVED) } : {}),
  };
}
