/** What a file exports, by name. */
import ts from 'typescript';
import { UNKNOWN, type Value } from './model.ts';
import type { Scope } from './scopes.ts';
import { either, imported } from './made-values.ts';
import type { Values } from './values.ts';

export interface Exports {
  readonly names: ReadonlyMap<string, Value>;
  /** modules of `export * from` */
  readonly stars: readonly string[];
}

export function exportsOf(source: ts.SourceFile, scope: Scope, values: Values): Exports {
  const names = new Map<string, Value>();
  const stars: string[] = [];
  const add = (name: string, value: Value) => {
    if (value.kind !== 'unknown')
      names.set(name, names.has(name) ? either([names.get(name) ?? UNKNOWN, value]) : value);
  };
  const addLocal = (local: string, name = local) => {
    const binding = scope.find(local);
    if (binding) add(name, values.ofBinding(binding));
  };
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement)) {
      if (statement.isTypeOnly) continue;
      const from =
        statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier)
          ? statement.moduleSpecifier.text
          : undefined;
      const clause = statement.exportClause;
      if (!clause) {
        if (from !== undefined) stars.push(from);
      } else if (ts.isNamespaceExport(clause)) {
        if (from !== undefined) add(clause.name.text, imported(from, '*'));
      } else {
        for (const { name, propertyName, isTypeOnly } of clause.elements) {
          if (isTypeOnly) continue;
          const local = (propertyName ?? name).text;
          if (from === undefined) addLocal(local, name.text);
          else add(name.text, imported(from, local));
        }
      }
    } else if (ts.isExportAssignment(statement)) {
      const value = values.of(statement.expression, scope);
      add('default', value);
      if (statement.isExportEquals) addMembers(value, add);
    } else if (ts.isExpressionStatement(statement)) {
      commonJs(statement.expression, scope, values, add);
    } else if (isExported(statement)) {
      for (const [local, name] of declaredBy(statement)) addLocal(local, name);
    }
  }
  return { names, stars };
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (statement.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** Names that a statement declares, and by which it exports them. */
function declaredBy(statement: ts.Statement): [local: string, name: string][] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => namesIn(name)).map((name) => [name, name]);
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement);
  if (!isNamed || !statement.name) return [];
  const isDefault = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
  return [[statement.name.text, isDefault ? 'default' : statement.name.text]];
}

function namesIn(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((each) => (ts.isOmittedExpression(each) ? [] : namesIn(each.name)));
}

/** `module.exports = …`, `exports.name = …` */
function commonJs(node: ts.Expression, scope: Scope, values: Values, add: (name: string, value: Value) => void): void {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
  const { left } = node;
  if (!ts.isPropertyAccessExpression(left)) return;
  const isModule = isExports(left);
  if (!isModule && !isExports(left.expression)) return;
  const value = values.of(node.right, scope);
  add(isModule ? 'default' : left.name.text, value);
  if (isModule) addMembers(value, add);
}

const isExports = (node: ts.Expression): boolean =>
  (ts.isIdentifier(node) && node.text === 'exports') ||
  (ts.isPropertyAccessExpression(node) &&
    node.name.text === 'exports' &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'module');

function addMembers(value: Value, add: (name: string, value: Value) => void): void {
  if (value.kind === 'object') for (const { key, value: member } of value.members) add(key, member);
}
