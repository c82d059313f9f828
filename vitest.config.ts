import { defineConfig } from 'vitest/config';

const project = (name: string) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    // Every file of a project shares one worker: the suite takes seconds instead of half a minute.
    isolate: false,
    pool: 'forks' as const,
    // For a machine that does much else: nothing in a test waits longer than it must.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    execArgv: ['--expose-gc'],
  },
});

export default defineConfig({ test: { projects: [project('unit'), project('conformance')] } });
