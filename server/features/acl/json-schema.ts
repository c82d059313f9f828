/**
 * JSON schemas for capability and permission files, from the shapes that completion and hover go by; the build writes them.
 * They say which keys there are and what they mean, and refuse nothing: what is wrong, the server says in Tauri's words.
 */
import { CAPABILITY_FILE, PERMISSION_FILE, type Shape } from './shapes.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly description?: string;
  readonly markdownDescription?: string;
  /** what is written for it at first */
  readonly default?: unknown;
}

const root = (title: string, shape: Shape) => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title,
  ...schemaOf(shape),
});

/** By the names of their files. */
export const JSON_SCHEMAS: Readonly<Record<string, Schema>> = {
  'capability.schema.json': root('Capabilities of Tauri', CAPABILITY_FILE),
  'permission.schema.json': root('Permissions of Tauri', PERMISSION_FILE),
};

/** A choice is all that it offers at once: nothing is told apart, and so nothing refused. */
function schemaOf(shape: Shape): Schema {
  switch (shape.kind) {
    case 'object': {
      const fields = Object.entries(shape.fields).filter(([key]) => key !== '$schema');
      const properties = fields.map(([key, { text, shape: value }]): [string, Schema] => [
        key,
        { description: text.replaceAll('`', ''), markdownDescription: text, ...schemaOf(value) },
      ]);
      return { properties: Object.fromEntries(properties) };
    }
    case 'list':
      return { items: schemaOf(shape.items), default: [] };
    case 'either': {
      const all = shape.shapes.map(schemaOf);
      const properties = all.map((each) => each.properties ?? {}).reduce((found, each) => ({ ...each, ...found }));
      const items = all.find((each) => each.items)?.items;
      return { ...(Object.keys(properties).length > 0 && { properties }), ...(items && { items }) };
    }
    case 'string':
      return { default: '' };
    default:
      return {};
  }
}
