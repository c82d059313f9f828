/** Sorts of values, where they are plain from how an expression is written. */
import ts from 'typescript';
import type { ValueKind } from '../index/facts.ts';
import { type Binding, type Scope, unwrapped } from './scopes.ts';

/** Whether an expression is Tauri's class `Channel`. */
type IsChannel = (node: ts.Expression, scope: Scope) => boolean;

/** What sort of value an expression has; `other` where that is not plain. */
export function sortOf(expression: ts.Expression, scope: Scope, isChannel: IsChannel, depth = 0): ValueKind {
  if (ts.isAsExpression(expression) || ts.isTypeAssertionExpression(expression)) {
    const { type } = expression;
    return isConst(type) ? sortOf(expression.expression, scope, isChannel, depth) : sortOfType(type);
  }
  const node = unwrapped(expression);
  const plain = plainSort(node);
  if (plain !== undefined) return plain;
  if (ts.isIdentifier(node)) {
    const binding = depth < MAX_STEPS ? scope.find(node.text) : undefined;
    return binding ? sortOfBinding(binding, isChannel, depth) : 'other';
  }
  if (ts.isConditionalExpression(node)) {
    const sort = sortOf(node.whenTrue, scope, isChannel, depth + 1);
    return depth < MAX_STEPS && sort === sortOf(node.whenFalse, scope, isChannel, depth + 1) ? sort : 'other';
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && !scope.find(node.expression.text)) {
    return SORT_OF_CALL[node.expression.text] ?? 'other';
  }
  return ts.isNewExpression(node) && isChannel(node.expression, scope) ? 'channel' : 'other';
}

function sortOfBinding({ type, origin, assigned }: Binding, isChannel: IsChannel, depth: number): ValueKind {
  if (type) return sortOfType(type);
  if (assigned.length > 0) return 'other';
  if (origin.kind === 'expression') return sortOf(origin.node, origin.scope, isChannel, depth + 1);
  return origin.kind === 'declaration' && ts.isFunctionLike(origin.node) ? 'function' : 'other';
}

/** Constants of constants. */
const MAX_STEPS = 8;

const SORT_OF_CALL: Readonly<Record<string, ValueKind>> = {
  String: 'string',
  Number: 'number',
  Boolean: 'boolean',
  parseInt: 'number',
  parseFloat: 'number',
};

function plainSort(node: ts.Expression): ValueKind | undefined {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isTypeOfExpression(node)) return 'string';
  if (ts.isNumericLiteral(node)) return 'number';
  if (ts.isArrayLiteralExpression(node)) return 'array';
  if (ts.isObjectLiteralExpression(node)) return 'object';
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return 'function';
  if (ts.isPrefixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.ExclamationToken) return 'boolean';
    return ts.isNumericLiteral(node.operand) ? 'number' : 'other';
  }
  if (ts.isBinaryExpression(node)) return COMPARES.has(node.operatorToken.kind) ? 'boolean' : undefined;
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
      return 'boolean';
    case ts.SyntaxKind.NullKeyword:
      return 'null';
    default:
      return undefined;
  }
}

const COMPARES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.InKeyword,
  ts.SyntaxKind.InstanceOfKeyword,
]);

const isConst = (type: ts.TypeNode) =>
  ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && type.typeName.text === 'const';

function sortOfType(type: ts.TypeNode): ValueKind {
  switch (type.kind) {
    case ts.SyntaxKind.StringKeyword:
    case ts.SyntaxKind.TemplateLiteralType:
      return 'string';
    case ts.SyntaxKind.NumberKeyword:
      return 'number';
    case ts.SyntaxKind.BooleanKeyword:
      return 'boolean';
    case ts.SyntaxKind.ArrayType:
    case ts.SyntaxKind.TupleType:
      return 'array';
    case ts.SyntaxKind.FunctionType:
      return 'function';
    case ts.SyntaxKind.TypeLiteral:
      return 'object';
    default:
  }
  if (ts.isParenthesizedTypeNode(type)) return sortOfType(type.type);
  if (ts.isLiteralTypeNode(type)) return plainSort(type.literal) ?? 'other';
  if (ts.isUnionTypeNode(type)) {
    const sorts = new Set(type.types.map(sortOfType));
    const [only] = sorts;
    return sorts.size === 1 && only !== undefined ? only : 'other';
  }
  if (ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName)) {
    const { text } = type.typeName;
    if (text === 'Channel') return 'channel';
    return text === 'Array' || text === 'ReadonlyArray' ? 'array' : 'other';
  }
  return 'other';
}
