/** The commands of Rust code as definitions that features speak of. */
import {
  isRequired,
  type MissingCommand,
  type RustArgument,
  type RustCommand,
  type RustIndex,
  type WireTypes,
  wireTypes,
} from '../rust/index.ts';
import type { CommandDefinition, Parameter, TypeDeclaration } from './facts.ts';

/**
 * All commands of a project's Rust code, registered or not, with those that lists name and a macro or another crate makes.
 * Files of the index have absolute paths.
 */
export function rustDefinitions(index: RustIndex): readonly CommandDefinition[] {
  const all = [...index.commands, ...index.unregistered].flatMap(({ name }) => index.definitions(name));
  const missing = Map.groupBy(index.missing, ({ name }) => name);
  return [
    ...[...new Set(all)].map((command) => definitionOf(command, index)),
    ...[...missing].flatMap(([name, items]) => (index.find(name) ? [] : [listedOnly(name, items)])),
  ];
}

/** A command of which only its name is known. */
function listedOnly(name: string, items: readonly MissingCommand[]): CommandDefinition {
  return {
    name,
    source: 'rust',
    at: undefined,
    whole: undefined,
    parameters: [],
    isComplete: false,
    returns: undefined,
    error: undefined,
    signature: `fn ${items[0]?.path.join('::') ?? name}(…)`,
    doc: undefined,
    isRegistered: true,
    permissions: [],
    registrations: items.map(({ file, at }) => ({ file, range: at })),
    literal: undefined,
    types: [],
  };
}

function definitionOf(command: RustCommand, index: RustIndex): CommandDefinition {
  const { name, file, at, whole, signature, doc, registered, literal, args } = command;
  // Types are only made for what somebody looks at.
  let types: WireTypes | undefined;
  const wire = () => (types ??= wireTypes(command, index.names));
  let declarations: readonly TypeDeclaration[] | undefined;
  return {
    name,
    source: 'rust',
    at: { file, range: at },
    whole: { file, range: whole },
    parameters: args.flatMap((argument, position) =>
      isSent(argument) ? [parameterOf(argument, command, index, () => wire().args[position])] : [],
    ),
    // Who reads the whole request may look at any key.
    isComplete: args.every(({ kind }) => kind !== 'unknown' && kind !== 'raw request'),
    get returns() {
      return wire().returns;
    },
    get error() {
      return wire().error;
    },
    signature,
    doc,
    isRegistered: registered,
    permissions: [],
    registrations: index.registrationsOf(command).map((item) => ({ file: item.file, range: item.at })),
    literal: literal && { file, range: literal },
    get types() {
      return (declarations ??= wire().declarations.map(({ name, text, type }) => ({
        name,
        text,
        at: { file: type.file, range: type.at },
      })));
    },
  };
}

/** Whether the page sends it, as far as it is known: what is not known to be injected may be. */
const isSent = ({ kind, key }: RustArgument) => kind !== 'injected' && kind !== 'raw request' && key !== '';

function parameterOf(
  argument: RustArgument,
  command: RustCommand,
  index: RustIndex,
  type: () => string | undefined,
): Parameter {
  const { key, rustName, kind, at } = argument;
  return {
    key,
    rustName,
    get type() {
      return type();
    },
    declared: argument.type.text,
    isRequired: isRequired(argument, command, index.names),
    kind: kind === 'channel' ? 'channel' : 'value',
    at: { file: command.file, range: at },
    isShorthand: false,
  };
}
