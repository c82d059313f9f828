/** The rules of one project: its file is read, watched and changed, and what is wrong in it is in the Problems view. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import { RULES_FILE, type Rule, type RuleAnswer } from '#core/rules.ts';
import { NO_RULES, parseRules, type RuleEdit, setRule } from '#core/rules-file.ts';
import { changeText, diagnosticAt, showRange } from '../editing.ts';

export class ProjectRules implements Disposable {
  readonly file: string;
  readonly #life = new Lifetime();
  readonly #changes = this.#life.own(new Emitter<void>());
  readonly #problems = this.#life.own(vscode.languages.createDiagnosticCollection('ipc-workbench-rules'));
  #rules: ReadonlyMap<string, Rule> = new Map();

  constructor(root: string) {
    this.file = join(root, RULES_FILE);
    // Its folder too: of a folder that is removed nothing else is told.
    const pattern = new vscode.RelativePattern(vscode.Uri.file(root), `{${dirname(RULES_FILE)},${RULES_FILE}}`);
    const watcher = this.#life.own(vscode.workspace.createFileSystemWatcher(pattern));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
      this.#life.own(event(() => this.#read()));
    }
    // What is saved here holds at once; who watches is told later.
    this.#life.own(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.fsPath === this.file) this.#read();
      }),
    );
    this.#read();
  }

  readonly onChange = this.#changes.event;

  /** The rule that answers a command. */
  find(command: string): Rule | undefined {
    return this.#rules.get(command);
  }

  get size(): number {
    return this.#rules.size;
  }

  #read(): void {
    const text = readText(this.file);
    const { rules, findings } = text.trim() === '' ? { rules: [], findings: [] } : parseRules(this.file, text);
    const diagnostics = findings.map(({ place, message }) => diagnosticAt(place, message, 'error'));
    this.#problems.set(vscode.Uri.file(this.file), diagnostics);
    // A file that is half written says nothing: the rules in force stay.
    if (rules) this.#rules = new Map(rules.toReversed().map((rule) => [rule.command, rule]));
    this.#changes.fire();
  }

  /** Makes `answer` the answer to a command, in force at once. */
  async set(command: string, answer: RuleAnswer): Promise<void> {
    const { document } = await this.#change(command, answer);
    if (!(await document.save())) throw new Error(`${RULES_FILE} could not be saved`);
  }

  /** Begins a rule in an editor, its answer selected: it is in force once it is saved. */
  async begin(command: string, answer: RuleAnswer): Promise<void> {
    const { document, value } = await this.#change(command, answer);
    await showRange(document, value);
  }

  /** Shows the file, at the rule of a command where one is named. */
  async open(command?: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.file);
    const at = command === undefined ? -1 : document.getText().indexOf(JSON.stringify(command));
    await showRange(document, { start: Math.max(0, at), end: Math.max(0, at) });
  }

  async #change(command: string, answer: RuleAnswer): Promise<{ document: vscode.TextDocument } & RuleEdit> {
    const uri = vscode.Uri.file(this.file);
    const make = (text: string) => setRule(this.file, text, command, answer).edits;
    if (!existsSync(this.file)) await changeText(uri, make, NO_RULES);
    const document = await changeText(uri, make, NO_RULES);
    // The text has the rule now; making it again gives its place.
    return { document, ...setRule(this.file, document.getText(), command, answer) };
  }

  dispose(): void {
    this.#life.dispose();
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // no rules
  }
}
