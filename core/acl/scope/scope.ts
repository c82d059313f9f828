/**
 * What a command may be used on: the values that capabilities attach to its permissions, read as the plugin's own type
 * of entry (Tauri's `CommandScope` and `GlobalScope`; tauri-acl 4.1).
 */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Scope } from '../../command.ts';
import { reject } from '../../error.ts';

/** Reads one value of a scope; an error's message says what is wrong with it. */
export type EntryReader<Entry> = StandardSchemaV1<unknown, Entry> | ((value: unknown) => Entry);

class ScopeEntries<Entry> {
  readonly allows: readonly Entry[];
  readonly denies: readonly Entry[];

  /** Rejects with `error deserializing scope: {reason}` where a value is no entry: one bad value fails the call. */
  constructor({ allow, deny }: Scope, read: EntryReader<Entry>) {
    try {
      const each = (value: unknown) => readEntry(value, read);
      this.allows = allow.map(each);
      this.denies = deny.map(each);
    } catch (error) {
      throw reject(`error deserializing scope: ${(error as Error).message}`);
    }
  }

  /**
   * Whether no denied entry fits, and an allowed one does. Where nothing is allowed expressly, everything is: that is
   * Tauri's rule for this helper, while its own plugins refuse everything then.
   */
  matches(fits: (entry: Entry) => boolean): boolean {
    if (this.denies.some(fits)) return false;
    return this.allows.length === 0 || this.allows.some(fits);
  }
}

function readEntry<Entry>(value: unknown, read: EntryReader<Entry>): Entry {
  if (typeof read === 'function') return read(value);
  const result = read['~standard'].validate(value);
  if (result instanceof Promise) throw new Error('the schema of a scope entry must not be asynchronous');
  if (result.issues) throw new Error(result.issues[0]?.message);
  return result.value;
}

/**
 * The scope of the permissions by which the calling window holds this command.
 *
 * @example
 * const scope = new CommandScope(context.scope, z.object({ host: z.string() }));
 * if (!scope.matches((entry) => entry.host === host)) throw reject('not in the scope');
 */
export class CommandScope<Entry> extends ScopeEntries<Entry> {}

/** The scope that holds for all commands of a plugin: from permissions that name no command. */
export class GlobalScope<Entry> extends ScopeEntries<Entry> {}

/** The two scopes of a call, as the authority gives them. */
export interface Scopes {
  readonly command: Scope;
  readonly global: Scope;
}

export const NO_SCOPE: Scope = { allow: [], deny: [] };
export const NO_SCOPES: Scopes = { command: NO_SCOPE, global: NO_SCOPE };

/** Both scopes of a call in one, as Tauri's own plugins use them: the command's entries come first. */
export function readScopes<Entry>({ command, global }: Scopes, read: EntryReader<Entry>): CommandScope<Entry> {
  const allow = [...command.allow, ...global.allow];
  const deny = [...command.deny, ...global.deny];
  return new CommandScope({ allow, deny }, read);
}

/** What serde says of a value that is none of an enum's forms. */
export const noVariant = (name: string) => new Error(`data did not match any variant of untagged enum ${name}`);
