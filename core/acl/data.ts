/** Reads the ACL's data files: their text through the parsers, their shape through a schema, errors in Tauri's words. */
import type * as z from 'zod';
import { serdeMessage } from '../serde.ts';
import { Document, type Format, SyntaxProblem } from './document.ts';
import { AclError, type Path } from './place.ts';

const NAMES: Record<Format, string> = { json: 'JSON', jsonc: 'JSON', json5: 'JSON5', toml: 'TOML' };

/** Parses a file's text. Throws an {@link AclError} such as `failed to parse TOML: …` with its place. */
export function parseText(file: string, text: string, format: Format): Document {
  try {
    return new Document(text, format);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const { offset, position } = error;
    const range = { start: offset, end: Math.min(offset + 1, text.length) };
    throw new AclError(`failed to parse ${NAMES[format]}: ${error.message}`, { file, range, ...position }, error);
  }
}

/** Checks the value at `path` of a document. Throws an {@link AclError} in serde's words, with the place. */
export function readShape<S extends z.ZodType>(
  schema: S,
  file: string,
  document: Document,
  path: Path,
  value: unknown,
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = innermost(parsed.error.issues[0] as z.core.$ZodIssue);
  const text = issue.code === 'custom' ? issue.message : serdeMessage(issue, value, schema, 'the file');
  const place = document.placeOf(file, [...path, ...(issue.path as Path)]);
  throw new AclError(`failed to parse ${NAMES[document.format]}: ${text}`, place, parsed.error);
}

/** The issue inside the one branch of a union that the value meant; a union that no branch fits keeps its own. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const meant = issue.errors.find(
    ([first]) => first !== undefined && !(first.code === 'invalid_type' && first.path.length === 0),
  );
  if (!meant?.[0]) return issue;
  const inner = innermost(meant[0]);
  return { ...inner, path: [...issue.path, ...inner.path] };
}
