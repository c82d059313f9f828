import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FORMATS } from '#core/export/formats.ts';
import { DEFAULT_REDACTION, REDACTED, Redactor } from '#core/export/redact.ts';
import { bodyText, loadBody, type MessageRecord } from '#core/record.ts';
import { call } from '../recording/records.ts';
import { exported, inputOf } from './input.ts';

const redactor = new Redactor(DEFAULT_REDACTION);

const json = (value: unknown) =>
  JSON.parse(bodyText(redactor.body({ kind: 'text', json: JSON.stringify(value) }))) as unknown;
const bytes = (text: string) => {
  const body = loadBody(redactor.body({ kind: 'bytes', bytes: new TextEncoder().encode(text) }));
  return body.kind === 'bytes' ? new TextDecoder().decode(body.bytes) : body.kind;
};

const SECRET = 'hunter2';

/** A call with the secret in every place where it may be. */
const LEAKY = call(1, {
  body: {
    kind: 'json',
    value: {
      user: { Password: SECRET, name: 'A' },
      accessToken: [SECRET],
      inner: JSON.stringify({ clientSecret: SECRET, deeper: JSON.stringify({ token: SECRET }) }),
      headers: [['Authorization', `Bearer ${SECRET}`]],
      list: [{ name: 'x-token', value: SECRET }],
      url: `https://example.com/?a=1&token=${SECRET}#end`,
      data: [...new TextEncoder().encode(JSON.stringify({ password: SECRET }))],
    },
  },
  outcome: { kind: 'bytes', bytes: new TextEncoder().encode(JSON.stringify({ secret: SECRET })) },
  headers: [
    ['authorization', SECRET],
    ['x-data', JSON.stringify({ token: SECRET })],
  ],
  note: `refused: {"token":"x"} at https://a/?password=${SECRET}`,
  status: 'error',
});

