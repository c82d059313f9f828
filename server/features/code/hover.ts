/** Hover in code: what a name of the wire means on both sides, who may call it, how often it was called. */
import { type Hover, MarkupKind } from 'vscode-languageserver';
import type { At } from '../../context.ts';
import { AclFacts } from '../../index/acl-facts.ts';
import type { CommandDefinition, EventSite, FileRange, Parameter } from '../../index/facts.ts';
import type { ProjectIndex } from '../../index/project-index.ts';
import { uriOf } from '../../positions.ts';
import { type InProject, Occurrences } from '../../symbols/occurrences.ts';
import { matchesPattern } from '../../symbols/related.ts';
import type { Occurrence } from '../../symbols/symbol.ts';
import { trafficOf, trafficText } from '../../traffic.ts';
import { explainLabel, explainPermission } from '../acl/hover.ts';
import { accessText } from './access.ts';
import { calledText, definitionText, pageText, parameterText, unregisteredText } from './command-text.ts';
import { block, code, link, paragraphs, plain } from '../markdown.ts';
import { payloadOf } from './offers.ts';
import { TAURI_EVENTS } from './tauri-events.ts';

export async function hoverCode(asked: At): Promise<Hover | null> {
  for (const inProject of await Occurrences.around(asked.workspace, asked.file)) {
    const occurrence = inProject.occurrences.at(asked.file, asked.position);
    const value = occurrence && textOf(asked, inProject, occurrence);
    if (value) return { contents: { kind: MarkupKind.Markdown, value }, range: occurrence.at.range };
  }
  return null;
}

function textOf(asked: At, { project }: InProject, occurrence: Occurrence): string | undefined {
  const { symbol } = occurrence;
  switch (symbol.kind) {
    case 'command':
      return commandText(asked, project, symbol.name, occurrence);
    case 'argument':
      return argumentText(project, symbol.command, symbol.name);
    case 'event':
      return eventText(project, symbol.name);
    case 'event pattern':
      return patternText(project, symbol.name);
    case 'window':
    case 'permission': {
      const facts = AclFacts.of(project);
      const explain = symbol.kind === 'window' ? explainLabel : explainPermission;
      return facts && explain({ name: symbol.name, facts, project });
    }
    default:
      return undefined;
  }
}

// ---- commands

function commandText(asked: At, project: ProjectIndex, name: string, { language }: Occurrence): string {
  const definitions = project.commands.get(name) ?? [];
  // In Rust, rust-analyzer shows the function itself.
  const isShown = language === 'rust' && asked.settings.hasRustAnalyzer;
  const shown = isShown ? definitions.filter(({ source }) => source !== 'rust') : definitions;
  const pages = [...new Set(definitions.map(pageText))];
  const unregistered = unregisteredText(definitions);
  const traffic = trafficOf(asked, project, name);
  const calls = project.calls.get(name)?.length ?? 0;
  return paragraphs([
    ...(pages.length > 0 ? pages : [`**${code(name)}**`]),
    ...shown.map(definitionText),
    definedText(definitions),
    unregistered !== undefined && plain(unregistered),
    definitions.length === 0 && !name.startsWith('plugin:') && 'No definition of it is known',
    accessText(project, name),
    askedText(definitions),
    traffic && trafficText(traffic),
    calledText(calls),
  ]);
}

function definedText(definitions: readonly CommandDefinition[]): string | undefined {
  const links = definitions.flatMap(({ at }) => (at ? [placeLink(at)] : []));
  return links.length === 0 ? undefined : `Defined in ${links.join(', ')}`;
}

function placeLink({ file, range }: FileRange): string {
  const line = range.start.line + 1;
  return link(`${file.split('/').at(-1)}:${line}`, `${uriOf(file)}#L${line}`);
}

function askedText(definitions: readonly CommandDefinition[]): string | undefined {
  const asked = [...new Set(definitions.flatMap(({ permissions }) => permissions))];
  return asked.length === 0 ? undefined : `Its handler asks for ${asked.map(code).join(', ')}`;
}

// ---- arguments

function argumentText(project: ProjectIndex, command: string, key: string): string | undefined {
  const found = (project.commands.get(command) ?? []).flatMap((definition) =>
    definition.parameters.filter((each) => each.key === key).map((parameter) => ({ definition, parameter })),
  );
  if (found.length === 0) return undefined;
  const pages = found.map(({ parameter, definition }) => {
    const types = definition.types.filter(({ name }) => namesType(parameter.type, name));
    return block(
      'typescript',
      [`(argument) ${parameterText(parameter)}`, ...types.map(({ name, text }) => `type ${name} = ${text}`)].join('\n'),
    );
  });
  const own = found.map(({ parameter, definition }) => declaredBlock(parameter, definition));
  const needed = found.some(({ parameter }) => parameter.isRequired === false) && 'May be left out';
  return paragraphs([...new Set([...pages, ...own]), `Argument of ${code(command)}`, needed]);
}

const namesType = (type: string | undefined, name: string) =>
  type !== undefined && new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(type);

function declaredBlock({ declared, rustName, key }: Parameter, { source }: CommandDefinition): string {
  if (declared === undefined) return '';
  return source === 'rust'
    ? block('rust', `${rustName ?? key}: ${declared}`)
    : block('typescript', `${key}: ${declared}`);
}

// ---- events

function eventText({ events, eventPatterns }: ProjectIndex, name: string): string {
  const patterns = eventPatterns.filter(({ pattern }) => pattern !== undefined && matchesPattern(pattern, name));
  const sites = [...(events.get(name) ?? []), ...patterns];
  const own = Object.hasOwn(TAURI_EVENTS, name) ? TAURI_EVENTS[name] : undefined;
  return paragraphs([
    block('typescript', `(event) '${name}': ${own?.payload ?? payloadOf(sites) ?? 'unknown'}`),
    own && plain(own.text),
    ...sidesText(sites, own !== undefined),
  ]);
}

function patternText({ events, eventPatterns }: ProjectIndex, pattern: string): string {
  const named = [...events].filter(([name]) => matchesPattern(pattern, name)).flatMap(([, sites]) => sites);
  const sites = [...eventPatterns.filter((each) => each.pattern === pattern), ...named];
  return paragraphs([
    `Events with names made at run time: ${code(pattern)}`,
    block('typescript', `payload: ${payloadOf(sites) ?? 'unknown'}`),
    ...sidesText(sites, false),
  ]);
}

/** Places are links up to so many; the rest is a number. */
const MAX_PLACES = 6;

function sidesText(sites: readonly EventSite[], isTauris: boolean): string[] {
  const side = (role: EventSite['role'], verb: string, none: string) => {
    const found = sites.filter((site) => site.role === role);
    if (found.length === 0) return isTauris && role === 'emit' ? 'Emitted by Tauri' : none;
    const places = found.slice(0, MAX_PLACES).map(({ eventAt }) => placeLink(eventAt));
    const rest = found.length - places.length;
    return `${verb} in ${places.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  };
  return [
    side('emit', 'Emitted', 'Nobody is known to emit it'),
    side('listen', 'Listened to', 'Nobody is known to listen to it'),
  ];
}
