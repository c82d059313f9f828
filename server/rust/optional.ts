/** Whether a command runs without an argument: Tauri reads one that is missing as `None`, and has no other default. */
import type { RustArgument, RustCommand, RustType } from './model.ts';
import { type Bound, NO_ENV, type Names } from './resolve.ts';
import { typeRefFromText } from './type-text.ts';

const DEPTH = 8;

/** Whether the command fails without the argument; `unknown` where that depends on code that is not known. */
export function isRequired(argument: RustArgument, command: RustCommand, names: Names): boolean | 'unknown' {
  if (argument.kind === 'channel') return true;
  const bound = { ref: argument.type, scope: names.scopeOf(command), env: NO_ENV };
  const isOptional = readsNone(bound, names, 0);
  if (isOptional === true) return false;
  return argument.kind === 'value' && isOptional === false ? true : 'unknown';
}

/** Whether what serde makes of the type asks for an option first. */
function readsNone(bound: Bound, names: Names, depth: number): boolean | 'unknown' {
  const type = names.expand(bound);
  if (depth > DEPTH) return 'unknown';
  switch (type.kind) {
    case 'external':
      return type.path.at(-1) === 'Option' && type.path[0] === 'std';
    case 'type':
      return declaredReadsNone(type.type, type.args, names, depth);
    case 'tuple':
    case 'array':
      return false;
    default:
      return 'unknown';
  }
}

function declaredReadsNone(type: RustType, args: readonly Bound[], names: Names, depth: number): boolean | 'unknown' {
  const place = { scope: names.scopeOf(type), env: names.environment(type, args) };
  const converted = type.serde.convert.in;
  if (converted !== undefined) return readsNone({ ref: typeRefFromText(converted), ...place }, names, depth + 1);
  if (names.implements(type, 'Deserialize')) return 'unknown';
  const [field, ...others] = type.body.kind === 'struct' ? type.body.fields : [];
  if (!type.serde.transparent || !field || others.length > 0) return false;
  return field.serde.with.in === undefined ? readsNone({ ref: field.type, ...place }, names, depth + 1) : 'unknown';
}
