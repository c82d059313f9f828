/**
 * The words of serde, for arguments that a schema refuses: a page developed against us sees the same text as under Tauri
 * (tauri-core 2.9, table C). Where serde cannot name the place inside an argument, the path is added in brackets.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec';

/** The parts of a zod issue that are read here; those of other libraries have only `message` and `path`. */
interface Issue extends StandardSchemaV1.Issue {
  readonly code?: string;
  readonly expected?: string;
  readonly format?: string;
  readonly origin?: string;
  readonly values?: readonly unknown[];
  readonly keys?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exact?: boolean;
  readonly discriminator?: string;
  readonly options?: readonly unknown[];
}

/** What is known of a zod schema's inside; zod publishes `_zod.def` for tools like this. */
interface Definition {
  readonly type?: string;
  readonly format?: string;
  readonly shape?: Record<string, StandardSchemaV1>;
  readonly element?: StandardSchemaV1;
  readonly items?: readonly StandardSchemaV1[];
  readonly innerType?: StandardSchemaV1;
  readonly in?: StandardSchemaV1;
  readonly valueType?: StandardSchemaV1;
  readonly discriminator?: string;
}

const NUMBER_NAMES: Record<string, string> = {
  int32: 'i32',
  uint32: 'u32',
  safeint: 'i64',
  float32: 'f32',
  float64: 'f64',
};

/**
 * One sentence for an issue of `schema` with the value `given` of the argument `key`, such as
 * ``invalid type: integer `1`, expected a string``.
 */
export function serdeMessage(
  issue: StandardSchemaV1.Issue,
  given: unknown,
  schema: StandardSchemaV1,
  key: string,
): string {
  const path = (issue.path ?? []).map((step) => (typeof step === 'object' ? step.key : step));
  const found = path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step],
    given,
  );
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown>)?.[step], given);
  const last = path.at(-1);
  const zod = issue as Issue;
  if (found === undefined && typeof last === 'string' && parent !== undefined && isMissing(zod)) {
    return place(`missing field \`${last}\``, key, path.slice(0, -1));
  }
  const text = describe(zod, found, schemaAt(schema, path));
  // The tag of an enum is named by the text; every other inner place is added.
  return place(text, key, zod.discriminator ? path.slice(0, -1) : path);
}

function isMissing(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union';
}

function place(text: string, key: string, path: readonly PropertyKey[]): string {
  if (path.length === 0) return text;
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return `${text} (at ${key}${steps})`;
}

function describe(issue: Issue, found: unknown, schema: StandardSchemaV1 | undefined): string {
  switch (issue.code) {
    case 'invalid_type':
      return `invalid type: ${unexpected(found)}, expected ${expectation(issue, schema)}`;
    case 'invalid_value':
      if (typeof found !== 'string') return `invalid type: ${unexpected(found)}, expected string or map`;
      return `unknown variant \`${found}\`, expected ${oneOf(issue.values ?? [])}`;
    case 'invalid_union':
      if (issue.discriminator) return `unknown variant \`${String(found)}\`, expected ${oneOf(issue.options ?? [])}`;
      return `data did not match any variant of untagged enum${schemaTitle(schema, ' ')}`;
    case 'unrecognized_keys':
      return `unknown field \`${issue.keys?.[0]}\`, expected ${oneOf(Object.keys(definition(schema)?.shape ?? {}))}`;
    case 'too_small':
    case 'too_big':
      return describeSize(issue, found, schema);
    default:
      return issue.message;
  }
}

function describeSize(issue: Issue, found: unknown, schema: StandardSchemaV1 | undefined): string {
  if (issue.origin === 'array' && Array.isArray(found)) {
    const tuple = definition(schema)?.type === 'tuple';
    if (tuple && issue.code === 'too_small')
      return `invalid length ${found.length}, expected a tuple of size ${issue.minimum}`;
    if (tuple) return `invalid length ${found.length}, expected fewer elements in array`;
    if (issue.exact)
      return `invalid length ${found.length}, expected an array of length ${issue.minimum ?? issue.maximum}`;
  }
  const format = definition(schema)?.format;
  if (typeof found === 'number' && format !== undefined) {
    const titled = integerTitle(schema);
    if (titled !== undefined || isFormatLimit(issue, format)) {
      return `invalid value: ${unexpected(found)}, expected ${titled ?? NUMBER_NAMES[format] ?? format}`;
    }
  }
  return issue.message;
}

