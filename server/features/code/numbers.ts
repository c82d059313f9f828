/** The numbers of a command's calls in words. */
import type { LiveStatistics } from '#core/language-messages.ts';
import type { CommandStatistics } from '#core/statistics.ts';
import type { ProjectIndex } from '../../index/project-index.ts';

/** What the inspector counted of a command; undefined where it was not called. */
export function numbersOf(
  statistics: LiveStatistics,
  { folder }: ProjectIndex,
  command: string,
): CommandStatistics | undefined {
  return statistics.find((each) => each.app === folder.name && each.command === command && each.count > 0);
}

/** "1,204 calls, p95 3.2 ms, 2 errors" */
export function numbersText({ count, p95, errors, denied, pending }: CommandStatistics): string {
  return [
    counted(count, 'call'),
    ...(p95 === undefined ? [] : [`p95 ${durationText(p95)}`]),
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(denied > 0 ? [`${numberText(denied)} denied`] : []),
    ...(pending > 0 ? [`${numberText(pending)} pending`] : []),
  ].join(', ');
}

const counted = (count: number, what: string) => `${numberText(count)} ${what}${count === 1 ? '' : 's'}`;

const numberText = (value: number) => value.toLocaleString('en-US');

const durationText = (ms: number) => (ms < 1_000 ? `${ms.toFixed(1)} ms` : `${(ms / 1_000).toFixed(1)} s`);
