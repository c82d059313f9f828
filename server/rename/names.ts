/** What names may be: of commands, arguments, events, windows and permissions. */
import { identifierProblem } from '#core/acl/identifier.ts';
import { KEYWORDS } from '../rust/index.ts';
import type { SymbolKind } from '../symbols/symbol.ts';

/** What is wrong with a name for a function or a parameter in Rust; undefined for a good one. */
export function rustNameProblem(name: string): string | undefined {
  if (KEYWORDS.has(name)) return `"${name}" is a keyword of Rust.`;
  return /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name) ? undefined : `"${name}" is no name of Rust.`;
}

/** What is wrong with the new name of something that is named by a text; undefined for a good one. */
export function nameProblem(kind: SymbolKind, name: string): string | undefined {
  switch (kind) {
    case 'command':
      // Tauri takes any text, but the page's `plugin:name|command` is taken apart at these.
      return /^[^\s"'`\\|:]+$/.test(name) ? undefined : `"${name}" is no name for a command.`;
    case 'argument':
      return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? undefined : `"${name}" is no name for an argument.`;
    case 'event':
      return /^[\p{Alphabetic}\p{N}\-/:_]+$/u.test(name)
        ? undefined
        : `"${name}" is no name for an event: they have letters, digits, "-", "/", ":" and "_".`;
    case 'window':
      return /^[\p{Alphabetic}\p{N}\-/:_]+$/u.test(name)
        ? undefined
        : `"${name}" is no label: they have letters, digits, "-", "/", ":" and "_".`;
    case 'permission':
      return name === 'default' ? '"default" is the name of the default set.' : sentence(identifierProblem(name));
    case 'capability':
      return /^[^"'\\\n]+$/.test(name) ? undefined : `"${name}" is no identifier for a capability.`;
    default:
      return undefined;
  }
}

const sentence = (problem: string | undefined) =>
  problem === undefined ? undefined : `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`;
