/**
 * The milliseconds of processor time that `run` takes in this process. Those of a clock say as much of the machine: beside
 * other work they are many times as many.
 */
export function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
