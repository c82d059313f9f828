/** The effect of a component around a call: what it returns runs when the component goes. */
import ts from 'typescript';
import type { Position } from 'vscode-languageserver-types';

/** Offsets in the text of the file. */
export interface EffectAround {
  /** where the call begins, and its statement with it */
  readonly call: number;
  /** behind the last statement */
  readonly end: number;
  /** what stands before the call in its line */
  readonly indent: string;
  /** that no name in the effect is like */
  freeName(wanted: string): string;
}

/**
 * The effect whose body has the call at `start` as a statement of its own, such as
 * `useEffect(() => { listen('saved', show); }, [])`.
 *
 * Undefined where there is none, or where it returns something already or never may: an `async` function.
 */
export function effectAround(text: string, start: Position): EffectAround | undefined {
  const source = ts.createSourceFile('component.tsx', text, ts.ScriptTarget.Latest, true);
  const offset = source.getPositionOfLineAndCharacter(start.line, start.character);
  const statement = statementAt(source, offset);
  const body = statement?.parent;
  if (!statement || !body || !ts.isBlock(body) || !isEffect(body.parent) || returns(body)) return undefined;
  const line = source.getPositionOfLineAndCharacter(start.line, 0);
  return {
    call: offset,
    end: body.statements.end,
    indent: /^[ \t]*/.exec(text.slice(line, offset))?.[0] ?? '',
    freeName: (wanted) => {
      for (let count = 1; ; count++) {
        const name = count === 1 ? wanted : wanted + count;
        if (!new RegExp(`\\b${name}\\b`).test(body.getText(source))) return name;
      }
    },
  };
}

/** The statement that is a call, from this offset on, and no more. */
function statementAt(source: ts.SourceFile, offset: number): ts.ExpressionStatement | undefined {
  let found: ts.ExpressionStatement | undefined;
  const visit = (node: ts.Node): void => {
    if (offset < node.getStart(source) || offset >= node.end) return;
    if (ts.isExpressionStatement(node) && node.getStart(source) === offset && isOneCall(node.expression)) found = node;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `listen(…)`, and not `listen(…).then(…)`, which gives something else. */
function isOneCall(node: ts.Expression): boolean {
  if (!ts.isCallExpression(node)) return false;
  let callee = node.expression;
  while (ts.isPropertyAccessExpression(callee)) callee = callee.expression;
  return ts.isIdentifier(callee);
}

/** `useEffect(() => { … })`, `React.useLayoutEffect(function () { … })` */
function isEffect(node: ts.Node): boolean {
  if (!(ts.isArrowFunction(node) || ts.isFunctionExpression(node)) || node.asteriskToken) return false;
  if (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)) return false;
  const { parent } = node;
  if (!ts.isCallExpression(parent) || parent.arguments[0] !== node) return false;
  const callee = ts.isPropertyAccessExpression(parent.expression) ? parent.expression.name : parent.expression;
  return ts.isIdentifier(callee) && /^use(?:Layout)?Effect$/.test(callee.text);
}

/** Whether a function of this body returns: functions in it have returns of their own. */
function returns(body: ts.Block): boolean {
  const visit = (node: ts.Node): boolean =>
    ts.isReturnStatement(node) || (!ts.isFunctionLike(node) && ts.forEachChild(node, visit) === true);
  return visit(body);
}
