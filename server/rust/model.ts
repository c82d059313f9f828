/** What is known of a Rust file: facts as written there, nothing resolved across files. */

/** A type as written. `text` is its source on one line. */
export type RustTypeRef = { readonly text: string } & (
  | { readonly kind: 'path'; readonly path: readonly string[]; readonly args: readonly RustTypeRef[] }
  /** `impl Trait` and `dyn Trait`; `output` is that of `impl Future<Output = T>` */
  | { readonly kind: 'trait'; readonly path: readonly string[]; readonly output?: RustTypeRef }
  | { readonly kind: 'reference'; readonly to: RustTypeRef }
  | { readonly kind: 'tuple'; readonly items: readonly RustTypeRef[] }
  /** `[T; N]`; a slice has no length */
  | { readonly kind: 'array'; readonly item: RustTypeRef; readonly length?: string }
  | { readonly kind: 'other' }
);

/** A place in a file, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A range as LSP has it: lines, and columns in UTF-16, from 0. */
export interface Span {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export type ArgumentKind =
  | 'value'
  | 'channel'
  /** from the app, not from the page: `AppHandle`, `State`, an own `CommandArg` … */
  | 'injected'
  | 'raw request'
  /** cannot be shown to come from the page, nor to be injected */
  | 'unknown';

export interface RustArgument {
  /** the key by which the page sends it */
  readonly key: string;
  readonly rustName: string;
  readonly type: RustTypeRef;
  readonly kind: ArgumentKind;
  /** its name, or the pattern in its place */
  readonly at: Span;
}

/** A function with `#[tauri::command]`. */
export interface RustCommand extends Place {
  /** as the page calls it: `greet`, or `plugin:name|greet` for one that a plugin registers */
  readonly name: string;
  readonly rustName: string;
  /** a function of a trait that TauRPC answers with: no list has it */
  readonly isProcedure?: true;
  /** the plugin that registers it */
  readonly plugin?: string;
  /** whether a `generate_handler!` list has it; also true where no list can be read */
  readonly registered: boolean;
  readonly endLine: number;
  /** the function's name */
  readonly at: Span;
  /** the function with its attributes and doc comment */
  readonly whole: Span;
  /** the string that gives it another name, without its quotes: `rename = "…"` */
  readonly literal?: Span;
  readonly isAsync: boolean;
  readonly doc?: string;
  /** the signature on one line, without attributes */
  readonly signature: string;
  /** the module in its crate: that of the file, then inline ones */
  readonly module: readonly string[];
  /** type parameters, such as `R` of `fn greet<R: Runtime>` */
  readonly generics: readonly string[];
  readonly args: readonly RustArgument[];
  /** the return type as written */
  readonly declared: RustTypeRef | undefined;
  /** what the page gets: the `T` of `Result<T, E>`; undefined for nothing */
  readonly returns: RustTypeRef | undefined;
  readonly fails: boolean;
  readonly error?: RustTypeRef;
}

/** A text for each direction: `in` from the page (Deserialize), `out` to it (Serialize). */
export interface BothWays<T = string> {
  readonly in?: T;
  readonly out?: T;
}

/** The attributes of serde that change what is on the wire. */
export interface SerdeRules {
  readonly rename: BothWays;
  readonly renameAll: BothWays;
  readonly renameAllFields: BothWays;
  readonly skip: BothWays<true>;
  /** `with`, `serialize_with`, `deserialize_with`, `serde_as`: the path of what converts */
  readonly with: BothWays;
  /** `from`, `try_from`, `into`: the type that is on the wire instead */
  readonly convert: BothWays;
  readonly tag?: string;
  readonly content?: string;
  /** `true` for `Default::default()`, else the path of a function */
  readonly default?: true | string;
  readonly skipIf?: string;
  readonly untagged: boolean;
  readonly transparent: boolean;
  readonly flatten: boolean;
  readonly denyUnknownFields: boolean;
  readonly other: boolean;
}

export interface RustField {
  readonly name: string;
  readonly type: RustTypeRef;
  readonly serde: SerdeRules;
  readonly doc?: string;
}

export interface RustVariant {
  readonly name: string;
  readonly kind: 'unit' | 'tuple' | 'struct';
  readonly fields: readonly RustField[];
  readonly serde: SerdeRules;
  /** as in `B = 3` */
  readonly value?: string;
  readonly doc?: string;
}

export type RustTypeBody =
  | { readonly kind: 'struct'; readonly form: 'unit' | 'tuple' | 'struct'; readonly fields: readonly RustField[] }
  | { readonly kind: 'enum'; readonly variants: readonly RustVariant[] }
  | { readonly kind: 'alias'; readonly to: RustTypeRef };

export interface RustType extends Place {
  readonly name: string;
  /** its name */
  readonly at: Span;
  readonly module: readonly string[];
  readonly generics: readonly { readonly name: string; readonly default?: RustTypeRef }[];
  readonly doc?: string;
  /** last segments of what `derive` names */
  readonly derives: readonly string[];
  readonly serde: SerdeRules;
  readonly body: RustTypeBody;
  /** the name that tauri-specta gives to it as an event */
  readonly event?: { readonly name: string; readonly literal?: Span };
}

/** One item of a `generate_handler!` list. */
export interface RegisteredCommand extends Place {
  /** its last segment */
  readonly at: Span;
  /** as written: `commands::user::get` is three segments */
  readonly path: readonly string[];
  readonly module: readonly string[];
  /** the plugin of whose builder the list is: a name, or the constant that has it */
  readonly plugin?: string | { readonly constant: string };
  /** where the macro with the list begins: items of one list have the same */
  readonly list: Place;
  /** what stands in the `#[cfg(…)]` before it */
  readonly cfg?: string;
}

/** An event of tauri-specta that a plugin has in its list. */
export interface CollectedEvent extends Pick<RegisteredCommand, 'path' | 'module'> {
  readonly file: string;
  readonly plugin: NonNullable<RegisteredCommand['plugin']>;
}

/** A `use`: `name` stands for `path`; `*` for everything below it. */
export interface RustUse {
  readonly module: readonly string[];
  readonly name: string;
  readonly path: readonly string[];
  readonly isPublic: boolean;
}

/** A text in code, as far as one file tells. */
export type RustText =
  /** `literal`: where it is written, without its quotes; undefined where it is made of another name */
  | { readonly kind: 'text'; readonly text: string; readonly literal?: Span }
  /** what a constant has, or a variant of an enum by one of its methods; `Self` is the type of the `impl` around */
  | { readonly kind: 'constant'; readonly path: readonly string[]; readonly method?: string }
  /** a regular expression for texts with parts made at run time: `format!("x-{}", id)` */
  | { readonly kind: 'pattern'; readonly pattern: string; readonly literal?: Span }
  /** the name that tauri-specta gives to an event's type */
  | { readonly kind: 'event type'; readonly type: RustTypeRef }
  /** what the function around is called with */
  | { readonly kind: 'parameter'; readonly function: string; readonly index: number }
  | { readonly kind: 'unknown' };

/** A call of a function that may pass a name on to `emit`. */
export interface RustNamingCall {
  readonly function: string;
  /** the arguments that are texts, or may be: then they are unknown */
  readonly texts: readonly { readonly index: number; readonly text: RustText; readonly site: RustSite }[];
}

/** Where code stands that names an event or a window. */
export interface RustSite {
  readonly file: string;
  readonly module: readonly string[];
  /** the call */
  readonly at: Span;
  /** the argument that is the name or label; without its quotes where it is a string */
  readonly nameAt: Span;
  /** the function around */
  readonly caller?: string;
}

/** `.emit("name", …)`, `.listen("name", …)` and their like. */
export interface RustEvent extends RustSite {
  readonly role: 'emit' | 'listen';
  readonly method: string;
  readonly name: RustText;
  /** the window that `emit_to` names */
  readonly target?: RustText;
  readonly payload?: RustTypeRef;
}

/** `WebviewWindowBuilder::new(app, "label", …)` makes a window; `get_webview_window("label")` names one. */
export interface RustWindow extends RustSite {
  readonly role: 'make' | 'name';
  readonly label: RustText;
  /** it shows a page of somebody else: `WebviewUrl::External` */
  readonly isRemote?: true;
}

/** A constant that has a text, or a variant of an enum that stands for one. */
export interface RustConstant {
  readonly name: string;
  readonly file: string;
  readonly module: readonly string[];
  /** the type or trait in whose `impl` or body it is */
  readonly owner?: string;
  /** of a variant: the method that gives the text; undefined where any does */
  readonly method?: string;
  readonly value: RustText;
}

/** `impl Trait for Type`, by their last segments. */
export interface RustImpl {
  readonly trait: string;
  readonly type: string;
  /** of `Serialize`: that it writes a string, and nothing else */
  readonly writesText?: true;
}

/** What is in broken code by its words. */
export interface Damage {
  readonly functions: readonly { readonly name: string; readonly at: Span }[];
  readonly types: readonly string[];
  /** whether there is a list of commands */
  readonly hasLists: boolean;
}

/** A module that is seen in another one and those below it only. */
export interface PrivateModule {
  readonly module: readonly string[];
  readonly within: readonly string[];
}

export interface RustFile {
  readonly path: string;
  readonly commands: readonly RustCommand[];
  readonly types: readonly RustType[];
  readonly registered: readonly RegisteredCommand[];
  readonly pluginEvents: readonly CollectedEvent[];
  /** lists whose items a macro fills in: what they register cannot be read */
  readonly openLists: readonly Place[];
  /** macros that make commands under names of their own */
  readonly commandMacros: readonly Place[];
  readonly events: readonly RustEvent[];
  readonly windows: readonly RustWindow[];
  readonly namingCalls: readonly RustNamingCall[];
  readonly uses: readonly RustUse[];
  readonly constants: readonly RustConstant[];
  /** types with an own `impl`: of `CommandArg`, `Serialize`, `Deserialize` */
  readonly impls: readonly RustImpl[];
  /** whether it adds capabilities while the app runs: what windows may do is not all in files then */
  readonly addsCapabilities: boolean;
  /** modules that are declared here, inline or as files */
  readonly modules: readonly (readonly string[])[];
  /** those of them that not every module of the crate sees */
  readonly privateModules: readonly PrivateModule[];
  /** what stands where the file cannot be understood, as somebody types there; undefined where all can be */
  readonly damage?: Damage;
  /** undefined: read to its end */
  readonly problem?: string;
}
