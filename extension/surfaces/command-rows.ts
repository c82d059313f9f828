/** The rows of the tree of called commands, made of their numbers. Knows nothing of VS Code. */
import { textTerm } from '#core/filter/edit.ts';
import type { CommandStatistics } from '#core/statistics.ts';
import { callsText, durationText, failureTexts } from '#core/statistics-text.ts';

export interface AppRow {
  readonly kind: 'app';
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly commands: readonly CommandRow[];
}

export interface CommandRow {
  readonly kind: 'command';
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly spoken: string;
  /** a codicon, and a theme colour for it */
  readonly icon: string;
  readonly color?: string;
  /** what the inspector is filtered by when somebody wants to see these calls */
  readonly filter: string;
}

/** Sums over all commands, for an app and for the badge. */
export interface Totals {
  readonly calls: number;
  readonly errors: number;
  readonly denied: number;
}

export function totalsOf(commands: readonly CommandStatistics[]): Totals {
  return commands.reduce(
    (sum, { count, errors, denied }) => ({
      calls: sum.calls + count,
      errors: sum.errors + errors,
      denied: sum.denied + denied,
    }),
    { calls: 0, errors: 0, denied: 0 },
  );
}

/** A row for each app, what failed most below it first, then what was called most. */
export function commandRows(commands: readonly CommandStatistics[]): AppRow[] {
  const apps = Map.groupBy(commands, ({ app }) => app);
  return [...apps]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([app, called]) => ({
      kind: 'app',
      id: app,
      label: app,
      description: sentence(totalsOf(called)),
      commands: called.toSorted(byWeight).map(commandRow),
    }));
}

const byWeight = (one: CommandStatistics, other: CommandStatistics) =>
  other.errors + other.denied - (one.errors + one.denied) ||
  other.count - one.count ||
  one.command.localeCompare(other.command);

function commandRow(numbers: CommandStatistics): CommandRow {
  const { app, command, count, errors, denied, pending, p50, p95, p99, max } = numbers;
  const description = [
    sentence({ calls: count, errors, denied }),
    ...(p95 === undefined ? [] : [`p95 ${durationText(p95)}`]),
  ].join(' · ');
  const durations = [
    ['p50', p50],
    ['p95', p95],
    ['p99', p99],
    ['max', max],
  ] as const;
  const known = durations.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${durationText(value)}`]));
  return {
    kind: 'command',
    id: `${app} ${command}`,
    label: command,
    description,
    tooltip: [command, description, ...(pending > 0 ? [`${pending} without an answer`] : []), known.join(' · ')]
      .filter(Boolean)
      .join('\n'),
    spoken: `${command}, ${description.replaceAll(' · ', ', ')}`,
    filter: textTerm('cmd', command),
    ...(denied > 0
      ? { icon: 'circle-slash', color: 'list.warningForeground' }
      : errors > 0
        ? { icon: 'error', color: 'list.errorForeground' }
        : { icon: 'symbol-method' }),
  };
}

const sentence = ({ calls, errors, denied }: Totals) =>
  [callsText(calls), ...failureTexts({ errors, denied })].join(' · ');
