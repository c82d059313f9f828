/** The numbers of the traffic for what shows them all the time: told at most once in a while, computed when somebody asks. */
import type * as vscode from 'vscode';
import { type Disposable, Emitter, Lifetime } from '#core/lifetime.ts';
import type { RecordSource } from '#core/record-source.ts';
import type { CommandStatistics, SourceStatistics } from '#core/statistics.ts';

/** Nobody reads faster, and the recorder may take thousands of messages a second. */
const REFRESH_MS = 500;
/** There may be very many messages that are not counted yet: they are for so long at a time, in ms. */
const TURN_MS = 15;

export class Traffic implements Disposable {
  readonly #statistics: SourceStatistics;
  readonly #life = new Lifetime();
  readonly #changes = this.#life.own(new Emitter<void>());
  #timer: NodeJS.Timeout | undefined;
  /** who asks while it is counted for another gets the same */
  #counting: Promise<readonly CommandStatistics[]> | undefined;

  constructor(source: RecordSource, statistics: SourceStatistics) {
    this.#statistics = statistics;
    this.#life.own(
      source.onChange(() => {
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined;
          this.#changes.fire();
        }, REFRESH_MS);
      }),
    );
    this.#life.onEnd(() => clearTimeout(this.#timer));
  }

  readonly onChange = this.#changes.event;

  /** The numbers of each command. Calls go on while many are counted. */
  commands(): Promise<readonly CommandStatistics[]> {
    this.#counting ??= this.#count().finally(() => {
      this.#counting = undefined;
    });
    return this.#counting;
  }

  async #count(): Promise<readonly CommandStatistics[]> {
    for (;;) {
      const end = performance.now() + TURN_MS;
      if (this.#statistics.catchUp(() => performance.now() > end)) return this.#statistics.latest();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
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
