/** What a window's label is compared with: `window.label() == "main"`, `match window.label() { "main" => … }`. */
import type { Node } from 'web-tree-sitter';

/** Macros that compare their first tokens with those behind the comma. */
const COMPARING = /^(?:debug_)?assert_(?:eq|ne)$|^matches$/;
/** Calls between a label and what it is compared with, which give the same text. */
const SAME = /^(?:as_str|as_ref|to_string|to_owned|clone|into)$/;

/**
 * The texts, or names of constants, that a label is compared with.
 *
 * @param label the name `label` of `window.label()`
 */
export function comparedWith(label: Node): Node[] {
  if (label.parent?.type === 'token_tree') return comparedInTokens(label);
  const value = whole(label.parent?.parent);
  const { parent } = value ?? {};
  if (!value || !parent) return [];
  if (parent.type === 'binary_expression') {
    if (!/^[!=]=$/.test(parent.childForFieldName('operator')?.text ?? '')) return [];
    return ['left', 'right']
      .flatMap((side) => parent.childForFieldName(side) ?? [])
      .filter(({ id }) => id !== value.id);
  }
  if (parent.type !== 'match_expression') return [];
  const arms = parent.childForFieldName('body')?.namedChildren ?? [];
  return arms.flatMap((arm) => {
    const [pattern] = arm.childForFieldName('pattern')?.namedChildren ?? [];
    return pattern ? alternatives(pattern) : [];
  });
}

/** The call of a label with what only passes its text on: `&window.label()`, `window.label().to_string().as_str()`. */
function whole(call: Node | null | undefined): Node | undefined {
  let node = call;
  while (node?.parent) {
    const { parent } = node;
    const isMethod = parent.type === 'field_expression' && SAME.test(parent.childForFieldName('field')?.text ?? '');
    if (isMethod) node = parent.parent;
    else if (parent.type === 'reference_expression' || parent.type === 'parenthesized_expression') node = parent;
    else break;
  }
  return node ?? undefined;
}

/** Of `"a" | "b"` each; what is no text is a constant, or a name for whatever is there. */
function alternatives(pattern: Node): Node[] {
  if (pattern.type === 'or_pattern') return pattern.namedChildren.flatMap(alternatives);
  return pattern.type === 'identifier' && !/^\p{Lu}/u.test(pattern.text) ? [] : [pattern];
}

/** In a macro there are only tokens. */
function comparedInTokens(label: Node): Node[] {
  const mark = label.nextSibling?.nextSibling;
  const macro = label.parent?.previousSibling?.previousSibling?.text ?? '';
  if (!mark || !(/^[!=]=$/.test(mark.text) || (mark.text === ',' && COMPARING.test(macro)))) return [];
  const texts: Node[] = [];
  for (let at = mark.nextSibling; at?.type === 'string_literal'; at = at.nextSibling?.nextSibling ?? null) {
    texts.push(at);
    if (at.nextSibling?.text !== '|') break;
  }
  return texts;
}
