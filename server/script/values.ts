/** Expressions of a syntax tree as values: what they are, as far as their file tells. */
import ts from 'typescript';
import type { ValueKind } from '../index/facts.ts';
import { globalNamed, instanceOf, type Known, memberOf, moduleOf, resultOf } from './known.ts';
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
import {
  type Binding,
  type FunctionNode,
  memberName,
  type Origin,
  type Scope,
  unwrapped,
  type Walked,
} from './scopes.ts';

/** Longer lists are data. */
const MAX_ELEMENTS = 1000;

const NOTHING: Value = { kind: 'nothing' };
const known = (name: Known | undefined): Value => (name === undefined ? UNKNOWN : { kind: 'known', name });

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

  args(nodes: readonly ts.Expression[], scope: Scope): Argument[] {
    return nodes.map((node) => {
      const isSpread = ts.isSpreadElement(node);
      return { ...this.span(node), value: this.of(isSpread ? node.expression : node, scope), isSpread };
    });
  }

  of(expression: ts.Expression, scope: Scope): Value {
    const node = unwrapped(expression);
    if (ts.isIdentifier(node)) return this.#named(node.text, scope);
    if (ts.isStringLiteralLike(node)) {
      return {
        kind: 'string',
        text: node.text,
        start: node.getStart(this.#source) + 1,
        end: Math.max(node.end - 1, node.getStart(this.#source) + 1),
      };
    }
    if (ts.isPropertyAccessExpression(node)) {
      return member(this.of(node.expression, scope), node.name.text);
    }
    if (ts.isElementAccessExpression(node)) {
      const key = this.of(node.argumentExpression, scope);
      const of = this.of(node.expression, scope);
      if (of.kind === 'parameter' && of.isRest && ts.isNumericLiteral(node.argumentExpression)) {
        return { ...of, index: of.index + Number(node.argumentExpression.text), isRest: false };
      }
      return key.kind === 'string' ? member(of, key.text) : UNKNOWN;
    }
    if (ts.isCallExpression(node)) return this.#call(node, scope);
    if (ts.isNewExpression(node)) return this.#instance(node, scope);
    if (ts.isAwaitExpression(node)) return this.of(node.expression, scope);
    if (ts.isConditionalExpression(node)) {
      return either([this.of(node.whenTrue, scope), this.of(node.whenFalse, scope)]);
    }
    if (ts.isTemplateExpression(node)) {
      const parts = node.templateSpans.flatMap(({ expression: hole, literal }) => [this.of(hole, scope), literal.text]);
      return template([node.head.text, ...parts]);
    }
    if (ts.isBinaryExpression(node)) return this.#binary(node, scope);
    if (ts.isObjectLiteralExpression(node)) return this.#once(node, () => this.#object(node, scope, true));
    if (ts.isArrayLiteralExpression(node)) {
      if (node.elements.length > MAX_ELEMENTS) return UNKNOWN;
      return { kind: 'array', elements: this.args(node.elements, scope) };
    }
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return this.functionOf(node);
    if (ts.isClassExpression(node)) return this.#class(node);
    if (node.kind === ts.SyntaxKind.ThisKeyword) return this.#self(scope);
    return ts.isVoidExpression(node) ? NOTHING : UNKNOWN;
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
    const values = [binding.origin, ...binding.assigned]
      .filter(({ kind }, index) => index > 0 || kind !== 'other' || binding.assigned.length === 0)
      .map((origin) => this.#origin(origin));
    let value = either(values);
    if (binding.isMutated && value.kind === 'object') value = { ...value, isConstant: false };
    this.#bindings.set(binding, value);
    return value;
  }

  #origin(origin: Origin): Value {
    switch (origin.kind) {
      case 'expression':
        return this.of(origin.node, origin.scope);
      case 'member': {
        const value = member(this.#origin(origin.of), origin.name);
        return origin.fallback && value.kind === 'unknown' ? UNKNOWN : value;
      }
      case 'import':
        return imported(origin.from, origin.name);
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
      const event = first && this.#specta(node, text, first, scope);
      if (event) return event;
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

  /** tauri-specta's own helpers stand at the end of the bindings that it writes. */
  #specta(node: ts.CallExpression, callee: string, first: ts.Expression, scope: Scope): Value | undefined {
    const [, plural] = /^_*make_?event(s?)_*$/i.exec(callee) ?? [];
    if (plural === undefined) return undefined;
    const [type] = node.typeArguments ?? [];
    const value = this.of(first, scope);
    if (plural === '') return { kind: 'event', name: value, payload: type?.getText(this.#source) };
    if (value.kind !== 'object') return undefined;
    const payloads = new Map<string, string | undefined>();
    if (type && ts.isTypeLiteralNode(type)) {
      for (const each of type.members) {
        const name = each.name && ts.isPropertySignature(each) ? memberName(each.name) : undefined;
        if (name !== undefined && ts.isPropertySignature(each)) payloads.set(name, each.type?.getText(this.#source));
      }
    }
    const members = value.members.map(
      (each): Member => ({
        ...each,
        value: { kind: 'event', name: each.value, payload: payloads.get(each.key) },
      }),
    );
    return { ...value, members };
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

  // ---- objects, functions, classes

  #object(node: ts.ObjectLiteralExpression, scope: Scope, isConstant: boolean): Value {
    const inner = this.#walked.functions.get(node) ?? scope;
    const members: Member[] = [];
    const spreads: Value[] = [];
    const value: ObjectValue & { isOpen: boolean } = {
      kind: 'object',
      ...this.span(node),
      members,
      spreads,
      isOpen: false,
      isConstant,
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
      const isQuoted = ts.isStringLiteralLike(property.name);
      const name = this.span(property.name);
      const at = isQuoted ? { start: name.start + 1, end: name.end - 1 } : name;
      const isShorthand = ts.isShorthandPropertyAssignment(property);
      const of = isShorthand ? property.name : ts.isPropertyAssignment(property) ? property.initializer : undefined;
      members.push({
        key,
        at,
        isShorthand,
        sort: of ? this.sortOf(of, inner) : ts.isMethodDeclaration(property) ? 'function' : 'other',
        valueAt: of ? this.span(of) : this.span(property),
        value: of ? this.of(of, inner) : ts.isMethodDeclaration(property) ? this.functionOf(property) : UNKNOWN,
      });
    }
    return value;
  }

  #enum(node: ts.EnumDeclaration, scope: Scope): Value {
    const members = node.members.flatMap(({ name, initializer }): Member[] => {
      const key = memberName(name);
      if (key === undefined || !initializer) return [];
      const span = this.span(name);
      const value = this.of(initializer, scope);
      return [{ key, at: span, isShorthand: false, sort: 'other', valueAt: this.span(initializer), value }];
    });
    return { kind: 'object', ...this.span(node), members, spreads: [], isOpen: false, isConstant: true };
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

  // ---- sorts of values

  /** What sort of value an expression has, where that is plain from how it is written. */
  sortOf(expression: ts.Expression, scope: Scope, depth = 0): ValueKind {
    if (ts.isAsExpression(expression) || ts.isTypeAssertionExpression(expression)) {
      return isConst(expression.type) ? this.sortOf(expression.expression, scope, depth) : sortOfType(expression.type);
    }
    const node = unwrapped(expression);
    const plain = plainSort(node);
    if (plain !== undefined) return plain;
    if (ts.isIdentifier(node) && depth < 8) {
      const binding = scope.find(node.text);
      return binding ? this.#sortOfBinding(binding, depth) : 'other';
    }
    if (ts.isConditionalExpression(node)) {
      const sort = this.sortOf(node.whenTrue, scope, depth);
      return sort === this.sortOf(node.whenFalse, scope, depth) ? sort : 'other';
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && !scope.find(node.expression.text)) {
      return SORT_OF_CALL[node.expression.text] ?? 'other';
    }
    return ts.isNewExpression(node) && isChannel(this.of(node.expression, scope)) ? 'channel' : 'other';
  }

  #sortOfBinding({ type, origin, assigned }: Binding, depth: number): ValueKind {
    if (type) return sortOfType(type);
    if (assigned.length > 0) return 'other';
    if (origin.kind === 'expression') return this.sortOf(origin.node, origin.scope, depth + 1);
    return origin.kind === 'declaration' && ts.isFunctionLike(origin.node) ? 'function' : 'other';
  }
}

const SORT_OF_CALL: Readonly<Record<string, ValueKind>> = {
  String: 'string',
  Number: 'number',
  Boolean: 'boolean',
  parseInt: 'number',
  parseFloat: 'number',
};

const isChannel = (value: Value) => value.kind === 'known' && value.name === 'Channel';

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

// ---- values made of others

export function imported(from: string, name: string): Value {
  const module = moduleOf(from);
  if (module === undefined) return { kind: 'import', from, name };
  if (module === 'elsewhere') return UNKNOWN;
  // `import core from …` gets the same as `* as core` from bundlers, for modules in CommonJS.
  return known(name === '*' || name === 'default' ? module : memberOf(module, name));
}

/** What a member of a value is: as little as can be said at once, else what is left to the linker. */
export function member(of: Value, name: string): Value {
  switch (of.kind) {
    case 'known':
      if (of.name === 'TauriEvent') return { kind: 'member', of, name };
      return known(memberOf(of.name, name));
    case 'object': {
      const found = of.isConstant ? of.members.findLast(({ key }) => key === name) : undefined;
      if (found) return found.value;
      return of.spreads.length > 0 && of.isConstant ? { kind: 'member', of, name } : UNKNOWN;
    }
    case 'class':
      return of.statics.get(name) ?? UNKNOWN;
    case 'instance':
      if (of.of.kind === 'class') return of.of.members.get(name) ?? UNKNOWN;
      return of.of.kind === 'known' ? UNKNOWN : { kind: 'member', of, name };
    case 'import':
      return of.name === '*' ? imported(of.from, name) : { kind: 'member', of, name };
    case 'either':
      return either(of.values.map((each) => member(each, name)));
    case 'event':
    case 'member':
    case 'result':
    case 'parameter':
      return { kind: 'member', of, name };
    default:
      return UNKNOWN;
  }
}

export function either(values: readonly Value[]): Value {
  const flat = values.flatMap((each) => (each.kind === 'either' ? each.values : [each]));
  const useful = flat.filter(({ kind }) => kind !== 'unknown');
  if (useful.length === 0) return UNKNOWN;
  return useful.length === 1 && flat.length === 1 ? (useful[0] ?? UNKNOWN) : { kind: 'either', values: flat };
}

function template(parts: readonly (string | Value)[]): Value {
  return {
    kind: 'template',
    parts: parts.flatMap((part) => (typeof part !== 'string' && part.kind === 'template' ? part.parts : [part])),
  };
}

/** What a function gives back, where its body says that in one place. */
function returnedBy(body: ts.ConciseBody): ts.Expression | undefined {
  if (!ts.isBlock(body)) return body;
  const last = body.statements.at(-1);
  return last && ts.isReturnStatement(last) ? last.expression : undefined;
}

/** Whether a value speaks of a parameter of a function. */
export function parametersIn(value: Value, into: Set<FunctionValue>, depth = 0): void {
  if (depth > 6) return;
  const inner = (each: Value) => parametersIn(each, into, depth + 1);
  switch (value.kind) {
    case 'parameter':
      into.add(value.of);
      break;
    case 'member':
    case 'instance':
      inner(value.of);
      break;
    case 'result':
      inner(value.of);
      for (const each of value.args) inner(each.value);
      break;
    case 'either':
      value.values.forEach(inner);
      break;
    case 'template':
      for (const part of value.parts) if (typeof part !== 'string') inner(part);
      break;
    case 'object':
      value.spreads.forEach(inner);
      for (const each of value.members) inner(each.value);
      break;
    case 'array':
      for (const each of value.elements) inner(each.value);
      break;
    case 'string':
    case 'function':
    case 'class':
    case 'handler':
    case 'import':
    case 'known':
    case 'event':
    case 'nothing':
    case 'unknown':
      break;
  }
}
