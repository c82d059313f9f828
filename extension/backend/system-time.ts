/**
 * A clock that all processes of a machine share: since the system started, in ms. `performance.now()` begins with each
 * process, and the time of day may be set while a call runs.
 */
export function systemTime(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
