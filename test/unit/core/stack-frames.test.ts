import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStack, UNNAMED_SCRIPT } from '#core/stack-frames.ts';

const frame = (name: string, url: string, line: number, column: number, isAsync = false) => ({
  name,
  url,
  line,
  column,
  isAsync,
});

test('what V8 writes is read, without the bridge and what is no script', () => {
  const text = `Error
    at Object.invoke (ipc-workbench:bridge:1:2000)
    at invoke (http://127.0.0.1:4000/node_modules/.vite/deps/core.js?v=1:20:36)
    at new Promise (<anonymous>)
    at Array.map (native)
    at Object.save [as onClick] (http://127.0.0.1:4000/src/main.ts:12:5)
    at async load (http://127.0.0.1:4000/src/(app)/page.ts:1:1)
    at http://127.0.0.1:4000/:7:9
    at eval (eval at run (http://127.0.0.1:4000/a.js:1:1), <anonymous>:3:4)`;
  expect(parseStack(text)).toEqual([
    frame('invoke', 'http://127.0.0.1:4000/node_modules/.vite/deps/core.js?v=1', 20, 36),
    frame('Object.save [as onClick]', 'http://127.0.0.1:4000/src/main.ts', 12, 5),
    frame('load', 'http://127.0.0.1:4000/src/(app)/page.ts', 1, 1, true),
    frame('', 'http://127.0.0.1:4000/', 7, 9),
  ]);
});

test('scripts without an address are those of a page that was written into a document', () => {
  const text = `Error
    at new Promise (<anonymous>)
    at a (<anonymous>:2:25)
    at async go (<anonymous>:3:32)
    at <anonymous>:9:1
    at eval (eval at go (<anonymous>:3:4), <anonymous>:1:1)`;
  expect(parseStack(text)).toEqual([
    frame('a', UNNAMED_SCRIPT, 2, 25),
    frame('go', UNNAMED_SCRIPT, 3, 32, true),
    frame('', UNNAMED_SCRIPT, 9, 1),
  ]);
});

test('so is what Firefox and WebKit write', () => {
  const text = `invoke@http://a/core.js:20:36
async*load@http://a/main.js:3:4
@http://a/main.js:9:1
global code@http://a/@id/x.js:5:2
[native code]`;
  expect(parseStack(text)).toEqual([
    frame('invoke', 'http://a/core.js', 20, 36),
    frame('load', 'http://a/main.js', 3, 4, true),
    frame('', 'http://a/main.js', 9, 1),
    frame('global code', 'http://a/@id/x.js', 5, 2),
  ]);
});

test('whatever a page says, it is read in no time and gives places only', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom('at (', 'at async ', '@:1:1', 'at :0:0', `at ${'('.repeat(3000)}`, 'at a (b:1:99999999999)'),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      for (const { url, line, column } of parseStack(lines.join('\n'))) {
        expect(url).not.toBe('');
        expect(Number.isInteger(line) && Number.isInteger(column)).toBe(true);
      }
    }),
  );
});