describe('check 67: redaction', () => {
  test.each(FORMATS.map(({ id }) => id))('no secret is in an export as %s', (id) => {
    // OTLP has no contents, only the text of an error.
    const leaky: MessageRecord =
      id === 'otlp' ? { ...LEAKY, outcome: { kind: 'json', value: { token: SECRET } } } : LEAKY;
    const raw = exported(id, inputOf([leaky]));
    const safe = exported(id, inputOf([redactor.record(leaky)], { redacted: DEFAULT_REDACTION }));
    const visible = (text: string) =>
      text +
      Array.from(text.matchAll(/"([A-Za-z0-9+/]{16,}=*)"/g), ([, b64 = '']) =>
        Buffer.from(b64, 'base64').toString(),
      ).join();
    expect(visible(safe)).not.toContain(SECRET);
    expect(safe).not.toContain(JSON.stringify([...new TextEncoder().encode(SECRET)]).slice(1, -1));
    if (id !== 'mermaid') expect(visible(raw)).toContain(SECRET);
    if (id !== 'mermaid') expect(visible(safe)).toContain(REDACTED);
  });

  test('values of such keys go, the rest stays to the letter', () => {
    expect(json({ apiToken: 1, b: [{ PASSWORD: { deep: 1 } }], ok: 'x' })).toEqual({
      apiToken: REDACTED,
      b: [{ PASSWORD: REDACTED }],
      ok: 'x',
    });
    const text = '{ "n": 12345678901234567890, "x": 1.0 }';
    expect(bodyText(redactor.body({ kind: 'text', json: text }))).toBe(text);
    expect(bodyText(redactor.body({ kind: 'text', json: '{"n":12345678901234567890,"token":1.0}' }))).toBe(
      `{"n":12345678901234567890,"token":"${REDACTED}"}`,
    );
  });

  test('JSON inside of strings, forms and addresses are looked into', () => {
    expect(json('{"secret":1}')).toBe(`{"secret":"${REDACTED}"}`);
    expect(json({ text: 'token=abc&b=1' })).toEqual({ text: `token=${REDACTED}&b=1` });
    expect(bytes('user=a&password=b')).toBe(`user=a&password=${REDACTED}`);
    expect(bytes('{"password":"b"}')).toBe(`{"password":"${REDACTED}"}`);
    expect(bytes('no such thing')).toBe('no such thing');
    expect(bodyText(redactor.body({ kind: 'text', json: String.raw`{"\u0070assword":1}` }))).toBe(
      `{"password":"${REDACTED}"}`,
    );
  });

  test('what is nested too deep to look into goes as a whole', () => {
    const deep = `${'['.repeat(600)}{"token":1}${']'.repeat(600)}`;
    expect(bodyText(redactor.body({ kind: 'text', json: deep }))).not.toContain('token');
    const deeper = `${'['.repeat(200_000)}{"token":1}${']'.repeat(200_000)}`;
    expect(bodyText(redactor.body({ kind: 'text', json: deeper }))).not.toContain('token');
  });

  test('own patterns, and words that are no pattern', () => {
    const own = new Redactor(['^pin$', 'a(b']);
    const body = own.body({ kind: 'json', value: { pin: 1, spin: 2, 'xa(by': 3, token: 4 } });
    expect(JSON.parse(bodyText(body))).toEqual({ pin: REDACTED, spin: 2, 'xa(by': REDACTED, token: 4 });
  });

  test('no value of such a key survives, wherever it is', () => {
    const marker = 'S3CRET';
    const tree = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constant(1),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3 }),
        tie('tree').map((value) => ({ my_token: { value, marker } })),
        tie('tree').map((value) => JSON.stringify({ value, Secret: marker })),
      ),
    })).tree;
    fc.assert(fc.property(tree, (value) => !JSON.stringify(json(value)).includes(marker)));
  });

  test.each([
    ['name of a request', { name: `GET https://a/?token=${SECRET}` }],
    ['stack of the page', { pageStack: `at f (https://a/x.js?token=${SECRET}:1:2)` }],
    ['stack of the handler', { stack: `Error: bad {"password":"${SECRET}"}\n    at f` }],
    ['address with a fragment', { note: `https://a/cb#access_token=${SECRET}&x=1` }],
    ['address with a password', { note: `postgres://me:${SECRET}@db/x` }],
    ['address in an address', { note: `next=https://a/?token=${SECRET}` }],
    ['encoded key', { note: `https://a/?%74oken=${SECRET}` }],
    ['assignment with blanks', { note: `export API_TOKEN="a ${SECRET} b"` }],
    ['header in a text', { note: `GET / HTTP/1.1\r\nAuthorization: Basic ${SECRET}\r\nAccept: a` }],
    ['header in a command', { note: `curl -H "authorization: Basic ${SECRET}" https://a` }],
    ['bearer', { note: `sent Bearer ${SECRET}${SECRET}` }],
    ['torn JSON', { note: `{"a":1,"password":"${SECRET}` }],
    ['torn JSON with an object', { note: `{"a":1,"password":{"b":1,"c":"${SECRET}"` }],
    ['torn JSON in JSON', { note: String.raw`said "{\"password\":\"${SECRET}\",\"x` }],
    ['torn JSON with an escaped key', { note: String.raw`{"p\u0061ssword":"${SECRET}` }],
    ['lines of JSON', { note: `{"token":"${SECRET}"}\n{"token":"${SECRET}"}` }],
    [
      'part of a form',
      {
        note: `--b\r\nContent-Disposition: form-data; name="password"\r\nContent-Type: text/plain\r\n\r\n${SECRET}\r\n--b--`,
      },
    ],
    ['member that another hides', { body: { kind: 'text', json: `{"token":"${SECRET}","token":1}` } }],
    ['object that another hides', { body: { kind: 'text', json: `{"a":{"token":"${SECRET}"},"a":1}` } }],
    ['names and values in turn', { body: { kind: 'json', value: ['Accept', 'a', 'Authorization', SECRET] } }],
    ['pair by other names', { body: { kind: 'json', value: { Header: 'Authorization', Value: SECRET } } }],
    ['own member __proto__', { body: { kind: 'text', json: `{"__proto__":{"token":"${SECRET}"}}` } }],
  ] satisfies readonly (readonly [string, Partial<MessageRecord>])[])(
    'a secret does not hide in: %s',
    (_where, members) => {
      const safe = redactor.record(call(1, { outcome: { kind: 'none' }, ...members }));
      expect(JSON.stringify(safe)).not.toContain(SECRET);
    },
  );

  test('what only mentions such a word stays as it is', () => {
    for (const note of [
      'Unexpected token } in JSON at position 3',
      'the password is wrong: try again',
      'a@example.com asks for a token',
      'http://localhost:1420/src/main.ts:3:4',
    ]) {
      expect(redactor.record(call(1, { note })).note).toBe(note);
    }
  });

  test('texts that a page makes to be slow are not', () => {
    const length = 200_000;
    const texts = ['a', '"', '\\"', "'a", 'token', '=', 'a:', ' ', '\n', '://a', 'name="a"\n', '"a\\u0061'].map(
      (part) => part.repeat(length / part.length),
    );
    // A pattern that looks at places again and again would take minutes.
    const before = process.cpuUsage();
    for (const text of texts) redactor.text(`token${text}`);
    expect(process.cpuUsage(before).user).toBeLessThan(20_000_000);
  });

  test('the record itself, which the live view shows, is left alone', () => {
    const before: MessageRecord = structuredClone(LEAKY);
    redactor.record(LEAKY);
    expect(LEAKY).toEqual(before);
  });
});
