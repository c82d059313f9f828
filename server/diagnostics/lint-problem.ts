/** Findings of core/acl/lint.ts as problems: their codes in the table, and ways out of them. */
import type { Document } from '#core/acl/document.ts';
import type { Finding } from '#core/acl/lint.ts';
import type { Range as Offsets } from '#core/acl/place.ts';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Fix } from '../fixes/fix.ts';
import { findingFixes } from '../fixes/data-file.ts';
import type { FileRange } from '../index/facts.ts';
import { type CodeName, CODES } from './codes.ts';
import type { Problem } from './problem.ts';

/** Those that the table calls otherwise. */
const NAMES: Readonly<Record<string, CodeName>> = {
  identifier: 'invalid-capability',
  'unknown-manifest': 'unknown-plugin',
  cycle: 'invalid-set',
  size: 'invalid-set',
  glob: 'invalid-label',
  'url-pattern': 'invalid-address',
  unreachable: 'unreachable-capability',
  'not-enabled': 'capability-not-enabled',
  duplicate: 'duplicate-permission',
  'top-level': 'misplaced-table',
  label: 'strange-label',
  'url-scheme': 'address-scheme',
  'url-host': 'address-host',
};

export function codeOf(finding: Finding): CodeName {
  const { code } = finding;
  return NAMES[code] ?? (code in CODES ? (code as CodeName) : 'invalid-capability');
}

/** A finding in a document, with the fixes that it has by itself and others. */
export function problemOf(finding: Finding, document: Document, others: readonly Fix[] = []): Problem {
  const { message, place } = finding;
  const file = place.file.replaceAll('\\', '/');
  const at = { file, range: rangeIn(document, place.range) };
  const code = codeOf(finding);
  const isUnused = code === 'unknown-field' || code === 'duplicate-permission';
  return {
    code,
    at,
    message,
    fixes: [...findingFixes(finding, document, file), ...others],
    // 1 is LSP's `Unnecessary`: it is shown faded.
    ...(isUnused && { tags: [1] }),
  };
}

export function rangeIn({ text }: Document, { start, end }: Offsets): FileRange['range'] {
  const positions = TextDocument.create('', '', 0, text);
  return { start: positions.positionAt(start), end: positions.positionAt(end) };
}
