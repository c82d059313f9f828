/** Texts that the variants of enums stand for: by methods that match on them, and by what strum and others derive. */
import type { Node } from 'web-tree-sitter';
import { derivesOf, type Meta } from './attributes.ts';
import { kebabCase, lowerCamelCase, snakeCase, upperCamelCase } from './names.ts';
import { type Item, itemsOf } from './syntax.ts';
import { literalText, type TextValue, textsOf } from './text-value.ts';
import { pathOf } from './type-ref.ts';

export interface VariantText {
  /** the enum */
  readonly owner: string;
  readonly name: string;
  /** the method that gives the text: `from` for `.into()`, `fmt` for `.to_string()`; undefined where all do */
  readonly method?: string;
  readonly value: TextValue;
}

/** How a method is called, by the one that is written. */
export const METHODS_BEHIND: Readonly<Record<string, string>> = { into: 'from', to_string: 'fmt' };

/** Texts in the methods of an `impl` of a type: `Self::Ready => "ready"`. */
export function* matchedTexts(body: Node, type: string): Generator<VariantText> {
  for (const fn of body.namedChildren) {
    if (fn.type !== 'function_item') continue;
    const method = fn.childForFieldName('name')?.text ?? '';
    const match = matchOf(fn.childForFieldName('body'));
    for (const arm of match?.childForFieldName('body')?.namedChildren ?? []) {
      const value = arm.childForFieldName('value');
      const text = value && textOf(value);
      if (!text) continue;
      for (const path of pathsIn(arm.childForFieldName('pattern'))) {
        const owner = path.at(-2) === 'Self' ? type : path.at(-2);
        const name = path.at(-1);
        if (owner !== undefined && name !== undefined) yield { owner, name, method, value: text };
      }
    }
  }
}

/** The `match` that a function's body is. */
function matchOf(body: Node | null): Node | undefined {
  const last = body?.namedChildren.at(-1);
  const inner = last?.type === 'expression_statement' ? last.namedChildren[0] : last;
  if (inner?.type === 'match_expression') return inner;
  // `f.write_str(match self { … })`
  return inner?.type === 'call_expression'
    ? inner.childForFieldName('arguments')?.namedChildren.find(({ type }) => type === 'match_expression')
    : undefined;
}

function textOf(value: Node): TextValue | undefined {
  if (value.type === 'macro_invocation' && value.childForFieldName('macro')?.text === 'write')
    return writtenText(value);
  if (value.type === 'call_expression') {
    const method = value.childForFieldName('function')?.childForFieldName('field')?.text;
    const [first] = value.childForFieldName('arguments')?.namedChildren ?? [];
    if (method === 'write_str' && first) return textOf(first);
  }
  const [text, ...others] = textsOf({ node: value, base: 0, scope: value });
  return others.length === 0 && text?.kind !== 'unknown' && text?.kind !== 'parameter' ? text : undefined;
}

/** `write!(f, "text")`, where nothing is put into the text. */
function writtenText(macro: Node): TextValue | undefined {
  const tree = macro.namedChildren.find(({ type }) => type === 'token_tree');
  const [literal, ...others] = tree?.namedChildren.filter(({ type }) => type.endsWith('string_literal')) ?? [];
  const text = literal && others.length === 0 ? literalText(literal, 0) : undefined;
  return text && !/[{}]/.test(text.text) ? text : undefined;
}

/** The variants that a pattern names. */
function pathsIn(pattern: Node | null): string[][] {
  const [inner] = pattern?.namedChildren ?? [];
  const all = inner?.type === 'or_pattern' ? flatAlternatives(inner) : [inner];
  return all.flatMap((each) => {
    const named = each?.type === 'scoped_identifier' ? each : each?.childForFieldName('type');
    const path = named && pathOf(named.text.replace(/\s+/g, ''));
    return path && path.length > 1 ? [path] : [];
  });
}

function flatAlternatives(pattern: Node, depth = 0): Node[] {
  return pattern.namedChildren.flatMap((each) =>
    each.type === 'or_pattern' && depth < 64 ? flatAlternatives(each, depth + 1) : [each],
  );
}

const DERIVES = new Set(['Display', 'AsRefStr', 'IntoStaticStr', 'StrumDisplay', 'Iden']);

/** Texts that a derive gives to the variants of an enum. */
export function* derivedTexts({ node, metas }: Item): Generator<VariantText> {
  const derives = derivesOf(metas).filter((name) => DERIVES.has(name));
  const owner = node.childForFieldName('name')?.text;
  const body = node.childForFieldName('body');
  if (derives.length === 0 || owner === undefined || !body) return;
  const rule =
    optionOf(metas, 'strum', 'serialize_all')?.value ?? (derives.includes('Iden') ? 'snake_case' : undefined);
  for (const variant of itemsOf(body)) {
    const name = variant.node.childForFieldName('name')?.text;
    if (variant.node.type !== 'enum_variant' || name === undefined) continue;
    const given =
      optionOf(variant.metas, 'strum', 'to_string') ??
      optionOf(variant.metas, 'strum', 'serialize') ??
      optionOf(variant.metas, 'display', '') ??
      variant.metas.find(({ path }) => path === 'iden');
    if (given?.value !== undefined && given.literal) {
      yield { owner, name, value: { kind: 'text', text: given.value, literal: given.literal } };
    } else yield { owner, name, value: { kind: 'text', text: cased(name, rule) } };
  }
}

const optionOf = (metas: readonly Meta[], attribute: string, option: string): Meta | undefined =>
  metas.find(({ path }) => path === attribute)?.items?.find(({ path }) => path === option);

/** As strum's `serialize_all` changes names. */
function cased(name: string, rule: string | undefined): string {
  switch (rule?.replaceAll('-', '_').toLowerCase()) {
    case 'snake_case':
      return snakeCase(name);
    case 'kebab_case':
      return kebabCase(name);
    case 'camelcase':
      return rule === 'CamelCase' ? upperCamelCase(name) : lowerCamelCase(name);
    case 'lowercase':
      return name.toLowerCase();
    case 'uppercase':
      return name.toUpperCase();
    case 'screaming_snake_case':
      return snakeCase(name).toUpperCase();
    case 'screaming_kebab_case':
      return kebabCase(name).toUpperCase();
    default:
      return name;
  }
}
