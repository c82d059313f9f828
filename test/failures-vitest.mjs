// A reporter of vitest that writes one line for each test that failed, for the end of `npm test`.
import { writeFileSync } from 'node:fs';

export default class Failures {
  onTestRunEnd(modules, unhandled) {
    const lines = [];
    for (const module of modules) {
      for (const error of module.errors()) lines.push(`${module.moduleId}: ${first(error)}`);
      for (const suite of module.children.allSuites())
        for (const error of suite.errors()) lines.push(`${module.moduleId} > ${suite.fullName}: ${first(error)}`);
      for (const test of module.children.allTests('failed')) lines.push(`${module.moduleId} > ${test.fullName}`);
    }
    for (const error of unhandled) lines.push(`outside of a test: ${first(error)}`);
    writeFileSync(process.env.TEST_FAILURES, lines.map((line) => `${line.replaceAll('\n', ' ')}\n`).join(''));
  }
}

const first = ({ message }) => String(message).split('\n')[0];
