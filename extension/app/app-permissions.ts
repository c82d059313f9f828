/** The ACL of one running app that is in force: a saved file, newer code of the backend or a setting brings another one. */
import * as vscode from 'vscode';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import type { Directories } from '#core/acl/grants.ts';
import type { Log } from '../log.ts';
import { reportError } from '../problems.ts';
import { aclSwitches } from '../settings.ts';
import { AclFindings } from './acl-findings.ts';
import { AclWatch } from './acl-watch.ts';
import { AppAcl, type DeclaredByBackend, type Project, ProjectError } from '#server/project/index.ts';

export interface AppPermissionsOptions {
  /** the project as its files were read last */
  project(): Project;
  /** what the variables of scopes mean */
  directories(): Directories;
  /** what the handlers that serve now declare */
  declared(): DeclaredByBackend | undefined;
  /** reads the project's files again; throws where it cannot be read */
  readAgain(): void;
  /** files were read, and what they say is in force */
  onRead(): void;
  /** decides the next call */
  enforce(acl: AppAcl): void;
  /** leaves a record beside the app's messages */
  note(text: string): void;
  readonly log: Log;
}

export class AppPermissions implements Disposable {
  readonly #options: AppPermissionsOptions;
  readonly #life = new Lifetime();
  readonly #findings = this.#life.own(new AclFindings());
  readonly #changes = this.#life.own(new Emitter<void>());
  /** {@link acl} is another one */
  readonly onChange = this.#changes.event;
  #acl: AppAcl;

  constructor(options: AppPermissionsOptions) {
    this.#options = options;
    // No handlers have loaded yet.
    this.#acl = this.#createAcl(undefined);
  }

  /** What it says to a call of the app. */
  get acl(): AppAcl {
    return this.#acl;
  }

  /** Shows what is wrong in the files, and follows them and the settings from now on. */
  watch(): void {
    const { project, log } = this.#options;
    this.#life.own(
      new AclWatch({
        folder: project().configFolder,
        read: () => this.#read(),
        onError: (error) => this.#keep(error),
        report: (message) => log.warn(message),
      }),
    );
    this.#life.own(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('ipcWorkbench.permissions')) this.apply();
      }),
    );
    this.#findings.show(this.#acl.findings);
  }

  /** Puts the files and what the backend declares in force. */
  apply(): void {
    this.#acl = this.#createAcl(this.#options.declared());
    this.#options.enforce(this.#acl);
    this.#findings.show(this.#acl.findings);
    this.#changes.fire();
  }

  /** Reads the files and puts them in force; gives the error that keeps it from that. */
  #read(): Error | undefined {
    try {
      this.#options.readAgain();
    } catch (error) {
      return error as Error;
    }
    this.apply();
    this.#options.onRead();
    return undefined;
  }

  #keep(error: Error): void {
    const what = 'The permissions in force stay as they were';
    if (error instanceof ProjectError) this.#findings.showError(error);
    this.#options.note(`${what}: ${error.message}`);
    reportError(this.#options.log, what, error);
  }

  #createAcl(backend: DeclaredByBackend | undefined): AppAcl {
    const { project, directories } = this.#options;
    return new AppAcl(project().acl, { backend, directories: directories(), switches: aclSwitches() });
  }

  dispose(): void {
    this.#life.dispose();
  }
}
