/** Events in bindings that tauri-specta writes; its own helpers stand at their end. */
import ts from 'typescript';
import { type Member, UNKNOWN, type Value } from './model.ts';
import { memberName } from './scopes.ts';

/** `__makeEvents__`, `makeEvent` */
const SPECTA = /^_*make_?event(s?)_*$/i;

/** Whether this is one of tauri-specta's helpers: what it makes listens and emits, and not the helper itself. */
export const isSpecta = (callee: ts.Expression) => ts.isIdentifier(callee) && SPECTA.test(callee.text);

/** What a call of a helper gives: `makeEvent<T>(name)` or `__makeEvents__<{ … }>({ … })`. */
export function spectaEvents(source: ts.SourceFile, node: ts.CallExpression, given: Value): Value {
  const [type] = node.typeArguments ?? [];
  const isOne = ts.isIdentifier(node.expression) && SPECTA.exec(node.expression.text)?.[1] === '';
  if (isOne) return { kind: 'event', name: given, payload: type?.getText(source) };
  if (given.kind !== 'object') return UNKNOWN;
  const payloads = new Map<string, string>();
  for (const each of type && ts.isTypeLiteralNode(type) ? type.members : []) {
    const name = each.name && memberName(each.name);
    if (name !== undefined && ts.isPropertySignature(each) && each.type) payloads.set(name, each.type.getText(source));
  }
  const members = given.members.map((each): Member => {
    return { ...each, value: { kind: 'event', name: each.value, payload: payloads.get(each.key) } };
  });
  return { ...given, members };
}
