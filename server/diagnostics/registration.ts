/** Commands against the lists that register them, the calls that need them, and each other. */
import { DiagnosticTag } from 'vscode-languageserver';
import { nearest } from '#core/nearest.ts';
import { handlerOfRust, renameHandlerKey } from '../fixes/handler.ts';
import { register, unregister } from '../fixes/register.ts';
import type { CommandDefinition, FileRange } from '../index/facts.ts';
import { byName } from '../index/parts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { isMadeInTauri, shippedCalls } from './knowledge.ts';
import type { FileCheck, Problem } from './problem.ts';

/** Calls of Rust commands that no list has. */
export const notRegistered: FileCheck = (project) => {
  const all = unregistered(project);
  const saidOf = byName((name) => {
    const first = all.get(name);
    return first && { ...said(project, name), related: [{ at: first.at, message: first.signature }] };
  });
  return function* (facts) {
    if (all.size === 0) return;
    for (const { command, commandAt } of shippedCalls(project, facts)) {
      const found = saidOf(command);
      if (found) yield { ...found, at: commandAt };
    }
  };
};

/** Rust commands that pages call, and no list has. */
export function* calledUnregistered(project: ProjectIndex): Iterable<Problem> {
  for (const [name, { at }] of unregistered(project)) {
    const calls = (project.calls.get(name) ?? []).filter((call) => isMadeInTauri(project, call));
    if (calls.length === 0) continue;
    const callers = calls.slice(0, MOST_CALLERS).map((call) => ({ at: call.at, message: 'called here' }));
    yield { ...said(project, name), at, related: callers };
  }
}

function said(project: ProjectIndex, name: string): Pick<Problem, 'code' | 'message' | 'fixes'> {
  return {
    code: 'not-registered',
    message: `${name} is in no generate_handler! list: a call rejects with "Command ${name} not found"`,
    fixes: [...register(project, name), handlerOfRust(project, name)],
  };
}

/** The first definition of each Rust command that no list has. */
function unregistered({ commands, rust: { missing } }: ProjectIndex): Map<string, Placed> {
  // The list has it by a way that was not understood.
  const listed = new Set(missing.map(({ path }) => path.at(-1)));
  const found = new Map<string, Placed>();
  for (const [name, definitions] of commands) {
    const rust = definitions.filter(({ source }) => source === 'rust');
    const [first] = rust;
    if (first && isPlaced(first) && !rust.some(({ isRegistered }) => isRegistered) && !listed.has(name)) {
      found.set(name, first);
    }
  }
  return found;
}

type Placed = CommandDefinition & { readonly at: FileRange };

const isPlaced = (definition: CommandDefinition): definition is Placed => definition.at !== undefined;

const MOST_CALLERS = 5;

/** Registered commands that no script calls, where all scripts say which commands they call. */
export function* unusedCommands(project: ProjectIndex): Iterable<Problem> {
  if (project.calls.size === 0 || project.unnamedCalls.length > 0) return;
  for (const [name, definitions] of project.commands) {
    if (project.calls.has(name)) continue;
    for (const { at, isRegistered, source, registrations } of definitions) {
      if (!at || !isRegistered) continue;
      const lists = source === 'rust' ? registrations : [];
      const fixes = lists.map((item) => unregister(`Remove "${name}" from the list`, item));
      yield {
        code: 'unused-command',
        at,
        message: `no script calls ${name}`,
        tags: [DiagnosticTag.Unnecessary],
        fixes,
      };
    }
  }
}

/** Different functions under one name in one list: the first is called, whatever is meant. */
export function* duplicateCommands({ rust }: ProjectIndex): Iterable<Problem> {
  for (const name of new Set([...rust.commands].map((command) => command.name))) {
    const items = rust.definitions(name).flatMap((command) => rust.registrationsOf(command));
    const lists = Map.groupBy(new Set(items), ({ list }) => `${list.file}:${list.line}:${list.column}`);
    for (const [first, ...others] of lists.values()) {
      // Functions for platforms of their own are registered with a condition, or by one item.
      if (!first || [first, ...others].some(({ cfg }) => cfg !== undefined)) continue;
      for (const { file, at, path } of others) {
        if (path.join() === first.path.join()) continue;
        const message = `the list has another command of the name ${name}: only the first is called`;
        const related = [{ at: { file: first.file, range: first.at }, message: first.path.join('::') }];
        const fixes = [
          unregister(`Remove ${path.join('::')} from the list`, { file, range: at }),
          unregister(`Remove ${first.path.join('::')} from the list`, { file: first.file, range: first.at }),
        ];
        yield { code: 'duplicate-command', at: { file, range: at }, message, related, fixes };
      }
    }
  }
}

/** Handlers that take keys which the Rust command of their name does not have. */
export function* handlerMismatches(project: ProjectIndex): Iterable<Problem> {
  for (const [name, definitions] of project.commands) {
    const rust = definitions.filter(({ source }) => source === 'rust');
    if (rust.length === 0 || !rust.every(({ isComplete }) => isComplete)) continue;
    const keys = new Set(rust.flatMap(({ parameters }) => parameters.map(({ key }) => key)));
    for (const handler of definitions) {
      if (handler.source !== 'handler') continue;
      const taken = new Set(handler.parameters.map(({ key }) => key));
      const free = [...keys].filter((key) => !taken.has(key));
      for (const { key, at, isShorthand } of handler.parameters) {
        if (!at || keys.has(key)) continue;
        const meant = nearest(key, free) ?? (free.length === 1 ? free[0] : undefined);
        const written = { key, at, isShorthand };
        const fixes = meant !== undefined && handler.whole ? [renameHandlerKey(handler.whole, written, meant)] : [];
        yield { code: 'handler-mismatch', at, message: mismatch(name, key, keys), related: placesOf(rust), fixes };
      }
    }
  }
}

function mismatch(name: string, key: string, keys: ReadonlySet<string>): string {
  const takes = keys.size === 0 ? 'takes no arguments' : `takes ${[...keys].map((each) => `"${each}"`).join(', ')}`;
  return `the Rust command ${name} has no argument "${key}": it ${takes}`;
}

function placesOf(definitions: readonly CommandDefinition[]): { at: FileRange; message: string }[] {
  return definitions.flatMap(({ at, signature }) => (at ? { at, message: signature } : []));
}
