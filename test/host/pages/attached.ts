// A page of another extension, with a protocol of its own.
declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const vscode = acquireVsCodeApi();
addEventListener('message', ({ data }) => {
  if (data?.type === 'ping') vscode.postMessage({ type: 'pong', number: data.number });
});
vscode.postMessage({ type: 'hello', from: 'page' });

export {}; // a module of its own: these pages declare the same names
