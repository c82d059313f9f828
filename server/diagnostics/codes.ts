/**
 * The diagnostics that there are: how bad each is by itself, and what it says in one sentence. The setting
 * `ipcWorkbench.language.diagnostics` and docs/language-server.md list the same.
 */
import type { DiagnosticLevel } from '#core/language-messages.ts';
import { ACL_CODES } from './acl-codes.ts';

export interface Code {
  /** `off`: only who wants it sees it */
  readonly level: DiagnosticLevel;
  /** for the setting and the docs */
  readonly text: string;
}

export const CODES = {
  'unknown-command': { level: 'error', text: 'A call of a command that nothing defines.' },
  'not-registered': { level: 'warning', text: 'A call of a Rust command that no `generate_handler!` list has.' },
  'unused-command': { level: 'off', text: 'A command that no script calls.' },
  'duplicate-command': { level: 'error', text: 'Two Rust commands of one name in one list.' },
  'handler-mismatch': {
    level: 'warning',
    text: 'A handler that takes other arguments than the Rust command of its name.',
  },
  'missing-argument': { level: 'error', text: 'A call without an argument that its command needs.' },
  'misspelt-argument': {
    level: 'error',
    text: 'An argument under a key that is nearly right, such as `user_id` for `userId`.',
  },
  'unknown-argument': { level: 'hint', text: 'An argument that the command does not take; Tauri ignores it.' },
  'argument-type': { level: 'error', text: 'A literal that is of another type than the argument.' },
  'missing-channel': { level: 'error', text: 'A call without the `Channel` that its command sends to.' },
  'not-allowed': { level: 'warning', text: 'A call of a command that no window may call.' },
  'event-never-emitted': { level: 'hint', text: 'A listener to an event that nothing emits.' },
  'event-never-heard': { level: 'hint', text: 'An event that nothing listens to.' },
  'unhandled-listener': { level: 'hint', text: 'A component that listens and never ends it.' },
  ...ACL_CODES,
} as const satisfies Readonly<Record<string, Code>>;

export type CodeName = keyof typeof CODES;

/** Page of the docs with a heading for each code. */
export const CODES_PAGE = 'https://github.com/ipc-workbench/ipc-workbench/blob/main/docs/language-server.md';
