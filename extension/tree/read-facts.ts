/** Gathers what the tree shows of a project: from its files, and from its app where that runs. */
import { readFileSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { Access } from '#core/acl/authority.ts';
import { identifierOf } from '#core/acl/capability.ts';
import { type CapabilitySource, placeIn } from '#core/acl/capability-file.ts';
import { identifierProblem, parseIdentifier } from '#core/acl/identifier.ts';
import type { RustCommand } from '#server/rust/index.ts';
import type { AppAcl, Project } from '#server/project/index.ts';
import { bareName, type HandlerPlace } from '../app/handler-places.ts';
import type {
  CapabilityFacts,
  CommandAccess,
  CommandFacts,
  PluginFacts,
  ProjectDetails,
  Shown,
  WindowFacts,
} from './facts.ts';

/** What an app that runs adds to its files. */
export interface RunningFacts {
  readonly windows: readonly { readonly label: string; readonly title: string; readonly url: string }[];
  /** the commands of plugins that the host answers */
  readonly plugins: ReadonlyMap<string, readonly string[]>;
  readonly backend: {
    readonly commands: ReadonlySet<string>;
    readonly plugins: ReadonlyMap<string, ReadonlySet<string>>;
  };
  handles(command: string): boolean;
  readonly armed: ReadonlySet<string>;
}

export interface FactsSource {
  readonly project: Project;
  readonly acl: AppAcl;
  readonly running: RunningFacts | undefined;
  readonly rust: { readonly commands: readonly RustCommand[]; readonly isRead: boolean };
  readonly hasRule: (command: string) => boolean;
  /** by name without its plugin */
  readonly handlers: ReadonlyMap<string, HandlerPlace>;
}

export function readDetails(source: FactsSource): ProjectDetails {
  const windows = windowsOf(source);
  return {
    windows,
    commands: commandsOf(source, windows),
    reading: !source.rust.isRead,
    plugins: pluginsOf(source, windows),
    capabilities: capabilitiesOf(source),
  };
}

function windowsOf({ project, running }: FactsSource): WindowFacts[] {
  const configured = project.config.app.windows;
  const open = (running?.windows ?? []).map(({ label, title, url }) => ({ label, title, url, open: true }));
  const labels = new Set(open.map(({ label }) => label));
  const closed = configured
    .filter(({ label }) => !labels.has(label))
    .map(({ label, title, url }) => ({ label, title, url, open: false }));
  if (open.length + closed.length > 0) return [...open, ...closed];
  // As it is opened: projects that make their windows in code get a first one.
  return [{ label: 'main', title: project.name, url: 'index.html', open: false }];
}

const accessOf = (command: string, window: string): Access => ({ command, window, webview: window, origin: 'local' });

/** What the capabilities say to a command in all windows of the app. */
export function commandAccess(acl: AppAcl, command: string, windows: readonly string[]): CommandAccess {
  const allowed = windows.filter((window) => acl.authority.decide(accessOf(command, window)).allowed);
  if (allowed.length === windows.length) return { kind: 'allowed' };
  if (allowed.length > 0) return { kind: 'some', windows: allowed };
  const window = windows[0] ?? 'main';
  const { candidates, permissions } = acl.explain(accessOf(command, window));
  const denial = candidates.find(({ denies }) => denies)?.entry.referencedBy;
  if (denial) return { kind: 'denied', ...denial };
  return { kind: 'missing', permission: permissions[0]?.identifier, window };
}

function commandsOf(source: FactsSource, windows: readonly WindowFacts[]): CommandFacts[] {
  const { acl, running, rust, handlers, project } = source;
  const labels = windows.map(({ label }) => label);
  const rustByName = new Map(rust.commands.map((command) => [command.name, command]));
  // Of an app that does not run its text says what it handles.
  const handled = running ? [...running.backend.commands] : [...handlers.keys()];
  const names = new Set([...handled, ...rustByName.keys()]);
  return [...names].map((name): CommandFacts => {
    const command = rustByName.get(name);
    const place = handlers.get(bareName(name));
    return {
      name,
      handled: running ? running.handles(name) : place !== undefined,
      rule: source.hasRule(name),
      armed: running?.armed.has(name) === true,
      access: commandAccess(acl, name, labels),
      ...(command && {
        rust: shown(project.root, { ...command, file: resolve(project.root, command.file) }),
        signature: command.signature,
      }),
      ...(place && { handler: shown(project.root, place) }),
    };
  });
}

function shown(root: string, { file, line, column }: Pick<HandlerPlace, 'file' | 'line' | 'column'>): Shown {
  return { file, line, column, text: `${relative(root, file).split(sep).join('/')}:${line}` };
}

const CORE = 'core:';

function pluginsOf({ project, acl, running }: FactsSource, windows: readonly WindowFacts[]): PluginFacts[] {
  const granted = grantedCommands(acl, windows);
  const hosted = running?.plugins ?? new Map<string, readonly string[]>();
  const backend = running?.backend.plugins ?? new Map<string, ReadonlySet<string>>();
  const named = new Set([...namedPlugins(project), ...granted.keys(), ...backend.keys()]);
  for (const name of hosted.keys()) if (isCore(acl, name)) named.add(name);
  return [...named].sort().map((name): PluginFacts => {
    const all = hosted.get(name) ?? [...(backend.get(name) ?? [])];
    const allowed = granted.get(name) ?? [];
    const host = isCore(acl, name)
      ? 'core'
      : hosted.has(name)
        ? 'official'
        : backend.has(name)
          ? 'backend'
          : running
            ? 'none'
            : 'unknown';
    return { name, host, granted: allowed, missing: all.filter((command) => !allowed.includes(command)) };
  });
}

const isCore = (acl: AppAcl, name: string) => acl.knows(CORE + name);

/** The commands of plugins that some window may call, by plugin. */
function grantedCommands(acl: AppAcl, windows: readonly WindowFacts[]): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const { label } of windows) {
    for (const { plugin, name, state } of acl.overview(label, 'local')) {
      if (plugin === undefined || state !== 'allowed') continue;
      const short = plugin.startsWith(CORE) ? plugin.slice(CORE.length) : plugin;
      const names = found.get(short) ?? new Set();
      found.set(short, names.add(name));
    }
  }
  return new Map([...found].map(([plugin, names]) => [plugin, [...names].sort()]));
}

