import { defineConfig } from 'vitest/config';

const project = (name: string) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    // Every file of a project shares one worker: the suite takes seconds instead of half a minute.
    isolate: false,
    pool: 'forks' as const,
    testTimeout: 20_000,
    execArgv: ['--expose-gc'],
  },
});

export default defineConfig({ test: { projects: [project('unit'), project('conformance')] } });
