/** Numbers as the list shows them: short, aligned by their digits, the same in every locale. */

export function formatTime(milliseconds: number): string {
  return `+${(milliseconds / 1000).toFixed(3)}`;
}

/** Between two messages: what came before is negative. */
export function formatOffset(milliseconds: number): string {
  const sign = milliseconds < 0 ? '−' : '+';
  return `${sign}${(Math.abs(milliseconds) / 1000).toFixed(3)}`;
}

/** The time of day, by the reader's clock. */
export function formatClock(sinceEpoch: number): string {
  const date = new Date(sinceEpoch);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

export function formatDuration(milliseconds: number): string {
  if (milliseconds < 100) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 10_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 600_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.round(milliseconds / 60_000)} min`;
}

/** The age of a call that waits: whole seconds are enough, and do not flicker. */
export function formatAge(age: number): string {
  const seconds = Math.max(0, age);
  if (seconds < 100) return `${seconds} s…`;
  if (seconds < 6000) return `${Math.floor(seconds / 60)} min…`;
  return `${Math.floor(seconds / 3600)} h…`;
}

export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

// `toLocaleString` makes a format for each call: 40 µs in Chromium 138.
const counts = new Intl.NumberFormat('en-US');

export function formatCount(count: number): string {
  return counts.format(count);
}

/** `1 error`, `2 errors` */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `plugin:fs|read_file` → `['plugin:fs|', 'read_file']`; other names have no first part. */
export function splitName(name: string): readonly [plugin: string, command: string] {
  const bar = name.startsWith('plugin:') ? name.indexOf('|') : -1;
  return [name.slice(0, bar + 1), name.slice(bar + 1)];
}
