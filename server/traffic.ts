/** What the inspector has seen of the calls of a command. */
import type { LiveStatistics } from '#core/language-messages.ts';
import { callsText, durationText, failureTexts } from '#core/statistics-text.ts';
import type { Context } from './context.ts';
import type { ProjectIndex } from './index/project-index.ts';

export interface CommandTraffic {
  readonly count: number;
  readonly errors: number;
  readonly denied: number;
  /** in ms; undefined where no call has been answered. Of several apps the slowest. */
  readonly p95: number | undefined;
}

/** Undefined where no call of the command is recorded. */
export function trafficOf(
  { workspace, statistics }: Pick<Context, 'workspace' | 'statistics'>,
  project: ProjectIndex,
  command: string,
): CommandTraffic | undefined {
  const seen = statistics.filter((each) => each.command === command && isOf(each, project, workspace.projects));
  if (seen.length === 0) return undefined;
  const durations = seen.flatMap(({ p95 }) => p95 ?? []);
  return {
    count: sum(seen.map(({ count }) => count)),
    errors: sum(seen.map(({ errors }) => errors)),
    denied: sum(seen.map(({ denied }) => denied)),
    p95: durations.length > 0 ? Math.max(...durations) : undefined,
  };
}

/** "1,204 calls · p95 3.2 ms · 2 errors" */
export function trafficText({ count, p95, errors, denied }: CommandTraffic): string {
  const duration = p95 === undefined ? [] : [`p95 ${durationText(p95)}`];
  return [callsText(count), ...duration, ...failureTexts({ errors, denied })].join(' · ');
}

/** Whether an app is that of a project. Apps that other extensions host have names of their own. */
function isOf({ app }: LiveStatistics[number], project: ProjectIndex, all: readonly ProjectIndex[]): boolean {
  if (project.folder.configFile !== undefined) return isNamed(app, project);
  return !all.some((other) => other.folder.configFile !== undefined && isNamed(app, other));
}

/** Of two apps with one name the later has its folder's behind it. */
const isNamed = (app: string, { folder }: ProjectIndex) => app === folder.name || app.startsWith(`${folder.name} (`);

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
