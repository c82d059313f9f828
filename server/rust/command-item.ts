/** Functions with `#[tauri::command]`. */
import type { Node } from 'web-tree-sitter';
import type { Extent, Meta } from './attributes.ts';
import type { RustArgument, RustCommand, RustTypeRef, RustUse } from './model.ts';
import type { Lines } from './lines.ts';
import { lowerCamelCase, snakeCase } from './names.ts';
import type { Item, ItemPlace } from './syntax.ts';
import { oneLine, typeRefOf } from './type-ref.ts';

/** A command before names are resolved. */
export type RawCommand = Omit<RustCommand, 'returns' | 'fails' | 'error'>;

/** The attribute that makes a function a command, where it has one. clap and bot frameworks have a `command` of their own. */
export function commandMeta(metas: readonly Meta[], uses: readonly RustUse[]): Meta | undefined {
  return metas.find(({ path }) => {
    const [first = '', ...others] = path.split('::');
    const imported = uses.find(({ name }) => name === first)?.path ?? [first];
    const full = [...imported, ...others];
    if (full.at(-1) !== 'command') return false;
    return full.length === 1 || full[0] === 'tauri' || full[0] === 'tauri_macros';
  });
}

export function commandOf(item: Item, meta: Meta, place: ItemPlace): RawCommand | undefined {
  const option = (key: string) => meta.items?.find(({ path }) => path === key);
  const rename = option('rename');
  return functionCommand(item, place, {
    name: rename?.value,
    literal: rename?.literal,
    keyOf: option('rename_all')?.value === 'snake_case' ? snakeCase : lowerCamelCase,
  });
}

export interface CommandNaming {
  /** undefined: that of the function */
  readonly name: string | undefined;
  readonly literal: Extent | undefined;
  /** the key by which the page sends an argument */
  keyOf(rustName: string): string;
}

/** The command that a function is; undefined for a method. */
export function functionCommand(
  { node, doc, start }: Item,
  { file, module, lines }: ItemPlace,
  naming: CommandNaming,
): RawCommand | undefined {
  const name = node.childForFieldName('name');
  const parameters = node.childForFieldName('parameters');
  if (!name || !parameters || parameters.namedChildren.some(({ type }) => type === 'self_parameter')) return undefined;
  const rustName = name.text.replace(/^r#/, '');
  const result = node.childForFieldName('return_type');
  return {
    name: naming.name ?? rustName,
    rustName,
    registered: true,
    file,
    line: name.startPosition.row + 1,
    column: name.startPosition.column + 1,
    endLine: node.endPosition.row + 1,
    at: lines.span(name.startIndex, name.endIndex),
    whole: lines.span(start, node.endIndex),
    ...(naming.literal && { literal: lines.span(naming.literal.start, naming.literal.end) }),
    isAsync: node.namedChildren.some(({ type, text }) => type === 'function_modifiers' && /\basync\b/.test(text)),
    ...(doc !== undefined && { doc }),
    signature: signatureOf(node),
    module,
    generics: (node.childForFieldName('type_parameters')?.namedChildren ?? []).flatMap((child) =>
      child.type === 'type_parameter' ? (child.childForFieldName('name')?.text ?? []) : [],
    ),
    args: argumentsOf(parameters, naming.keyOf, lines),
    declared: result ? typeRefOf(result) : undefined,
  };
}

function signatureOf(node: Node): string {
  const start = node.namedChildren.find(({ type }) => type === 'visibility_modifier')?.endIndex ?? node.startIndex;
  const end = node.childForFieldName('body')?.startIndex ?? node.endIndex;
  const text = node.text.slice(start - node.startIndex, end - node.startIndex);
  return oneLine(text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, ' '))
    .replace(/#\[[^\]]*\] /g, '')
    .replace(/\( /, '(')
    .replace(/,? \)/, ')');
}

function argumentsOf(parameters: Node, keyOf: (name: string) => string, lines: Lines): RustArgument[] {
  return parameters.namedChildren.flatMap((parameter): RustArgument[] => {
    if (parameter.type !== 'parameter') return [];
    const written = parameter.childForFieldName('type');
    if (!written) return [];
    const type = typeRefOf(written);
    const pattern = parameter.childForFieldName('pattern');
    const rustName = parameterName(pattern, type);
    const named = nameNode(pattern) ?? parameter;
    return [
      {
        key: keyOf(rustName ?? ''),
        rustName: rustName ?? '',
        type,
        kind: rustName === undefined ? 'unknown' : 'value',
        at: lines.span(named.startIndex, named.endIndex),
      },
    ];
  });
}

/** The name in `name` and `mut name`; any other pattern as a whole. */
function nameNode(pattern: Node | null): Node | null {
  if (pattern?.type !== 'mut_pattern' && pattern?.type !== 'ref_pattern') return pattern;
  return pattern.namedChildren.find(({ type }) => type === 'identifier') ?? pattern;
}

/** `_` has no node in the grammar. A pattern that takes a struct apart has the type's name as its key (tauri-core 2.5). */
function parameterName(pattern: Node | null, type: RustTypeRef): string | undefined {
  switch (pattern?.type) {
    case undefined:
    case '_':
      return '_';
    case 'identifier':
      return pattern.text.replace(/^r#/, '');
    case 'mut_pattern':
    case 'ref_pattern':
      return nameNode(pattern)?.text;
    case 'struct_pattern':
    case 'tuple_struct_pattern': {
      const name = pattern.childForFieldName('type')?.text ?? (type.kind === 'path' ? type.path.at(-1) : undefined);
      return name?.split('::').at(-1);
    }
    default:
      return undefined;
  }
}
