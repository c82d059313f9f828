/** What can be known of a project at all: where something could not be read, nothing is said to be missing. */
import type { CallSite, EventRole, FileFacts } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';

/** Whether all of the Rust code could be read, and there is some. */
export function knowsRust({ rust }: ProjectIndex): boolean {
  const files = [...rust.files];
  return files.length > 0 && files.every(({ problem }) => problem === undefined);
}

/** Whether all commands of Rust are known: no macro makes some, and every name in a list was found. */
export function knowsRustCommands(project: ProjectIndex): boolean {
  const { rust } = project;
  return knowsRust(project) && rust.commands.length > 0 && rust.macros.length === 0 && rust.missing.length === 0;
}

/** Whether every emitter, or every listener, of the project is known by the name of its event. */
export function knowsEvents(project: ProjectIndex, role: EventRole): boolean {
  return knowsRust(project) && !project.unnamedEvents.some((site) => site.role === role);
}

/** A call whose command is known. */
export type NamedCall = CallSite & { readonly command: string };

/**
 * The calls that a file makes in Tauri, if it is one of the app's own pages. Tests make calls that mocks answer, and pages
 * that run in a browser as well have branches for that.
 */
export function shippedCalls(project: ProjectIndex, { calls }: FileFacts): readonly NamedCall[] {
  return calls.filter(isNamed).filter((call) => isMadeInTauri(project, call));
}

/** Whether a call is one that the app itself makes. */
export const isMadeInTauri = (project: ProjectIndex, { at, isElsewhere }: CallSite): boolean =>
  !isElsewhere && isShipped(project, at.file);

const isNamed = (call: CallSite): call is NamedCall => call.command !== undefined;

export function isShipped({ folder }: ProjectIndex, file: string): boolean {
  // Folders above the project say nothing of it.
  return !TEST.test(file.startsWith(`${folder.root}/`) ? file.slice(folder.root.length) : file);
}

const TEST =
  /\.(?:test|spec|stories|cy)\.[cm]?[jt]sx?$|\/(?:tests?|__tests__|__mocks__|mocks?|e2e|cypress|\.storybook)\//i;

/** Whether a file is a plugin's own JavaScript, by the names that Tauri's template gives: no app calls from there. */
export const isOfPlugin = (file: string) => /\/guest-js\/|\/(?:api|init)-iife\.js$/.test(file);
