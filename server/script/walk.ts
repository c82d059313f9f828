/** One walk over a syntax tree: which names are declared where, and which calls there are. */
import ts from 'typescript';
import { type FunctionNode, memberName, type Origin, Scope, unwrapped } from './scopes.ts';

export interface FoundCall {
  readonly node: ts.CallExpression | ts.NewExpression;
  readonly scope: Scope;
  readonly owner: string | undefined;
  /** in a branch that no page in Tauri comes to */
  readonly isElsewhere: boolean;
}

/** Something that is called a label is compared: `window.label === 'main'`, `switch (window.label) { case 'main': … }`. */
export interface FoundComparison extends Omit<FoundCall, 'node'> {
  readonly label: ts.Expression;
  readonly other: ts.Expression;
}

/** What the walk found. */
export interface Walked {
  readonly scope: Scope;
  readonly calls: readonly FoundCall[];
  readonly comparisons: readonly FoundComparison[];
  /** scopes of functions, where their parameters are */
  readonly functions: ReadonlyMap<ts.Node, Scope>;
  /** calls whose result is thrown away */
  readonly dropped: ReadonlySet<ts.Node>;
  /** callbacks of `promise.then(…)`, with the promise */
  readonly callbacks: ReadonlyMap<ts.Node, Origin>;
  /** statements in front of which a handler's comment stands, by what they declare */
  readonly statements: ReadonlyMap<ts.Node, ts.Node>;
}

/** @param owner name of what the file as a whole is, for people: a component */
export function walk(source: ts.SourceFile, owner: string | undefined): Walked {
  const walker = new Walker(owner);
  walker.run(source);
  return walker;
}

class Walker implements Walked {
  readonly scope = new Scope();
  readonly calls: FoundCall[] = [];
  readonly comparisons: FoundComparison[] = [];
  readonly functions = new Map<ts.Node, Scope>();
  readonly dropped = new Set<ts.Node>();
  readonly callbacks = new Map<ts.Node, Origin>();
  readonly statements = new Map<ts.Node, ts.Node>();
  readonly #changes: { readonly name: string; readonly scope: Scope; readonly to: Origin | undefined }[] = [];
  /** variables that are objects: of others it says nothing who gets them */
  readonly #objects = new Set<string>();
  readonly #given: { readonly name: string; readonly scope: Scope; readonly call: ts.Node }[] = [];
  #scope = this.scope;
  /** in a branch that no page in Tauri comes to */
  #isElsewhere = false;
  /** where `var` goes */
  #functionScope = this.scope;
  #owner: string | undefined;
  /** what the next function is called, where it has no name of its own */
  #nextName: string | undefined;
  /** class or object whose members are visited */
  #container: string | undefined;

  constructor(owner: string | undefined) {
    this.#owner = owner;
  }

