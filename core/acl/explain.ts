/** Why a call is allowed or refused: what was looked at, what each entry failed by, and what would allow it. */
import { calledCommand } from '../call.ts';
import type { Access, Candidate, RuntimeAuthority } from './authority.ts';
import type { Capability, Target } from './capability.ts';
import { APP_KEY, printIdentifier } from './identifier.ts';
import { allowingNames, commandsOf, type Manifests } from './manifest.ts';
import { resolve, type ScopeValues } from './resolve.ts';

export interface ExplainInput {
  readonly authority: RuntimeAuthority;
  readonly manifests: Manifests;
  readonly target: Target;
  /** the capabilities in force */
  readonly enabled: readonly Capability[];
  /** those of files that the configuration does not name */
  readonly disabled: readonly Capability[];
}

/** A capability that is about the command, and yet not in the tables. */
export interface LeftOut {
  readonly capability: string;
  readonly permission: string;
  readonly reason: 'capability not enabled' | 'capability for other platforms' | 'permission for other platforms';
}

/** A permission or set that would allow a command. */
export interface PermissionChoice {
  readonly identifier: string;
  /** how many commands of its plugin it allows */
  readonly commands: number;
}

export interface Explanation {
  /** key of the manifest that the command belongs to */
  readonly key: string;
  /** `free`: the ACL is not asked for this command */
  readonly verdict: 'allowed' | 'refused' | 'free';
  /** of a refusal: with all reasons, and as short as in a release build */
  readonly text: { readonly debug: string; readonly release: string } | undefined;
  readonly candidates: readonly Candidate[];
  readonly leftOut: readonly LeftOut[];
  readonly commandScope: ScopeValues;
  readonly globalScope: ScopeValues;
  /** of which each would allow the command, the smallest first; none helps against a denial */
  readonly permissions: readonly PermissionChoice[];
  /** the capabilities in force that are about this window and origin: one of those permissions may be added to them */
  readonly capabilities: readonly string[];
}

/** Explains what the ACL says to a call. */
export function explain(input: ExplainInput, access: Access): Explanation {
  const { authority, manifests } = input;
  const decision = authority.decide(access);
  const key = manifestKey(calledCommand(access.command).plugin, manifests);
  return {
    key,
    verdict: !authority.enforces(access) ? 'free' : decision.allowed ? 'allowed' : 'refused',
    text: decision.allowed ? undefined : { debug: decision.debug, release: decision.release },
    candidates: authority.candidates(access),
    leftOut: leftOut(input, access.command),
    commandScope: authority.commandScope(decision.allowed ? decision.entries : []),
    globalScope: authority.globalScope(key),
    permissions: permissionsFor(access.command, manifests),
    capabilities: authority.grants.capabilitiesOf(access.window, access.webview, access.origin),
  };
}

/** The permissions and sets that allow a command, the smallest first. */
export function permissionsFor(command: string, manifests: Manifests): PermissionChoice[] {
  const { plugin, name } = calledCommand(command);
  const key = manifestKey(plugin, manifests);
  const manifest = manifests.get(key);
  if (!manifest) return [];
  const choices = allowingNames(manifest, name).map((each) => ({
    identifier: printIdentifier(key, each),
    commands: commandsOf(manifest, each).size,
  }));
  return choices.sort((a, b) => a.commands - b.commands);
}

/**
 * Which entry of a capability's `permissions` brings a permission to a command; -1 where none does.
 *
 * @param permission the base name, as tables have it
 */
export function referenceTo(
  { capability, manifests }: { readonly capability: Capability; readonly manifests: Manifests },
  command: string,
  permission: string,
): number {
  return capability.permissions.findIndex((entry) => {
    const alone: Capability = { ...capability, platforms: undefined, permissions: [entry] };
    const tables = resolve({ capabilities: [alone], manifests, target: undefined }, () => undefined);
    const entries = [...(tables.allowedCommands.get(command) ?? []), ...(tables.deniedCommands.get(command) ?? [])];
    return entries.some(({ referencedBy }) => referencedBy.permission === permission);
  });
}

/** The key of the manifest of a called plugin; of the app where it is none. */
export function manifestKey(plugin: string | undefined, manifests: Manifests): string {
  if (plugin === undefined) return APP_KEY;
  return manifests.has(plugin) || !manifests.has(`core:${plugin}`) ? plugin : `core:${plugin}`;
}

function leftOut({ enabled, disabled, manifests, target }: ExplainInput, command: string): LeftOut[] {
  const entriesOf = (capability: Capability, on: Target | undefined) => {
    const tables = resolve({ capabilities: [capability], manifests, target: on }, () => undefined);
    return [...(tables.allowedCommands.get(command) ?? []), ...(tables.deniedCommands.get(command) ?? [])];
  };
  const found: LeftOut[] = [];
  const add = (capability: Capability, permissions: Iterable<string>, reason: LeftOut['reason']) => {
    for (const permission of new Set(permissions))
      found.push({ capability: capability.identifier, permission, reason });
  };
  const namesIn = (entries: ReturnType<typeof entriesOf>) => entries.map(({ referencedBy }) => referencedBy.permission);
  for (const capability of disabled)
    add(capability, namesIn(entriesOf(capability, undefined)), 'capability not enabled');
  for (const capability of enabled) {
    const anywhere = namesIn(entriesOf(capability, undefined));
    if (capability.platforms && !capability.platforms.includes(target)) {
      add(capability, anywhere, 'capability for other platforms');
      continue;
    }
    const here = new Set(namesIn(entriesOf(capability, target)));
    const dropped = anywhere.filter((permission) => !here.has(permission));
    add(capability, dropped, 'permission for other platforms');
  }
  return found;
}
