/** Handlers: `command(…)`, and where `app(…)` and `plugin(…)` list them. */
import ts from 'typescript';
import type { Known } from './known.ts';
import type { Handler, HandlerList, HandlerParameter, StringValue, Value } from './model.ts';
import { Schemas } from './schemas.ts';
import { memberName, type Scope, unwrapped } from './scopes.ts';
import type { Values } from './values.ts';
import type { FoundCall, Walked } from './walk.ts';

/** What the handler's function is given, for the calls in it. */
const HANDLER_GIVES: readonly (Known | undefined)[] = [undefined, 'context'];
const APP_GIVES: readonly (Known | undefined)[] = ['app'];

export interface FoundHandlers {
  readonly handlers: readonly Handler[];
  readonly lists: readonly HandlerList[];
}

/** Must run before other values are made: it tells `values` which calls define handlers, and what these are given. */
export function handlersOf(source: ts.SourceFile, walked: Walked, values: Values): FoundHandlers {
  const isKnown = (name: Known) => (node: ts.Expression, scope: Scope) => {
    const value = values.of(node, scope);
    return value.kind === 'known' && value.name === name;
  };
  const reader = new HandlerReader(source, walked, values, new Schemas(source, isZod(values), isKnown('channel')));
  const calls = walked.calls.map((call) => ({ call, callee: calleeOf(values, call) }));
  const defining = calls.filter(({ callee }) => callee === 'command').map(({ call }) => call);
  const listing = calls.filter(({ callee }) => callee === 'defineApp' || callee === 'plugin');
  for (const [index, { node }] of defining.entries()) {
    values.defines(node, index);
    const handler = node.arguments?.[2];
    if (handler) values.gives(handler, HANDLER_GIVES);
  }
  for (const { call } of listing) reader.readSetUp(call);
  return {
    handlers: defining.map((call) => reader.handler(call)),
    lists: listing.flatMap(({ call, callee }) => reader.list(call, callee === 'plugin')),
  };
}

function calleeOf(values: Values, { node, scope }: FoundCall): Known | undefined {
  const { expression } = node;
  const isName = ts.isIdentifier(expression) || ts.isPropertyAccessExpression(expression);
  if (!isName || !ts.isCallExpression(node)) return undefined;
  const root = ts.isIdentifier(expression) ? expression : expression.expression;
  if (!ts.isIdentifier(root) || scope.find(root.text)?.origin.kind !== 'import') return undefined;
  const value = values.of(expression, scope);
  return value.kind === 'known' ? value.name : undefined;
}

/** `z`, by whatever name zod is imported. */
function isZod(values: Values) {
  return (node: ts.Expression, scope: Scope): boolean => {
    if (!ts.isIdentifier(node)) return false;
    const value = values.of(node, scope);
    return value.kind === 'import' && /^zod(?:\/|$)/.test(value.from) && ['*', 'z', 'default'].includes(value.name);
  };
}

class HandlerReader {
  readonly #source: ts.SourceFile;
  readonly #walked: Walked;
  readonly #values: Values;
  readonly #schemas: Schemas;

  constructor(source: ts.SourceFile, walked: Walked, values: Values, schemas: Schemas) {
    this.#source = source;
    this.#walked = walked;
    this.#values = values;
    this.#schemas = schemas;
  }

  handler({ node, scope }: FoundCall): Handler {
    const [name, options, handler] = node.arguments ?? [];
    const given = options && this.#objectOf(options, scope);
    const args = given?.get('args');
    const returns = given?.get('returns');
    const parameters = args ? this.#parameters(args, scope) : [];
    return {
      name: this.#values.args(name ? [name] : [node.expression], scope)[0] ?? NO_NAME,
      whole: this.#values.span(node),
      parameters: parameters ?? [],
      isComplete: parameters !== undefined && (options === undefined || given !== undefined),
      returns: returns ? this.#resultOf(returns, scope) : this.#annotated(handler),
      signature: this.#signature(node, handler),
      doc: this.#doc(node),
      permissions: this.#permissions(given?.get('permissions'), scope),
    };
  }

