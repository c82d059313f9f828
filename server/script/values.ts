/** Expressions of a syntax tree as values: what they are, as far as their file tells. */
import ts from 'typescript';
import { globalNamed, instanceOf, type Known, resultOf, typeNamed } from './known.ts';
import { either, element, imported, known, member, template } from './made-values.ts';
import {
  type Argument,
  type ClassValue,
  type FunctionValue,
  type Member,
  type ObjectValue,
  type Span,
  UNKNOWN,
  type Value,
} from './model.ts';
import { type Binding, type FunctionNode, memberName, type Origin, type Scope, unwrapped } from './scopes.ts';
import { isSpecta, spectaEvents } from './specta.ts';
import { sortOf } from './value-sorts.ts';
import type { Walked } from './walk.ts';

/** Longer lists are data. */
const MAX_ELEMENTS = 1000;

const NOTHING: Value = { kind: 'nothing' };

/** Makes values of the expressions of one file; each declaration once. */
export class Values {
  readonly #source: ts.SourceFile;
  readonly #walked: Walked;
  readonly #bindings = new Map<Binding, Value>();
  readonly #nodes = new Map<ts.Node, Value>();
  readonly #given = new Map<ts.Node, readonly (Known | undefined)[]>();
  readonly #handlers = new Map<ts.Node, Value>();

  constructor(source: ts.SourceFile, walked: Walked) {
    this.#source = source;
    this.#walked = walked;
  }

  /** Says what a function is given that somebody known calls. */
  gives(node: ts.Node, parameters: readonly (Known | undefined)[]): void {
    this.#given.set(node, parameters);
  }

  /** Says which call defines a handler. */
  defines(node: ts.Node, index: number): void {
    this.#handlers.set(node, { kind: 'handler', index });
  }

