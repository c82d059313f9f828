// A reporter of node:test that writes one line for each test that failed, for the end of `npm test`.
import { basename } from 'node:path';

export default async function* failures(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:fail' || data.todo !== undefined || data.skip !== undefined) continue;
    // A suite fails with its tests; it is named where it failed by itself.
    if (data.details.error?.failureType === 'subtestsFailed') continue;
    yield `${basename(data.file ?? '')} > ${data.name}\n`;
  }
}
