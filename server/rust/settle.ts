/** What a command means: which arguments the page gives, and what it gets. */
import type { RawCommand } from './command-item.ts';
import { isKnown } from './known.ts';
import type { ArgumentKind, RustCommand, RustFile, RustTypeRef } from './model.ts';
import { type Bound, type Expanded, Names, NO_ENV } from './resolve.ts';

const INJECTED = new Set(['AppHandle', 'Window', 'Webview', 'WebviewWindow', 'State', 'CommandScope', 'GlobalScope']);
const CHANNEL = new Set(['Channel', 'JavaScriptChannelId']);

/** The file as it is by itself; {@link RustIndex} says more when it knows the others. */
export function settleAlone(file: Omit<RustFile, 'commands'>, commands: readonly RawCommand[]): RustFile {
  const names = new Names([file]);
  return { ...file, commands: commands.map((command) => settle(command, names)) };
}

/** The command with its arguments' kinds, its result and its error, as far as `names` knows the types. */
export function settle(command: RawCommand, names: Names): RustCommand {
  const scope = names.scopeOf(command);
  const { ok, error, fails } = resultOf(command, names);
  return {
    ...command,
    args: command.args.map((argument) => ({
      ...argument,
      kind:
        argument.rustName === ''
          ? 'unknown'
          : kindOf({ ref: argument.type, scope, env: NO_ENV }, command.generics, names),
    })),
    returns: ok && written(ok),
    fails,
    ...(error && { error: written(error) }),
  };
}

function kindOf(bound: Bound, generics: readonly string[], names: Names): ArgumentKind {
  const { ref } = bound;
  if (ref.kind === 'path' && ref.path.length === 1 && generics.includes(ref.path[0] ?? '')) return 'unknown';
  const type = names.expand(bound);
  switch (type.kind) {
    case 'tuple':
    case 'array':
      return 'value';
    case 'trait':
    case 'other':
      return 'unknown';
    case 'several':
      return type.types.every((each) => each.derives.includes('Deserialize')) ? 'value' : 'unknown';
    case 'type':
      if (names.implements(type.type, 'CommandArg')) return 'injected';
      return type.type.derives.some((name) => DESERIALIZE.has(name)) || names.implements(type.type, 'Deserialize')
        ? 'value'
        : 'unknown';
    case 'unknown':
      return tauriKind(type.name) ?? 'unknown';
    case 'external': {
      const name = type.path.at(-1) ?? '';
      const tauri = type.path[0] === 'tauri' ? tauriKind(name) : undefined;
      return tauri ?? (isKnown(type.path) ? 'value' : 'unknown');
    }
  }
}

const DESERIALIZE = new Set(['Deserialize', 'Deserialize_repr']);

function tauriKind(name: string): ArgumentKind | undefined {
  if (INJECTED.has(name)) return 'injected';
  if (CHANNEL.has(name)) return 'channel';
  return name === 'Request' ? 'raw request' : undefined;
}

export interface Result {
  /** undefined for a function without a return type */
  readonly ok?: Bound;
  readonly error?: Bound;
  readonly fails: boolean;
}

/** What the page gets and is refused with: `Result`, aliases of it and futures are taken apart. */
export function resultOf(command: Pick<RawCommand, 'declared' | 'file' | 'module'>, names: Names): Result {
  if (!command.declared) return { fails: false };
  return takeApart({ ref: command.declared, scope: names.scopeOf(command), env: NO_ENV }, names);
}

function takeApart(bound: Bound, names: Names, depth = 0): Result {
  const type = names.expand(bound);
  if (depth > 4) return { ok: bound, fails: false };
  if (type.kind === 'trait' && type.output) return takeApart(type.output, names, depth + 1);
  if (type.kind !== 'external' && type.kind !== 'unknown') return { ok: bound, fails: false };
  const name = nameOf(type);
  const [first, second] = type.args;
  // A boxed future: `Pin<Box<dyn Future<Output = T>>>`.
  if ((name === 'Pin' || name === 'Box') && first) {
    const inner = takeApart(first, names, depth + 1);
    return inner.ok === first ? { ok: bound, fails: false } : inner;
  }
  if (!name.endsWith('Result')) return { ok: bound, fails: false };
  return { ...(first && { ok: first }), ...(second && { error: second }), fails: true };
}

const nameOf = (type: Extract<Expanded, { kind: 'external' | 'unknown' }>) =>
  type.kind === 'external' ? (type.path.at(-1) ?? '') : type.name;

/** A type with its parameters replaced, to be shown. */
function written({ ref, env }: Bound): RustTypeRef {
  if (ref.kind === 'path' && ref.path.length === 1) {
    const given = env.get(ref.path[0] ?? '');
    if (given) return written(given);
  }
  return ref;
}
