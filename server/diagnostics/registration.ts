/** Commands against the lists that register them, the calls that need them, and each other. */
import { DiagnosticTag } from 'vscode-languageserver';
import { handlerOfRust } from '../fixes/handler.ts';
import { register } from '../fixes/register.ts';
import type { CommandDefinition, FileRange } from '../index/facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { shippedCalls } from './knowledge.ts';
import type { Problem } from './problem.ts';

/** Rust commands that pages call, and no list has. */
export function* notRegistered(project: ProjectIndex): Iterable<Problem> {
  const called = new Map(shippedCalls(project));
  // The list has it by a way that was not understood.
  const listed = new Set(project.rust.missing.map(({ path }) => path.at(-1)));
  for (const [name, definitions] of project.commands) {
    const calls = called.get(name) ?? [];
    const rust = definitions.filter(({ source }) => source === 'rust');
    const [first] = rust;
    if (calls.length === 0 || !first?.at || rust.some(({ isRegistered }) => isRegistered) || listed.has(name)) continue;
    const message = `${name} is in no generate_handler! list: a call rejects with "Command ${name} not found"`;
    const fixes = [...register(project, name), handlerOfRust(project, name)];
    const related = [{ at: first.at, message: first.signature }];
    for (const { commandAt } of calls) yield { code: 'not-registered', at: commandAt, message, related, fixes };
    const callers = calls.slice(0, MOST_CALLERS).map(({ at }) => ({ at, message: 'called here' }));
    yield { code: 'not-registered', at: first.at, message, related: callers, fixes };
  }
}

const MOST_CALLERS = 5;

/** Registered commands that no script calls, where all scripts say which commands they call. */
export function* unusedCommands(project: ProjectIndex): Iterable<Problem> {
  if (project.calls.size === 0 || project.unnamedCalls.length > 0) return;
  for (const [name, definitions] of project.commands) {
    if (project.calls.has(name)) continue;
    for (const { at, isRegistered } of definitions) {
      if (!at || !isRegistered) continue;
      yield { code: 'unused-command', at, message: `no script calls ${name}`, tags: [DiagnosticTag.Unnecessary] };
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
        yield { code: 'duplicate-command', at: { file, range: at }, message, related };
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
      for (const { key, at } of handler.parameters) {
        if (!at || keys.has(key)) continue;
        yield { code: 'handler-mismatch', at, message: mismatch(name, key, keys), related: placesOf(rust) };
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
