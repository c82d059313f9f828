import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEdits } from '#core/acl/edit.ts';
import { answerOf, type RuleAnswer } from '#core/rules.ts';
import { NO_RULES, parseRules, setRule } from '#core/rules-file.ts';

const FILE = 'rules.json';
const read = (text: string) => parseRules(FILE, text);
const told = (text: string) =>
  read(text).findings.map(({ message, place }) => `${place.line}:${place.column} ${message}`);
const withRule = (rule: string) => `{\n  "version": 1,\n  "rules": [\n    ${rule}\n  ]\n}\n`;

test('rules are read in their order, with comments in between', () => {
  const { rules, findings } = read(`{
    // mocks
    "version": 1,
    "rules": [
      { "command": "save_note", "answer": { "ok": { "id": 1 } } },
      { "command": "plugin:fs|read_file", "answer": { "bytes": "AAEC" } },
      { "command": "greet", "answer": { "error": null } },
    ],
  }`);
  expect(findings).toEqual([]);
  expect(rules?.map(({ command }) => command)).toEqual(['save_note', 'plugin:fs|read_file', 'greet']);
});

test('an answer is a result, an error, or bytes', () => {
  expect(answerOf({ ok: { id: 1 } })).toEqual({ ok: true, result: { kind: 'json', json: '{"id":1}' } });
  expect(answerOf({ ok: null })).toEqual({ ok: true, result: { kind: 'json', json: 'null' } });
  expect(answerOf({ error: 'no room' })).toEqual({ ok: false, json: '"no room"' });
  expect(answerOf({ bytes: 'AAH/' })).toEqual({
    ok: true,
    result: { kind: 'raw', bytes: new Uint8Array([0, 1, 255]) },
  });
});

test('what is wrong is told with its place, and the other rules are followed', () => {
  const text = `{
  "version": 1,
  "rules": [
    { "command": "a", "answer": { "okay": 1 } },
    { "command": "b", "answer": { "ok": 1, "error": 2 } },
    { "command": "c", "answer": { "bytes": "no base64!" } },
    { "command": "d", "answer": { "ok": 1 }, "delay": 100 },
    { "command": 5, "answer": { "ok": 1 } },
    7,
    { "command": "e", "answer": { "ok": 1 } }
  ]
}`;
  expect(told(text)).toEqual([
    '4:43 an answer is an object with one of "ok", "error" and "bytes"',
    '5:33 an answer is an object with one of "ok", "error" and "bytes"',
    '6:44 bytes are written as base64',
    '7:46 "delay" is not known to this version of IPC Workbench, so the rule is not followed',
    '8:18 "command" must be the name of a command, such as "save_note" or "plugin:fs|read_file"',
    '9:5 a rule must be an object',
  ]);
  expect(read(text).rules?.map(({ command }) => command)).toEqual(['e']);
});

test.each([
  ['{ "version": 2, "rules": [] }', '1:14 the version must be 1: a file of another one is not followed'],
  ['{ "version": 1 }', '1:1 "rules" must be a list of rules'],
  ['[]', '1:1 the file must be an object with "version" and "rules"'],
  ['{ "version": 1, "rules": [], "extra": 1 }', '1:30 "extra" is not known to this version of IPC Workbench'],
  ['{ "version": 1, "rules": [', '1:27 failed to parse JSON: close bracket expected'],
])('a file that cannot be followed says why: %s', (text, message) => {
  expect(told(text)[0]).toBe(message);
  expect(read(text).rules).toBeUndefined();
});

const set = (text: string, command: string, answer: RuleAnswer) => {
  const { edits, value } = setRule(FILE, text, command, answer);
  const after = applyEdits(text, edits);
  return { after, value: after.slice(value.start, value.end) };
};

test('a rule begins a file', () => {
  const { after, value } = set('', 'save_note', { ok: { id: 1 } });
  expect(after).toBe(withRule('{\n      "command": "save_note",\n      "answer": { "ok": {"id":1} }\n    }'));
  expect(value).toBe('{"id":1}');
  expect(set(NO_RULES, 'save_note', { ok: { id: 1 } }).after).toBe(after);
});

test('a rule gets another answer, and comments and the other rules stay', () => {
  const before = withRule(
    '{ "command": "a", "answer": { "ok": 1 } }, // first\n    { "command": "b", "answer": { "ok": 2 } }',
  );
  const { after, value } = set(before, 'a', { error: 'no' });
  expect(after).toBe(before.replace('{ "ok": 1 }', '{ "error": "no" }'));
  expect(value).toBe('"no"');
});

test('a text that holds no list of rules is left alone', () => {
  expect(() => setRule(FILE, '{}', 'a', { ok: 1 })).toThrow('it has no list "rules"');
  expect(() => setRule(FILE, '{', 'a', { ok: 1 })).toThrow('failed to parse JSON');
});

test('whatever is set is read again', () => {
  const answers = fc.oneof(
    fc.jsonValue().map((ok) => ({ ok })),
    fc.jsonValue().map((error) => ({ error })),
  );
  const rules = fc.array(fc.tuple(fc.string({ minLength: 1 }), answers), { maxLength: 8 });
  fc.assert(
    fc.property(rules, (list) => {
      const expected = new Map<string, RuleAnswer>();
      let text = '';
      for (const [command, answer] of list) {
        expected.set(command, JSON.parse(JSON.stringify(answer)) as RuleAnswer);
        text = set(text, command, answer).after;
      }
      if (text === '') return;
      const { rules, findings } = read(text);
      expect(findings).toEqual([]);
      expect(new Map(rules?.map(({ command, answer }) => [command, answer]))).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});