  run(source: ts.SourceFile): void {
    ts.forEachChild(source, this.#visit);
    for (const { name, scope, to } of this.#changes) {
      const binding = scope.find(name);
      if (!binding) continue;
      if (to) binding.assigned.push(to);
      else binding.isMutated = true;
    }
    for (const { name, scope, call } of this.#given) {
      const binding = this.#objects.has(name) ? scope.find(name) : undefined;
      if (binding) (binding.givenTo ??= []).push(call);
    }
  }

  /** One switch for all nodes: half of the time to read a file goes by here. */
  readonly #visit = (node: ts.Node): void => {
    const { kind } = node;
    // Names and literals have no children, and types no calls.
    if (kind <= ts.SyntaxKind.LastToken) return;
    if (kind >= ts.SyntaxKind.FirstTypeNode && kind <= ts.SyntaxKind.LastTypeNode) return;
    switch (kind) {
      case ts.SyntaxKind.CallExpression:
        this.#call(node as ts.CallExpression);
        break;
      case ts.SyntaxKind.NewExpression:
        this.#found(node as ts.NewExpression);
        this.#gives(node as ts.NewExpression);
        break;
      case ts.SyntaxKind.IfStatement:
      case ts.SyntaxKind.ConditionalExpression:
        return this.#branches(node as ts.IfStatement | ts.ConditionalExpression);
      case ts.SyntaxKind.VariableDeclarationList:
        return this.#variables(node as ts.VariableDeclarationList);
      case ts.SyntaxKind.FunctionDeclaration:
      case ts.SyntaxKind.FunctionExpression:
      case ts.SyntaxKind.ArrowFunction:
      case ts.SyntaxKind.MethodDeclaration:
      case ts.SyntaxKind.Constructor:
      case ts.SyntaxKind.GetAccessor:
      case ts.SyntaxKind.SetAccessor:
        return this.#function(node as FunctionNode);
      case ts.SyntaxKind.ClassDeclaration:
      case ts.SyntaxKind.ClassExpression:
        return this.#class(node as ts.ClassLikeDeclaration);
      case ts.SyntaxKind.ObjectLiteralExpression:
        return this.#object(node as ts.ObjectLiteralExpression);
      case ts.SyntaxKind.BinaryExpression:
        this.#assignment(node as ts.BinaryExpression);
        this.#comparison(node as ts.BinaryExpression);
        break;
      case ts.SyntaxKind.SwitchStatement:
        this.#cases(node as ts.SwitchStatement);
        break;
      case ts.SyntaxKind.ExpressionStatement:
        this.#statement(node as ts.ExpressionStatement);
        break;
      case ts.SyntaxKind.VariableStatement:
        this.#declares(node as ts.VariableStatement);
        break;
      case ts.SyntaxKind.ImportDeclaration:
        return this.#imports(node as ts.ImportDeclaration);
      case ts.SyntaxKind.EnumDeclaration:
        return this.#enum(node as ts.EnumDeclaration);
      case ts.SyntaxKind.InterfaceDeclaration:
      case ts.SyntaxKind.TypeAliasDeclaration:
      case ts.SyntaxKind.ExportDeclaration:
        return;
      case ts.SyntaxKind.DeleteExpression:
        this.#mutates((node as ts.DeleteExpression).expression);
        break;
      case ts.SyntaxKind.Block:
      case ts.SyntaxKind.ForStatement:
      case ts.SyntaxKind.ForInStatement:
      case ts.SyntaxKind.ForOfStatement:
      case ts.SyntaxKind.CaseBlock:
      case ts.SyntaxKind.CatchClause:
      case ts.SyntaxKind.ModuleBlock:
        return this.#inside(new Scope(this.#scope), node);
      default:
    }
    ts.forEachChild(node, this.#visit);
  };

  #enum(node: ts.EnumDeclaration): void {
    this.#scope.declare(node.name.text, { kind: 'declaration', node, scope: this.#scope });
  }

  #inside(scope: Scope, node: ts.Node): void {
    const outer = this.#scope;
    this.#scope = scope;
    if (ts.isCatchClause(node) && node.variableDeclaration) {
      this.#pattern(node.variableDeclaration.name, { kind: 'other' }, undefined, scope);
      ts.forEachChild(node.block, this.#visit);
    } else ts.forEachChild(node, this.#visit);
    this.#scope = outer;
  }

  // ---- declarations

  #declares(node: ts.VariableStatement): void {
    for (const { initializer } of node.declarationList.declarations)
      if (initializer) this.statements.set(initializer, node);
  }

