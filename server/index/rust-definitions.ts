/** The commands of Rust code as definitions that features speak of. */
import type { Range } from 'vscode-languageserver-types';
import type { RustCommand, RustIndex } from '../rust/index.ts';
import type { CommandDefinition, Parameter } from './facts.ts';

/** All commands of a project's Rust code, registered or not. Files of the index have absolute paths. */
export function rustDefinitions(index: RustIndex): CommandDefinition[] {
  const known = [...index.commands, ...index.unregistered];
  const all = known.flatMap(({ name }) => index.definitions(name));
  return [...new Set(all)].map(definitionOf);
}

function definitionOf(command: RustCommand): CommandDefinition {
  const { name, rustName, file, line, column, endLine, signature, doc, registered } = command;
  const start = { line: line - 1, character: column - 1 };
  const at: Range = { start, end: { ...start, character: start.character + rustName.length } };
  return {
    name,
    source: 'rust',
    at: { file, range: at },
    whole: { file, range: { start: { line: line - 1, character: 0 }, end: { line: endLine, character: 0 } } },
    parameters: command.args.flatMap(({ key, kind, type, rustName: own }): Parameter[] => {
      if (kind !== 'value' && kind !== 'channel') return [];
      return [{ key, rustName: own, type: undefined, declared: type.text, isRequired: 'unknown', kind, at: undefined }];
    }),
    isComplete: command.args.every(({ kind }) => kind !== 'unknown'),
    returns: undefined,
    error: undefined,
    signature,
    doc,
    isRegistered: registered,
    permissions: [],
    registrations: [],
    literal: undefined,
    types: [],
  };
}
