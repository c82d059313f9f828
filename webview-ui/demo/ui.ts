/** What the cards share: finding elements, running a call from a control, showing what came of it. */

/** Finds an element that the page must have. */
export function get<E extends HTMLElement>(id: string, type: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} with the id "${id}"`);
  return found;
}

export const input = (id: string) => get(id, HTMLInputElement);
export const button = (id: string) => get(id, HTMLButtonElement);
export const output = (id: string) => get(id, HTMLOutputElement);

/**
 * Runs `work` when a form is submitted or a button pressed, and shows its answer or its rejection in `result`, with the
 * time it took. A second press while it runs does nothing.
 */
export function onRun(
  trigger: HTMLFormElement | HTMLButtonElement,
  result: HTMLOutputElement,
  work: () => Promise<unknown>,
): void {
  trigger.addEventListener(trigger instanceof HTMLFormElement ? 'submit' : 'click', (event) => {
    event.preventDefault();
    void run(result, work); // shows its own failures
  });
}

/** Runs `work` and shows its outcome in `result`; what is already running there is not disturbed. */
export async function run(result: HTMLOutputElement, work: () => Promise<unknown>): Promise<void> {
  if (result.dataset.state === 'busy') return;
  show(result, 'busy', '');
  const start = performance.now();
  try {
    const answer = await work();
    show(result, 'ok', textOf(answer), performance.now() - start);
  } catch (error) {
    show(result, 'error', textOf(error), performance.now() - start);
  }
}

/** Shows a text with its state; `data-state` is what tests wait for. */
export function show(
  result: HTMLOutputElement,
  state: 'busy' | 'ok' | 'error',
  text: string,
  milliseconds?: number,
): void {
  result.dataset.state = state;
  result.ariaBusy = String(state === 'busy');
  result.textContent = text;
  if (milliseconds === undefined) delete result.dataset.time;
  else result.dataset.time = duration(milliseconds);
}

/** An answer or a rejection as a text: strings as they are, an error's message, other values as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return value.message;
  if (value === undefined || value === null) return '';
  return JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ');
}

export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** Appends an entry to a log, keeps the newest 100 and stays at the end. */
export function log(list: HTMLOListElement, from: string, text: string): void {
  const item = document.createElement('li');
  const time = document.createElement('time');
  time.textContent = new Date().toLocaleTimeString([], { hour12: false });
  const sender = document.createElement('b');
  sender.textContent = from;
  const message = document.createElement('span');
  message.textContent = text;
  item.append(time, sender, message);
  list.append(item);
  while (list.childElementCount > 100) list.firstElementChild?.remove();
  list.scrollTop = list.scrollHeight;
}
