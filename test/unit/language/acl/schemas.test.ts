/** The JSON schemas of capability and permission files. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Outline } from '#core/acl/outline/outline.ts';
import type { Path } from '#core/acl/place.ts';
import { JSON_SCHEMAS } from '#server/features/acl/json-schema.ts';
import { ACL_TEXTS } from '../../acl/texts.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly description?: string;
}

const schemas = {
  capability: JSON_SCHEMAS['capability.schema.json'] as Schema,
  permission: JSON_SCHEMAS['permission.schema.json'] as Schema,
};

const at = (schema: Schema | undefined, path: Path): Schema | undefined =>
  path.reduce<Schema | undefined>(
    (found, step) => (typeof step === 'number' ? found?.items : found?.properties?.[step]),
    schema,
  );

test('every key of the fixtures is described, but for what stands in scopes', () => {
  const { capability, permission } = schemas;
  const keys = ACL_TEXTS.flatMap(({ name, text, format }) => {
    const schema = name.includes('/permissions/') ? permission : capability;
    return new Outline(text, format).tokens
      .filter(
        ({ role, path }) => role === 'key' && !/\b(?:allow|deny),\d+,/.test(path.join()) && path.at(-1) !== '$schema',
      )
      .map(({ path }) => ({
        path: path.filter((step) => typeof step === 'string').join('.'),
        text: at(schema, path)?.description,
      }));
  });
  expect(keys.length).toBeGreaterThan(80);
  expect(keys.filter(({ text }) => !text)).toEqual([]);
});

test('nothing is refused: what is wrong is said by the server', () => {
  for (const schema of Object.values(schemas)) {
    const { success } = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema).safeParse({
      identifier: 1,
      windows: 'main',
      permissions: [5, 'a', { identifier: 'b', allow: [1] }],
      permission: {},
      more: true,
    });
    expect(success).toBe(true);
  }
});

test('the manifest names the files that the build writes', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly contributes: { readonly jsonValidation: readonly { readonly url: string }[] };
  };
  const urls = contributes.jsonValidation.map(({ url }) => url);
  expect(urls).toEqual(Object.keys(JSON_SCHEMAS).map((name) => `./dist/schemas/${name}`));
});
