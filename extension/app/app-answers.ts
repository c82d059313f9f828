/**
 * How the calls of an app are answered that no handler answers: what its Rust code defines is named with its place, rules
 * of the project and the user may answer, and who probably meant another command is told so in the inspector.
 */
import { ByHand } from '#core/by-hand.ts';
import { type Call, failure, type MaybePromise, type Outcome } from '#core/call.ts';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import { nearest } from '#core/nearest.ts';
import { type Rule, rulesStage } from '#core/rules.ts';
import type { Core } from '#core/core.ts';
import type { RustCommand } from '#server/rust/index.ts';
import type { RustCommands } from './rust-commands.ts';

/** The rules of the project, as its file has them. */
export interface Rules {
  readonly size: number;
  find(command: string): Rule | undefined;
  readonly onChange: Emitter<void>['event'];
}

export interface AppAnswersOptions {
  readonly rust: RustCommands;
  readonly rules: Rules;
}

export class AppAnswers implements Disposable {
  readonly byHand: ByHand;
  readonly rust: RustCommands;
  readonly #rules: Rules;
  readonly #life = new Lifetime();
  readonly #changes = this.#life.own(new Emitter<void>());
  #core: Core | undefined;

  constructor({ rust, rules }: AppAnswersOptions) {
    this.rust = rust;
    this.#rules = rules;
    this.byHand = this.#life.own(new ByHand());
    this.#life.own(rust.onChange(() => this.#changes.fire()));
    for (const { onChange } of [rules, this.byHand]) {
      this.#life.own(
        onChange(() => {
          this.#applyStages();
          this.#changes.fire();
        }),
      );
    }
  }

  /** commands, rules or what waits are others */
  readonly onChange = this.#changes.event;

  /** Answers the calls of this core from now on. */
  serve(core: Core): void {
    this.#core = core;
    this.#applyStages();
  }

  /** The user's own answer comes before that of a rule; calls of an app that has neither pass no stage. */
  #applyStages(): void {
    if (!this.#core) return;
    this.#core.stages = [
      ...(this.byHand.armed.size > 0 ? [this.byHand.stage] : []),
      ...(this.#rules.size > 0 ? [rulesStage((command) => this.#rules.find(command))] : []),
    ];
  }

  /** What a call gets that is allowed and that nobody handles; undefined: it is not found, and nothing is known of it. */
  unhandled(call: Call, notFound: string): MaybePromise<Outcome | undefined> {
    if (this.rust.isRead) return this.#answer(call.cmd, notFound);
    // The first calls of an app come while its code is still read.
    return this.rust.whenRead().then(() => this.#answer(call.cmd, notFound));
  }

  #answer(name: string, notFound: string): Outcome | undefined {
    const command = this.rust.find(name);
    if (command) return failure(this.sentence(command), { unhandled: true });
    const note = this.hint(name);
    return note === undefined ? undefined : failure(notFound, { note });
  }

  /** What may help whoever called a command that is not there; for the inspector. */
  hint(name: string): string | undefined {
    const unregistered = this.rust.findUnregistered(name);
    if (unregistered) return `It is defined in ${this.placeOf(unregistered)}, but no generate_handler! names it.`;
    const backend = this.#core?.backend;
    const near = nearest(name, [...(backend?.commands ?? []), ...this.rust.commands.map((each) => each.name)]);
    if (near === undefined) return undefined;
    const defined = this.rust.find(near);
    return `Did you mean ${near}${defined ? `, defined in ${this.placeOf(defined)}` : ''}?`;
  }

  /** Commands of the Rust code that nobody answers: no handler and no rule. */
  get unanswered(): readonly RustCommand[] {
    return this.rust.commands.filter(({ name }) => !this.#core?.handles(name) && !this.#rules.find(name));
  }

  sentence(command: RustCommand): string {
    return `Command ${command.name} has no TypeScript handler yet: it is defined in ${this.placeOf(command)}. Create a handler stub from its signature, or answer it in the IPC Inspector.`;
  }

  /** `src-tauri/src/notes.rs:42` */
  placeOf({ file, line }: RustCommand): string {
    return `${file}:${line}`;
  }

  dispose(): void {
    this.#life.dispose();
  }
}
