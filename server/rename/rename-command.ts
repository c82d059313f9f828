/** Rename of a command: its function or handler, its calls, and the permissions that have its name. */
import { calledCommand, pluginCommand } from '#core/call.ts';
import { commandPermissions } from '#core/acl/manifest.ts';
import type { CommandDefinition } from '../index/facts.ts';
import { contains } from '../positions.ts';
import { FunctionPaths } from '../rust/index.ts';
import type { Occurrences } from '../symbols/occurrences.ts';
import { pluginCrates } from '../symbols/plugin-crates.ts';
import { generatedPermissions } from '../symbols/related.ts';
import type { IpcSymbol, Occurrence } from '../symbols/symbol.ts';
import { nameProblem, rustNameProblem } from './names.ts';
import { staysForOther } from './other-names.ts';
import type { Renaming } from './renaming.ts';
import { placeText, refusal } from './rename-edit.ts';

type Command = Extract<IpcSymbol, { readonly kind: 'command' }>;

/** @param newName without the plugin's */
export async function renameCommand(renaming: Renaming, symbol: Command, newName: string): Promise<void> {
  const { project, occurrences, edit } = renaming;
  const definitions = project.commands.get(symbol.name) ?? [];
  const functions = definitions.filter(isFunction);
  if (functions.some(({ at }) => !at)) {
    throw refusal(`A macro or another crate makes ${symbol.name}: rename it there by hand.`);
  }
  const problem = functions.map(() => rustNameProblem(newName)).find(Boolean) ?? nameProblem('command', newName);
  if (problem !== undefined) throw refusal(problem);
  const { plugin, name: oldName } = calledCommand(symbol.name);
  const newCommand = plugin === undefined ? newName : pluginCommand(plugin, newName);
  const [taken] = (project.commands.get(newCommand) ?? []).flatMap(({ at }) => at ?? []);
  if (taken) throw refusal(`There is a command "${newCommand}" already, at ${placeText(taken)}.`);

  if (functions.length > 0) await renameFunctions(renaming, functions, oldName, newName);
  for (const { written, language, role, at } of occurrences.of(symbol)) {
    // What is Rust's own name was renamed as such.
    const isName = language === 'rust' && (role === 'registration' || functions.some((each) => each.at === at));
    if (written !== 'text' || isName || staysForOther(renaming, symbol, at)) continue;
    await edit.replace(at, oldName, newName);
  }
  await renameInManifests(renaming, symbol, newName);
  for (const { at, literal } of project.calls.get(symbol.name) ?? []) {
    if (!literal) edit.leave(`The name at ${placeText(at)} is put together, and stays.`);
  }
  await renamePermissions(renaming, symbol.name, newName);
}

/** Whether the name of a Rust function is that of the command. */
const isFunction = ({ source, literal }: CommandDefinition) => source === 'rust' && literal === undefined;

async function renameFunctions(
  { project, edit, workspace }: Renaming,
  functions: readonly CommandDefinition[],
  oldName: string,
  newName: string,
): Promise<void> {
  const reader = await workspace.rustReader();
  if (!reader) throw refusal('Rust cannot be read here.');
  const paths = new FunctionPaths(project.rust.files, project.rust.names);
  const wanted = [...project.rust.files]
    .flatMap(({ commands }) => commands)
    .filter(({ rustName, file, line }) =>
      functions.some(({ at }) => rustName === oldName && at?.file === file && at.range.start.line === line - 1),
    );
  for (const { file, module } of wanted) {
    const other = reader.declarationOf(file, (await edit.document(file)).getText(), { name: newName, module });
    if (other) throw refusal(`Rust has a "${newName}" in that module already, at ${placeText({ file, ...other })}.`);
  }
  const found = new Set<string>();
  for (const { path } of project.rust.files) {
    const text = (await edit.document(path)).getText();
    if (!text.includes(oldName)) continue;
    for (const { file, module, line } of wanted) {
      for (const use of reader.functionUses(path, text, { name: oldName, file, module, line }, paths)) {
        found.add(`${path}:${use.range.start.line}`);
        await edit.write({ file: path, range: use.range }, newName, use.isCertain);
      }
    }
  }
  const [hidden] = functions.flatMap(({ at }) => (at && !found.has(`${at.file}:${at.range.start.line}`) ? [at] : []));
  if (hidden) throw refusal(`A macro makes the function at ${placeText(hidden)}: rename it there by hand.`);
  for (const place of functions.flatMap(({ registrations }) => registrations)) {
    if (!found.has(`${place.file}:${place.range.start.line}`)) await edit.replace(place, oldName, newName);
  }
}

/** In the lists of build scripts, of which Tauri's build makes the permissions: that of the app, or of the plugin's crate. */
async function renameInManifests(
  { project, edit, workspace }: Renaming,
  symbol: Command,
  newName: string,
): Promise<void> {
  const { plugin, name } = calledCommand(symbol.name);
  const crates = plugin === undefined ? [project.folder.configFolder] : (pluginCrates(project).get(plugin) ?? []);
  const scripts = new Set([...crates].map((crate) => `${crate}/build.rs`));
  for (const { path } of project.rust.files) {
    if (!scripts.has(path)) continue;
    const reader = await workspace.rustReader();
    const uses = reader?.manifestUses((await edit.document(path)).getText(), name, plugin);
    for (const { range } of uses?.names ?? []) await edit.write({ file: path, range }, newName, true);
    for (const { range } of uses?.names.length === 0 ? uses.hidden : []) {
      edit.leave(`The commands at ${placeText({ file: path, range })} cannot be read: "${name}" stays if it is there.`);
    }
  }
}

/** `allow-greet` and `deny-greet`, where they are what Tauri's build would generate. */
async function renamePermissions({ occurrences, edit }: Renaming, command: string, newName: string): Promise<void> {
  const next = commandPermissions(newName);
  for (const [index, symbol] of generatedPermissions(command).entries()) {
    const places = occurrences.of(symbol);
    const oldBase = symbol.name.slice(symbol.name.lastIndexOf(':') + 1);
    const newBase = next[index]?.identifier ?? oldBase;
    if (newBase === oldBase || places.length === 0) continue;
    const definition = places.find(({ role }) => role === 'definition');
    if (definition && !isOnlyAbout(command, definition, occurrences)) {
      edit.leave(`The permission "${symbol.name}" is about other commands, too, and keeps its name.`);
      continue;
    }
    const taken = occurrences.of({ ...symbol, name: symbol.name.slice(0, -oldBase.length) + newBase });
    const other = taken.find(({ role }) => role === 'definition');
    if (other) throw refusal(`There is a permission "${newBase}" already, at ${placeText(other.at)}.`);
    for (const { at, written } of places) if (written === 'text') await edit.replace(at, oldBase, newBase);
  }
}

/** Whether a permission names this command and no other. */
function isOnlyAbout(command: string, { at, whole }: Occurrence, occurrences: Occurrences): boolean {
  const commands = occurrences
    .in(at.file)
    .filter(({ symbol, at: other }) => symbol.kind === 'command' && contains(whole.range, other.range.start))
    .map(({ symbol }) => symbol.name);
  return commands.length > 0 && commands.every((name) => name === command);
}