  /** What an object literal has, by key; undefined where that is not written there. */
  #objectOf(expression: ts.Expression, scope: Scope): Map<string, ts.Expression> | undefined {
    const node = this.#literalOf(expression, scope);
    if (!node) return undefined;
    const members = new Map<string, ts.Expression>();
    for (const property of node.properties) {
      const key = property.name && memberName(property.name);
      if (key === undefined) return undefined;
      if (ts.isPropertyAssignment(property)) members.set(key, property.initializer);
      else if (ts.isShorthandPropertyAssignment(property)) members.set(key, property.name);
    }
    return members;
  }

  /** An object literal, or the one of a constant. */
  #literalOf(expression: ts.Expression, scope: Scope, depth = 0): ts.ObjectLiteralExpression | undefined {
    const node = unwrapped(expression);
    if (ts.isObjectLiteralExpression(node)) return node;
    if (!ts.isIdentifier(node) || depth > 4) return undefined;
    const binding = scope.find(node.text);
    if (!binding || binding.isMutated || binding.assigned.length > 0 || binding.origin.kind !== 'expression')
      return undefined;
    return this.#literalOf(binding.origin.node, binding.origin.scope, depth + 1);
  }

  #parameters(expression: ts.Expression, scope: Scope): HandlerParameter[] | undefined {
    const node = this.#literalOf(expression, scope);
    if (!node) return undefined;
    const parameters: HandlerParameter[] = [];
    for (const property of node.properties) {
      const key = property.name && memberName(property.name);
      const isShorthand = ts.isShorthandPropertyAssignment(property);
      if (key === undefined || !(isShorthand || ts.isPropertyAssignment(property))) return undefined;
      const value = isShorthand ? property.name : property.initializer;
      const { type, isRequired, isChannel } = this.#schemas.of(value, scope);
      parameters.push({
        key,
        type,
        declared: oneLine(value.getText(this.#source)),
        isRequired,
        kind: isChannel ? 'channel' : 'value',
        at: this.#values.nameSpan(property.name),
        isShorthand,
      });
    }
    return parameters;
  }

  /** What goes to the page is what the schema makes of a result: told only where that is the same. */
  #resultOf(schema: ts.Expression, scope: Scope): string | undefined {
    const { type, isRequired, isChanged } = this.#schemas.of(schema, scope);
    return isRequired === true && !isChanged ? type : undefined;
  }

  /** The type that the function says it returns, without its promise. */
  #annotated(handler: ts.Expression | undefined): string | undefined {
    const type = handler && ts.isFunctionLike(handler) ? handler.type : undefined;
    if (!type) return undefined;
    const isPromise =
      ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && type.typeName.text === 'Promise';
    return oneLine((isPromise ? (type.typeArguments?.[0] ?? type) : type).getText(this.#source));
  }

  #signature(node: ts.Node, handler: ts.Expression | undefined): string {
    const { text } = this.#source;
    const { start, end } = this.#values.span(node);
    const body =
      handler && (ts.isArrowFunction(handler) || ts.isFunctionExpression(handler)) ? handler.body : undefined;
    if (!body) return oneLine(text.slice(start, end));
    const head = oneLine(text.slice(start, body.getStart(this.#source)));
    return ts.isBlock(body) ? `${head} { … })` : `${head} …)`;
  }

  /** JSDoc in front of the statement. */
  #doc(node: ts.Node): string | undefined {
    const statement = this.#walked.statements.get(node);
    if (!statement) return undefined;
    const comments = ts.getLeadingCommentRanges(this.#source.text, statement.pos) ?? [];
    const text = comments
      .map(({ pos, end }) => this.#source.text.slice(pos, end))
      .findLast((each) => each.startsWith('/**'));
    return text
      ?.slice(3, -2)
      .split(/\r?\n/)
      .map((line) => line.replace(/^\s*\* ?/, ''))
      .join('\n')
      .trim();
  }

  #permissions(expression: ts.Expression | undefined, scope: Scope): StringValue[] {
    if (!expression) return [];
    const value = this.#values.of(expression, scope);
    if (value.kind !== 'array') return [];
    return value.elements.flatMap(({ value: each }) => (each.kind === 'string' ? [each] : []));
  }

  // ---- lists

  /** `setup(app)` of an app or a plugin is given the app. */
  readSetUp({ node, scope }: FoundCall): void {
    const [options] = node.arguments ?? [];
    const literal = options && this.#literalOf(options, scope);
    for (const property of literal?.properties ?? []) {
      const name = property.name && memberName(property.name);
      if (name !== 'setup' && name !== 'onEvent' && name !== 'onDrop') continue;
      const handler = ts.isPropertyAssignment(property) ? property.initializer : property;
      this.#values.gives(handler, APP_GIVES);
    }
  }

  list({ node, scope }: FoundCall, isPlugin: boolean): HandlerList[] {
    const [options] = node.arguments ?? [];
    if (!options) return [];
    const given = this.#objectOf(options, scope);
    const of = (key: string): Value | undefined => {
      const value = given?.get(key);
      return value && this.#values.of(value, scope);
    };
    // An object that is not written there may have any commands.
    if (!given) return [{ plugin: isPlugin ? { kind: 'unknown' } : undefined, commands: { kind: 'unknown' } }];
    return [
      {
        plugin: isPlugin ? (of('name') ?? { kind: 'unknown' }) : undefined,
        commands: of('commands') ?? { kind: 'array', elements: [] },
      },
    ];
  }
}

const NO_NAME = { start: 0, end: 0, value: { kind: 'unknown' }, isSpread: false } as const;

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
