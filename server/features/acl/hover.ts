/** Hover in configuration, capability and permission files: what a name means, and what follows from it. */
import type { CapabilitySource } from '#core/acl/capability-file.ts';
import { splitReference } from '#core/acl/reference.ts';
import { type Hover, MarkupKind } from 'vscode-languageserver';
import type { At } from '../../context.ts';
import type { WindowSite } from '../../index/facts.ts';
import type { ProjectIndex } from '../../index/project-index.ts';
import { AclFacts, couldMatch, globOf, labelPattern } from '../../index/acl-facts.ts';
import { calledText, definitionText } from '../code/command-text.ts';
import { code, paragraphs, prose } from '../markdown.ts';
import { DataFile, type Spot } from './data-file.ts';
import { PATH_VARIABLES, variableOf } from './path-variables.ts';
import { permissionText } from './permission-text.ts';
import { hasSchema } from './schema.ts';
import type { Slot } from './shapes.ts';

/** Null for what nothing is known about, and in other files. */
export async function hoverAcl(at: At): Promise<Hover | null> {
  const data = await DataFile.read(at);
  const spot = data?.at(at.position);
  const project = at.workspace.projectOf(at.file);
  if (!data || !spot?.token || !project) return null;
  const value = spot.role === 'key' ? keyText(data, spot) : valueText(data, spot, project);
  if (!value) return null;
  return { contents: { kind: MarkupKind.Markdown, value }, range: data.rangeOf(spot.token.range) };
}

function keyText(data: DataFile, spot: Spot): string | undefined {
  return hasSchema(data) ? undefined : data.fieldOf(spot)?.text;
}

/** A name that is explained. */
export interface Asked {
  readonly name: string;
  readonly facts: AclFacts;
  readonly project: ProjectIndex;
}

function valueText(data: DataFile, { token }: Spot, project: ProjectIndex): string | undefined {
  const slot = token && data.slotOf(token);
  const facts = AclFacts.of(project);
  return slot && facts && TEXTS[slot]?.({ name: token.text, facts, project });
}

const TEXTS: Readonly<Partial<Record<Slot, (asked: Asked) => string | undefined>>> = {
  'permission-reference': explainPermission,
  'permission-identifier': explainPermission,
  'set-identifier': explainPermission,
  'capability-identifier': capabilityHover,
  'capability-reference': capabilityHover,
  'window-pattern': patternHover,
  'webview-pattern': patternHover,
  'window-label': explainLabel,
  'window-reference': explainLabel,
  'path-scope': variableHover,
  command: commandHover,
};

// ---- permissions

/** What a permission is, who asks for it and which capabilities have it; undefined for one that nobody knows. */
export function explainPermission({ name, facts, project }: Asked): string | undefined {
  const known = facts.find(name);
  const asking = [...project.commands.values()].flat().filter(({ permissions }) => permissions.includes(name));
  const holders = facts.capabilitiesWith(name).map(({ capability }) => code(capability.identifier));
  if (!known && asking.length === 0) return undefined;
  return paragraphs([
    `**${code(name)}**`,
    known ? permissionText(known, facts.manifests).text : unknownText(name, facts),
    asking.length > 0 && `Asked for by ${asking.map((each) => code(each.name)).join(', ')}`,
    holders.length > 0 && `In ${holders.length === 1 ? 'the capability' : 'the capabilities'} ${holders.join(', ')}`,
  ]);
}

function unknownText(name: string, { manifests }: AclFacts): string {
  const { prefix } = splitReference(name);
  return prefix !== undefined && manifests.has(prefix)
    ? `The plugin ${code(prefix)} has no such permission.`
    : 'No manifest has it: handlers ask for it by name.';
}

// ---- capabilities and windows

function capabilityHover({ name, facts }: Asked): string | undefined {
  const { enabled } = facts.acl.files;
  const source = facts.capabilities.find(({ capability }) => capability.identifier === name);
  if (!source) return undefined;
  const { capability } = source;
  const { description, permissions, platforms, local, remote } = capability;
  const isEnabled = enabled.includes(source);
  return paragraphs([
    `**${code(name)}** · ${isEnabled ? 'in force' : 'not in force: `app.security.capabilities` lists others'}`,
    prose(description),
    windowsText(source, facts),
    [
      permissions.length === 1 ? '1 permission' : `${permissions.length} permissions`,
      ...(local ? [] : ['not for pages of the app itself']),
      ...(remote ? [`for pages of ${remote.urls.map(code).join(', ')}`] : []),
      ...(platforms ? [`only for ${platforms.join(', ')}`] : []),
    ].join(', '),
  ]);
}

function windowsText({ capability: { windows, webviews } }: CapabilitySource, facts: AclFacts): string {
  const sites = windows.flatMap((pattern) => facts.windowsOf(pattern));
  const found = sites.length > 0 ? `: ${sitesText(sites)}` : '';
  const parts = [
    ...(windows.length > 0 ? [`Windows ${patterns(windows)}${found}`] : []),
    ...(webviews.length > 0 ? [`Webviews ${patterns(webviews)}`] : []),
  ];
  return parts.join('\n\n') || 'For no window';
}

const patterns = (texts: readonly string[]) => texts.map(code).join(', ');

function patternHover({ name, facts }: Asked): string | undefined {
  const glob = globOf(name);
  if (!glob) return undefined;
  const sites = facts.windows.filter((site) => couldMatch(glob, site) && nameOf(site) !== undefined);
  if (sites.length > 0) return `**${code(name)}** · ${sitesText(sites)}`;
  return `**${code(name)}** · no window that the configuration or code is known to make`;
}

/** Where the window of a label is made, and which capabilities are about it. */
export function explainLabel({ name, facts }: Asked): string {
  const holding = facts.acl.files.enabled
    .filter(({ capability }) => capability.windows.some((pattern) => globOf(pattern)?.matches(name)))
    .map(({ capability }) => code(capability.identifier));
  const made = facts.windows.filter(({ label }) => label === name);
  return [
    `**${code(name)}**${made.length > 0 ? ` · ${sitesText(made)}` : ''}`,
    holding.length > 0 ? `Capabilities: ${holding.join(', ')}` : 'No capability is about this window.',
  ].join('\n\n');
}

const FROM: Readonly<Record<WindowSite['from'], string>> = {
  config: 'of the configuration',
  script: 'made in TypeScript',
  rust: 'made in Rust',
};

/** `main` of the configuration, `note-*` made in Rust. */
function sitesText(sites: readonly WindowSite[]): string {
  const texts = sites.flatMap((site) => {
    const name = nameOf(site);
    return name === undefined ? [] : [`${code(name)} ${FROM[site.from]}`];
  });
  return [...new Set(texts)].join(', ');
}

function nameOf({ label, pattern }: WindowSite): string | undefined {
  return label ?? (pattern === undefined ? undefined : (labelPattern(pattern) ?? pattern));
}

// ---- the rest

function variableHover({ name }: Asked): string | undefined {
  const variable = variableOf(name);
  if (variable === undefined) return undefined;
  const text = PATH_VARIABLES[variable];
  return text === undefined ? undefined : `**${code(variable)}** · ${text}`;
}

function commandHover({ name, project }: Asked): string | undefined {
  const definitions = project.commands.get(name);
  if (!definitions) return undefined;
  return paragraphs([...definitions.map(definitionText), calledText(project.calls.get(name)?.length ?? 0)]);
}
