/** The rows of the tree of projects, made of facts: words, icons and what a click does. Knows nothing of VS Code. */
import { pluginCommand } from '#core/call.ts';
import { basename, dirname } from 'node:path';
import type { CommandTarget } from '../answer-target.ts';
import type {
  CapabilityFacts,
  CommandAccess,
  CommandFacts,
  PluginFacts,
  ProjectDetails,
  ProjectFacts,
  WindowFacts,
} from './facts.ts';

export type Section = 'windows' | 'commands' | 'plugins' | 'core plugins' | 'capabilities';

/** What is below a row. */
export type Below =
  | { readonly kind: 'project' }
  | { readonly kind: 'section'; readonly section: Section }
  | { readonly kind: 'plugin'; readonly plugin: string };

export interface TreeRow {
  /** the same as long as it stands for the same thing */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip: string;
  /** a codicon, and a theme colour for it */
  readonly icon: string;
  readonly color?: string;
  /** words by which package.json puts actions on the row */
  readonly context: string;
  /** what a screen reader says */
  readonly spoken: string;
  /** the command that a click runs; it gets the row's target */
  readonly click?: string;
  readonly target: CommandTarget;
  readonly below?: Below;
  readonly isOpen?: boolean;
}

const WARNING = 'list.warningForeground';
const ERROR = 'list.errorForeground';
const GOOD = 'testing.iconPassed';

const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;

// ---- projects

export function projectRows(projects: readonly ProjectFacts[]): TreeRow[] {
  return projects.map((project) => projectRow(project, projects.length > 1));
}

function projectRow(project: ProjectFacts, isOneOfMany: boolean): TreeRow {
  const { root, name, identifier, folder, running, problem } = project;
  const state = running ? 'running' : '';
  const where = isOneOfMany && folder !== name ? folder : '';
  const description = problem
    ? `cannot be read: ${problem.message}`
    : [state, identifier, where].filter(Boolean).join(' · ');
  return {
    id: root,
    label: name,
    description,
    tooltip: problem ? `${problem.message}\n${problem.file}:${problem.line}` : `${name}\n${identifier}\n${root}`,
    icon: problem ? 'error' : running ? 'play-circle' : 'package',
    ...(problem ? { color: ERROR } : running ? { color: GOOD } : {}),
    context: problem ? 'project broken' : running ? 'project running' : 'project stopped',
    spoken: `Project ${name}, ${problem ? description : running ? 'running' : 'not running'}`,
    ...(problem && { click: 'ipcWorkbench.openPlace' }),
    target: { project: root, ...(problem && { place: problem }) },
    ...(!problem && { below: { kind: 'project' as const }, isOpen: running || !isOneOfMany }),
  };
}

/** What is below a project: a part without anything is left out, but for commands and windows. */
export function sectionRows(root: string, details: ProjectDetails): TreeRow[] {
  const { windows, commands, plugins, capabilities, reading } = details;
  const unhandled = commands.filter(isUnanswered).length;
  const denied = commands.filter(isDenied).length;
  const open = windows.filter((window) => window.open).length;
  const own = plugins.filter(({ host }) => host !== 'core');
  const states = [
    reading ? 'reading the Rust code…' : count(commands.length, 'command'),
    ...(unhandled > 0 ? [`${unhandled} unhandled`] : []),
    ...(denied > 0 ? [`${denied} denied`] : []),
  ];
  const section = (name: Section, label: string, icon: string, description: string, isOpen = false): TreeRow => ({
    id: `${root} ${name}`,
    label,
    description,
    tooltip: label,
    icon,
    context: name === 'commands' && unhandled > 0 ? 'section commands unhandled' : `section ${name}`,
    spoken: `${label}, ${description}`,
    target: { project: root },
    below: { kind: 'section', section: name },
    isOpen,
  });
  return [
    section(
      'windows',
      'Windows',
      'multiple-windows',
      open > 0 ? `${open} of ${windows.length} open` : count(windows.length, 'window'),
      true,
    ),
    section('commands', 'Commands', 'symbol-method', states.join(', '), true),
    ...(plugins.length > 0 ? [section('plugins', 'Plugins', 'extensions', count(own.length, 'plugin'))] : []),
    ...(capabilities.length > 0
      ? [
          section(
            'capabilities',
            'Capabilities',
            'shield',
            count(capabilities.length, 'capability').replace('ys', 'ies'),
          ),
        ]
      : []),
  ];
}

