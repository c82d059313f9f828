/** A whole `src-ipc/main.ts` for a project whose commands are in Rust. */
import type { RustIndex } from './rust-index.ts';
import { lowerCamelCase } from './names.ts';
import { comment, quote } from './print.ts';
import { type Handler, librariesIn, type StubOptions, StubWriter } from './stub.ts';

/** The backend with a handler for every command that `handled` does not name. */
export function stubFile(index: RustIndex, handled: ReadonlySet<string>, options: StubOptions = {}): string {
  const writer = new StubWriter(index, options);
  const handlers = index.commands.filter(({ name }) => !handled.has(name)).map((command) => writer.handlerOf(command));
  const { declarations, options: print } = writer.declarations(handlers);
  const plugins = [...Map.groupBy(handlers, ({ command }) => command.plugin)].flatMap(([plugin, handlers]) =>
    plugin === undefined ? [] : { plugin, handlers, name: writer.claim(`${lowerCamelCase(plugin)}Plugin`) },
  );
  const code = [
    ...declarations.map((each) => each.code),
    ...handlers.map((handler) => writer.printHandler(handler, print)),
    ...plugins.map(({ plugin, name, handlers }) => pluginOf(plugin, name, handlers)),
    missingOf(index, writer),
    `export default app({\n  commands: ${namesOf(
      handlers.filter(({ command }) => command.plugin === undefined),
      '  ',
    )},\n${plugins.length === 0 ? '' : `  plugins: [${plugins.map(({ name }) => name).join(', ')}],\n`}});`,
  ].filter((part) => part !== '');
  const body = joined(code);
  const zod = /\bz\./.test(body) ? "import * as z from 'zod';\n" : '';
  return `${HEAD}import { ${librariesIn(body).join(', ')} } from 'ipc-workbench';\n${zod}\n${body}\n`;
}

const HEAD = `// Handlers in TypeScript for the commands of the Rust code: arguments and results are checked, and every handler waits to
// be written. What a handler is given second is its context: app (AppHandle), window (Window, Webview, WebviewWindow),
// state(key) (State), request (Request), scope and globalScope (CommandScope, GlobalScope), signal.
`;

/** One line consts stand together, all else apart. */
function joined(parts: readonly string[]): string {
  return parts.reduce((text, part, at) => {
    if (at === 0) return part;
    const together = !part.includes('\n') && !(parts[at - 1] ?? '').includes('\n') && part.startsWith('const ');
    return `${text}${together ? '\n' : '\n\n'}${part}`;
  }, '');
}

function namesOf(handlers: readonly Handler[], indent = ''): string {
  const names = handlers.map(({ name }) => name);
  const flat = `[${names.join(', ')}]`;
  return flat.length <= 90 ? flat : `[\n${names.map((name) => `${indent}  ${name},\n`).join('')}${indent}]`;
}

function pluginOf(plugin: string, name: string, handlers: readonly Handler[]): string {
  const flat = `const ${name} = plugin({ name: ${quote(plugin)}, commands: ${namesOf(handlers)} });`;
  if (flat.length <= 118 && !flat.includes('\n')) return flat;
  return `const ${name} = plugin({\n  name: ${quote(plugin)},\n  commands: ${namesOf(handlers, '  ')},\n});`;
}

function missingOf(index: RustIndex, writer: StubWriter): string {
  if (index.missing.length === 0) return '';
  const lines = index.missing.map((item) => `//   ${comment(item.path.join('::'))} (${writer.placeOf(item)})`);
  return ['// Registered in Rust, but no function of that name was found:', ...new Set(lines)].join('\n');
}
