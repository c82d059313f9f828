import type { FromInspector, ToInspector } from '#core/inspector-messages.ts';

/** The way to the extension host, and the page's small memory of how it was arranged. */
export interface Host {
  post(message: FromInspector): void;
  onMessage(listener: (message: ToInspector) => void): void;
  loadState(): unknown;
  saveState(state: unknown): void;
}

export function connectHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    onMessage: (listener) =>
      window.addEventListener('message', (event: MessageEvent<ToInspector>) => listener(event.data)),
    loadState: () => api.getState(),
    saveState: (state) => api.setState(state),
  };
}
