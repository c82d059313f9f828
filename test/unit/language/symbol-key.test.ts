import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type IpcSymbol, symbolKey } from '#server/symbols/symbol.ts';

const name = fc.oneof(fc.constantFrom('pattern x', 'x', ':x', '1:ax', 'glob:x'), fc.string({ maxLength: 4 }));
const kinds = ['command', 'event', 'event pattern', 'window', 'window glob', 'window pattern', 'permission'] as const;
const symbol: fc.Arbitrary<IpcSymbol> = fc.oneof(
  fc.record({ kind: fc.constantFrom(...kinds), name }),
  fc.record({ kind: fc.constant('argument' as const), name, command: name }),
);

test('two symbols have the same key exactly where they are the same', () => {
  expect(symbolKey({ kind: 'event', name: 'pattern x' })).not.toBe(symbolKey({ kind: 'event pattern', name: 'x' }));
  fc.assert(
    fc.property(symbol, symbol, (one, other) => {
      const parts = ({ kind, name, ...rest }: IpcSymbol) => JSON.stringify([kind, name, rest]);
      expect(symbolKey(one) === symbolKey(other)).toBe(parts(one) === parts(other));
    }),
    { numRuns: 5000 },
  );
});
