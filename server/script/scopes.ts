/** Names of a file: where they are declared, and where their values come from. */
import ts from 'typescript';

/** Where the value of a name comes from. */
export type Origin =
  | { readonly kind: 'expression'; readonly node: ts.Expression; readonly scope: Scope }
  | {
      readonly kind: 'member';
      readonly of: Origin;
      readonly name: string;
    }
  | { readonly kind: 'import'; readonly from: string; readonly name: string; readonly isType: boolean }
  | {
      readonly kind: 'parameter';
      readonly of: ts.SignatureDeclaration;
      readonly index: number;
      readonly isRest: boolean;
      readonly scope: Scope;
    }
  | {
      readonly kind: 'declaration';
      readonly node: FunctionNode | ts.ClassLikeDeclaration | ts.EnumDeclaration;
      readonly scope: Scope;
    }
  | { readonly kind: 'other' };

export type FunctionNode = ts.FunctionLikeDeclaration;

export interface Binding {
  readonly origin: Origin;
  readonly type: ts.TypeNode | undefined;
  /** what is assigned to it later */
  readonly assigned: Origin[];
  /** whether a member of it is set */
  isMutated: boolean;
  /** calls that get it as an argument, and may do anything with it */
  givenTo: ts.Node[] | undefined;
}

export class Scope {
  readonly parent: Scope | undefined;
  /** what `this` is in it: a class, or an object with methods */
  readonly self: ts.ClassLikeDeclaration | ts.ObjectLiteralExpression | undefined;
  #names: Map<string, Binding> | undefined;

  constructor(parent?: Scope, self = parent?.self) {
    this.parent = parent;
    this.self = self;
  }

  declare(name: string, origin: Origin, type?: ts.TypeNode): void {
    this.#names ??= new Map();
    const known = this.#names.get(name);
    // Overloads, and scripts of one page: the first one that says something.
    if (known && known.origin.kind !== 'other') known.assigned.push(origin);
    else this.#names.set(name, { origin, type, assigned: [], isMutated: false, givenTo: undefined });
  }

  find(name: string): Binding | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const binding = scope.#names?.get(name);
      if (binding) return binding;
    }
    return undefined;
  }
}

/** Without parentheses, type assertions and `!`. */
export function unwrapped(expression: ts.Expression): ts.Expression {
  let node = expression;
  while (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node)
  ) {
    node = node.expression;
  }
  return node;
}

/** The text of a name that is written there. */
export function memberName(name: ts.PropertyName | ts.BindingName): string | undefined {
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  if (ts.isPrivateIdentifier(name)) return name.text;
  return ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression) ? name.expression.text : undefined;
}
