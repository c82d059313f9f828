/**
 * Where the list stands while lines come and go: at the end as long as somebody left it there, otherwise at the same
 * message. Settled before drawing, so that one frame draws once.
 */
import { useRef } from 'preact/hooks';
import type { Inspector } from './inspector.ts';
import type { Viewport } from './viewport.ts';

interface Following {
  /** how many rows there had ever been when the end was last in sight, or the list was shown */
  seen: number;
  /** of the view: how many had gone at the front, and which filter and order it had */
  removed: number;
  version: number;
  reveal: unknown;
  cursor: unknown;
  /** the row that was at the top, and its line */
  top: { readonly slot: number; readonly index: number } | undefined;
}

/** Gives how many rows came since the end was last in sight, or the list was shown. */
export function useFollowing(inspector: Inspector, viewport: Viewport, isFollowed: { current: boolean }): number {
  const { view, list } = inspector;
  const { listing } = list;
  const version = inspector.viewVersion.value;
  const reveal = inspector.reveal.value;
  const cursor = list.cursor.value;
  const total = view.length + view.removed;
  const state = useRef<Following>({
    // Rows of before the list was shown are not new, wherever it stands.
    seen: total,
    removed: 0,
    version,
    reveal: undefined,
    cursor: undefined,
    top: undefined,
  }).current;

  if (state.version !== version) {
    state.version = version;
    state.seen = total;
    if (!listing.isByArrival) isFollowed.current = false;
    viewport.count = listing.length;
  } else if (!isFollowed.current && listing.isPlain && listing.isByArrival) {
    viewport.shift(view.removed - state.removed);
    viewport.count = listing.length;
  } else {
    viewport.count = listing.length;
    // At the very top the first line is what one wants to see, whatever comes.
    const index = state.top && viewport.top > 0 && !isFollowed.current ? listing.indexOf(state.top.slot) : -1;
    if (state.top && index >= 0) viewport.shift(state.top.index - index);
  }
  state.removed = view.removed;
  if (cursor !== state.cursor) {
    state.cursor = cursor;
    show(cursor ? listing.indexOfGroup(cursor.key) : -1);
  }
  if (reveal !== state.reveal) {
    state.reveal = reveal;
    show(reveal ? list.indexOf(reveal.id) : -1);
  }
  if (isFollowed.current && listing.isByArrival) viewport.toEnd();
  if (viewport.isAtEnd || !listing.isByArrival) state.seen = total;
  state.top = topRow();
  return total - state.seen;

  function show(index: number): void {
    if (index < 0) return;
    viewport.reveal(index);
    isFollowed.current = viewport.isAtEnd && listing.isByArrival;
  }

  function topRow(): Following['top'] {
    if (listing.isPlain && listing.isByArrival) return undefined;
    const first = Math.floor(viewport.top / viewport.rowHeight);
    // A group's line has no row: the next one stands for it.
    for (let index = first; index < first + 3; index++) {
      const slot = listing.slotAt(index);
      if (slot >= 0) return { slot, index };
    }
    return undefined;
  }
}
