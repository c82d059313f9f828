/** Which programs the shell plugin may run, with which arguments, and what it may open (tauri-acl 4.6). */
import { RE2JS } from 're2js';
import * as z from 'zod';
import { reject } from '../../error.ts';
import { unexpected } from '../../serde.ts';
import { type PathPlace, parseScopePath } from './path.ts';
import { noVariant, readScopes, type Scopes } from './scope.ts';

/**
 * A validator. RE2 is, like Rust's crate, without look-around and back-references, and no text makes it slow; the
 * classes `\w`, `\d`, `\s` are those of ASCII, where Rust has all of Unicode.
 */
interface Validator {
  readonly text: string;
  test(value: string): boolean;
}

type Argument = string | Validator;

interface ShellEntry {
  readonly name: string;
  /** undefined for a sidecar without a command */
  readonly command: string | undefined;
  /** 'any': all are passed on */
  readonly args: 'any' | readonly Argument[];
  readonly sidecar: boolean;
}

/** The arguments of a call: the npm package always sends a list. */
export type CallArguments = string | readonly string[] | undefined;

/** What is to be run. */
export interface PreparedCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** The scope of one call of `execute` or `spawn`. */
export class ShellScope {
  readonly #entries: readonly ShellEntry[];

  /** Rejects with `error deserializing scope: …` for a bad entry. What is denied has no effect, as in Tauri. */
  constructor({ command, global }: Scopes, place: PathPlace) {
    const none: readonly unknown[] = [];
    const scopes = { command: { ...command, deny: none }, global: { ...global, deny: none } };
    this.#entries = readScopes(scopes, (value) => readShellEntry(value, place)).allows;
  }

  /**
   * What to run for `program`: the first entry of that name decides, and the arguments are built anew from it. Rejects
   * with `program not allowed on the configured shell scope: {program}`; a sidecar's reason is passed on as it is. The
   * reason itself is the `cause` of the rejection.
   */
  prepare(program: string, args: CallArguments, { sidecar }: { readonly sidecar: boolean }): PreparedCommand {
    try {
      const entry = this.#entries.find(({ name }) => name === program);
      if (!entry) throw new ScopeRefusal(`Scoped command ${program} not found`);
      if (entry.sidecar !== sidecar) {
        throw new ScopeRefusal('The scoped command was called with the improper sidecar flag set');
      }
      // A sidecar is found by the name that it is called by.
      return { command: sidecar ? program : (entry.command ?? ''), args: buildArguments(entry, args) };
    } catch (error) {
      if (!(error instanceof ScopeRefusal)) throw error;
      const refusal = reject(sidecar ? error.message : `program not allowed on the configured shell scope: ${program}`);
      refusal.cause = error;
      throw refusal;
    }
  }
}

/** Why a command is not run; told to the page only for sidecars. */
class ScopeRefusal extends Error {}

function buildArguments({ name, args }: ShellEntry, given: CallArguments): readonly string[] {
  if (args === 'any') return typeof given === 'string' ? [given] : (given ?? []);
  if (typeof given === 'object') return args.map((each, index) => buildArgument(each, given[index], index));
  const fixed = args.filter((each) => typeof each === 'string');
  if (given || fixed.length < args.length) {
    throw new ScopeRefusal(`Scoped command ${name} received arguments in an unexpected format`);
  }
  return fixed;
}

function buildArgument(wanted: Argument, given: string | undefined, index: number): string {
  if (typeof wanted === 'string') return wanted;
  const at = `Scoped command argument at position ${index}`;
  if (given === undefined) {
    throw new ScopeRefusal(`${at} must match regex validation ${wanted.text} but it was not found`);
  }
  if (!wanted.test(given)) throw new ScopeRefusal(`${at} was found, but failed regex validation ${wanted.text}`);
  return given;
}

const EntryRaw = z.object({
  name: z.string(),
  cmd: z.string().nullish(),
  args: z.unknown().optional(),
  sidecar: z.boolean().default(false),
});
const ArgsRaw = z
  .union([
    z.boolean(),
    z.array(z.union([z.string(), z.strictObject({ validator: z.string(), raw: z.boolean().default(false) })])),
  ])
  .default(false);

/** Reads one entry; also for those who check capability files. Throws an Error with the reason. */
export function readShellEntry(value: unknown, place: PathPlace): ShellEntry {
  const entry = EntryRaw.safeParse(value);
  if (!entry.success) throw new Error(describe(value, entry.error.issues[0]));
  const args = ArgsRaw.safeParse(entry.data.args);
  if (!args.success) throw noVariant('ShellAllowedArgs');
  const { name, cmd, sidecar } = entry.data;
  if (!sidecar && typeof cmd !== 'string') throw new Error('The shell scope `command` value is required.');
  return {
    name,
    // A variable that the platform does not have stays as it is written: no program has that name.
    command: typeof cmd === 'string' ? (parseScopePath(cmd, place) ?? cmd) : undefined,
    args:
      typeof args.data === 'boolean'
        ? args.data
          ? 'any'
          : []
        : args.data.map((each) => (typeof each === 'string' ? each : validatorOf(each))),
    sidecar,
  };
}

function describe(value: unknown, issue: z.core.$ZodIssue | undefined): string {
  const [field] = issue?.path ?? [];
  if (typeof field !== 'string') return `invalid type: ${unexpected(value)}, expected struct EntryRaw`;
  const found = (value as Record<string, unknown>)[field];
  if (found === undefined) return `missing field \`${field}\``;
  return `invalid type: ${unexpected(found)}, expected ${field === 'sidecar' ? 'a boolean' : 'a string'}`;
}

/** The text is put between `^` and `$` as it is: of `a|b` only one side is bound at each end, as in Tauri. */
function validatorOf({ validator, raw }: { readonly validator: string; readonly raw: boolean }): Validator {
  return compileRegex(raw ? validator : `^${validator}$`);
}

function compileRegex(text: string, pattern = text): Validator {
  const regex = RE2JS.compile(pattern);
  return { text, test: (value) => regex.matcher(value).find() };
}

/** Mail, telephone and web addresses; the classes are written out as Rust reads `\w`. */
const DEFAULT_OPEN = compileRegex(
  String.raw`^((mailto:\w+)|(tel:\w+)|(https?://\w+)).+`,
  String.raw`^((mailto:W+)|(tel:W+)|(https?://W+)).+`.replaceAll('W', String.raw`[\p{L}\p{M}\p{N}\p{Pc}]`),
);
const NEVER_OPEN = compileRegex(String.raw`^\b$`);

/** What the shell plugin's `open` may open: `plugins.shell.open` of the configuration. */
export class ShellOpenScope {
  readonly #validator: Validator;

  /**
   * Throws where a text is no regular expression.
   *
   * @param open absent or true: mail, telephone and web addresses; false: nothing; a text: what it matches as a whole
   */
  constructor(open?: boolean | string) {
    if (typeof open === 'string') this.#validator = compileRegex(`^${open}$`);
    else this.#validator = open === false ? NEVER_OPEN : DEFAULT_OPEN;
  }

  /** Rejects with Tauri's text where `path` must not be opened. */
  check(path: string): void {
    if (this.#validator.test(path)) return;
    throw reject(
      `Scoped command argument at position 0 was found, but failed regex validation ${this.#validator.text}`,
    );
  }
}
