/** The calls of a file that may be Tauri's, or may lead there through functions of the project. */
import ts from 'typescript';
import { type Argument, type Candidate, COMPARED, type FunctionValue, METHOD, UNKNOWN, type Value } from './model.ts';
import { member, parametersIn } from './made-values.ts';
import { isSpecta } from './specta.ts';
import type { Values } from './values.ts';
import type { FoundCall, FoundComparison, Walked } from './walk.ts';

/** Calls, and what is read as one, of which the linker can make something; functions know afterwards which calls pass their parameters on. */
export function candidatesOf(source: ts.SourceFile, walked: Walked, values: Values): Candidate[] {
  const found = [
    ...walked.calls.flatMap((call) => candidateOf(source, walked, values, call) ?? []),
    ...walked.comparisons.flatMap((each) => comparisonOf(source, values, each) ?? []),
  ];
  for (const candidate of found) {
    const parameters = new Set<FunctionValue>();
    for (const { value } of candidate.args) parametersIn(value, parameters);
    for (const each of parameters) each.uses.push(candidate);
  }
  const useful = new Map<FunctionValue, boolean>();
  return found.filter(({ callee }) => leadsSomewhere(callee, useful));
}

function candidateOf(source: ts.SourceFile, walked: Walked, values: Values, call: FoundCall): Candidate | undefined {
  const { node, scope, owner } = call;
  const nodes = node.arguments ?? [];
  if (nodes.length === 0 && !isEventMethod(node.expression)) return undefined;
  const callee = calleeOf(values.of(node.expression, scope), node.expression);
  if (callee.kind === 'unknown' || isSpecta(node.expression)) return undefined;
  const isNew = ts.isNewExpression(node);
  const root = rootOf(callee).kind;
  if (isNew && callee.kind !== 'known' && root !== 'import') return undefined;
  const isImported = (root === 'import' || root === 'unknown') && !isEventMethod(node.expression);
  if (isImported && !nodes.some(mayBeName)) return undefined;
  const args = values.args(nodes, scope);
  if (isImported && !args.some(isNameLike)) return undefined;
  const span = values.span(node);
  const calleeAt = values.span(node.expression);
  const [type] = node.typeArguments ?? [];
  return {
    ...span,
    isNew,
    callee,
    calleeText: source.text.slice(calleeAt.start, calleeAt.end),
    calleeAt,
    args,
    typeArgument: type && { ...values.span(type), text: type.getText(source) },
    owner,
    isDropped: walked.dropped.has(node),
    isElsewhere: call.isElsewhere,
    payload: payloadOf(source, nodes),
  };
}

/** A comparison with what may be the label of a window. */
function comparisonOf(
  source: ts.SourceFile,
  values: Values,
  { label, other, scope, owner, isElsewhere }: FoundComparison,
): Candidate | undefined {
  const callee = member(values.of(label, scope), COMPARED);
  const args = values.args([other], scope);
  if (callee.kind === 'unknown' || !args.some(isNameLike)) return undefined;
  const calleeAt = values.span(label);
  return {
    ...values.span(other),
    isNew: false,
    callee,
    calleeText: source.text.slice(calleeAt.start, calleeAt.end),
    calleeAt,
    args,
    typeArgument: undefined,
    owner,
    isDropped: false,
    isElsewhere,
    payload: undefined,
  };
}

/** `backend.invoke` is a method of any class, where nobody can tell what `backend` is: the linker finds those that there are. */
function calleeOf(value: Value, node: ts.Expression): Value {
  if (value.kind !== 'unknown' && rootOf(value).kind !== 'parameter') return value;
  const name = ts.isPropertyAccessExpression(node) ? node.name.text : undefined;
  return name === METHOD ? { kind: 'member', of: UNKNOWN, name } : value;
}

/** `events.saved.emit()`: the name is in the callee. */
const isEventMethod = (callee: ts.Expression) =>
  ts.isPropertyAccessExpression(callee) && /^(?:listen|once|emit)$/.test(callee.name.text);

/** What a member of a member of … is of. */
function rootOf(value: Value): Value {
  return value.kind === 'member' || value.kind === 'result' || value.kind === 'instance' ? rootOf(value.of) : value;
}

/** The same, by its syntax alone. */
function mayBeName(node: ts.Expression): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.ArrowFunction:
    case ts.SyntaxKind.FunctionExpression:
    case ts.SyntaxKind.ArrayLiteralExpression:
    case ts.SyntaxKind.NumericLiteral:
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
    case ts.SyntaxKind.NullKeyword:
      return false;
    case ts.SyntaxKind.ObjectLiteralExpression:
      return (node as ts.ObjectLiteralExpression).properties.some(
        (each) => !ts.isPropertyAssignment(each) || mayBeName(each.initializer),
      );
    default:
      return true;
  }
}

/** Whether an argument can be a name, or have one. Most calls of other modules have none: they are not looked at. */
function isNameLike({ value }: Argument): boolean {
  switch (value.kind) {
    case 'string':
    case 'template':
    case 'import':
    case 'member':
    case 'parameter':
      return true;
    case 'either':
      return value.values.some((each) => isNameLike({ value: each, isSpread: false, start: 0, end: 0 }));
    case 'object':
      return value.members.some((each) => each.value.kind === 'string' || each.value.kind === 'parameter');
    default:
      return false;
  }
}

/** Whether a call of this can reach Tauri. Functions that pass nothing on lose their uses. */
function leadsSomewhere(value: Value, known: Map<FunctionValue, boolean>): boolean {
  switch (value.kind) {
    case 'known':
    case 'event':
    case 'import':
      return true;
    case 'function': {
      const before = known.get(value);
      if (before !== undefined) return before;
      known.set(value, false);
      const uses = value.uses.filter(({ callee }) => leadsSomewhere(callee, known));
      value.uses.splice(0, value.uses.length, ...uses);
      known.set(value, uses.length > 0);
      return uses.length > 0;
    }
    case 'either':
      return value.values.some((each) => leadsSomewhere(each, known));
    case 'member':
      return value.of === UNKNOWN || leadsSomewhere(value.of, known);
    case 'instance':
      return leadsSomewhere(value.of, known);
    case 'result':
      return value.of.kind === 'function' ? value.of.returns !== UNKNOWN : leadsSomewhere(value.of, known);
    default:
      return false;
  }
}

/** `T` of a callback `(event: Event<T>) => …`, or of `({ payload }: { payload: T }) => …`. */
function payloadOf(source: ts.SourceFile, nodes: readonly ts.Expression[]): string | undefined {
  const callback = nodes.find((node) => ts.isArrowFunction(node) || ts.isFunctionExpression(node));
  const type = callback?.parameters[0]?.type;
  if (!type) return undefined;
  if (ts.isTypeReferenceNode(type)) {
    const name = ts.isIdentifier(type.typeName) ? type.typeName.text : type.typeName.right.text;
    return name === 'Event' ? type.typeArguments?.[0]?.getText(source) : undefined;
  }
  if (!ts.isTypeLiteralNode(type)) return undefined;
  for (const each of type.members) {
    if (ts.isPropertySignature(each) && ts.isIdentifier(each.name) && each.name.text === 'payload') {
      return each.type?.getText(source);
    }
  }
  return undefined;
}
