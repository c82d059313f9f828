/** The file with a project's rules: what it says, what is wrong with it and where, and edits that leave the rest alone. */
import * as z from 'zod';
import { parseText } from './acl/data.ts';
import { Document } from './acl/document.ts';
import { addItem, applyEdits, type TextEdit } from './acl/edit.ts';
import { AclError, type Path, type Place, positionIn, type Range } from './acl/place.ts';
import { Rule, type RuleAnswer } from './rules.ts';

export interface RuleFinding {
  readonly place: Place;
  readonly message: string;
}

export interface ReadRules {
  /** those that are right, in their order; undefined where the file as a whole says nothing that could be followed */
  readonly rules: readonly Rule[] | undefined;
  readonly findings: readonly RuleFinding[];
}

const RulesFile = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  rules: z.array(z.unknown()),
});

/** Reads a text of that file. */
export function parseRules(file: string, text: string): ReadRules {
  let document: Document;
  try {
    document = parseText(file, text, 'jsonc');
  } catch (error) {
    if (!(error instanceof AclError) || !error.place) throw error;
    return { rules: undefined, findings: [{ place: error.place, message: error.message }] };
  }
  const parsed = RulesFile.safeParse(document.value);
  if (!parsed.success) return { rules: undefined, findings: findingsOf(parsed.error, file, document, []) };
  const rules: Rule[] = [];
  const findings: RuleFinding[] = [];
  for (const [index, value] of parsed.data.rules.entries()) {
    const rule = Rule.safeParse(value);
    if (rule.success) rules.push(rule.data);
    else findings.push(...findingsOf(rule.error, file, document, ['rules', index]));
  }
  return { rules, findings };
}

function findingsOf(error: z.ZodError, file: string, document: Document, at: Path): RuleFinding[] {
  return error.issues.flatMap((issue) => {
    const path = [...at, ...(issue.path as Path)];
    if (issue.code !== 'unrecognized_keys') {
      const message = wordsOf(issue, path);
      return { place: document.placeOf(file, path), message };
    }
    return issue.keys.map((key) => ({
      place: keyPlace(document, file, [...path, key]),
      message: `"${key}" is not known to this version of IPC Workbench${at.length > 0 ? ', so the rule is not followed' : ''}`,
    }));
  });
}

function keyPlace(document: Document, file: string, path: Path): Place {
  const place = document.placeOf(file, path);
  const key = document.keyRangeOf(path);
  if (!key) return place;
  return { file, range: key, ...positionIn(document.text, key.start) };
}

function wordsOf(issue: z.core.$ZodIssue, path: Path): string {
  const last = path.at(-1);
  if (last === 'version') return 'the version must be 1: a file of another one is not followed';
  if (last === 'rules') return '"rules" must be a list of rules';
  if (last === 'command')
    return '"command" must be the name of a command, such as "save_note" or "plugin:fs|read_file"';
  if (issue.code === 'custom') return issue.message;
  return path.length === 0 ? 'the file must be an object with "version" and "rules"' : 'a rule must be an object';
}

export interface RuleEdit {
  readonly edits: readonly TextEdit[];
  /** of the answer's value in the text after the edits: what people will want to change */
  readonly value: Range;
}

/** A file without any rule. */
export const NO_RULES = '{\n  "version": 1,\n  "rules": []\n}\n';

/**
 * The edits that make `answer` the answer to `command`, in a text that may be empty: its rule gets another answer, or a
 * rule is added behind the others. Throws an {@link AclError} for a text that holds no list of rules.
 */
export function setRule(file: string, text: string, command: string, answer: RuleAnswer): RuleEdit {
  const isNew = text.trim() === '';
  const before = isNew ? NO_RULES : text;
  const document = parseText(file, before, 'jsonc');
  const list = (document.value as { readonly rules?: unknown } | null)?.rules;
  if (!Array.isArray(list)) throw new AclError('it has no list "rules"', document.placeOf(file, []));
  const present = list.findIndex((rule) => (rule as { readonly command?: unknown } | null)?.command === command);
  const made =
    present >= 0 ? replaceAnswer(document, present, answer) : addItem(document, ['rules'], printRule(command, answer));
  const after = applyEdits(before, made);
  const edits = isNew ? [{ offset: 0, length: text.length, newText: after }] : made;
  const index = present >= 0 ? present : list.length;
  const [kind] = Object.keys(answer);
  return { edits, value: new Document(after, 'jsonc').nearestRangeOf(['rules', index, 'answer', kind as string]) };
}

function replaceAnswer(document: Document, index: number, answer: RuleAnswer): TextEdit[] {
  const range = document.rangeOf(['rules', index, 'answer']);
  const newText = indented(print(answer), '      ');
  if (range) return [{ offset: range.start, length: range.end - range.start, newText }];
  const command = document.rangeOf(['rules', index, 'command']) as Range;
  return [{ offset: command.end, length: 0, newText: `,\n      "answer": ${newText}` }];
}

function printRule(command: string, answer: RuleAnswer): string {
  const text = `{\n  "command": ${JSON.stringify(command)},\n  "answer": ${indented(print(answer), '  ')}\n}`;
  return indented(text, '    ');
}

/** On one line where it fits there. */
function print(answer: RuleAnswer): string {
  const [entry] = Object.entries(answer);
  const [kind, value] = entry as [string, unknown];
  const short = `{ "${kind}": ${JSON.stringify(value)} }`;
  return short.length <= 80 ? short : JSON.stringify(answer, null, 2);
}

const indented = (text: string, indent: string) => text.replaceAll('\n', `\n${indent}`);