// ---- windows

export function windowRows(root: string, windows: readonly WindowFacts[]): TreeRow[] {
  return windows.map(({ label, title, url, open }): TreeRow => {
    const path = pathOf(url);
    return {
      id: `${root} window ${label}`,
      label,
      description: [open ? '' : 'not open', title, path].filter(Boolean).join(' · '),
      tooltip: `${label}: ${title}\n${url}`,
      icon: open ? 'window' : 'circle-outline',
      context: open ? 'window open' : 'window closed',
      spoken: `Window ${label}, ${open ? 'open' : 'not open'}, ${title}`,
      click: open ? 'ipcWorkbench.showWindow' : 'ipcWorkbench.openWindow',
      target: { project: root, window: label },
    };
  });
}

/** The path of a page of the app; a page of elsewhere has its whole address. */
function pathOf(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return url;
  return parsed.hostname === '127.0.0.1' || parsed.hostname === 'localhost' ? parsed.pathname : url;
}

// ---- commands

const isUnanswered = ({ handled, rule, rust }: CommandFacts) => !handled && !rule && rust !== undefined;
const isDenied = ({ access }: CommandFacts) => access.kind === 'missing' || access.kind === 'denied';

/** What needs somebody comes first. */
const rank = (command: CommandFacts) => (isUnanswered(command) ? 0 : isDenied(command) ? 1 : 2);

export function commandRows(root: string, commands: readonly CommandFacts[]): TreeRow[] {
  return [...commands]
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
    .map((command) => commandRow(root, command));
}

function commandRow(root: string, command: CommandFacts): TreeRow {
  const { name, handled, rule, armed, access, rust, handler, signature } = command;
  const unanswered = isUnanswered(command);
  const denied = isDenied(command);
  const state = [
    ...(denied ? accessWords(access) : []),
    ...(unanswered ? ['no handler'] : []),
    ...(rule ? ['answered by a rule'] : []),
    ...(armed ? ['the next call waits'] : []),
    ...(denied ? [] : accessWords(access)),
  ];
  const where = unanswered ? rust?.text : (handler?.text ?? (handled ? 'src-ipc' : rust?.text));
  const permission = access.kind === 'missing' ? access.permission : undefined;
  return {
    id: `${root} command ${name}`,
    label: name,
    description: [...state, where && basename(where)].filter(Boolean).join(' · '),
    tooltip: [
      signature ?? name,
      ...(rust ? [`Rust: ${rust.text}`] : []),
      ...(handler ? [`TypeScript: ${handler.text}`] : []),
      ...state,
    ].join('\n'),
    ...(denied
      ? { icon: 'circle-slash', color: ERROR }
      : unanswered
        ? { icon: 'question', color: WARNING }
        : rule
          ? { icon: 'law' }
          : { icon: 'symbol-method' }),
    context: [
      'command',
      ...(unanswered ? ['unhandled'] : []),
      ...(rust && !handled ? ['stub'] : []),
      ...(handled ? ['handled'] : []),
      ...(rust ? ['rust'] : []),
      ...(rule ? ['rule'] : []),
      ...(permission === undefined ? [] : ['missing']),
    ].join(' '),
    spoken: `Command ${name}, ${[...(handled ? ['handled'] : []), ...state].join(', ') || 'handled'}`,
    click: handled || !rust ? 'ipcWorkbench.openHandler' : 'ipcWorkbench.openRustSource',
    target: {
      project: root,
      command: name,
      ...(permission !== undefined && access.kind === 'missing' && { permission, window: access.window }),
    },
  };
}

function accessWords(access: CommandAccess): string[] {
  switch (access.kind) {
    case 'allowed':
      return [];
    case 'some':
      return [`only in ${access.windows.map((label) => `"${label}"`).join(', ')}`];
    case 'missing':
      return [
        access.permission === undefined ? 'denied: no permission is known' : `denied: needs ${access.permission}`,
      ];
    case 'denied':
      return [`denied by ${access.permission} of "${access.capability}"`];
  }
}

