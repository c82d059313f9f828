/** Everything that a window may do, and what it is denied. */
import { calledCommand } from '../call.ts';
import type { Access, RuntimeAuthority } from './authority.ts';
import { manifestKey } from './explain.ts';
import { APP_KEY, printIdentifier } from './identifier.ts';
import type { Manifests } from './manifest.ts';
import { compareBytes } from './resolve.ts';

/** A command, and what the capabilities say of it to one window. */
export interface OverviewEntry {
  /** as it is called: `plugin:window|close` */
  readonly called: string;
  /** without its plugin */
  readonly name: string;
  /** the key of its plugin's manifest, such as `core:window`; undefined for a command of the app */
  readonly plugin: string | undefined;
  /** `unprotected`: no permission is needed; `missing`: nothing allows it */
  readonly state: 'allowed' | 'denied' | 'unprotected' | 'missing';
  /** what allows or denies it */
  readonly by: readonly { readonly capability: string; readonly permission: string }[];
  /** the permissions that its handler asks for, and the capabilities of the window that grant them */
  readonly asks: readonly { readonly permission: string; readonly capabilities: readonly string[] }[];
}

export interface OverviewInput {
  readonly authority: RuntimeAuthority;
  readonly manifests: Manifests;
  /** commands of the app and of its own plugins: they are listed even where nothing allows them */
  readonly commands: readonly { readonly called: string; readonly asks: readonly string[] }[];
}

/** Lists the commands that a window may call or is denied: those of the app first, then plugin by plugin. */
export function overview(input: OverviewInput, who: Omit<Access, 'command'>): OverviewEntry[] {
  const { authority, commands } = input;
  const own = new Map(commands.map(({ called, asks }) => [called, asks]));
  return [...new Set([...own.keys(), ...authority.commands])]
    .map((called) => entryOf(input, { ...who, command: called }, own.get(called) ?? []))
    .filter(({ called, state }) => state !== 'missing' || own.has(called))
    .sort((a, b) => compareBytes(a.plugin ?? '', b.plugin ?? '') || compareBytes(a.name, b.name));
}

function entryOf({ authority, manifests }: OverviewInput, access: Access, asks: readonly string[]): OverviewEntry {
  const { plugin, name } = calledCommand(access.command);
  const key = manifestKey(plugin, manifests);
  const denials = authority.candidates(access).filter(({ denies }) => denies);
  const decision = authority.decide(access);
  const entries = decision.allowed ? decision.entries : denials.map(({ entry }) => entry);
  const state = !authority.enforces(access)
    ? 'unprotected'
    : decision.allowed
      ? 'allowed'
      : denials.length > 0
        ? 'denied'
        : 'missing';
  const by = entries.map(({ referencedBy: { capability, permission } }) => ({
    capability,
    permission: printIdentifier(key, permission),
  }));
  const unique = [...new Map(by.map((each) => [JSON.stringify(each), each])).values()];
  return {
    called: access.command,
    name,
    plugin: key === APP_KEY ? undefined : key,
    state,
    by: unique,
    asks: asks.map((permission) => ({ permission, capabilities: grantedBy(authority, access, permission) })),
  };
}

function grantedBy({ grants }: RuntimeAuthority, { window, webview, origin }: Access, permission: string): string[] {
  const own = grants.capabilitiesOf(window, webview, origin);
  const granting = grants.data.grants.filter(({ scopes }) => scopes.has(permission));
  return [...new Set(granting.map(({ reach }) => reach.capability))].filter((capability) => own.includes(capability));
}
