import * as fc from 'fast-check';
import mermaid from 'mermaid';
import { expect, test } from 'vitest';
import { call, sessions } from '../recording/records.ts';
import { exported, inputOf, SESSION } from './input.ts';

const ARROW = /^ {2}\w+(?:->>|-x|-\))\w+: /;
/** What a spreadsheet may take for a formula, or for the beginning of one behind what it leaves out. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/;
const arrows = (text: string) => text.split('\n').filter((line) => ARROW.test(line));

test('check 71: the Mermaid diagram parses, with one arrow for each message', async () => {
  const text = exported('mermaid', inputOf(SESSION));
  expect(await mermaid.parse(text)).toMatchObject({ diagramType: 'sequence' });
  expect(arrows(text)).toHaveLength(SESSION.length);
});

test('check 71: words of a page are no commands of Mermaid', async () => {
  await fc.assert(
    fc.asyncProperty(sessions, async (records) => {
      const text = exported('mermaid', inputOf(records));
      if (records.length > 0) expect(await mermaid.parse(text)).toMatchObject({ diagramType: 'sequence' });
      expect(arrows(text)).toHaveLength(records.length);
    }),
    { numRuns: 40 },
  );
  const hostile = ['end', 'x;y', 'a\nw1->>host: b', '%%{init: {}}%%', '#quot;', '<script>', 'note over w1: x', 'loop'];
  const text = exported('mermaid', inputOf(hostile.map((name, at) => call(at + 1, { name, window: name }))));
  expect(await mermaid.parse(text)).toMatchObject({ diagramType: 'sequence' });
  expect(arrows(text)).toHaveLength(hostile.length);
});

test('a CSV has a line for each message and a cell for each column, whatever is in them', () => {
  fc.assert(
    fc.property(sessions, (records) => {
      const rows = parseCsv(exported('csv', inputOf(records)));
      expect(rows).toHaveLength(records.length + 1);
      const [head = [], ...lines] = rows;
      for (const line of lines) expect(line).toHaveLength(head.length);
      const [name, number] = [head.indexOf('name'), head.indexOf('number')];
      expect(lines.map((line) => line[number])).toEqual(records.map(({ id }) => String(id)));
      for (const [at, line] of lines.entries()) {
        expect(line[name]).not.toMatch(FORMULA);
        const { name: whole = '' } = records[at] ?? {};
        expect(line[name]).toBe(FORMULA.test(whole) ? `'${whole}` : whole);
      }
    }),
  );
});

test.each(['=1+1', ' =1+1', '\n=1+1', '\u00a0@SUM(1)', '＝1+1', '\tx', '-1'])('no cell is a formula: %j', (name) => {
  const [, row = []] = parseCsv(exported('csv', inputOf([call(1, { name })])));
  expect(row).toContain(`'${name}`);
});

test('a report mentions nobody and links nowhere, whatever a window is called', () => {
  const text = exported(
    'markdown',
    inputOf([call(1, { window: 'www.example.com @octocat https://a.b <img src=x> [x](y)', status: 'ok' })]),
  );
  expect(text).toContain('www&#46;example.com @<!-- -->octocat https&#58;//a.b \\<img src=x\\> \\[x\\]\\(y\\)');
});

test('a report names what failed, in full, and fences hold whatever is in them', () => {
  const text = exported(
    'markdown',
    inputOf([...SESSION, call(11, { comment: 'look', body: { kind: 'text', json: '"````\\n# x"' } })]),
  );
  expect(text).toContain('11 messages, 1 unheard, 1 denied');
  expect(text).toContain('### #7 ``` a\\|b#;` ```: denied'.replaceAll('```', '``'));
  expect(text).toContain('`````json\n"````\\n# x"\n`````');
  expect(text).toContain('```mermaid\nsequenceDiagram');
  expect(text).not.toContain('</');
});

/** By RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
