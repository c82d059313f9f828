/** What can be done about a command that no handler answers: from the palette, the tree of projects and the inspector. */
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Tap } from '#core/tap.ts';
import type { RuleAnswer } from '#core/rules.ts';
import { type AnswerSample, answerSample, type RustCommand } from '#server/rust/index.ts';
import { targetOf } from './answer-target.ts';
import { type Apps, DEMO, OPEN_COMMANDS } from './app/apps.ts';
import { bareName, findHandlers } from './app/handler-places.ts';
import { backendFileOf, createAllStubs, createStub, handledIn } from './app/handler-stubs.ts';
import { locateProject } from '#server/project/index.ts';
import { ProjectRules } from './app/project-rules.ts';
import type { RunningApp } from './app/running-app.ts';
import type { RustCommands } from './app/rust-commands.ts';
import type { RustProjects, RustUse } from './app/rust-projects.ts';
import type { AnswerActions } from './inspector/answers.ts';
import { INSPECTOR_VIEW } from './inspector/inspector.ts';
import { plainMessage } from './plugins/plain-text.ts';
import { offer, openPlace } from './problems.ts';

export interface AnswerCommandsOptions {
  readonly apps: Apps;
  readonly rust: RustProjects;
  readonly tap: Tap;
}

export class AnswerCommands implements AnswerActions {
  readonly #apps: Apps;
  readonly #rust: RustProjects;
  readonly #tap: Tap;

  constructor({ apps, rust, tap }: AnswerCommandsOptions) {
    this.#apps = apps;
    this.#rust = rust;
    this.#tap = tap;
  }

  // ---- for the inspector: app and command are known

  async createStub(app: RunningApp, name: string): Promise<void> {
    await this.#createStub(app.id, name);
  }

  async answerByHand(app: RunningApp, name: string): Promise<void> {
    if (this.#tap.paused) {
      const record = 'Record';
      const text = 'Recording is paused: a call that waits for your answer would not be seen in the inspector.';
      if ((await vscode.window.showInformationMessage(text, record)) !== record) return;
      this.#tap.paused = false;
    }
    app.answers.byHand.arm(name);
    await vscode.commands.executeCommand(`${INSPECTOR_VIEW}.focus`);
  }

  async answerAlways(app: RunningApp, name: string): Promise<void> {
    assertRules(app);
    const present = app.rules.find(name);
    await app.rules.begin(name, present?.answer ?? ruleOf(sampleFor(app.answers.rust, name)));
  }

  async answerAlwaysWith(app: RunningApp, name: string, answer: RuleAnswer): Promise<void> {
    assertRules(app);
    await app.rules.set(name, answer);
    const open = 'Open Rules';
    const text = plainMessage(`Calls of ${name} are answered by a rule from now on.`);
    if ((await vscode.window.showInformationMessage(text, open)) === open) await app.rules.open(name);
  }

  async openRust(app: RunningApp, name: string): Promise<void> {
    await openRust(app.answers.rust, name);
  }

  async openHandler(app: RunningApp, name: string): Promise<void> {
    await openHandler(app.id, name);
  }

  async openRules(app: RunningApp, name?: string): Promise<void> {
    await app.rules.open(name);
  }

  skeletonOf(app: RunningApp, name: string): { readonly result: string; readonly error: string } {
    const { result, error } = sampleFor(app.answers.rust, name);
    return { result: JSON.stringify(result, null, 2), error: JSON.stringify(error, null, 2) };
  }

  // ---- for the palette and the tree: asked for where nothing says it

