/** The process of the language server; its client is extension/language.ts. */
import { join } from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { errorText } from './errors.ts';
import { serve } from './language-server.ts';
import { RustReader } from './rust/index.ts';

const connection = createConnection(ProposedFeatures.all);
const beside = (name: string) => join(__dirname, name);

// A feature that fails is a line in the log: the others go on.
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => connection.console.error(errorText(error)));
}
// Nobody is left to answer, however the extension ended.
process.on('disconnect', () => process.exit());

serve(connection, {
  rustReader: () =>
    RustReader.create({ runtime: beside('web-tree-sitter.wasm'), grammar: beside('tree-sitter-rust.wasm') }),
});
connection.listen();
