/** Where build scripts list commands: `AppManifest::new().commands(&["greet"])`, `tauri_plugin::Builder::new(COMMANDS)`. */
import type { Node } from 'web-tree-sitter';
import { localNamed } from './local-values.ts';
import { type NameUse, useOf } from './name-uses.ts';

/** What the lists of a build script have of one command. */
export interface ManifestUses {
  /** the texts that name it */
  readonly names: readonly NameUse[];
  /** what gives commands that cannot be told */
  readonly hidden: readonly NameUse[];
}

/** Constants of constants. */
const DEPTH = 8;

/** @param plugin whose command it is; undefined for one of the app */
export function manifestUses(root: Node, command: string, plugin: string | undefined): ManifestUses {
  const names: NameUse[] = [];
  const hidden: NameUse[] = [];
  for (const call of root.descendantsOfType('call_expression')) {
    const list = call.childForFieldName('arguments')?.namedChildren[0];
    if (!list || !isListOf(call, plugin)) continue;
    for (const node of entriesOf(list)) {
      if (node.type !== 'string_content') hidden.push(useOf(node));
      else if (node.text === command) names.push(useOf(node));
    }
  }
  return { names, hidden };
}

function isListOf(call: Node, plugin: string | undefined): boolean {
  const callee = call.childForFieldName('function');
  if (callee?.type === 'scoped_identifier') return plugin !== undefined && /(?:^|::)Builder::new$/.test(callee.text);
  if (callee?.childForFieldName('field')?.text !== 'commands') return false;
  const around = pluginAround(call);
  if (around !== undefined) return around === plugin;
  return /\bInlinedPlugin\b/.test(callee.text) === (plugin !== undefined);
}

/** The plugin that an app defines itself: `.plugin("notes", InlinedPlugin::new().commands(…))`. */
function pluginAround(node: Node): string | undefined {
  for (let at = node.parent; at; at = at.parent) {
    const isPlugin = at.type === 'call_expression' && at.childForFieldName('function')?.text.endsWith('.plugin');
    const name = isPlugin ? at.childForFieldName('arguments')?.namedChildren[0] : undefined;
    if (name) return name.descendantsOfType('string_content')[0]?.text;
  }
  return undefined;
}

/** The contents of the strings that an expression lists, and in their place what cannot be followed. */
function entriesOf(node: Node, depth = 0): Node[] {
  const inside = (nodes: readonly (Node | null | undefined)[]) =>
    nodes.flatMap((each) => (each ? entriesOf(each, depth + 1) : []));
  switch (node.type) {
    case 'string_content':
      return [node];
    case 'identifier':
    case 'scoped_identifier': {
      const value = depth < DEPTH ? valueOf(node) : undefined;
      return value ? entriesOf(value, depth + 1) : [node];
    }
    case 'call_expression': {
      // `"greet".into()`, `COMMANDS.to_vec()`
      const receiver = node.childForFieldName('function')?.childForFieldName('value');
      return receiver ? inside([receiver, ...(node.childForFieldName('arguments')?.namedChildren ?? [])]) : [node];
    }
    case 'macro_invocation':
      return node.childForFieldName('macro')?.text === 'vec' ? inside(node.namedChildren.slice(1)) : [node];
    default:
      return inside(node.namedChildren);
  }
}

/** What a variable or a constant of the same file is. */
function valueOf(name: Node): Node | null | undefined {
  const local = name.type === 'identifier' ? localNamed(name.text, name) : undefined;
  if (local) return local.value;
  const last = name.text.split('::').at(-1);
  return name.tree.rootNode
    .descendantsOfType(['const_item', 'static_item'])
    .find((item) => item.childForFieldName('name')?.text === last)
    ?.childForFieldName('value');
}