  span(node: ts.Node): Span {
    return { start: node.getStart(this.#source), end: node.end };
  }

  /** A name of a property, without quotes and brackets. */
  nameSpan(name: ts.PropertyName): Span {
    const written = ts.isComputedPropertyName(name) ? name.expression : name;
    const { start, end } = this.span(written);
    return ts.isStringLiteralLike(written) ? { start: start + 1, end: end - 1 } : { start, end };
  }

  args(nodes: readonly ts.Expression[], scope: Scope): Argument[] {
    return nodes.map((node) => {
      const isSpread = ts.isSpreadElement(node);
      // A function that is passed on names nothing, and may be half of the file.
      const isFunction = ts.isArrowFunction(node) || ts.isFunctionExpression(node);
      const value = isFunction ? UNKNOWN : this.of(isSpread ? node.expression : node, scope);
      return { ...this.span(node), value, isSpread };
    });
  }

  of(expression: ts.Expression, scope: Scope): Value {
    const node = unwrapped(expression);
    switch (node.kind) {
      case ts.SyntaxKind.Identifier:
        return this.#named((node as ts.Identifier).text, scope);
      case ts.SyntaxKind.StringLiteral:
      case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
        return this.#string(node as ts.StringLiteralLike);
      case ts.SyntaxKind.PropertyAccessExpression: {
        const { expression: of, name } = node as ts.PropertyAccessExpression;
        return member(this.of(of, scope), name.text);
      }
      case ts.SyntaxKind.ElementAccessExpression:
        return this.#element(node as ts.ElementAccessExpression, scope);
      case ts.SyntaxKind.CallExpression:
        return this.#call(node as ts.CallExpression, scope);
      case ts.SyntaxKind.NewExpression:
        return this.#instance(node as ts.NewExpression, scope);
      case ts.SyntaxKind.AwaitExpression:
        return this.of((node as ts.AwaitExpression).expression, scope);
      case ts.SyntaxKind.ConditionalExpression: {
        const { whenTrue, whenFalse } = node as ts.ConditionalExpression;
        return either([this.of(whenTrue, scope), this.of(whenFalse, scope)]);
      }
      case ts.SyntaxKind.TemplateExpression: {
        const { head, templateSpans } = node as ts.TemplateExpression;
        const parts = templateSpans.flatMap(({ expression: hole, literal }) => [this.of(hole, scope), literal.text]);
        return template([head.text, ...parts]);
      }
      case ts.SyntaxKind.BinaryExpression:
        return this.#binary(node as ts.BinaryExpression, scope);
      case ts.SyntaxKind.ObjectLiteralExpression:
        return this.#nodes.get(node) ?? this.#object(node as ts.ObjectLiteralExpression, scope);
      case ts.SyntaxKind.ArrayLiteralExpression: {
        const { elements } = node as ts.ArrayLiteralExpression;
        return elements.length > MAX_ELEMENTS ? UNKNOWN : { kind: 'array', elements: this.args(elements, scope) };
      }
      case ts.SyntaxKind.ArrowFunction:
      case ts.SyntaxKind.FunctionExpression:
        return this.functionOf(node as FunctionNode);
      case ts.SyntaxKind.ClassExpression:
        return this.#class(node as ts.ClassExpression);
      case ts.SyntaxKind.ThisKeyword:
        return this.#self(scope);
      case ts.SyntaxKind.VoidExpression:
        return NOTHING;
      default:
        return UNKNOWN;
    }
  }

  #string(node: ts.StringLiteralLike): Value {
    const start = node.getStart(this.#source) + 1;
    // One that is not finished has no quote at its end.
    const isClosed =
      node.end > start && node.end <= this.#source.text.length && isQuote(this.#source.text, node.end - 1);
    return { kind: 'string', text: node.text, start, end: isClosed ? node.end - 1 : Math.max(node.end, start) };
  }

  #element(node: ts.ElementAccessExpression, scope: Scope): Value {
    const of = this.of(node.expression, scope);
    if (of.kind === 'unknown') return UNKNOWN;
    if (ts.isNumericLiteral(node.argumentExpression)) return element(of, Number(node.argumentExpression.text));
    const key = this.of(node.argumentExpression, scope);
    return key.kind === 'string' ? member(of, key.text) : UNKNOWN;
  }

  #binary({ left, right, operatorToken }: ts.BinaryExpression, scope: Scope): Value {
    switch (operatorToken.kind) {
      case ts.SyntaxKind.PlusToken: {
        const parts = [this.of(left, scope), this.of(right, scope)];
        return parts.some(({ kind }) => kind === 'string' || kind === 'template') ? template(parts) : UNKNOWN;
      }
      case ts.SyntaxKind.QuestionQuestionToken:
      case ts.SyntaxKind.BarBarToken:
        return either([this.of(left, scope), this.of(right, scope)]);
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.CommaToken:
      case ts.SyntaxKind.EqualsToken:
        return this.of(right, scope);
      default:
        return UNKNOWN;
    }
  }

  // ---- names

