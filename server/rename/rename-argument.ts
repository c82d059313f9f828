/** Rename of an argument: the parameter of the Rust function, the key of the handler, and the keys in all calls. */
import type { ArgumentKey, CallSite, CommandDefinition, Parameter } from '../index/facts.ts';
import { lowerCamelCase, type NameUse, snakeCase } from '../rust/index.ts';
import { argumentReads } from '../script/index.ts';
import type { IpcSymbol } from '../symbols/symbol.ts';
import { nameProblem, rustNameProblem } from './names.ts';
import { otherName, staysForOther } from './other-names.ts';
import type { Renaming } from './renaming.ts';
import { placeText, refusal } from './rename-edit.ts';

type Argument = Extract<IpcSymbol, { readonly kind: 'argument' }>;

/** A definition of the command that has the argument. */
interface Defined {
  readonly definition: CommandDefinition;
  readonly parameter: Parameter;
}

type Key = Pick<ArgumentKey, 'at' | 'isShorthand' | 'key'>;

interface RustParameter extends Defined {
  readonly file: string;
  readonly uses: readonly NameUse[];
  readonly names: ReadonlySet<string>;
  /** Tauri makes camelCase of parameters, unless `rename_all = "snake_case"` */
  readonly isSnakeCase: boolean;
}

/**
 * @param newName the key, as pages write it; or the parameter's name, where it was asked for in Rust
 * @param inRust whether it was asked for in Rust
 */
export async function renameArgument(
  renaming: Renaming,
  symbol: Argument,
  newName: string,
  inRust: boolean,
): Promise<void> {
  const { project, edit } = renaming;
  const { command, name: key } = symbol;
  const defined = (project.commands.get(command) ?? []).flatMap((definition): Defined[] =>
    definition.parameters.filter((parameter) => parameter.key === key).map((parameter) => ({ definition, parameter })),
  );
  if (defined.length === 0) throw refusal(`Nothing here says that "${command}" has an argument "${key}".`);
  const inCode = await Promise.all(
    defined.filter(({ definition }) => definition.source === 'rust').map((each) => readRust(renaming, each)),
  );
  const newKey = inRust ? keyOf(newName, inCode) : newName;
  const problem = inRust ? rustNameProblem(newName) : nameProblem('argument', newKey);
  if (problem !== undefined) throw refusal(problem);
  for (const { definition, parameter } of defined) {
    const { at } = definition;
    const shared = parameter.at && otherName(renaming.occurrences, symbol, parameter.at);
    if (parameter.at && shared !== undefined) {
      throw refusal(`The "${key}" at ${placeText(parameter.at)} is ${shared}, too: give each its own first.`);
    }
    const other = definition.parameters.find((each) => each.key === newKey && each.key !== key);
    if (other && at)
      throw refusal(`"${command}" has an argument "${newKey}" already, at ${placeText(other.at ?? at)}.`);
  }
  for (const parameter of inCode) await renameInRust(renaming, parameter, inRust ? newName : undefined, newKey);
  if (newKey === key) return;
  for (const { definition, parameter } of defined) {
    if (definition.source === 'handler') await renameInHandler(renaming, definition, parameter, newKey);
  }
  for (const call of project.calls.get(command) ?? []) {
    for (const each of call.args.kind === 'object' ? call.args.keys : []) {
      if (each.key !== key || staysForOther(renaming, symbol, each.at)) continue;
      await renameKey(renaming, each, newKey);
    }
  }
  for (const call of project.calls.get(command) ?? []) {
    if (isUnreadable(call, key))
      edit.leave(`The call at ${placeText(call.at)} may give "${key}" where it cannot be seen.`);
  }
}

