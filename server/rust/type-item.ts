/** Structs, enums and type aliases with what serde's attributes say. */
import type { Node } from 'web-tree-sitter';
import { derivesOf, type Meta, serdeRulesOf } from './attributes.ts';
import type { Lines } from './lines.ts';
import type { RustField, RustType, RustTypeBody, RustVariant } from './model.ts';
import { kebabCase } from './names.ts';
import { type Item, type ItemPlace, itemsOf } from './syntax.ts';
import { typeRefOf } from './type-ref.ts';

/** The type that a `struct_item`, `enum_item` or `type_item` declares; undefined where its name or body is missing. */
export function typeOf({ node, metas, doc }: Item, { file, module, lines }: ItemPlace): RustType | undefined {
  const name = node.childForFieldName('name');
  const body = bodyOf(node);
  if (!name || !body) return undefined;
  return {
    name: name.text,
    file,
    line: name.startPosition.row + 1,
    column: name.startPosition.column + 1,
    at: lines.span(name.startIndex, name.endIndex),
    module,
    generics: genericsOf(node),
    ...(doc !== undefined && { doc }),
    derives: derivesOf(metas),
    serde: serdeRulesOf(metas),
    body,
    ...eventOf(name.text, metas, lines),
  };
}

/** tauri-specta names an event by its type, or as `#[tauri_specta(event_name = "…")]` says. */
function eventOf(name: string, metas: readonly Meta[], lines: Lines): Pick<RustType, 'event'> {
  const isEvent = derivesOf(metas).includes('Event');
  if (!isEvent) return {};
  const options = metas.find(({ path }) => path === 'tauri_specta')?.items;
  const given = options?.find(({ path }) => path === 'event_name');
  if (given?.value === undefined) return { event: { name: kebabCase(name) } };
  const literal = given.literal && lines.span(given.literal.start, given.literal.end);
  return { event: { name: given.value, ...(literal && { literal }) } };
}

function bodyOf(node: Node): RustTypeBody | undefined {
  const body = node.childForFieldName('body');
  if (node.type === 'enum_item') return body ? { kind: 'enum', variants: variantsOf(body) } : undefined;
  if (node.type === 'type_item') {
    const to = node.childForFieldName('type');
    return to ? { kind: 'alias', to: typeRefOf(to) } : undefined;
  }
  return { kind: 'struct', ...formOf(body) };
}

function formOf(body: Node | null) {
  if (body?.type === 'field_declaration_list') return { form: 'struct', fields: namedFields(body) } as const;
  if (body?.type === 'ordered_field_declaration_list') return { form: 'tuple', fields: tupleFields(body) } as const;
  return { form: 'unit', fields: [] } as const;
}

function namedFields(list: Node): RustField[] {
  return itemsOf(list).flatMap(({ node, metas, doc }) => {
    if (node.type !== 'field_declaration') return [];
    const name = node.childForFieldName('name');
    const type = node.childForFieldName('type');
    if (!name || !type) return [];
    return {
      name: name.text.replace(/^r#/, ''),
      type: typeRefOf(type),
      serde: serdeRulesOf(metas),
      ...(doc !== undefined && { doc }),
    };
  });
}

function tupleFields(list: Node): RustField[] {
  return itemsOf(list).map(({ node, metas }, index) => ({
    name: String(index),
    type: typeRefOf(node),
    serde: serdeRulesOf(metas),
  }));
}

function variantsOf(list: Node): RustVariant[] {
  return itemsOf(list).flatMap(({ node, metas, doc }) => {
    if (node.type !== 'enum_variant') return [];
    const name = node.childForFieldName('name');
    if (!name) return [];
    const { form: kind, fields } = formOf(node.childForFieldName('body'));
    const value = node.childForFieldName('value')?.text;
    return {
      name: name.text.replace(/^r#/, ''),
      kind,
      fields,
      serde: serdeRulesOf(metas),
      ...(value !== undefined && { value }),
      ...(doc !== undefined && { doc }),
    };
  });
}

function genericsOf(node: Node): RustType['generics'] {
  const list = node.childForFieldName('type_parameters');
  return (list?.namedChildren ?? []).flatMap((child) => {
    if (child.type !== 'type_parameter') return [];
    const name = child.childForFieldName('name')?.text;
    const fallback = child.childForFieldName('default_type');
    if (!name) return [];
    return { name, ...(fallback && { default: typeRefOf(fallback) }) };
  });
}
