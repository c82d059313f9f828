/**
 * What the language server knows of a workspace: commands, calls, events, windows, each with its place. Readers of single
 * files (server/script, server/rust) make what they can tell alone; server/index links it across files to what stands here.
 */
import type { Range } from 'vscode-languageserver-types';

/** A place in a file: an absolute path with forward slashes, and a range as LSP has it. */
export interface FileRange {
  readonly file: string;
  readonly range: Range;
}

// ---- commands

/**
 * - `rust`: a function with `#[tauri::command]`, or what a macro such as TauRPC's makes of one
 * - `handler`: `command('name', …)` in TypeScript
 * - `plugin`: of one of Tauri's plugins, known by its manifest and not by its code
 */
export type CommandSource = 'rust' | 'handler' | 'plugin';

/** One definition of a command. A command has several where Rust and TypeScript both answer it. */
export interface CommandDefinition {
  /** as the page calls it: `greet`, `plugin:fs|read_file` */
  readonly name: string;
  readonly source: CommandSource;
  /** its name where it is defined; undefined for one of a plugin without code here */
  readonly at: FileRange | undefined;
  /** all of the function or of the `command(…)` call */
  readonly whole: FileRange | undefined;
  readonly parameters: readonly Parameter[];
  /** whether `parameters` are all there are: false where something about them cannot be told */
  readonly isComplete: boolean;
  /** what the page gets, as TypeScript; undefined where it is not known, `void` for nothing */
  readonly returns: string | undefined;
  /** what a rejection has, as TypeScript */
  readonly error: string | undefined;
  /** on one line, as written in its own language */
  readonly signature: string;
  readonly doc: string | undefined;
  /** whether `generate_handler!` or `app({ commands })` has it; also true where that cannot be told */
  readonly isRegistered: boolean;
  /** permissions that the handler asks for */
  readonly permissions: readonly string[];
  /** where a list registers it: `generate_handler![greet]`, `app({ commands: [greet] })` */
  readonly registrations: readonly FileRange[];
  /** the string that has the name, without its quotes: `command('greet')`, `rename = "greet"`. Undefined where a function's name is it */
  readonly literal: FileRange | undefined;
  /** the types that `parameters`, `returns` and `error` name, and those that these name, in the order in which they are named */
  readonly types: readonly TypeDeclaration[];
}

/** A type that other types speak of by its name. */
export interface TypeDeclaration {
  readonly name: string;
  /** as TypeScript: `{ id: number; title: string }` */
  readonly text: string;
  /** its name where it is declared */
  readonly at: FileRange | undefined;
}

/** An argument that the page sends. What the app injects (`State`, `AppHandle`, …) is none. */
export interface Parameter {
  /** as the page must write it */
  readonly key: string;
  /** the name in Rust */
  readonly rustName: string | undefined;
  /** as TypeScript; undefined where it is not known. It may name some of {@link CommandDefinition.types} */
  readonly type: string | undefined;
  /** as written in its own language */
  readonly declared: string | undefined;
  /** whether the command fails without it; `unknown` where that depends on a type that is not known */
  readonly isRequired: boolean | 'unknown';
  readonly kind: 'value' | 'channel';
  readonly at: FileRange | undefined;
  /** of a handler: whether the variable of this name is its schema, as in `args: { name }` */
  readonly isShorthand: boolean;
}

// ---- calls

/** `invoke('name', { … })`, by whatever name it is called. */
export interface CallSite {
  /** all of the call */
  readonly at: FileRange;
  /** what is called: `invoke`, a wrapper, `core.invoke` … */
  readonly callee: string;
  /** whether that is Tauri's own function; else one that passes the command on, and may make something of its result */
  readonly isDirect: boolean;
  /** undefined where the name cannot be told: made at run time */
  readonly command: string | undefined;
  /** the argument that is the name; without its quotes where it is a string */
  readonly commandAt: FileRange;
  /** the string that has the name: the same as `commandAt`, or in a constant elsewhere. Undefined where there is none */
  readonly literal: FileRange | undefined;
  readonly args: CallArguments;
  /** `T` of `invoke<T>` */
  readonly typeArgument: { readonly text: string; readonly at: FileRange } | undefined;
  /** the function, component or class member around it, for people */
  readonly caller: string | undefined;
  /** in a branch that no page in Tauri comes to: `if (!isTauri()) …` */
  readonly isElsewhere: boolean;
}

