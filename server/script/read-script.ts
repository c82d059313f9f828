/** Reads a script: what it calls, emits and listens to, and the handlers that it defines. */
import ts from 'typescript';
import type { Range } from 'vscode-languageserver-types';
import type { ArgumentKey, CallArguments, CallSite, FileRange, ValueKind } from '../index/facts.ts';
import type { ScriptFile } from './model.ts';

/** What a file says. Never throws: what cannot be understood is left out. */
export function readScript(path: string, text: string): ScriptFile {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const calls: CallSite[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const call = callSite(source, path, node);
      if (call) calls.push(call);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { path, calls };
}

function callSite(source: ts.SourceFile, file: string, node: ts.CallExpression): CallSite | undefined {
  const [name, args] = node.arguments;
  if (!ts.isIdentifier(node.expression) || node.expression.text !== 'invoke' || !name) return undefined;
  if (!ts.isStringLiteralLike(name)) return undefined;
  const commandAt = { file, range: rangeOf(source, name.getStart(source) + 1, name.end - 1) };
  const [type] = node.typeArguments ?? [];
  return {
    at: place(source, file, node),
    callee: node.expression.text,
    command: name.text,
    commandAt,
    literal: commandAt,
    args: argumentsOf(source, file, args),
    typeArgument: type && { text: type.getText(source), at: place(source, file, type) },
    caller: undefined,
  };
}

function argumentsOf(source: ts.SourceFile, file: string, node: ts.Expression | undefined): CallArguments {
  if (!node) return { kind: 'none' };
  const at = place(source, file, node);
  if (!ts.isObjectLiteralExpression(node)) return { kind: 'other', at };
  const keys: ArgumentKey[] = [];
  let isOpen = false;
  for (const property of node.properties) {
    const { name } = property;
    if (!name || !(ts.isIdentifier(name) || ts.isStringLiteral(name))) {
      isOpen = true;
      continue;
    }
    const value = ts.isPropertyAssignment(property) ? property.initializer : name;
    keys.push({
      key: name.text,
      at: place(source, file, name),
      isShorthand: ts.isShorthandPropertyAssignment(property),
      value: ts.isPropertyAssignment(property) ? kindOfValue(value) : 'other',
      valueAt: place(source, file, value),
    });
  }
  return { kind: 'object', at, keys, isOpen };
}

function kindOfValue(node: ts.Node): ValueKind {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return 'string';
  return ts.isNumericLiteral(node) ? 'number' : 'other';
}

const place = (source: ts.SourceFile, file: string, node: ts.Node): FileRange => ({
  file,
  range: rangeOf(source, node.getStart(source), node.end),
});

function rangeOf(source: ts.SourceFile, start: number, end: number): Range {
  return { start: source.getLineAndCharacterOfPosition(start), end: source.getLineAndCharacterOfPosition(end) };
}
