/** Arguments of calls, against what their commands take. */
import { nearest } from '#core/nearest.ts';
import { invalidArgument, missingArgument } from '#core/argument.ts';
import { DiagnosticTag } from 'vscode-languageserver';
import { addArguments, convertLiteral, removeKey, renameKey, wrapInChannel } from '../fixes/arguments.ts';
import type { ArgumentKey, CallArguments, CallSite, CommandDefinition, FileRange, Parameter } from '../index/facts.ts';
import { shippedCalls } from './knowledge.ts';
import type { FileCheck, Problem } from './problem.ts';
import { kindsOf } from './types.ts';

/** A call that fits one definition of its command is right: handlers may stand for Rust. */
export const wrongArguments: FileCheck = (project) =>
  function* (facts) {
    const all = shippedCalls(project, facts);
    const alternatives = new Map<string, number>();
    for (const { at } of all) alternatives.set(placeOf(at), (alternatives.get(placeOf(at)) ?? 0) + 1);
    for (const call of all) {
      // One of several commands gets what another one needs.
      if ((alternatives.get(placeOf(call.at)) ?? 0) > 1) continue;
      yield* wrongWithAll(call, call.command, project.commands.get(call.command) ?? []);
    }
  };

/** Of a name with more definitions nobody can say which one is meant. */
const MOST_DEFINITIONS = 50;

/** What is wrong with a call by its first definition; nothing where another one takes it as it is. */
function wrongWithAll(call: CallSite, name: string, definitions: readonly CommandDefinition[]): readonly Problem[] {
  if (definitions.length > MOST_DEFINITIONS) return [];
  let first: readonly Problem[] | undefined;
  for (const definition of definitions) {
    const problems = new Comparison(call, name, definition).problems();
    if (problems.length === 0) return [];
    first ??= problems;
  }
  return first ?? [];
}

const placeOf = ({ range: { start } }: FileRange) => `${start.line}:${start.character}`;

/** One call against one definition. */
class Comparison {
  readonly #call: CallSite;
  /** as the command itself is called: without its plugin */
  readonly #name: string;
  readonly #definition: CommandDefinition;
  readonly #keys: readonly ArgumentKey[];

  constructor(call: CallSite, name: string, definition: CommandDefinition) {
    this.#call = call;
    this.#name = name.slice(name.indexOf('|') + 1);
    this.#definition = definition;
    this.#keys = call.args.kind === 'object' ? call.args.keys : [];
  }

  problems(): Problem[] {
    const { args } = this.#call;
    if (args.kind === 'other') return [];
    const { parameters } = this.#definition;
    const isOpen = args.kind === 'object' && args.isOpen;
    const absent = parameters.filter(({ key }) => !this.#keys.some((given) => given.key === key));
    const strange = isOpen ? [] : this.#keys.filter(({ key }) => !parameters.some((each) => each.key === key));
    const meant = this.#meant(strange, absent);
    const missing = isOpen ? [] : absent.filter((parameter) => ![...meant.values()].includes(parameter));
    return [
      ...[...meant].map(([given, parameter]) => this.#misspelt(given, parameter)),
      ...this.#missing(missing, args),
      ...strange.filter((given) => !meant.has(given)).flatMap((given) => this.#unknown(given) ?? []),
      ...this.#keys.flatMap((given) => {
        const parameter = parameters.find(({ key }) => key === given.key);
        return (parameter && this.#value(given, parameter)) ?? [];
      }),
    ];
  }

  /** Which absent parameter a strange key was meant to be. One that may be another argument's is only spelt otherwise. */
  #meant(strange: readonly ArgumentKey[], absent: readonly Parameter[]): Map<ArgumentKey, Parameter> {
    const meant = new Map<ArgumentKey, Parameter>();
    for (const given of strange) {
      const free = absent.filter((parameter) => ![...meant.values()].includes(parameter));
      const name = this.#definition.isComplete
        ? nearest(
            given.key,
            free.map(({ key }) => key),
          )
        : undefined;
      const same = free.find(({ key, rustName }) => rustName === given.key || plain(key) === plain(given.key));
      const parameter = same ?? free.find(({ key }) => key === name);
      if (parameter) meant.set(given, parameter);
    }
    return meant;
  }

  #misspelt(given: ArgumentKey, { key, isRequired, ...parameter }: Parameter): Problem {
    const says = isRequired === true ? `${missingArgument(this.#name, key).message}; ` : '';
    return {
      code: 'misspelt-argument',
      at: given.at,
      message: `${says}"${given.key}" is ignored, the key is "${key}"`,
      related: this.#related({ key, isRequired, ...parameter }),
      fixes: [renameKey(given, key)],
    };
  }

  #missing(absent: readonly Parameter[], args: CallArguments): Problem[] {
    const required = absent.filter(({ isRequired }) => isRequired === true);
    const at = args.kind === 'object' ? args.at : this.#call.commandAt;
    const fixes = [addArguments(this.#call, required)];
    return required.map((parameter) => ({
      code: parameter.kind === 'channel' ? 'missing-channel' : 'missing-argument',
      at,
      message: missingArgument(this.#name, parameter.key).message,
      related: this.#related(parameter),
      fixes,
    }));
  }

  #unknown(given: ArgumentKey): Problem | undefined {
    if (!this.#definition.isComplete) return undefined;
    const keys = this.#definition.parameters.map(({ key }) => `"${key}"`);
    const takes = keys.length === 0 ? 'no arguments' : keys.join(', ');
    return {
      code: 'unknown-argument',
      at: given.at,
      message: `"${given.key}" is ignored: ${this.#name} takes ${takes}`,
      tags: [DiagnosticTag.Unnecessary],
      ...(this.#definition.at && { related: [{ at: this.#definition.at, message: this.#definition.signature }] }),
      fixes: [removeKey(given)],
    };
  }

  #value(given: ArgumentKey, parameter: Parameter): Problem | undefined {
    const { value, valueAt } = given;
    if (value === 'other' || value === 'channel') return undefined;
    const related = this.#related(parameter);
    if (parameter.kind === 'channel') {
      return {
        code: 'missing-channel',
        at: valueAt,
        message: this.#invalid(parameter, `a Channel is expected, not ${ARTICLES[value]}`),
        related,
        fixes: value === 'function' ? [wrapInChannel(given)] : [],
      };
    }
    const kinds = parameter.type === undefined ? undefined : kindsOf(parameter.type, this.#definition.types);
    if (!kinds || kinds.has(value)) return undefined;
    // Deserialize takes a list for a struct; what is absent may be null where that is not known.
    if ((value === 'array' && kinds.has('object')) || (value === 'null' && parameter.isRequired !== true)) {
      return undefined;
    }
    return {
      code: 'argument-type',
      at: valueAt,
      message: this.#invalid(parameter, `${parameter.declared ?? parameter.type} is expected, not ${ARTICLES[value]}`),
      related,
      fixes: convertLiteral(given, parameter, kinds),
    };
  }

  #invalid({ key }: Parameter, reason: string): string {
    return invalidArgument(this.#name, key, reason).message;
  }

  #related({ at, declared, rustName, key }: Parameter): NonNullable<Problem['related']> {
    const place = at ?? this.#definition.at;
    const name = rustName ?? key;
    return place ? [{ at: place, message: declared === undefined ? name : `${name}: ${declared}` }] : [];
  }
}

const plain = (key: string) => key.toLowerCase().replaceAll(/[_-]/g, '');

const ARTICLES: Readonly<Record<Exclude<ArgumentKey['value'], 'other' | 'channel'>, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'a boolean',
  null: 'null',
  array: 'an array',
  object: 'an object',
  function: 'a function',
};
