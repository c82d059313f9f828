/**
 * Rules of a project: calls that are answered without a handler (`.ipc-workbench/rules.json`). The first rule of a command
 * answers it. A member that this version does not know makes a rule wrong, for it may say when the rule is not meant.
 */
import * as z from 'zod';
import { type Call, failure, type Outcome, type Stage, success } from './call.ts';

/** Where the rules of a project stand, relative to its folder. */
export const RULES_FILE = '.ipc-workbench/rules.json';

/** What the page gets: a result, a rejection, or bytes in base64. */
export type RuleAnswer = { readonly ok: unknown } | { readonly error: unknown } | { readonly bytes: string };

const KINDS = ['ok', 'error', 'bytes'];

export const RuleAnswer = z.custom<RuleAnswer>().superRefine((value: unknown, context) => {
  const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const wrong = names.find((name) => !KINDS.includes(name));
  const [name] = names;
  if (name === undefined || names.length > 1 || wrong !== undefined) {
    const message = 'an answer is an object with one of "ok", "error" and "bytes"';
    context.addIssue({ code: 'custom', message, path: wrong === undefined ? [] : [wrong] });
  } else if (name === 'bytes' && !z.base64().safeParse((value as { readonly bytes: unknown }).bytes).success) {
    context.addIssue({ code: 'custom', message: 'bytes are written as base64', path: ['bytes'] });
  }
});

export const Rule = z.strictObject({
  /** as the page calls it: `save_note`, or `plugin:fs|read_file` */
  command: z.string().min(1),
  answer: RuleAnswer,
});
export type Rule = z.infer<typeof Rule>;

/** What a rule answers. */
export function answerOf(answer: RuleAnswer): Outcome {
  if ('error' in answer) return failure(answer.error);
  return success('ok' in answer ? answer.ok : bytesOfBase64(answer.bytes));
}

function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Answers the calls that a rule is about, before permissions are asked: who mocks a command wants to see its answer. */
export function rulesStage(find: (command: string) => Rule | undefined): Stage {
  return async (call: Call, next) => {
    const rule = find(call.cmd);
    if (!rule) return next(call);
    return { ...answerOf(rule.answer), by: 'rule', note: `Answered by a rule of ${RULES_FILE}.` };
  };
}
