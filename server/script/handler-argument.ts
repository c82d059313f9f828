/** Where the function of a handler takes an argument out of its arguments. */
import ts from 'typescript';
import type { Position, Range } from 'vscode-languageserver-types';

/** A place that reads an argument by its key. */
export interface ArgumentRead {
  readonly range: Range;
  /** what stands there for another key: `{ name }` becomes `{ other: name }`, and again `{ name }` */
  text(key: string): string;
}

/**
 * The reads of `key` in the last function of the call at `start`, such as `command('greet', { … }, ({ name }) => …)`.
 *
 * Undefined where they cannot be told: the function is elsewhere, or passes its arguments on.
 */
export function argumentReads(text: string, start: Position, key: string): readonly ArgumentRead[] | undefined {
  const source = ts.createSourceFile('handler.ts', text, ts.ScriptTarget.Latest, true);
  const call = callAt(source, source.getPositionOfLineAndCharacter(start.line, start.character));
  const fn = call?.arguments.at(-1);
  if (!fn || !(ts.isArrowFunction(fn) || ts.isFunctionExpression(fn))) return undefined;
  const [parameter] = fn.parameters;
  if (!parameter) return [];
  if (ts.isObjectBindingPattern(parameter.name)) return readsOfPattern(source, parameter.name, key);
  return ts.isIdentifier(parameter.name) ? readsOfVariable(source, fn, parameter.name, key) : undefined;
}

function callAt(source: ts.SourceFile, offset: number): ts.CallExpression | undefined {
  let found: ts.CallExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (offset < node.getStart(source) || offset >= node.end) return;
    if (ts.isCallExpression(node)) found = node;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function readsOfPattern(source: ts.SourceFile, pattern: ts.ObjectBindingPattern, key: string): ArgumentRead[] {
  return pattern.elements.flatMap(({ propertyName, name, dotDotDotToken }): ArgumentRead[] => {
    if (dotDotDotToken || !(propertyName ? isKey(propertyName, key) : isKey(name, key))) return [];
    if (propertyName && !ts.isIdentifier(name)) return [plainRead(source, propertyName)];
    const variable = name.getText(source);
    const start = rangeOf(source, propertyName ?? name).start;
    const text = (other: string) => (other === variable ? variable : `${other}: ${variable}`);
    return [{ range: { start, end: rangeOf(source, name).end }, text }];
  });
}

const plainRead = (source: ts.SourceFile, name: ts.Node): ArgumentRead => ({
  range: rangeOf(source, name),
  text: (key) => key,
});

const isKey = (name: ts.PropertyName | ts.BindingName, key: string) => ts.isIdentifier(name) && name.text === key;

/** All of `args.key` and `const { key } = args`; anything else that is done with `args` may read it, too. */
function readsOfVariable(
  source: ts.SourceFile,
  fn: ts.ArrowFunction | ts.FunctionExpression,
  variable: ts.Identifier,
  key: string,
): ArgumentRead[] | undefined {
  const reads: ArgumentRead[] = [];
  let isClear = true;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === variable.text && node !== variable && !isMember(node)) {
      const { parent } = node;
      if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
        if (parent.name.text === key) reads.push(plainRead(source, parent.name));
      } else if (
        ts.isVariableDeclaration(parent) &&
        parent.initializer === node &&
        ts.isObjectBindingPattern(parent.name)
      ) {
        reads.push(...readsOfPattern(source, parent.name, key));
      } else isClear = false;
    }
    ts.forEachChild(node, visit);
  };
  visit(fn.body);
  return isClear ? reads : undefined;
}

/** Whether an identifier names a member of something else. */
const isMember = (node: ts.Identifier) => ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;

function rangeOf(source: ts.SourceFile, node: ts.Node): Range {
  return {
    start: source.getLineAndCharacterOfPosition(node.getStart(source)),
    end: source.getLineAndCharacterOfPosition(node.end),
  };
}
