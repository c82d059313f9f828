/** Ways out of what is wrong in configuration, capability and permission files. */
import type { CapabilitySource } from '#core/acl/capability-file.ts';
import type { Document } from '#core/acl/document.ts';
import { addItem, type TextEdit } from '#core/acl/edit.ts';
import type { Finding } from '#core/acl/lint.ts';
import type { Path, Range } from '#core/acl/place.ts';
import type { ProjectAcl } from '../index/project-index.ts';
import { changeFile, type Fix } from './fix.ts';

/** What can be done about a finding in a document, where it stands. */
export function findingFixes(finding: Finding, document: Document, file: string): Fix[] {
  const { text } = document;
  const { range } = finding.place;
  const inner = insideQuotes(text, range);
  const written = text.slice(inner.start, inner.end);
  const fix = (title: string, ...edits: TextEdit[]): Fix[] => [sameText(title, file, text, edits)];
  const replace = (title: string, newText: string) => fix(title, { ...lengthOf(inner), newText });
  if (finding.instead !== undefined) return replace(`Change to "${finding.instead}"`, finding.instead);
  switch (finding.code) {
    case 'duplicate':
      return fix('Remove it', removeItem(text, range));
    case 'unreachable':
      // Others are about a value: false, or an empty list.
      return /^["']/.test(text.slice(range.start)) ? fix('Add the window "main"', ...addWindows(document, range)) : [];
    case 'top-level':
      return moveTables(document, written.split('.')[0] ?? '', (edits) =>
        fix('Move it into the permission before it', ...edits),
      );
    case 'url-scheme':
      return replace('Write http:// before it', `http://${written}`);
    case 'url-host':
      return written.endsWith('*') ? replace('Write a slash before the *', `${written.slice(0, -1)}/*`) : [];
    case 'validator':
      return replace('Put ( ) around it', `(${written})`);
    case 'path-variable': {
      const instead = written.startsWith('$LOG') ? '$APPLOG' : '$APPDATA';
      return replace(`Write ${instead}`, written.replace(/^\$(?:LOG|APP)/, instead));
    }
    default:
      return [];
  }
}

/** Edits of a text, for as long as the file has this text. */
function sameText(title: string, file: string, text: string, edits: readonly TextEdit[]): Fix {
  return changeFile(title, file, (open) => (open.getText() === text ? edits : undefined), true);
}

const lengthOf = ({ start, end }: Range) => ({ offset: start, length: end - start });

function insideQuotes(text: string, { start, end }: Range): Range {
  const isQuoted = /^(["'])[^]*\1$/.test(text.slice(start, end)) && end - start > 1;
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
}

/** Removes an item of a list with its comma, and its line where it has one of its own. */
function removeItem(text: string, { start, end }: Range): TextEdit {
  const behind = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
  const before = /,?\s*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  const from = behind > 0 ? start - (/[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0) : start - before;
  const line =
    behind > 0 && (from === 0 || text[from - 1] === '\n')
      ? (/^[ \t]*\r?\n/.exec(text.slice(end + behind))?.[0].length ?? 0)
      : 0;
  // Between two items on one line, the blank before stays.
  const first = behind > 0 && line === 0 ? start : from;
  const blank = behind > 0 && line === 0 ? (/^[ \t]*/.exec(text.slice(end + behind))?.[0].length ?? 0) : 0;
  return { offset: first, length: end + behind + line + blank - first, newText: '' };
}

/** `windows` behind the identifier of a capability. */
function addWindows({ text, format }: Document, identifier: Range): TextEdit[] {
  const line = text.lastIndexOf('\n', identifier.start) + 1;
  const indent = /^[ \t]*/.exec(text.slice(line))?.[0] ?? '';
  if (format === 'toml') return [{ offset: identifier.end, length: 0, newText: `\n${indent}windows = ["main"]` }];
  const isAlone = /^[ \t]*(?:"identifier"|'identifier'|identifier)\s*:/.test(text.slice(line, identifier.start));
  const key =
    format === 'json5' && /(?:^|[\s{,])identifier\s*:/.test(text.slice(line, identifier.start))
      ? 'windows'
      : '"windows"';
  const quote = text[identifier.start] === "'" ? "'" : '"';
  const member = `${key}: [${quote}main${quote}]`;
  return [{ offset: identifier.end, length: 0, newText: `,${isAlone ? `\n${indent}` : ' '}${member}` }];
}

/** `[scope]` and `[[scope.deny]]` behind `[[permission]]` as tables of that. */
function moveTables({ text, format }: Document, name: string, fix: (edits: TextEdit[]) => Fix[]): Fix[] {
  if (format !== 'toml') return [];
  const first = text.search(/^[ \t]*\[\[[ \t]*permission[ \t]*\]\]/m);
  const headers = [...text.matchAll(new RegExp(`^([ \\t]*\\[{1,2}[ \\t]*)${name}(?=[ \\t]*[.\\]])`, 'gm'))];
  const edits = headers.map(({ index, [1]: lead = '' }) => ({
    offset: index + lead.length,
    length: 0,
    newText: 'permission.',
  }));
  return first >= 0 && edits.length > 0 && edits.every(({ offset }) => offset > first) ? fix(edits) : [];
}

const CAPABILITIES: Path = ['app', 'security', 'capabilities'];

/** Adds a capability to `app.security.capabilities`. */
export function enableCapability({ config }: ProjectAcl, identifier: string): Fix[] {
  const { file, document } = config.layerOf(CAPABILITIES);
  if (!document.rangeOf(CAPABILITIES)) return [];
  const edits = addItem(document, CAPABILITIES, JSON.stringify(identifier));
  return [sameText('Add it to app.security.capabilities', file.replaceAll('\\', '/'), document.text, edits)];
}

/** Adds a label to the windows of a capability: one fix for each that has a list of them. */
export function addLabel({ files, stale }: ProjectAcl, label: string): Fix[] {
  return files.enabled.flatMap(({ capability: { identifier }, file, document, path }: CapabilitySource) => {
    const at = [...path, 'windows'];
    if (stale.has(file) || !document.rangeOf(at)) return [];
    const quote =
      document.format === 'json5' && document.text[document.rangeOf([...at, 0])?.start ?? 0] === "'" ? "'" : '"';
    const edits = addItem(document, at, `${quote}${label}${quote}`);
    const title = `Add "${label}" to the windows of the capability "${identifier}"`;
    return [
      changeFile(title, file.replaceAll('\\', '/'), (open) => (open.getText() === document.text ? edits : undefined)),
    ];
  });
}