  #named(name: string, scope: Scope): Value {
    if (name === 'undefined') return NOTHING;
    const binding = scope.find(name);
    return binding ? this.ofBinding(binding) : known(globalNamed(name));
  }

  ofBinding(binding: Binding): Value {
    const made = this.#bindings.get(binding);
    if (made) return made;
    this.#bindings.set(binding, UNKNOWN);
    const { origin, assigned } = binding;
    let value: Value;
    if (assigned.length === 0) value = this.#origin(origin);
    else {
      // Declared without a value, it has those that are assigned.
      const origins = origin.kind === 'other' ? assigned : [origin, ...assigned];
      value = either(origins.map((each) => this.#origin(each)));
    }
    if (binding.isMutated && value.kind === 'object') value = { ...value, isConstant: false };
    if (binding.givenTo && value.kind === 'object') {
      value = { ...value, givenTo: [...value.givenTo, ...binding.givenTo.map((call) => this.span(call))] };
    }
    if (binding.type && (value.kind === 'unknown' || value.kind === 'parameter')) {
      value = this.#typed(binding.type) ?? value;
    }
    this.#bindings.set(binding, value);
    return value;
  }

  /** What something is by its type: a window, or what handlers are given. */
  #typed(type: ts.TypeNode): Value | undefined {
    if (ts.isUnionTypeNode(type)) {
      for (const each of type.types) {
        const value = this.#typed(each);
        if (value) return value;
      }
    }
    if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return undefined;
    const origin = this.#walked.scope.find(type.typeName.text)?.origin;
    const name = origin?.kind === 'import' ? typeNamed(origin.from, origin.name) : undefined;
    return name === undefined ? undefined : known(name);
  }

  #origin(origin: Origin): Value {
    switch (origin.kind) {
      case 'expression':
        return this.of(origin.node, origin.scope);
      case 'member':
        return member(this.#origin(origin.of), origin.name);
      case 'import':
        return origin.isType ? UNKNOWN : imported(origin.from, origin.name);
      case 'parameter':
        return this.#parameter(origin);
      case 'declaration': {
        const { node } = origin;
        if (ts.isEnumDeclaration(node)) return this.#once(node, () => this.#enum(node, origin.scope));
        return ts.isClassLike(node) ? this.#class(node) : this.functionOf(node);
      }
      default:
        return UNKNOWN;
    }
  }

  #parameter({ of, index, isRest }: Extract<Origin, { kind: 'parameter' }>): Value {
    const given = this.#given.get(of)?.[index];
    if (given !== undefined) return known(given);
    const promise = this.#walked.callbacks.get(of);
    if (promise && index === 0) return this.#origin(promise);
    return { kind: 'parameter', of: this.functionOf(of as FunctionNode), index, isRest };
  }

  #self({ self }: Scope): Value {
    if (!self) return UNKNOWN;
    if (ts.isClassLike(self)) return { kind: 'instance', of: this.#class(self), args: [] };
    return this.#nodes.get(self) ?? UNKNOWN;
  }

  // ---- calls

  #call(node: ts.CallExpression, scope: Scope): Value {
    const handler = this.#handlers.get(node);
    if (handler) return handler;
    const { expression } = node;
    const [first] = node.arguments;
    if (expression.kind === ts.SyntaxKind.ImportKeyword) return first ? this.#module(first) : UNKNOWN;
    if (ts.isIdentifier(expression)) {
      const { text } = expression;
      if (text === 'require' && first && !scope.find(text)) return this.#module(first);
      if (text === 'useCallback' && first) return this.of(first, scope);
      if (first && isSpecta(expression)) return spectaEvents(this.#source, node, this.of(first, scope));
    } else if (ts.isPropertyAccessExpression(expression)) {
      const { text } = expression.name;
      if (text === 'bind' || text === 'catch' || text === 'finally') return this.of(expression.expression, scope);
      const isObject = ts.isIdentifier(expression.expression) && expression.expression.text === 'Object';
      if (isObject && (text === 'freeze' || text === 'seal') && first) return this.of(first, scope);
    }
    const of = this.of(expression, scope);
    if (of.kind === 'unknown') return UNKNOWN;
    if (of.kind === 'known') return known(resultOf(of.name));
    // `events.saved(window)` is the event, for that window.
    if (of.kind === 'event') return of;
    return { kind: 'result', of, args: this.args(node.arguments, scope) };
  }

  #module(specifier: ts.Expression): Value {
    return ts.isStringLiteralLike(specifier) ? imported(specifier.text, '*') : UNKNOWN;
  }

  #instance(node: ts.NewExpression, scope: Scope): Value {
    const of = this.of(node.expression, scope);
    if (of.kind === 'unknown') return UNKNOWN;
    if (of.kind === 'known') {
      const instance = instanceOf(of.name);
      if (instance !== undefined) return known(instance);
    }
    return { kind: 'instance', of, args: [] };
  }

  readonly #isChannel = (node: ts.Expression, scope: Scope): boolean => {
    const value = this.of(node, scope);
    return value.kind === 'known' && value.name === 'Channel';
  };

  // ---- objects, functions, classes

  #object(node: ts.ObjectLiteralExpression, scope: Scope): Value {
    const inner = this.#walked.functions.get(node) ?? scope;
    const members: Member[] = [];
    const spreads: Value[] = [];
    const value: ObjectValue & { isOpen: boolean } = {
      kind: 'object',
      ...this.span(node),
      members,
      spreads,
      isOpen: false,
      isConstant: true,
      givenTo: [],
    };
    // Its methods may speak of it.
    this.#nodes.set(node, value);
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        spreads.push(this.of(property.expression, inner));
        continue;
      }
      const key = memberName(property.name);
      if (key === undefined) {
        value.isOpen = true;
        continue;
      }
      const isShorthand = ts.isShorthandPropertyAssignment(property);
      const of = isShorthand ? property.name : ts.isPropertyAssignment(property) ? property.initializer : undefined;
      members.push({
        key,
        at: this.nameSpan(property.name),
        whole: this.span(property),
        isShorthand,
        sort: of ? sortOf(of, inner, this.#isChannel) : ts.isMethodDeclaration(property) ? 'function' : 'other',
        valueAt: of ? this.span(of) : this.span(property),
        value: of ? this.of(of, inner) : ts.isMethodDeclaration(property) ? this.functionOf(property) : UNKNOWN,
      });
    }
    return value;
  }

  #enum(node: ts.EnumDeclaration, scope: Scope): Value {
    const members = node.members.flatMap((each): Member[] => {
      const { name, initializer } = each;
      const key = memberName(name);
      if (key === undefined || !initializer) return [];
      const [at, whole, valueAt] = [this.span(name), this.span(each), this.span(initializer)];
      return [{ key, at, whole, isShorthand: false, sort: 'other', valueAt, value: this.of(initializer, scope) }];
    });
    const span = this.span(node);
    return { kind: 'object', ...span, members, spreads: [], isOpen: false, isConstant: true, givenTo: [] };
  }

  functionOf(node: FunctionNode): FunctionValue {
    const made = this.#nodes.get(node);
    if (made?.kind === 'function') return made;
    const value: FunctionValue = {
      kind: 'function',
      typeParameter: node.typeParameters?.[0]?.name.text,
      uses: [],
      returns: UNKNOWN,
    };
    this.#nodes.set(node, value);
    const scope = this.#walked.functions.get(node);
    const returned = node.body && returnedBy(node.body);
    if (scope && returned) value.returns = this.of(returned, scope);
    return value;
  }

  #class(node: ts.ClassLikeDeclaration): ClassValue {
    const made = this.#nodes.get(node);
    if (made?.kind === 'class') return made;
    const statics = new Map<string, Value>();
    const members = new Map<string, Value>();
    const value: ClassValue = { kind: 'class', statics, members };
    this.#nodes.set(node, value);
    const scope = this.#walked.functions.get(node);
    for (const each of node.members) {
      const name = each.name && memberName(each.name);
      if (name === undefined || !scope) continue;
      const isStatic =
        ts.canHaveModifiers(each) && each.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
      const target = isStatic ? statics : members;
      if (ts.isMethodDeclaration(each)) target.set(name, this.functionOf(each));
      else if (ts.isPropertyDeclaration(each) && each.initializer) target.set(name, this.of(each.initializer, scope));
    }
    return value;
  }

  #once(node: ts.Node, make: () => Value): Value {
    const made = this.#nodes.get(node);
    if (made) return made;
    const value = make();
    this.#nodes.set(node, value);
    return value;
  }
}

const isQuote = (text: string, at: number) => /["'`]/.test(text[at] ?? '');
/** What a function gives back, where its body says that in one place. */
function returnedBy(body: ts.ConciseBody): ts.Expression | undefined {
  if (!ts.isBlock(body)) return body;
  const last = body.statements.at(-1);
  return last && ts.isReturnStatement(last) ? last.expression : undefined;
}