/** A number that its format excludes, not a limit of the author's own. */
function isFormatLimit(issue: Issue, format: string): boolean {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const limits: Record<string, readonly number[]> = {
    uint32: [0, 0xffff_ffff],
    int32: [-0x8000_0000, 0x7fff_ffff],
    safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  };
  return limit !== undefined && (limits[format]?.includes(limit) ?? format.startsWith('float'));
}

function expectation(issue: Issue, schema: StandardSchemaV1 | undefined): string {
  switch (issue.expected) {
    case 'string':
      return 'a string';
    case 'boolean':
      return 'a boolean';
    case 'number':
    case 'int':
      return integerTitle(schema) ?? NUMBER_NAMES[issue.format ?? definition(schema)?.format ?? 'float64'] ?? 'f64';
    case 'array':
    case 'set':
      return 'a sequence';
    case 'tuple':
      return `a tuple of size ${definition(schema)?.items?.length ?? 0}`;
    case 'record':
    case 'map':
      return 'a map';
    case 'object': {
      if (definition(schema)?.discriminator) return `internally tagged enum${schemaTitle(schema, ' ')}`;
      const title = schemaTitle(schema, '');
      return title ? `struct ${title}` : 'a map';
    }
    case 'null':
      return 'unit';
    default:
      return issue.expected ?? 'another type';
  }
}

/** What was given, in serde's words. */
export function unexpected(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'boolean':
      return `boolean \`${value}\``;
    case 'number':
      return Number.isInteger(value) ? `integer \`${value}\`` : `floating point \`${value}\``;
    case 'string':
      return `string ${rustDebug(value)}`;
    default:
      return Array.isArray(value) ? 'sequence' : 'map';
  }
}

/** A string as Rust's `{:?}` prints it. */
export function rustDebug(text: string): string {
  const short: Record<string, string> = {
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\0': '\\0',
    '"': '\\"',
    '\\': '\\\\',
  };
  return `"${text.replace(/["\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Mn}\p{Me}]/gu, (char) => short[char] ?? `\\u{${char.codePointAt(0)?.toString(16)}}`)}"`;
}

function oneOf(values: readonly unknown[]): string {
  const quoted = values.map((value) => `\`${String(value)}\``);
  if (quoted.length === 0) return 'nothing';
  if (quoted.length === 1) return quoted[0] as string;
  if (quoted.length === 2) return `${quoted[0]} or ${quoted[1]}`;
  return `one of ${quoted.join(', ')}`;
}

function definition(schema: StandardSchemaV1 | undefined): Definition | undefined {
  return (schema as { _zod?: { def: Definition } } | undefined)?._zod?.def;
}

/** `z.object({…}).meta({ title: 'User' })` gives a struct its Rust name. */
function schemaTitle(schema: StandardSchemaV1 | undefined, before: string): string {
  const meta = (schema as { meta?: () => { title?: string } | undefined } | undefined)?.meta?.();
  return meta?.title ? before + meta.title : '';
}

/** `z.int().min(0).max(255).meta({ title: 'u8' })`: an integer of Rust for which zod has no format. */
function integerTitle(schema: StandardSchemaV1 | undefined): string | undefined {
  const title = schemaTitle(schema, '');
  return /^[iu](?:8|16|32|64|128|size)$/.test(title) ? title : undefined;
}

function schemaAt(schema: StandardSchemaV1, path: readonly PropertyKey[]): StandardSchemaV1 | undefined {
  let at: StandardSchemaV1 | undefined = unwrap(schema);
  for (const step of path) {
    const def: Definition | undefined = definition(at);
    const next: StandardSchemaV1 | undefined =
      def?.shape?.[String(step)] ?? def?.items?.[Number(step)] ?? def?.element ?? def?.valueType;
    if (!next) return undefined;
    at = unwrap(next);
  }
  return at;
}

function unwrap(schema: StandardSchemaV1): StandardSchemaV1 {
  const inner = definition(schema)?.innerType ?? definition(schema)?.in;
  return inner ? unwrap(inner) : schema;
}
