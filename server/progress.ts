/** Shows in the editor how far reading is, where it takes long. */
import { type Disposable, Lifetime } from '#core/lifetime.ts';
import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';
import type { ReadingPass } from './workspace/pass.ts';

/** What ends sooner is not worth a look. */
const PATIENCE_MS = 1_000;
const REFRESH_MS = 200;

export class Progress implements Disposable {
  readonly #connection: Connection;
  readonly #life = new Lifetime();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Shows a pass from when it has taken a second until it is over; who cancels it there ends it. */
  follow(pass: ReadingPass): void {
    const life = this.#life.own(new Lifetime());
    let reporter: WorkDoneProgressServerReporter | undefined;
    const start = setTimeout(() => {
      if (pass.isOver) this.#life.end(life);
      else show().catch(() => this.#life.end(life)); // An editor that shows none is no reason to stop.
    }, PATIENCE_MS);
    life.onEnd(() => clearTimeout(start));
    const show = async () => {
      const created = await this.#connection.window.createWorkDoneProgress();
      if (life.over) return;
      reporter = created;
      reporter.token.onCancellationRequested(() => pass.cancel());
      reporter.begin('IPC Workbench', 0, textOf(pass), true);
      life.onEnd(() => reporter?.done());
      const timer = setInterval(() => {
        if (pass.isOver) this.#life.end(life);
        else reporter?.report(Math.floor((100 * pass.done) / Math.max(pass.total, 1)), textOf(pass));
      }, REFRESH_MS);
      life.onEnd(() => clearInterval(timer));
    };
  }

  dispose(): void {
    this.#life.dispose();
  }
}

const count = new Intl.NumberFormat('en-US');
const textOf = ({ done, total }: ReadingPass) => `reading ${count.format(done)} of ${count.format(total)} files`;
