/** The keys of the list itself: moving, selecting, opening. What else there is are commands of VS Code. */
import type { Inspector } from './inspector.ts';
import type { Viewport } from './viewport.ts';

interface Leaving {
  /** Enter: on to the details */
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

/** Does what a key means; false where it means nothing. */
export function pressInList(event: KeyboardEvent, inspector: Inspector, viewport: Viewport, leaving: Leaving): boolean {
  const { list } = inspector;
  if (event.altKey) return false;
  if (event.ctrlKey || event.metaKey) {
    if (event.key !== 'a' || event.shiftKey) return false;
    list.pickAll();
    return true;
  }
  const index = list.currentIndex;
  const last = list.listing.length - 1;
  const moveTo = (to: number) => list.moveTo(to, event.shiftKey);
  const steps: Readonly<Record<string, () => void>> = {
    ArrowDown: () => moveTo(index < 0 ? viewport.span(0).first : index + 1),
    ArrowUp: () => moveTo(index < 0 ? last : index - 1),
    PageDown: () => moveTo(Math.max(0, index) + viewport.page),
    PageUp: () => moveTo((index < 0 ? last : index) - viewport.page),
    Home: () => moveTo(0),
    End: () => moveTo(last),
    ArrowRight: () => list.openLine(),
    ArrowLeft: () => list.closeLine(),
    Enter: () =>
      index < 0 ? moveTo(last) : list.cursor.value ? list.toggleGroup(list.cursor.value.key) : leaving.onOpen(),
    Escape: leaving.onClose,
  };
  const step = steps[event.key];
  step?.();
  return step !== undefined;
}
