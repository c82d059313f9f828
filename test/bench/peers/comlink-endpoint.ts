/**
 * An endpoint over VS Code's postMessage, as comlink's documentation asks for where there is no MessagePort. Ports cannot
 * cross, so a callback cannot be handed over (`Comlink.proxy`): each side exposes an object on a lane of its own.
 */
import type { Endpoint } from 'comlink';

export interface Laned {
  readonly lane: 'host' | 'page';
  readonly data: unknown;
}

export function endpoint(
  lane: Laned['lane'],
  post: (message: Laned) => void,
  listen: (take: (message: Laned) => void) => void,
): Endpoint {
  const listeners = new Set<(event: { data: unknown; origin: string }) => void>();
  listen((message) => {
    if (message.lane !== lane) return;
    for (const listener of listeners) listener({ data: message.data, origin: '' });
  });
  return {
    postMessage: (data: unknown) => post({ lane, data }),
    addEventListener: (_type, listener) => listeners.add(listener as never),
    removeEventListener: (_type, listener) => listeners.delete(listener as never),
  };
}
