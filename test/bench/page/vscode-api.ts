/** VS Code's api of a webview, for the pages that talk through it themselves. */
export interface VsCodeApi {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  getState<T>(): T | undefined;
  setState<T>(state: T): T;
}

declare function acquireVsCodeApi(): VsCodeApi;

export const vscode = acquireVsCodeApi();

/** Tells of everything that the host posts. */
export function onMessage(take: (message: never) => void): void {
  addEventListener('message', (event) => take(event.data as never));
}
