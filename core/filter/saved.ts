/** Filters that somebody gave a name: kept by the host, the same on every page of the inspector. */
import * as z from 'zod';

export const SAVED = 100;

export const SavedFilter = z.object({ name: z.string(), filter: z.string() });
export type SavedFilter = z.infer<typeof SavedFilter>;

/** Names are used once: a new filter of the same name takes its place. */
export function save(saved: readonly SavedFilter[], added: SavedFilter): readonly SavedFilter[] {
  return [...saved.filter(({ name }) => name !== added.name), added]
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .slice(0, SAVED);
}
