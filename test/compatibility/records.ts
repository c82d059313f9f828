/** What the inspector recorded of a run, read from the file that the probe writes. */
import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';

const Line = z.object({
  id: z.int(),
  kind: z.string(),
  name: z.string(),
  status: z.string(),
  window: z.string(),
  note: z.string().optional(),
  outcome: z.string(),
});
export type Line = z.infer<typeof Line>;

/** The records in their order, each as it was last. */
export function readRecords(file: string): readonly Line[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  lines.pop(); // what stands behind the last end of line is not written yet
  const records = new Map<number, Line>();
  for (const line of lines) {
    const record = Line.parse(JSON.parse(line));
    records.set(record.id, record);
  }
  return [...records.values()];
}

/** How the calls of one app ended. */
export interface Counts {
  readonly calls: number;
  readonly ok: number;
  /** of commands that nobody handles yet */
  readonly unhandled: number;
  readonly denied: number;
  /** what a panel cannot do, each with its sentence */
  readonly refused: number;
  readonly failed: number;
  /** calls whose page went, or that still wait */
  readonly open: number;
  readonly events: number;
  /** messages that could not be read or delivered */
  readonly problems: number;
}

/** Commands by how they ended, the most frequent first, for whoever wants to know what is missing. */
export interface Endings {
  readonly counts: Counts;
  readonly unhandled: readonly string[];
  readonly denied: readonly string[];
  readonly refused: readonly string[];
  readonly failed: readonly string[];
}

export function endingsOf(records: readonly Line[]): Endings {
  const calls = records.filter(({ kind }) => kind === 'invoke');
  const are = (...all: readonly string[]) => calls.filter(({ status }) => all.includes(status));
  const [ok, unhandled, denied, errors] = [are('ok'), are('unhandled'), are('denied'), are('error')];
  const isRefusal = ({ outcome }: Line) => outcome.includes('is not supported in a VS Code panel');
  const refused = errors.filter(isRefusal);
  const failed = errors.filter((record) => !isRefusal(record));
  return {
    counts: {
      calls: calls.length,
      ok: ok.length,
      unhandled: unhandled.length,
      denied: denied.length,
      refused: refused.length,
      failed: failed.length,
      open: calls.length - ok.length - unhandled.length - denied.length - errors.length,
      events: records.filter(({ kind }) => kind === 'event').length,
      problems: records.filter(({ kind, status }) => kind === 'problem' && status !== 'ok').length,
    },
    unhandled: byFrequency(unhandled.map(({ name }) => name)),
    denied: byFrequency(denied.map(({ name }) => name)),
    refused: byFrequency(refused.map(({ name }) => name)),
    failed: byFrequency(failed.map(({ name, outcome }) => `${name}: ${outcome}`)),
  };
}

function byFrequency(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  return sorted.map(([name, count]) => (count > 1 ? `${name} (${count})` : name));
}
