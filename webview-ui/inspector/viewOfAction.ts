/** What is done with messages is done where they are seen. */
import type { ListAction } from '#core/inspector-messages.ts';
import type { View } from './time/time-views.ts';

/** What only the list can show. */
const OF_LIST: ReadonlySet<ListAction> = new Set([
  'note',
  'chooseColumns',
  'groupBy',
  'foldRepeated',
  'collapseAll',
  'expandAll',
  'showChain',
]);

/** What leads to a message: the statistics have none. */
const LEADING: ReadonlySet<ListAction> = new Set(['nextFailure', 'previousFailure', 'nextSame', 'previousSame']);

/** The view in which an action is seen; the one that is shown, where that is one. */
export function viewOfAction(action: ListAction, shown: View): View {
  return OF_LIST.has(action) || (shown === 'statistics' && LEADING.has(action)) ? 'list' : shown;
}
