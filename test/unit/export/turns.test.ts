import { expect, test } from 'vitest';
import { FORMATS } from '#core/export/formats.ts';
import type { MessageRecord } from '#core/record.ts';
import { call } from '../recording/records.ts';
import { inputOf } from './input.ts';

const CALL = call(1);
const STREAM: readonly MessageRecord[] = [
  CALL,
  ...Array.from({ length: 1_000 }, (_, n): MessageRecord => {
    const { outcome: _outcome, ...rest } = call(n + 2, { kind: 'channel-message', of: 1, index: n });
    return rest;
  }),
];

test.each(FORMATS.map((format) => [format.id, format] as const))(
  'whoever writes %s lets others have their turn, whatever the messages are',
  (_id, format) => {
    let read = 0;
    let hidden = 0;
    const records = function* () {
      for (const record of STREAM) {
        read++;
        yield record;
      }
    };
    const shown = (record: MessageRecord) => {
      hidden++;
      return record;
    };
    let last = 0;
    let most = 0;
    for (const _piece of format.write(inputOf([], { records, plain: records, shown }))) {
      most = Math.max(most, read - last);
      last = read;
    }
    expect(most).toBeLessThanOrEqual(2);
    // Secrets are looked for once in what is written, and in a report not in what is only counted.
    expect(hidden).toBeLessThanOrEqual(format.id === 'markdown' ? 210 : STREAM.length);
  },
);
