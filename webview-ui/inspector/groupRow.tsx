import type { Grouping } from './grouping.ts';
import type { Group } from './grouping.ts';
import { formatCount, formatDuration, plural } from './format.ts';
import { Icon } from './icon.tsx';
import type { Inspector } from './inspector.ts';
import { KIND_WORDS } from './vocabulary.ts';

interface GroupRowProps {
  readonly inspector: Inspector;
  readonly group: Group;
  readonly place: number;
  readonly columnCount: number;
  readonly isActive: boolean;
}

/** The line above the rows of a group: what they have in common, how many they are, and how they went. */
export function GroupRow({ inspector, group, place, columnCount, isActive }: GroupRowProps) {
  const { list, store } = inspector;
  const sample = store.row(group.sample);
  const percentile = list.listing.percentile(group);
  const { grouping } = list.arrangement;
  return (
    <div
      class={`row group ${isActive ? 'active' : ''}`}
      role="row"
      id={`group-${group.key}`}
      data-group={group.key}
      aria-rowindex={place + 2}
      aria-expanded={group.isOpen}
      aria-level={1}
      aria-selected={false}
    >
      <div class="cell" role="gridcell" aria-colindex={1} aria-colspan={columnCount}>
        <Icon name={group.isOpen ? 'chevron-down' : 'chevron-right'} class="twistie" />
        {sample && <span class="group-name">{titleOf(grouping, group, sample)}</span>}
        <span class="group-fact">{plural(group.count, 'message')}</span>
        {group.failures > 0 && (
          <span class="group-fact failed">
            <Icon name="error" />
            {formatCount(group.failures)} failed
          </span>
        )}
        {!Number.isNaN(percentile) && (
          <span class="group-fact" title="95 % of the calls took no longer">
            p95 {formatDuration(percentile)}
          </span>
        )}
      </div>
    </div>
  );
}

type Sample = NonNullable<ReturnType<Inspector['find']>>;

function titleOf(grouping: Grouping, group: Group, sample: Sample) {
  if (grouping === 'window') {
    return (
      <>
        <Icon name="window" class="kind" />
        {sample.window === '' ? 'host' : sample.window}
        {sample.app !== '' && <span class="faint"> {sample.app}</span>}
      </>
    );
  }
  const kind = KIND_WORDS[sample.kind];
  return (
    <>
      <Icon name={kind.icon} class="kind" />
      {grouping === 'chain' && <span class="faint">#{group.key} </span>}
      <span class="for-readers">{kind.text}: </span>
      {sample.name}
    </>
  );
}
