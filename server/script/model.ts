/**
 * What one script says by itself, before it is linked to others: plain data, without the syntax tree it was read from.
 * Names that lead elsewhere are {@link Value}s that say so; the linker follows them.
 */
import type { ValueKind } from '../index/facts.ts';
import type { Known } from './known.ts';
import type { Lines } from './lines.ts';

/** Offsets of a part of a text, without its end. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

// ---- values

/** What an expression is, as far as its file tells. */
export type Value =
  | StringValue
  /** text with holes */
  | { readonly kind: 'template'; readonly parts: readonly (string | Value)[] }
  /** `a ? x : y`, or a variable that is assigned more than once */
  | { readonly kind: 'either'; readonly values: readonly Value[] }
  | ObjectValue
  | { readonly kind: 'array'; readonly elements: readonly Argument[] }
  | FunctionValue
  | ClassValue
  /** `command(…)` of a handler; its place in {@link Reading.handlers} */
  | { readonly kind: 'handler'; readonly index: number }
  /** `*` is the module itself */
  | { readonly kind: 'import'; readonly from: string; readonly name: string }
  | { readonly kind: 'member'; readonly of: Value; readonly name: string }
  /** of a call */
  | { readonly kind: 'result'; readonly of: Value; readonly args: readonly Argument[] }
  /** of `new` */
  | { readonly kind: 'instance'; readonly of: Value; readonly args: readonly Argument[] }
  | { readonly kind: 'parameter'; readonly of: FunctionValue; readonly index: number; readonly isRest: boolean }
  /** something of Tauri's or of ipc-workbench's */
  | { readonly kind: 'known'; readonly name: Known }
  /** what tauri-specta makes of an event: `makeEvent<T>('name')`, a member of `makeEvents<…>({ … })` */
  | { readonly kind: 'event'; readonly name: Value; readonly payload: string | undefined }
  /** `undefined` */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown' };

export interface StringValue extends Span {
  readonly kind: 'string';
  readonly text: string;
  // start and end are without its quotes
}

export interface ObjectValue extends Span {
  readonly kind: 'object';
  readonly members: readonly Member[];
  readonly spreads: readonly Value[];
  /** has computed keys */
  readonly isOpen: boolean;
  /** whether its file changes it nowhere */
  readonly isConstant: boolean;
  /** calls that get the variable that it is in: what they are, the linker knows */
  readonly givenTo: readonly Span[];
}

export interface Member {
  readonly key: string;
  /** without quotes and brackets */
  readonly at: Span;
  /** with `async`, `get` and the like before it */
  readonly whole: Span;
  readonly isShorthand: boolean;
  readonly sort: ValueKind;
  readonly valueAt: Span;
  readonly value: Value;
}

export interface FunctionValue {
  readonly kind: 'function';
  /** the first type parameter's name */
  readonly typeParameter: string | undefined;
  /** calls inside that pass on one of its parameters */
  readonly uses: Candidate[];
  /** filled while the file is read */
  returns: Value;
}

export interface ClassValue {
  readonly kind: 'class';
  readonly statics: ReadonlyMap<string, Value>;
  readonly members: ReadonlyMap<string, Value>;
}

export interface Argument extends Span {
  readonly value: Value;
  readonly isSpread: boolean;
}

export const UNKNOWN: Value = { kind: 'unknown' };

/** How classes that stand between pages and Tauri call the method that passes on: what such an object is, types alone say. */
export const METHOD = 'invoke';

/** The member that stands for a comparison, as if it were a call: `label['===']('main')`. */
export const COMPARED = '===';

// ---- calls

/** A call that may be one of Tauri's: what its callee is, the linker knows. */
export interface Candidate extends Span {
  readonly isNew: boolean;
  readonly callee: Value;
  /** as it is written */
  readonly calleeText: string;
  readonly calleeAt: Span;
  readonly args: readonly Argument[];
  readonly typeArgument: (Span & { readonly text: string }) | undefined;
  /** function around it, for people */
  readonly owner: string | undefined;
  /** its result is thrown away */
  readonly isDropped: boolean;
  /** in a branch that no page in Tauri comes to: `if (!isTauri()) …` */
  readonly isElsewhere: boolean;
  /** `T` of a callback's `(event: Event<T>)` */
  readonly payload: string | undefined;
}

// ---- handlers

/** `command(name, { args, returns, permissions }, handler)` */
export interface Handler {
  readonly name: Argument;
  readonly whole: Span;
  readonly parameters: readonly HandlerParameter[];
  readonly isComplete: boolean;
  readonly returns: string | undefined;
  readonly signature: string;
  readonly doc: string | undefined;
  readonly permissions: readonly StringValue[];
}

export interface HandlerParameter {
  readonly key: string;
  readonly type: string | undefined;
  readonly declared: string;
  readonly isRequired: boolean | 'unknown';
  readonly kind: 'value' | 'channel';
  readonly at: Span;
  readonly isShorthand: boolean;
}

/** `app({ commands: […] })` or `plugin({ name, commands: […] })` */
export interface HandlerList {
  /** name of the plugin; undefined for the app */
  readonly plugin: Value | undefined;
  readonly commands: Value;
}

// ---- files

export interface Reading {
  readonly path: string;
  readonly lines: Lines;
  readonly hasErrors: boolean;
  readonly candidates: readonly Candidate[];
  readonly exports: ReadonlyMap<string, Value>;
  /** modules of `export * from` */
  readonly stars: readonly string[];
  readonly handlers: readonly Handler[];
  readonly lists: readonly HandlerList[];
  /** Of a text with syntax errors: how the file was read when it had none. What it defined and this one lacks still counts. */
  readonly before: Reading | undefined;
}
