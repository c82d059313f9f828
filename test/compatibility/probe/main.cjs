// One line of JSON for each record of the inspector, when it is new and when its outcome is known.
const { appendFileSync } = require('node:fs');
const { commands, extensions, Uri } = require('vscode');

const MOST_TEXT = 300;

/** @param {any} body */
function textOf(body) {
  if (body?.kind === 'text') return body.json.slice(0, MOST_TEXT);
  return body?.kind === 'json' ? String(JSON.stringify(body.value)).slice(0, MOST_TEXT) : '';
}

/** @param {import('vscode').ExtensionContext} context */
exports.activate = async ({ subscriptions }) => {
  const { inspector } = await extensions.getExtension('ipc-workbench.ipc-workbench').activate();
  const file = process.env.IPC_COMPATIBILITY_RECORDS;
  const write = (/** @type {any} */ { id, kind, name, status, window, note, outcome }) =>
    appendFileSync(file, `${JSON.stringify({ id, kind, name, status, window, note, outcome: textOf(outcome) })}\n`);
  for (const record of inspector.query()) write(record);
  subscriptions.push(
    inspector.onRecord(write),
    commands.registerCommand('ipcCompatibility.open', () =>
      commands.executeCommand('ipcWorkbench.openApp', Uri.file(process.env.IPC_COMPATIBILITY_FOLDER)),
    ),
  );
};
