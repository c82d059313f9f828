/** The numbers of the traffic for what shows them all the time: told at most once in a while, computed when somebody looks. */
import type * as vscode from 'vscode';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import type { RecordSource } from '#core/record-source.ts';
import type { CommandStatistics, SourceStatistics } from '#core/statistics.ts';

/** Nobody reads faster, and the recorder may take thousands of messages a second. */
const REFRESH_MS = 500;
/** A session that has come back has very many messages at once: they are counted for so long at a time, in ms. */
const TURN_MS = 15;

export class Traffic implements Disposable {
  readonly #statistics: SourceStatistics;
  readonly #life = new Lifetime();
  readonly #changes = this.#life.own(new Emitter<void>());
  #timer: NodeJS.Timeout | undefined;
  /** somebody has looked since it was told the last time */
  #isWanted = true;

  constructor(source: RecordSource, statistics: SourceStatistics) {
    this.#statistics = statistics;
    this.#life.own(
      source.onChange(() => {
        this.#timer ??= setTimeout(() => this.#tell(), REFRESH_MS);
      }),
    );
    this.#life.onEnd(() => clearTimeout(this.#timer));
  }

  readonly onChange = this.#changes.event;

  commands(): readonly CommandStatistics[] {
    this.#isWanted = true;
    return this.#statistics.commands();
  }

  #tell(): void {
    const end = performance.now() + TURN_MS;
    if (this.#isWanted && !this.#statistics.catchUp(() => performance.now() > end)) {
      this.#timer = setTimeout(() => this.#tell(), 0);
      return;
    }
    this.#isWanted = false;
    this.#timer = undefined;
    this.#changes.fire();
  }

  dispose(): void {
    this.#life.dispose();
  }
}

/** Runs `show` whenever the traffic changed while `view` is in sight, or when it comes into sight afterwards. */
export function whileVisible(view: vscode.TreeView<unknown>, traffic: Traffic, show: () => void): Disposable {
  const life = new Lifetime();
  let isStale = false;
  life.own(
    traffic.onChange(() => {
      isStale = !view.visible;
      if (view.visible) show();
    }),
  );
  life.own(
    view.onDidChangeVisibility(({ visible }) => {
      if (!visible || !isStale) return;
      isStale = false;
      show();
    }),
  );
  return life;
}
