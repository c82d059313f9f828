// Reading and driving the inspector's page.
import type { Frame } from 'playwright-core';
import { until } from './controls.ts';

export type ListedRow = {
  readonly id: number;
  readonly name: string;
  readonly window: string;
  readonly status: string;
  readonly preview: string;
};

/** The rows that are drawn, in order. */
export function listedRows(frame: Frame): Promise<ListedRow[]> {
  return frame.locator('[role=row][data-id]').evaluateAll((rows) =>
    rows
      .map((row) => {
        const text = (selector: string) => row.querySelector(selector)?.textContent ?? '';
        return {
          id: Number(row.getAttribute('data-id')),
          name: text('.cell-name .name'),
          window: text('.cell-window'),
          status: text('.cell-status'),
          preview: text('.cell-preview'),
        };
      })
      .toSorted((a, b) => a.id - b.id),
  );
}

export async function filterBy(frame: Frame, words: string): Promise<void> {
  const field = frame.getByLabel('Filter messages');
  await until(async () => {
    await field.fill(words);
    // What VS Code gives the focus to meanwhile has got the text instead.
    return (await field.inputValue()) === words;
  }, `filtering by ${words}`);
}

/** The names and states of what is listed, as `greet ok`. */
export async function listed(frame: Frame): Promise<string[]> {
  return (await listedRows(frame)).map(({ name, status }) => `${name} ${status}`);
}

/** Runs in a page: the inspector marks its document. */
export function isInspector(): boolean {
  return document.documentElement.dataset['view'] === 'inspector';
}