// ---- plugins

const HOSTS: Readonly<Record<PluginFacts['host'], string>> = {
  core: '',
  official: '',
  backend: 'in src-ipc',
  none: 'not hosted: its calls reject',
  unknown: '',
};

/** Those of Tauri's core come last, below a row of their own. */
export function pluginRows(root: string, plugins: readonly PluginFacts[]): TreeRow[] {
  const core = plugins.filter(({ host }) => host === 'core');
  const rows = plugins.filter(({ host }) => host !== 'core').map((plugin) => pluginRow(root, plugin));
  if (core.length === 0) return rows;
  const granted = core.reduce((sum, plugin) => sum + plugin.granted.length, 0);
  const description = `${count(core.length, 'plugin')} of Tauri itself, ${granted} commands granted`;
  const row: TreeRow = {
    id: `${root} core`,
    label: 'core',
    description,
    tooltip: 'The plugins of Tauri itself: windows, events, paths and others',
    icon: 'layers',
    context: 'section core',
    spoken: `Core plugins, ${description}`,
    target: { project: root },
    below: { kind: 'section', section: 'core plugins' },
  };
  return [...rows, row];
}

export function corePluginRows(root: string, plugins: readonly PluginFacts[]): TreeRow[] {
  return plugins.filter(({ host }) => host === 'core').map((plugin) => pluginRow(root, plugin));
}

function pluginRow(root: string, { name, host, granted, missing }: PluginFacts): TreeRow {
  const all = granted.length + missing.length;
  const grants =
    host === 'none' || host === 'unknown'
      ? `${count(granted.length, 'command')} granted`
      : `${granted.length} of ${count(all, 'command')} granted`;
  const description = [grants, HOSTS[host]].filter(Boolean).join(' · ');
  return {
    id: `${root} plugin ${name}`,
    label: name,
    description,
    tooltip: `${name}: ${description}`,
    ...(host === 'none' ? { icon: 'warning', color: WARNING } : { icon: host === 'backend' ? 'file-code' : 'plug' }),
    context: `plugin ${host}`,
    spoken: `Plugin ${name}, ${description}`,
    target: { project: root },
    ...(all > 0 && { below: { kind: 'plugin' as const, plugin: name } }),
  };
}

/** @param window the one that a missing permission is added for */
export function pluginCommandRows(
  root: string,
  { name: plugin, granted, missing }: PluginFacts,
  window?: string,
): TreeRow[] {
  const row = (name: string, isGranted: boolean): TreeRow => ({
    id: `${root} plugin ${plugin} ${name}`,
    label: name,
    description: isGranted ? '' : 'no window may call it',
    tooltip: pluginCommand(plugin, name),
    icon: isGranted ? 'check' : 'circle-slash',
    context: isGranted ? 'plugin-command' : 'plugin-command missing',
    spoken: `Command ${name}, ${isGranted ? 'granted' : 'no window may call it'}`,
    target: { project: root, command: pluginCommand(plugin, name), ...(window !== undefined && { window }) },
  });
  return [...granted.map((name) => row(name, true)), ...missing.map((name) => row(name, false))];
}

// ---- capabilities

export function capabilityRows(root: string, capabilities: readonly CapabilityFacts[]): TreeRow[] {
  return capabilities.map(({ identifier, description, place, windows, permissions, enabled }): TreeRow => {
    const about =
      windows.length > 0 ? `for ${windows.map((label) => `"${label}"`).join(', ')}` : 'for no window by name';
    const parts = [...(enabled ? [] : ['not enabled']), about, count(permissions, 'permission')];
    return {
      id: `${root} capability ${identifier} ${place.file}`,
      label: identifier,
      description: `${parts.join(' · ')} · ${basename(place.text)}`,
      tooltip: [description ?? identifier, place.text, dirname(place.file)].join('\n'),
      icon: enabled ? 'shield' : 'circle-outline',
      context: enabled ? 'capability' : 'capability disabled',
      spoken: `Capability ${identifier}, ${parts.join(', ')}`,
      click: 'ipcWorkbench.openPlace',
      target: { project: root, place },
    };
  });
}