  async createStubCommand(argument: unknown): Promise<void> {
    const target = targetOf(argument);
    const project = target?.project ?? (await this.#chooseProject());
    if (project === undefined) return;
    const name = target?.command ?? (await this.#chooseUnhandled(project));
    if (name !== undefined) await this.#createStub(project, name);
  }

  async createAllStubsCommand(argument: unknown): Promise<void> {
    const project = targetOf(argument)?.project ?? (await this.#chooseProject());
    if (project === undefined) return;
    await this.#withRust(project, async (use) => {
      const commands = this.#unhandled(project, use);
      if (commands.length === 0) {
        void vscode.window.showInformationMessage(nothingToDo(use));
        return;
      }
      await createAllStubs(project, commands, use.commands.index);
      this.#apps.at(project)?.lookForBackend();
    });
  }

  async answerByHandCommand(argument: unknown): Promise<void> {
    const found = await this.#chooseCommand(argument, 'The next call of which command shall wait for your answer?');
    if (found) await this.answerByHand(found.app, found.name);
  }

  async answerAlwaysCommand(argument: unknown): Promise<void> {
    const found = await this.#chooseCommand(argument, 'Which command shall a rule answer?');
    if (found) await this.answerAlways(found.app, found.name);
  }

  async openRulesCommand(argument: unknown): Promise<void> {
    const target = targetOf(argument);
    const project = target?.project ?? (await this.#chooseProject());
    if (project === undefined) return;
    const running = this.#apps.at(project)?.rules;
    const rules = running ?? new ProjectRules(project);
    try {
      await rules.open(target?.command);
    } finally {
      if (!running) rules.dispose();
    }
  }

  async openRustCommand(argument: unknown): Promise<void> {
    const target = targetOf(argument);
    if (target?.command === undefined) return;
    const { project, command: name } = target;
    await this.#withRust(project, ({ commands }) => openRust(commands, name));
  }

  async openHandlerCommand(argument: unknown): Promise<void> {
    const target = targetOf(argument);
    if (target?.command !== undefined) await openHandler(target.project, target.command);
  }

  async #createStub(project: string, name: string): Promise<void> {
    await this.#withRust(project, async ({ commands }) => {
      const command = commands.find(name);
      if (!command) throw new Error(`the Rust code of this project does not define ${name}`);
      await createStub(project, command, commands.index);
      this.#apps.at(project)?.lookForBackend();
    });
  }

  async #withRust(project: string, run: (use: RustUse) => Promise<void>): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      const text = 'This workspace is not trusted, so its Rust code is not read.';
      void offer(text, { 'Manage Workspace Trust': 'workbench.trust.manage' });
      return;
    }
    const place = locateProject(project);
    if (place === undefined) throw new Error('this folder has no Tauri project any more');
    const use = this.#rust.use({ root: place.root, configFolder: dirname(place.configFile) });
    try {
      await use.commands.whenRead();
      await run(use);
    } finally {
      use.dispose();
    }
  }

  /** Commands that no handler takes: those of the loaded backend, or, where the app does not run, of its text. */
  #unhandled(project: string, { commands }: RustUse): readonly RustCommand[] {
    const app = this.#apps.at(project);
    const written = handledIn(backendFileOf(project));
    // What is written and not saved yet, or does not load, is not written twice.
    return commands.commands.filter(({ name }) => !written.has(bareName(name)) && !app?.core.handles(name));
  }

  async #chooseProject(): Promise<string | undefined> {
    const running = this.#apps.running.filter(({ id }) => id !== DEMO);
    return running.length === 1 ? running[0]?.id : await this.#apps.chooseProject('Which project?');
  }

  async #chooseUnhandled(project: string): Promise<string | undefined> {
    let chosen: string | undefined;
    await this.#withRust(project, async (use) => {
      const commands = this.#unhandled(project, use);
      if (commands.length === 0) void vscode.window.showInformationMessage(nothingToDo(use));
      else chosen = await chooseName(commands, 'A handler for which command?');
    });
    return chosen;
  }

  async #chooseCommand(argument: unknown, question: string): Promise<{ app: RunningApp; name: string } | undefined> {
    const target = targetOf(argument);
    const app = target ? this.#apps.at(target.project) : await this.#apps.chooseRunning();
    if (!app) {
      if (target) void offer('The app of this project is not open.', OPEN_COMMANDS);
      return undefined;
    }
    const name = target?.command ?? (await chooseName(commandsOf(app), question));
    return name === undefined ? undefined : { app, name };
  }
}

/** What it would be written into ships with the extension. */
function assertRules(app: RunningApp): void {
  if (app.id === DEMO) throw new Error('the demo has no rules of its own; a project has');
}

function nothingToDo({ commands }: RustUse): string {
  return commands.commands.length === 0
    ? 'No command was found in the Rust code of this project.'
    : 'Every command of the Rust code has a handler.';
}

function sampleFor(rust: RustCommands, name: string): AnswerSample {
  const command = rust.find(name);
  return command ? answerSample(command, rust.index) : { result: null, error: `${name} failed` };
}

const ruleOf = ({ result }: { readonly result: unknown }): RuleAnswer => ({ ok: result });

interface Named {
  readonly name: string;
  readonly signature?: string;
}

/** Those of the Rust code and of the handlers, those that nobody answers first. */
function commandsOf({ answers, core }: RunningApp): readonly Named[] {
  const unanswered = answers.unanswered.map(({ name }) => name);
  const handled = [...(core.backend?.commands ?? [])];
  const names = new Set([...unanswered, ...answers.rust.commands.map(({ name }) => name), ...handled]);
  return [...names].map((name) => answers.rust.find(name) ?? { name });
}

async function chooseName(commands: readonly Named[], placeHolder: string): Promise<string | undefined> {
  if (commands.length === 0) {
    void vscode.window.showInformationMessage('No command is known of this app: neither in TypeScript nor in Rust.');
    return undefined;
  }
  const items = commands.map(({ name, signature }) => ({ label: name, ...(signature && { description: signature }) }));
  // 1.139: the palette gives the focus back to a page late, and that would close this list.
  return (await vscode.window.showQuickPick(items, { placeHolder, ignoreFocusOut: true }))?.label;
}

async function openRust(rust: RustCommands, name: string): Promise<void> {
  const command = rust.find(name);
  if (command) await openPlace({ ...command, file: rust.pathOf(command) });
}

async function openHandler(project: string, name: string): Promise<void> {
  const file = backendFileOf(project);
  const place = (await findHandlers(dirname(file))).get(bareName(name));
  await openPlace(place ?? { file });
}
