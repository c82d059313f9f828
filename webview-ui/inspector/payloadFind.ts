/** Searching inside of the payload that is shown. The view that shows it looks for the places and brings them into sight. */
import { computed, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ExactNumber } from './json.ts';
import { MOST_FOUND } from './jsonLines.ts';
import { isObject, type PathPart } from './jsonTree.ts';
import type { Steps } from './steps.ts';

export class PayloadFind {
  readonly isOpen = signal(false);
  readonly text = signal('');
  /** places found, and which of them is in sight; -1 before the search has come to its end */
  readonly count = signal(-1);
  readonly at = signal(0);
  /** grows when somebody wants to type into the field */
  readonly asked = signal(0);
  readonly pattern = computed(() =>
    this.isOpen.value && this.text.value !== '' ? literalPattern(this.text.value) : undefined,
  );

  open(): void {
    this.isOpen.value = true;
    this.asked.value++;
  }

  close(): void {
    this.isOpen.value = false;
  }

  /** The next place (or the one before), round the ends. */
  step(by: 1 | -1): void {
    const count = this.count.value;
    if (count > 0) this.at.value = (this.at.value + by + count) % count;
  }
}

/** Like the filter: without a capital letter, letters of both sizes are found. */
function literalPattern(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), /\p{Lu}/u.test(text) ? 'gu' : 'giu');
}

/**
 * Lets a view be searched.
 *
 * @param subject a search begins anew when it is another one
 * @param search looks for the places, in steps
 * @param reveal brings a place into sight
 */
export function useFind<T>(
  { find, steps }: { readonly find: PayloadFind; readonly steps: Steps },
  subject: unknown,
  search: (pattern: RegExp) => Generator<unknown, readonly T[]>,
  reveal: (place: T) => void,
): void {
  const pattern = find.pattern.value;
  const at = find.at.value;
  const places = useRef<readonly T[]>([]);
  const show = () => {
    const place = places.current[find.at.value];
    if (place !== undefined) reveal(place);
  };
  useEffect(() => {
    places.current = [];
    find.at.value = 0;
    find.count.value = -1;
    if (!pattern || subject === undefined) return undefined;
    return steps.run(search(pattern), (found) => {
      places.current = found;
      find.count.value = found.length;
      show();
    });
  }, [find, pattern, subject]);
  useEffect(show, [find, at]);
}

interface Level {
  readonly value: object;
  readonly keys: readonly PathPart[] | undefined;
  next: number;
}

/** Paths of values whose key or text is found, in the order in which a tree shows them. */
export function* findInValue(value: unknown, pattern: RegExp): Generator<undefined, readonly (readonly PathPart[])[]> {
  const found: (readonly PathPart[])[] = [];
  const isFound = (text: string) => text.search(pattern) >= 0;
  if (!isObject(value)) return isFound(textOf(value)) ? [[]] : [];
  const path: PathPart[] = [];
  const levels: Level[] = [levelOf(value)];
  for (let visited = 1; levels.length > 0; visited++) {
    if (visited % 4096 === 0) yield;
    const level = levels.at(-1) as Level;
    const size = level.keys ? level.keys.length : (level.value as readonly unknown[]).length;
    if (level.next >= size) {
      levels.pop();
      path.pop();
      continue;
    }
    const key = level.keys ? (level.keys[level.next] as PathPart) : level.next;
    level.next++;
    const inner = (level.value as Readonly<Record<PathPart, unknown>>)[key];
    const isInside = isObject(inner);
    if ((typeof key === 'string' && isFound(key)) || (!isInside && isFound(textOf(inner)))) {
      found.push([...path, key]);
      if (found.length >= MOST_FOUND) return found;
    }
    if (isInside) {
      path.push(key);
      levels.push(levelOf(inner));
    }
  }
  return found;
}

const levelOf = (value: object): Level => ({
  value,
  keys: Array.isArray(value) ? undefined : Object.keys(value),
  next: 0,
});

const textOf = (value: unknown) => (value instanceof ExactNumber ? value.source : String(value));