export type CallArguments =
  /** none given */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'object';
      /** with its braces */
      readonly at: FileRange;
      readonly keys: readonly ArgumentKey[];
      /** `...rest` or a computed key: there may be more */
      readonly isOpen: boolean;
    }
  /** bytes, a variable, anything whose keys are not written here */
  | { readonly kind: 'other'; readonly at: FileRange };

export interface ArgumentKey {
  readonly key: string;
  /** the name, or the quoted name without its quotes and brackets */
  readonly at: FileRange;
  /** all of the property, without the comma behind it */
  readonly whole: FileRange;
  /** `{ name }` */
  readonly isShorthand: boolean;
  /** what can be told of the value without a type checker */
  readonly value: ValueKind;
  readonly valueAt: FileRange;
}

/** Sorts of values that are plain from how they are written. */
export type ValueKind =
  | 'string'
  | 'number'
  | 'boolean'
  | 'null'
  | 'array'
  | 'object'
  | 'function'
  | 'channel'
  | 'other';

// ---- events

export type EventRole = 'emit' | 'listen';

/** Where an event is emitted or listened to, in TypeScript or in Rust. */
export interface EventSite {
  readonly role: EventRole;
  readonly side: 'script' | 'rust';
  /** `listen`, `once`, `emit`, `emitTo`, `emit_filter` … */
  readonly method: string;
  readonly at: FileRange;
  /** undefined where the name cannot be told, and for `pattern` */
  readonly event: string | undefined;
  /** a regular expression for names with parts made at run time: `agent-output:${id}`, `format!("x-{}", id)` */
  readonly pattern: string | undefined;
  readonly eventAt: FileRange;
  /** the string that has the name; see {@link CallSite.literal} */
  readonly literal: FileRange | undefined;
  /** type of the payload where it is written: `T` of `listen<T>`, the struct that Rust emits */
  readonly payload: string | undefined;
  /** window that `emitTo` names, where it is a string */
  readonly target: string | undefined;
  /** of a `listen`: whether its result, which ends the listening, is thrown away */
  readonly isDropped: boolean;
  readonly caller: string | undefined;
}

// ---- windows

/** Where a window or webview gets its label. */
export interface WindowSite {
  /** undefined where it is made at run time */
  readonly label: string | undefined;
  /** a regular expression for labels with parts made at run time */
  readonly pattern: string | undefined;
  readonly from: 'config' | 'script' | 'rust';
  readonly at: FileRange;
  /** the string that has the label; see {@link CallSite.literal} */
  readonly literal: FileRange | undefined;
  /** Rust opens it with a page of somebody else, which should get no permissions */
  readonly isRemote?: true;
}

/** Where code names a label of a window: `getByLabel('x')`, `get_webview_window("x")`, `emitTo('x', …)`. */
export interface WindowReference {
  readonly label: string;
  /** without its quotes where it is a string */
  readonly at: FileRange;
  /** the string that has the label; see {@link CallSite.literal} */
  readonly literal: FileRange | undefined;
}

// ---- permissions

/** Where a handler asks for a permission: `command('read', { permissions: ['fs:read'] }, …)`. */
export interface PermissionReference {
  readonly identifier: string;
  /** without its quotes */
  readonly at: FileRange;
}

// ---- files

/** What one file says, linked. */
export interface FileFacts {
  readonly file: string;
  readonly calls: readonly CallSite[];
  readonly events: readonly EventSite[];
  readonly windows: readonly WindowSite[];
  readonly windowReferences: readonly WindowReference[];
  readonly permissionReferences: readonly PermissionReference[];
  readonly commands: readonly CommandDefinition[];
}

/** Facts of a file that has none. */
export const noFacts = (file: string): FileFacts => ({
  file,
  calls: [],
  events: [],
  windows: [],
  windowReferences: [],
  permissionReferences: [],
  commands: [],
});
