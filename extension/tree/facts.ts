/** What the tree of projects knows of a project: plain data. */
import type { Place } from '#core/acl/place.ts';

export interface ProjectFacts {
  readonly root: string;
  readonly name: string;
  readonly identifier: string;
  /** the folder as people are shown it, where the workspace has several projects */
  readonly folder: string;
  readonly configFile: string;
  readonly running: boolean;
  /** why its files cannot be read */
  readonly problem?: Problem;
}

export interface Problem {
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface WindowFacts {
  readonly label: string;
  readonly title: string;
  readonly url: string;
  readonly open: boolean;
}

/** Where something stands, and how people are told. */
export type Shown = Pick<Place, 'file' | 'line' | 'column'> & { readonly text: string };

/** What the capabilities say of a command. */
export type CommandAccess =
  /** no permission is needed, or each window has it */
  | { readonly kind: 'allowed' }
  /** only these windows may call it */
  | { readonly kind: 'some'; readonly windows: readonly string[] }
  /** no window may: nothing allows it; a permission that would, where one is known */
  | { readonly kind: 'missing'; readonly permission: string | undefined; readonly window: string }
  /** a capability denies it */
  | { readonly kind: 'denied'; readonly permission: string; readonly capability: string };

export interface CommandFacts {
  readonly name: string;
  readonly signature?: string;
  /** whether a handler takes its calls */
  readonly handled: boolean;
  /** in TypeScript; absent where it is not found by its text */
  readonly handler?: Shown;
  readonly rust?: Shown;
  readonly rule: boolean;
  /** the next call will wait for the user's answer */
  readonly armed: boolean;
  readonly access: CommandAccess;
}

export interface PluginFacts {
  readonly name: string;
  /** `core`: one of Tauri's core; `official`: one that we host; `backend`: in src-ipc; `none`: nobody answers it */
  readonly host: 'core' | 'official' | 'backend' | 'none' | 'unknown';
  /** what some window may call */
  readonly granted: readonly string[];
  /** what nobody may call; empty where it is not known what there is */
  readonly missing: readonly string[];
}

export interface CapabilityFacts {
  readonly identifier: string;
  readonly description?: string;
  readonly place: Shown;
  readonly windows: readonly string[];
  readonly permissions: number;
  readonly enabled: boolean;
}

export interface ProjectDetails {
  readonly windows: readonly WindowFacts[];
  readonly commands: readonly CommandFacts[];
  /** the Rust code is still being read: there may be more commands */
  readonly reading: boolean;
  readonly plugins: readonly PluginFacts[];
  readonly capabilities: readonly CapabilityFacts[];
}