/** The plugins that the project names: in capabilities, in the configuration, in its package.json. */
function namedPlugins({ acl, config, root }: Project): string[] {
  const references = [...acl.enabled, ...acl.disabled].flatMap(({ capability }) => capability.permissions);
  const prefixes = references.flatMap((entry) => {
    const text = identifierOf(entry);
    const prefix = identifierProblem(text) === undefined ? parseIdentifier(text).prefix : undefined;
    return prefix === undefined || prefix === 'core' || prefix.startsWith(CORE) ? [] : [prefix];
  });
  return [...prefixes, ...Object.keys(config.plugins), ...frontendPlugins(root)];
}

const PLUGIN_PACKAGE = /^@tauri-apps\/plugin-(.+)$/;

function frontendPlugins(root: string): string[] {
  try {
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies?: Readonly<Record<string, unknown>>;
    };
    return Object.keys(dependencies).flatMap((name) => PLUGIN_PACKAGE.exec(name)?.[1] ?? []);
  } catch {
    return []; // none, or half written
  }
}

function capabilitiesOf({ project: { acl, root } }: FactsSource): CapabilityFacts[] {
  const facts = (source: CapabilitySource, enabled: boolean): CapabilityFacts => {
    const { capability } = source;
    const { description } = capability;
    return {
      identifier: capability.identifier,
      ...(description !== '' && { description }),
      place: { ...shown(root, placeIn(source, ['identifier'])), text: fileText(root, source.file) },
      windows: capability.windows,
      permissions: capability.permissions.length,
      enabled,
    };
  };
  return [...acl.enabled.map((each) => facts(each, true)), ...acl.disabled.map((each) => facts(each, false))];
}

function fileText(root: string, file: string): string {
  const text = relative(root, file).split(sep).join('/');
  return text.startsWith('..') ? basename(file) : text;
}
