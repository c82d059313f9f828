/** A command in words: as the page calls it, as its own language has it. */
import type { CommandDefinition, Parameter, TypeDeclaration } from '../../index/facts.ts';
import { propertyName } from '../../rust/index.ts';
import { block, paragraphs, prose } from '../markdown.ts';

/** An argument as TypeScript; `unknown` where nothing is known of its type. */
export function parameterText({ key, type, isRequired }: Parameter): string {
  return `${propertyName(key)}${isRequired === false ? '?' : ''}: ${type ?? 'unknown'}`;
}

/** `greet(firstName: string): string`, on one line. */
export function pageSignature({ name, parameters, isComplete, returns }: CommandDefinition): string {
  const texts = parameters.map(parameterText);
  return `${name}(${[...texts, ...(isComplete ? [] : ['…'])].join(', ')}): ${returns ?? 'unknown'}`;
}

/** `greet({ firstName: string }): Promise<string>`, and where each argument stands in it. */
export function callSignature({ name, parameters, isComplete, returns }: CommandDefinition): {
  readonly label: string;
  readonly parameters: readonly (readonly [start: number, end: number])[];
} {
  let label = `${name}(`;
  const places = parameters.map((parameter, index): [number, number] => {
    label += index === 0 ? '{ ' : ', ';
    const start = label.length;
    label += parameterText(parameter);
    return [start, label.length];
  });
  if (!isComplete) label += parameters.length === 0 ? '{ … ' : ', … ';
  if (parameters.length > 0 || !isComplete) label += isComplete ? ' }' : '}';
  return { label: `${label}): Promise<${returns ?? 'unknown'}>`, parameters: places };
}

/** The types that a command names, as TypeScript. */
const typesText = (types: readonly TypeDeclaration[]) => types.map(({ name, text }) => `type ${name} = ${text}`);

/** What the page sees of a command: its call, what it rejects with, the types that it names. */
export function pageText(definition: CommandDefinition): string {
  const { error, types } = definition;
  const lines = [
    callSignature(definition).label,
    ...(error === undefined ? [] : [`// rejects with ${error.replaceAll(/\s*\n\s*/g, ' ')}`]),
    ...typesText(types),
  ];
  return block('typescript', lines.join('\n'));
}

/** A definition as its own language has it, with what its author says of it. */
export function definitionText({ source, signature, doc }: CommandDefinition): string {
  const language = source === 'rust' ? 'rust' : 'typescript';
  return paragraphs([signature !== '' && block(language, signature), doc !== undefined && prose(doc)]);
}

/** The definition that answers: of several the one that a list registers. */
export const answering = (definitions: readonly CommandDefinition[]): CommandDefinition | undefined =>
  definitions.find(({ isRegistered }) => isRegistered) ?? definitions[0];

/** Why the app does not know a command that is defined; undefined where it does. */
export function unregisteredText(definitions: readonly CommandDefinition[]): string | undefined {
  if (definitions.length === 0 || definitions.some(({ isRegistered }) => isRegistered)) return undefined;
  const isRust = definitions.some(({ source }) => source === 'rust');
  return isRust ? 'Not registered: no generate_handler! list has it' : 'Not registered: app({ commands }) lacks it';
}

/** How many calls of a command are known. */
export function calledText(places: number): string {
  if (places === 0) return 'No call of it is known';
  return places === 1 ? 'Called in 1 place' : `Called in ${places} places`;
}
