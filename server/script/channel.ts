/** Tauri's class `Channel` for code that has none yet: what it is called there, and what imports it. */
import type { TextEdit } from '#core/acl/edit.ts';
import ts from 'typescript';
import { quoteFor, scopeAt, isInAttribute } from './cursor.ts';
import { imported, member } from './made-values.ts';
import { type Value, UNKNOWN } from './model.ts';
import { parse } from './read.ts';
import { memberName, type Scope } from './scopes.ts';
import { Values } from './values.ts';
import { walk } from './walk.ts';

export interface ChannelClass {
  /** an expression that is the class: `Channel`, `core.Channel` */
  readonly name: string;
  readonly edits: readonly TextEdit[];
}

const MODULE = '@tauri-apps/api/core';
const GLOBAL: ChannelClass = { name: 'window.__TAURI__.core.Channel', edits: [] };

/** The class for code at an offset. Texts may be broken in any way. */
export function channelClass(path: string, text: string, offset: number): ChannelClass {
  // Attributes of plain HTML see nothing of what modules import.
  if (path.endsWith('.html') && isInAttribute(path, text, offset)) return GLOBAL;
  return new ChannelFinder(path, text, offset).find();
}

/** What follows a name of Tauri's to be the class. */
const THROUGH: Readonly<Partial<Record<string, string>>> = { Channel: '', core: '.Channel', api: '.core.Channel' };

class ChannelFinder {
  readonly #path: string;
  readonly #text: string;
  readonly #offset: number;
  readonly #source: ts.SourceFile;
  readonly #scope: Scope;
  readonly #values: Values;
  /** lists of names of the module that may have one more, and modules by their names; the likeliest last */
  readonly #ways: ChannelClass[] = [];
  #found: ChannelClass | undefined;

  constructor(path: string, text: string, offset: number) {
    this.#path = path;
    this.#text = text;
    this.#offset = offset;
    this.#source = parse(path, text);
    const walked = walk(this.#source, undefined);
    this.#scope = scopeAt(this.#source, walked, offset);
    this.#values = new Values(this.#source, walked);
  }

  find(): ChannelClass {
    this.#variables(this.#source);
    const imports = this.#source.statements.filter((each) => ts.isImportDeclaration(each));
    for (const each of imports) this.#import(each);
    return (
      this.#found ??
      this.#ways.findLast(({ edits }) => edits.length > 0) ??
      this.#ways.at(-1) ??
      this.#other(imports.at(-1))
    );
  }

  /** The name that it gets, where something else may be called so. */
  get #local(): string {
    const isType = this.#source.statements.some(
      (each) => (ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each)) && each.name.text === 'Channel',
    );
    return isType || this.#scope.find('Channel') ? 'TauriChannel' : 'Channel';
  }

  #named(local: string, value: Value): void {
    const through = value.kind === 'known' ? THROUGH[value.name] : undefined;
    if (through === '') this.#found ??= { name: local, edits: [] };
    else if (through !== undefined) this.#ways.push({ name: local + through, edits: [] });
  }

  #start(node: ts.Node): number {
    return node.getStart(this.#source);
  }

  // ---- imports

  #import({ importClause, moduleSpecifier }: ts.ImportDeclaration): void {
    if (!ts.isStringLiteral(moduleSpecifier) || !importClause) return;
    if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return;
    const of = (name: string) => imported(moduleSpecifier.text, name);
    const bindings = importClause.namedBindings;
    if (importClause.name) this.#named(importClause.name.text, of('default'));
    if (!bindings) return;
    if (ts.isNamespaceImport(bindings)) return this.#named(bindings.name.text, of('*'));
    for (const each of bindings.elements) {
      const written = each.propertyName ?? each.name;
      const value = of(written.text);
      if (!each.isTypeOnly) this.#named(each.name.text, value);
      else if (isKnown(value, 'Channel')) {
        const offset = this.#start(each);
        const edit = { offset, length: this.#start(written) - offset, newText: '' };
        this.#found ??= { name: each.name.text, edits: [edit] };
      }
    }
    if (isKnown(of('*'), 'core')) this.#extend(bindings, ' as ');
  }

  /** One more name in braces. */
  #extend(names: ts.NamedImports | ts.ObjectBindingPattern, as: string): void {
    const name = this.#local;
    const added = name === 'Channel' ? name : `Channel${as}${name}`;
    const elements: readonly (ts.ImportSpecifier | ts.BindingElement)[] = names.elements;
    // What gathers the rest is the last one.
    const rest = elements.find((each) => ts.isBindingElement(each) && each.dotDotDotToken);
    const last = elements.at(-1);
    const edit = rest
      ? insert(this.#start(rest), `${added}, `)
      : last
        ? insert(last.end, `, ${added}`)
        : insert(this.#start(names) + 1, ` ${added} `);
    this.#ways.push({ name, edits: [edit] });
  }

  // ---- variables

  /** Those that can be seen at the offset. */
  #variables(node: ts.Node): void {
    ts.forEachChild(node, (each) => {
      if (ts.isVariableStatement(each)) {
        for (const { name, initializer } of each.declarationList.declarations) {
          if (initializer) this.#declared(name, this.#values.of(initializer, this.#scope));
        }
      }
      if (each.pos <= this.#offset && this.#offset <= each.end) this.#variables(each);
    });
  }

  #declared(name: ts.BindingName, value: Value): void {
    if (ts.isIdentifier(name)) return this.#named(name.text, value);
    if (!ts.isObjectBindingPattern(name)) return;
    for (const each of name.elements) {
      const key = memberName(each.propertyName ?? each.name);
      this.#declared(each.name, key === undefined || each.dotDotDotToken ? UNKNOWN : member(value, key));
    }
    if (isKnown(value, 'core')) this.#extend(name, ': ');
  }

  // ---- neither

  #other(last: ts.ImportDeclaration | undefined): ChannelClass {
    const name = this.#local;
    const written = name === 'Channel' ? name : `Channel as ${name}`;
    const line = (quote: string) => `import { ${written} } from ${quote}${MODULE}${quote};`;
    if (last) {
      const quote = this.#text[this.#start(last.moduleSpecifier)] ?? "'";
      return { name, edits: [insert(last.end, `\n${this.#indent(this.#start(last))}${line(quote)}`)] };
    }
    if (this.#text.includes('__TAURI__')) return GLOBAL;
    // A name that something else imports: a tool, or the page.
    const first = this.#source.statements.find((each) => !isDirective(each));
    if (!first || this.#path.endsWith('.html') || !this.#text.includes('@tauri-apps/api')) return { name, edits: [] };
    const start = this.#start(first);
    const added = line(quoteFor(this.#path, this.#text, this.#offset));
    return { name, edits: [insert(start, `${added}\n${this.#indent(start)}`)] };
  }

  /** What stands before a statement in its line. */
  #indent(offset: number): string {
    const before = this.#text.slice(this.#text.lastIndexOf('\n', offset - 1) + 1, offset);
    return /^[ \t]*$/.test(before) ? before : '';
  }
}

const isKnown = (value: Value, name: 'Channel' | 'core') => value.kind === 'known' && value.name === name;

/** `'use client'` */
const isDirective = (node: ts.Statement) => ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression);

const insert = (offset: number, newText: string): TextEdit => ({ offset, length: 0, newText });