  #variables(list: ts.VariableDeclarationList): void {
    const isVar = (list.flags & ts.NodeFlags.BlockScoped) === 0;
    const scope = isVar ? this.#functionScope : this.#scope;
    for (const { name, type, initializer } of list.declarations) {
      this.#pattern(
        name,
        initializer ? { kind: 'expression', node: initializer, scope: this.#scope } : { kind: 'other' },
        type,
        scope,
      );
      if (!initializer) continue;
      const outer = this.#container;
      if (ts.isIdentifier(name)) this.#named(name.text, initializer);
      this.#visit(initializer);
      this.#container = outer;
      this.#nextName = undefined;
    }
  }

  /** Who is called by the name of a variable: a function, what a hook makes of one, members of an object. */
  #named(name: string, initializer: ts.Expression): void {
    const value = unwrapped(initializer);
    if (ts.isObjectLiteralExpression(value)) {
      this.#container = name;
      this.#objects.add(name);
    } else if (ts.isArrowFunction(value) || ts.isFunctionExpression(value) || ts.isClassExpression(value))
      this.#nextName = name;
    else if (ts.isCallExpression(value) && ts.isIdentifier(value.expression)) this.#nextName = name;
  }

  #pattern(name: ts.BindingName, origin: Origin, type: ts.TypeNode | undefined, scope: Scope): void {
    if (ts.isIdentifier(name)) return scope.declare(name.text, origin, type);
    for (const element of name.elements) {
      if (ts.isOmittedExpression(element)) continue;
      const key = element.propertyName ?? element.name;
      const member = ts.isObjectBindingPattern(name) && !element.dotDotDotToken ? memberName(key) : undefined;
      const inner: Origin = member === undefined ? { kind: 'other' } : { kind: 'member', of: origin, name: member };
      this.#pattern(element.name, inner, undefined, scope);
      if (element.initializer) this.#visit(element.initializer);
    }
  }

  #imports({ importClause, moduleSpecifier }: ts.ImportDeclaration): void {
    if (!importClause || !ts.isStringLiteral(moduleSpecifier)) return;
    const from = moduleSpecifier.text;
    const isType = importClause.phaseModifier === ts.SyntaxKind.TypeKeyword;
    const declare = (local: ts.Identifier, name: string, isType: boolean) =>
      this.scope.declare(local.text, { kind: 'import', from, name, isType });
    if (importClause.name) declare(importClause.name, 'default', isType);
    const bindings = importClause.namedBindings;
    if (!bindings) return;
    if (ts.isNamespaceImport(bindings)) return declare(bindings.name, '*', isType);
    for (const each of bindings.elements)
      declare(each.name, (each.propertyName ?? each.name).text, isType || each.isTypeOnly);
  }

  #function(node: FunctionNode): void {
    const declared = node.name && memberName(node.name);
    if (ts.isFunctionDeclaration(node) && declared !== undefined) {
      this.#scope.declare(declared, { kind: 'declaration', node, scope: this.#scope });
    }
    const isMember = ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node) || ts.isAccessor(node);
    const own = ts.isConstructorDeclaration(node) ? 'constructor' : (declared ?? this.#nextName);
    const name = isMember && this.#container !== undefined ? `${this.#container}.${own}` : own;
    const saved = [this.#scope, this.#functionScope, this.#owner, this.#container] as const;
    const scope = new Scope(this.#scope);
    this.functions.set(node, scope);
    this.#scope = this.#functionScope = scope;
    this.#owner = name ?? this.#owner;
    this.#nextName = this.#container = undefined;
    for (const [index, parameter] of node.parameters.entries()) {
      const isRest = parameter.dotDotDotToken !== undefined;
      this.#pattern(parameter.name, { kind: 'parameter', of: node, index, isRest, scope }, parameter.type, scope);
      if (parameter.initializer) this.#visit(parameter.initializer);
    }
    // A body is no scope of its own: its names stand beside the parameters.
    if (node.body) {
      if (ts.isBlock(node.body)) ts.forEachChild(node.body, this.#visit);
      else this.#visit(node.body);
    }
    [this.#scope, this.#functionScope, this.#owner, this.#container] = saved;
  }

  #class(node: ts.ClassLikeDeclaration): void {
    const name = node.name?.text ?? this.#nextName;
    if (node.name) this.#scope.declare(node.name.text, { kind: 'declaration', node, scope: this.#scope });
    this.#members(node, name);
  }

  #object(node: ts.ObjectLiteralExpression): void {
    this.#members(node, this.#container);
  }

  #members(node: ts.ClassLikeDeclaration | ts.ObjectLiteralExpression, name: string | undefined): void {
    const outer = this.#scope;
    const container = this.#container;
    const nextName = this.#nextName;
    this.#scope = new Scope(outer, node);
    this.functions.set(node, this.#scope);
    const members: readonly ts.Node[] = ts.isClassLike(node) ? node.members : node.properties;
    for (const member of members) {
      this.#container = name;
      this.#nextName = undefined;
      const isNamed = ts.isPropertyAssignment(member) || ts.isPropertyDeclaration(member);
      const key = isNamed && name !== undefined ? memberName(member.name) : undefined;
      if (key !== undefined && isNamed && member.initializer) {
        const value = unwrapped(member.initializer);
        this.#container = undefined;
        this.#named(`${name}.${key}`, value);
      }
      // Methods are nodes of their own; of properties only what they hold can have calls.
      this.#visit(isNamed && member.initializer ? member.initializer : member);
    }
    if (ts.isClassLike(node)) for (const clause of node.heritageClauses ?? []) ts.forEachChild(clause, this.#visit);
    this.#container = container;
    this.#nextName = nextName;
    this.#scope = outer;
  }

  // ---- what happens

  #found(node: FoundCall['node']): void {
    this.calls.push({ node, scope: this.#scope, owner: this.#owner, isElsewhere: this.#isElsewhere });
  }

  #comparison({ left, right, operatorToken }: ts.BinaryExpression): void {
    if (!COMPARES.has(operatorToken.kind)) return;
    this.#compares(left, right);
    this.#compares(right, left);
  }

  #cases({ expression, caseBlock }: ts.SwitchStatement): void {
    for (const clause of caseBlock.clauses) if (ts.isCaseClause(clause)) this.#compares(expression, clause.expression);
  }

  #compares(label: ts.Expression, other: ts.Expression): void {
    if (!isCalledLabel(unwrapped(label))) return;
    this.comparisons.push({ label, other, scope: this.#scope, owner: this.#owner, isElsewhere: this.#isElsewhere });
  }

  #branches(node: ts.IfStatement | ts.ConditionalExpression): void {
    const [test, yes, no] = ts.isIfStatement(node)
      ? [node.expression, node.thenStatement, node.elseStatement]
      : [node.condition, node.whenTrue, node.whenFalse];
    const inTauri = asksForTauri(test);
    this.#visit(test);
    const outer = this.#isElsewhere;
    this.#isElsewhere = outer || inTauri === false;
    this.#visit(yes);
    this.#isElsewhere = outer || inTauri === true;
    if (no) this.#visit(no);
    this.#isElsewhere = outer;
  }

  #call(node: ts.CallExpression): void {
    this.#found(node);
    this.#gives(node);
    const { expression } = node;
    const [first] = node.arguments;
    if (!first || !ts.isPropertyAccessExpression(expression)) return;
    const member = expression.name.text;
    if (member === 'then' && ts.isFunctionLike(first)) {
      this.callbacks.set(first, { kind: 'expression', node: expression.expression, scope: this.#scope });
    } else if (member === 'assign') this.#mutates(first, true);
  }

  /** Variables that a call may change. */
  #gives(call: FoundCall['node']): void {
    if (!call.arguments || leavesAlone(call.expression)) return;
    for (const each of call.arguments) {
      const node = unwrapped(each);
      if (ts.isIdentifier(node)) this.#given.push({ name: node.text, scope: this.#scope, call });
    }
  }

  #assignment({ left, right, operatorToken }: ts.BinaryExpression): void {
    const { kind } = operatorToken;
    if (kind < ts.SyntaxKind.FirstAssignment || kind > ts.SyntaxKind.LastAssignment) return;
    const scope = this.#scope;
    const isPlain = kind === ts.SyntaxKind.EqualsToken || kind === ts.SyntaxKind.QuestionQuestionEqualsToken;
    const to: Origin = isPlain ? { kind: 'expression', node: right, scope } : { kind: 'other' };
    const target = unwrapped(left);
    if (ts.isIdentifier(target)) {
      this.#changes.push({ name: target.text, scope, to });
      if (ts.isObjectLiteralExpression(unwrapped(right))) this.#objects.add(target.text);
    } else if (ts.isObjectLiteralExpression(target)) {
      for (const each of target.properties) {
        if (ts.isShorthandPropertyAssignment(each)) {
          const { text } = each.name;
          this.#changes.push({ name: text, scope, to: { kind: 'member', of: to, name: text } });
        } else if (ts.isPropertyAssignment(each) && ts.isIdentifier(each.initializer)) {
          const member = memberName(each.name);
          const inner: Origin = member === undefined ? { kind: 'other' } : { kind: 'member', of: to, name: member };
          this.#changes.push({ name: each.initializer.text, scope, to: inner });
        }
      }
    } else this.#mutates(target);
  }

  /** A member of what an expression names is set, or of the expression itself. */
  #mutates(node: ts.Expression, itself = false): void {
    let root = unwrapped(node);
    if (!itself && !isAccess(root)) return;
    while (isAccess(root)) root = unwrapped(root.expression);
    if (ts.isIdentifier(root)) this.#changes.push({ name: root.text, scope: this.#scope, to: undefined });
  }

  #statement(statement: ts.ExpressionStatement): void {
    let node: ts.Expression = statement.expression;
    for (;;) {
      node = unwrapped(node);
      if (ts.isAwaitExpression(node) || ts.isVoidExpression(node)) node = node.expression;
      else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && throwsAway(node)) {
        node = node.expression.expression;
      } else break;
    }
    if (ts.isCallExpression(node)) {
      this.dropped.add(node);
      this.statements.set(node, statement);
    }
  }
}

