/** How a recorded call may be answered from now on, for the inspector: by a stub, by hand, by a rule. */
import type { AnswerAction, AnswerReport, WaitingCommand } from '#core/inspector-messages.ts';
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import { bodyText, bodyValue, loadBody, type MessageRecord } from '#core/record.ts';
import { type RuleAnswer } from '#core/rules.ts';
import { failure, type Outcome } from '#core/call.ts';
import type { Tap } from '#core/tap.ts';
import { type Apps, DEMO } from '../app/apps.ts';
import type { RunningApp } from '../app/running-app.ts';
import type { Log } from '../log.ts';
import { reportError } from '../problems.ts';

/** What can be done with a command of a running app; the palette and the tree do the same. */
export interface AnswerActions {
  createStub(app: RunningApp, command: string): Promise<void>;
  answerByHand(app: RunningApp, command: string): Promise<void>;
  answerAlways(app: RunningApp, command: string): Promise<void>;
  answerAlwaysWith(app: RunningApp, command: string, answer: RuleAnswer): Promise<void>;
  openRust(app: RunningApp, command: string): Promise<void>;
  openHandler(app: RunningApp, command: string): Promise<void>;
  openRules(app: RunningApp, command: string): Promise<void>;
  /** what an answer may look like */
  skeletonOf(app: RunningApp, command: string): { readonly result: string; readonly error: string };
}

export interface AnswersOptions {
  readonly tap: Tap;
  readonly log: Log;
  readonly apps: Apps;
  readonly actions: AnswerActions;
}

interface Asked {
  readonly record: MessageRecord;
  readonly app: RunningApp;
}

export class Answers {
  readonly #options: AnswersOptions;

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  /** Tells when handlers, rules, Rust code or what waits changed. */
  onChange(listener: () => void): Disposable {
    const { apps } = this.#options;
    const life = new Lifetime();
    for (const event of [apps.onAnswersChange, apps.onAclChange]) life.own(event(listener));
    return life;
  }

  /** Tells of a call that waits now. */
  onHold(listener: (record: number) => void): Disposable {
    return this.#options.apps.onHold(listener);
  }

  get waiting(): readonly WaitingCommand[] {
    return this.#options.apps.running.flatMap(({ core, answers }) =>
      [...answers.byHand.armed].map((command) => ({ app: core.name, command })),
    );
  }

  get held(): readonly number[] {
    return this.#options.apps.running.flatMap(({ answers }) => [...answers.byHand.held.keys()]);
  }

  /** Undefined where nothing can be done about the call: its app is gone, or belongs to another extension. */
  report(id: number): AnswerReport | undefined {
    const asked = this.#find(id);
    if (!asked) return undefined;
    const { app } = asked;
    const { answers, core, rules } = app;
    const command = asked.record.name;
    const rust = answers.rust.find(command);
    const handled = core.handles(command);
    const hint = handled || rust ? undefined : answers.hint(command);
    return {
      command,
      ...(rust && { rust: answers.placeOf(rust) }),
      ...(hint !== undefined && { hint }),
      handled,
      rule: rules.find(command) !== undefined,
      mayHaveRules: app.id !== DEMO,
      armed: answers.byHand.armed.has(command),
      held: answers.byHand.held.has(id),
      ...this.#options.actions.skeletonOf(app, command),
    };
  }

  async act(id: number, action: AnswerAction): Promise<void> {
    try {
      await this.#act(id, action);
    } catch (error) {
      reportError(this.#options.log, 'IPC Workbench', error);
    }
  }

  async #act(id: number, action: AnswerAction): Promise<void> {
    const asked = this.#find(id);
    if (!asked) return;
    const { app, record } = asked;
    const { actions } = this.#options;
    const command = record.name;
    switch (action) {
      case 'createStub':
        return actions.createStub(app, command);
      case 'byHand':
        return actions.answerByHand(app, command);
      case 'always':
        return actions.answerAlways(app, command);
      case 'alwaysThis':
        return actions.answerAlwaysWith(app, command, recordedAnswer(record));
      case 'openRust':
        return actions.openRust(app, command);
      case 'openHandler':
        return actions.openHandler(app, command);
      case 'openRules':
        return actions.openRules(app, command);
      case 'passOn':
        app.answers.byHand.passOn(id);
        return undefined;
    }
  }

  /** Answers a call that waits with JSON text. */
  send(id: number, ok: boolean, json: string): void {
    const asked = this.#find(id);
    if (!asked) return;
    const value: unknown = JSON.parse(json);
    const outcome: Outcome = ok ? { ok: true, result: { kind: 'json', json: JSON.stringify(value) } } : failure(value);
    asked.app.answers.byHand.answer(id, outcome);
  }

  disarm({ app, command }: WaitingCommand): void {
    this.#options.apps.find(app)?.answers.byHand.disarm(command);
  }

  #find(id: number): Asked | undefined {
    const record = this.#options.tap.find(id);
    const app = record && this.#options.apps.find(record.app);
    return record?.kind === 'invoke' && app ? { record, app } : undefined;
  }
}

/** What a call was answered with, as a rule says it. Throws where it is not kept any more. */
export function recordedAnswer(record: Pick<MessageRecord, 'outcome' | 'status'>): RuleAnswer {
  const outcome = record.outcome && loadBody(record.outcome);
  const { status } = record;
  if (!outcome || outcome.kind === 'dropped') throw new Error('the answer of this call is not kept any more');
  if (outcome.kind === 'bytes') return { bytes: Buffer.from(outcome.bytes).toString('base64') };
  const value = bodyText(outcome) === '' ? null : bodyValue(outcome);
  return status === 'ok' ? { ok: value } : { error: value };
}
