import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFilter } from '#core/filter/parse.ts';
import { printFilter } from '#core/filter/print.ts';
import { compileBits, compileFilter } from '#core/filter/record-test.ts';
import { rowOf } from '../../../extension/inspector/rows.ts';
import { compileColumns, hostTerms } from '../../../webview-ui/inspector/filterTest.ts';
import { ColumnStore } from '../../../webview-ui/inspector/store.ts';
import { Kept, session } from './records.ts';
import { filterTree } from './trees.ts';

test("the columns with the host's answers find what a test of whole records finds", () => {
  let fitting = 0;
  fc.assert(
    fc.property(session, filterTree, (records, filter) => {
      const source = new Kept(records);
      const fits = compileFilter(filter, { source });
      const expected = records.filter(fits).map(({ id }) => id);

      const { terms, where } = hostTerms(filter);
      const bitsOf = compileBits(
        terms.map((term) => readFilter(term)).filter((term) => term !== undefined),
        readFilter(where),
        { source },
      );
      const store = new ColumnStore();
      store.append(records.map(rowOf));
      for (const record of records) store.setHits(record.id, bitsOf(record));
      const test = compileColumns(filter, { store, asked: terms, now: () => source.sessionTime });
      const found: number[] = [];
      store.scan(store.start, store.end, test ?? (() => true), (slot) => found.push(store.row(slot)?.id ?? 0));
      expect(found, printFilter(filter)).toEqual(expected);
      if (expected.length > 0 && expected.length < records.length) fitting++;
    }),
    { numRuns: 1000 },
  );
  // Of filters that find all or nothing nobody learns much.
  expect(fitting).toBeGreaterThan(100);
});