/** Whether a method of a promise gives its result to nobody. */
function throwsAway({ expression, arguments: [first] }: ts.CallExpression): boolean {
  const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
  if (name === 'catch' || name === 'finally') return true;
  return name === 'then' && first !== undefined && ts.isArrowFunction(first) && first.parameters.length === 0;
}

/** Whether a function is one of the language's own that change nothing of what they get, or whose changes count elsewhere. */
function leavesAlone(callee: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(callee) || !ts.isIdentifier(callee.expression)) return false;
  return ONLY_READS.get(callee.expression.text)?.test(callee.name.text) ?? false;
}

const ONLY_READS: ReadonlyMap<string, RegExp> = new Map([
  ['console', /^/],
  ['JSON', /^stringify$/],
  ['Object', /^(?:assign|entries|freeze|hasOwn|is\w*|keys|seal|values)$/],
]);

const isAccess = (node: ts.Node) => ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);

const COMPARES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

/** `window.label`, or a variable that is called so: of the many things that are compared only these are looked at. */
const isCalledLabel = (node: ts.Node) =>
  ts.isPropertyAccessExpression(node)
    ? node.name.text === 'label'
    : ts.isIdentifier(node) && node.text.toLowerCase().endsWith('label');

/** Whether a condition is that the page runs in Tauri (true), or that it does not (false). */
function asksForTauri(test: ts.Expression): boolean | undefined {
  const node = unwrapped(test);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const asked = asksForTauri(node.operand);
    return asked === undefined ? undefined : !asked;
  }
  if (ts.isBinaryExpression(node)) {
    const isIn = node.operatorToken.kind === ts.SyntaxKind.InKeyword && ts.isStringLiteral(node.left);
    return isIn && IS_TAURI.test(node.left.text) ? true : undefined;
  }
  const asked = ts.isCallExpression(node) ? node.expression : node;
  const name = ts.isPropertyAccessExpression(asked) ? asked.name : asked;
  return ts.isIdentifier(name) && IS_TAURI.test(name.text) ? true : undefined;
}

const IS_TAURI =
  /^(?:(?:is|in|runs|running|has)\w{0,12}tauri(?:_?(?:app|env|environment|runtime))?|__TAURI(?:_INTERNALS)?__)$/i;
