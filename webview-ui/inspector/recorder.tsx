/** What the recorder has lost and what it had to put into its file, at the foot of the list. */
import { signal } from '@preact/signals';
import type { RecordStatistics } from '#core/record-source.ts';
import { formatCount, formatSize } from './format.ts';
import { Icon } from './icon.tsx';

export class Recorder {
  readonly statistics = signal<RecordStatistics | undefined>(undefined);

  receive(statistics: RecordStatistics): void {
    this.statistics.value = statistics;
  }
}

/** @param lost as the rows that went have it, which may be newer */
export function RecorderFacts({ recorder, lost, kept }: { recorder: Recorder; lost: number; kept: number }) {
  const { bodiesDropped = 0, spilledBytes = 0 } = recorder.statistics.value ?? {};
  if (lost + bodiesDropped + spilledBytes === 0) return null;
  return (
    <span class="lost" title={TITLE}>
      {lost + bodiesDropped > 0 && <Icon name="warning" />}
      {[
        `${formatCount(kept)} kept`,
        lost > 0 && `${formatCount(lost)} lost`,
        bodiesDropped > 0 && `${formatCount(bodiesDropped)} without content`,
        spilledBytes > 0 && `${formatSize(spilledBytes)} spilled`,
      ]
        .filter(Boolean)
        .join(', ')}
    </span>
  );
}

const TITLE =
  'The oldest messages go when the limit of the recorder is reached; numbers go on. What memory has no room for is in a file, and is read when you look at it.';