/** A key of an object. One that is a variable's name, too, is written before it; one that is only that now needs no more. */
async function renameKey({ edit }: Renaming, { at, isShorthand, key }: Key, newKey: string): Promise<void> {
  if (isShorthand) return edit.replace(at, key, `${newKey}: ${key}`);
  const document = await edit.document(at.file);
  const end = document.offsetAt(at.range.end);
  const behind = document.getText().slice(end);
  const value = /^\s*:\s*([\w$]+)(?=\s*[,}])/.exec(behind);
  if (value?.[1] !== newKey) return edit.replace(at, key, newKey);
  const range = { start: at.range.start, end: document.positionAt(end + value[0].length) };
  await edit.write({ ...at, range }, newKey, true);
}

/** Whether a call may have the key in a variable or behind `...`. */
const isUnreadable = ({ args }: CallSite, key: string) =>
  args.kind === 'other' || (args.kind === 'object' && args.isOpen && args.keys.every((each) => each.key !== key));

/** What the page will have to write for a parameter of Rust. */
function keyOf(rustName: string, parameters: readonly RustParameter[]): string {
  return parameters.some(({ isSnakeCase }) => isSnakeCase) ? snakeCase(rustName) : lowerCamelCase(rustName);
}

async function readRust({ workspace, edit }: Renaming, defined: Defined): Promise<RustParameter> {
  const { definition, parameter } = defined;
  const { at } = definition;
  const { rustName } = parameter;
  if (!at || !rustName) throw refusal(`The argument "${parameter.key}" has no name in Rust.`);
  const reader = await workspace.rustReader();
  if (!reader) throw refusal('Rust cannot be read here.');
  const text = (await edit.document(at.file)).getText();
  const found = reader.parameterUses(text, at.range.start, rustName);
  if (!found) {
    throw refusal(`The parameter of "${parameter.key}" at ${placeText(at)} cannot be told: rename it there by hand.`);
  }
  return { ...defined, ...found, file: at.file, isSnakeCase: found.renameAll === 'snake_case' };
}

/** The parameter, and what of the function's body means it. */
async function renameInRust(
  { edit }: Renaming,
  { definition, parameter, file, uses, names, isSnakeCase }: RustParameter,
  asked: string | undefined,
  newKey: string,
): Promise<void> {
  const { rustName = '', key } = parameter;
  // A leading underscore tells Rust's compiler that a parameter is not used; the key has none.
  const underscore = /^_*/.exec(rustName)?.[0] ?? '';
  const newName = asked ?? (isSnakeCase ? newKey : underscore + snakeCase(newKey));
  const made = isSnakeCase ? snakeCase(newName) : lowerCamelCase(newName);
  if (made !== newKey) {
    throw refusal(`Tauri makes "${made}" of a parameter "${newName}": "${newKey}" cannot be the name of one.`);
  }
  const problem = rustNameProblem(newName);
  if (problem !== undefined) throw refusal(problem);
  if (newName !== rustName && names.has(newName)) {
    const where = definition.at ? ` at ${placeText(definition.at)}` : '';
    throw refusal(`"${newName}" is the name of something else in the function of "${key}"${where}.`);
  }
  for (const { range, prefix, field, isCertain } of uses) {
    // A field of the same name needs no more than it.
    const whole = field?.name === newName ? { start: field.start, end: range.end } : range;
    await edit.write({ file, range: whole }, prefix + newName, isCertain);
  }
}

/** The key of the schema, and where the handler's function takes it out of its arguments. */
async function renameInHandler(
  renaming: Renaming,
  { whole }: CommandDefinition,
  { key, at, isShorthand }: Parameter,
  newKey: string,
): Promise<void> {
  const { edit } = renaming;
  if (!at || !whole) throw refusal(`It cannot be seen where the handler has "${key}": rename it there by hand.`);
  await renameKey(renaming, { at, isShorthand, key }, newKey);
  const reads = argumentReads((await edit.document(whole.file)).getText(), whole.range.start, key);
  if (!reads) edit.leave(`What the handler at ${placeText(whole)} does with "${key}" cannot be told.`);
  for (const { range, text } of reads ?? []) await edit.write({ file: whole.file, range }, text(newKey), true);
}
