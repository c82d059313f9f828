// What the language server costs, on a workspace of 2,000 files that is made for it, and TypeScript's own server on the same
// files in the same run. See docs/benchmarks.md, into which it writes its results.
//
//   node test/bench/language.mjs               all of it; `npm run build` first
//   node test/bench/language.mjs --quick       200 files, and nothing is written
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { quantile } from './statistics.mjs';
import { makeWorkspace } from './language-workspace.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const isQuick = process.argv.includes('--quick');
const FILES = isQuick ? 200 : 2_000;
const EDITS = isQuick ? 10 : 60;
const COMPLETIONS = isQuick ? 20 : 200;
/** server/publisher.ts waits so long for more typing */
const DEBOUNCE_MS = 150;

/** A call: what stands before the name, and the name. */
const CALL = /(await invoke<[^(]+>\()'\w*'/;

const folder = mkdtempSync(join(tmpdir(), 'ipc-bench-'));
try {
  const files = makeWorkspace(FILES);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const ours = await measureOurs(files);
  const theirs = await measureTypeScript(files);
  const report = reportOf(ours, theirs);
  console.log(report);
  if (!isQuick) writeReport(report);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The places where somebody types: in scripts all over the workspace, the position between the quotes of a call. */
function places(files, count) {
  const scripts = [...files.keys()].filter((path) => /\.tsx?$/.test(path) && CALL.test(files.get(path)));
  const step = Math.max(1, Math.floor(scripts.length / count));
  return Array.from({ length: count }, (_, index) => scripts[(index * step) % scripts.length]);
}

async function measureOurs(files) {
  const process = spawn(globalThis.process.execPath, ['--expose-gc', join(root, 'dist/server.cjs'), '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(process.stdout),
    new StreamMessageWriter(process.stdin),
  );
  const waiting = new Map();
  const published = new Map();
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => {
    published.set(uri, diagnostics);
    waiting.get(uri)?.();
  });
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/configuration', ({ items }) => items.map(() => null));
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.listen();
  const uriOf = (path) => pathToFileURL(join(folder, path)).href;
  const start = performance.now();
  await connection.sendRequest('initialize', {
    processId: globalThis.process.pid,
    rootUri: null,
    capabilities: { workspace: { workspaceFolders: true } },
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'bench' }],
  });
  await connection.sendNotification('initialized', {});
  // It waits for all files.
  const symbols = await connection.sendRequest('workspace/symbol', { query: 'command_1' });
  const cold = performance.now() - start;
  if (symbols.length === 0) throw new Error('the language server knows no command');
  const memory = memoryOf(process.pid);

  const opened = new Map();
  const open = async (path) => {
    if (opened.has(path)) return;
    opened.set(path, 1);
    const textDocument = { uri: uriOf(path), languageId: 'typescript', version: 1, text: files.get(path) };
    await connection.sendNotification('textDocument/didOpen', { textDocument });
    await connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri: uriOf(path) } });
  };
  const change = async (path, text) => {
    const version = opened.get(path) + 1;
    opened.set(path, version);
    const textDocument = { uri: uriOf(path), version };
    await connection.sendNotification('textDocument/didChange', { textDocument, contentChanges: [{ text }] });
  };

  const completions = [];
  for (const [index, path] of places(files, COMPLETIONS).entries()) {
    await open(path);
    const { text, line, character } = typed(files.get(path), index);
    const from = performance.now();
    await change(path, text);
    const answer = await connection.sendRequest('textDocument/completion', {
      textDocument: { uri: uriOf(path) },
      position: { line, character },
    });
    completions.push(performance.now() - from);
    const labels = (Array.isArray(answer) ? answer : answer.items).map(({ label }) => label);
    if (!labels.includes('command_1')) throw new Error(`no completion in ${path}: ${labels.slice(0, 5)}`);
    await change(path, files.get(path));
  }

  const edits = [];
  for (const [index, path] of places(files, EDITS).entries()) {
    await open(path);
    const uri = uriOf(path);
    const wrong = `no_such_command_${index}`;
    const from = performance.now();
    await change(path, files.get(path).replace(CALL, `$1'${wrong}'`));
    await until(waiting, uri, () => JSON.stringify(published.get(uri) ?? []).includes(wrong));
    edits.push(performance.now() - from);
    await change(path, files.get(path));
    await until(waiting, uri, () => !JSON.stringify(published.get(uri) ?? []).includes(wrong));
  }
  const after = memoryOf(process.pid);
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  connection.dispose();
  return { cold, completions, edits, memory, after };
}

async function until(waiting, key, test) {
  while (!test()) await new Promise((resolve) => waiting.set(key, resolve));
}

/** A text with a call that is being typed, and where the cursor is in it. */
function typed(text, index) {
  const lines = text.split('\n');
  const line = lines.findIndex((each) => CALL.test(each));
  const prefix = 'command_1'.slice(0, index % 9);
  lines[line] = lines[line].replace(CALL, `$1'${prefix}'`);
  const character = lines[line].indexOf("('") + "('".length + prefix.length;
  return { text: lines.join('\n'), line, character };
}

/** The same with the server of TypeScript, which knows nothing of Svelte, Vue and Rust: it opens the scripts. */
async function measureTypeScript(files) {
  const process = spawn(globalThis.process.execPath, [
    join(root, 'node_modules/typescript/lib/tsserver.js'),
    '--disableAutomaticTypingAcquisition',
    '--suppressDiagnosticEvents',
  ]);
  process.stderr.resume();
  const answers = new Map();
  const events = new Set();
  createInterface({ input: process.stdout }).on('line', (line) => {
    if (!line.startsWith('{')) return;
    const message = JSON.parse(line);
    if (message.type === 'response') {
      answers.get(message.request_seq)?.(message);
      answers.delete(message.request_seq);
    } else for (const tell of events) tell(message);
  });
  let sequence = 0;
  const send = (command, args) => {
    const seq = ++sequence;
    process.stdin.write(`${JSON.stringify({ seq, type: 'request', command, arguments: args })}\n`);
    return seq;
  };
  const ask = (command, args) => new Promise((resolve) => answers.set(send(command, args), resolve));
  const pathOf = (path) => join(folder, path);

  const [first] = places(files, 1);
  const start = performance.now();
  send('open', { file: pathOf(first), fileContent: files.get(first) });
  // The answer comes when the project is loaded, and its names are bound.
  const symbols = await ask('navto', { file: pathOf(first), searchValue: 'part1', maxResultCount: 10 });
  const cold = performance.now() - start;
  if (!symbols.success) throw new Error(`tsserver: ${symbols.message}`);
  const memory = memoryOf(process.pid);

  const opened = new Set([first]);
  const open = (path) => {
    if (!opened.has(path)) send('open', { file: pathOf(path), fileContent: files.get(path) });
    opened.add(path);
  };
  const change = (path, from, to) => {
    const end = endOf(from);
    send('change', {
      file: pathOf(path),
      line: 1,
      offset: 1,
      endLine: end.line,
      endOffset: end.offset,
      insertString: to,
    });
  };

  const completions = [];
  for (const [index, path] of places(files, COMPLETIONS).entries()) {
    open(path);
    await ask('navtree', { file: pathOf(path) });
    const { text, line, character } = typed(files.get(path), index);
    const from = performance.now();
    change(path, files.get(path), text);
    await ask('completionInfo', { file: pathOf(path), line: line + 1, offset: character + 1 });
    completions.push(performance.now() - from);
    change(path, text, files.get(path));
  }

  const edits = [];
  for (const [index, path] of places(files, EDITS).entries()) {
    open(path);
    const wrong = files.get(path).replace(CALL, `$1wrong_name_${index}`);
    const from = performance.now();
    change(path, files.get(path), wrong);
    const { body } = await ask('semanticDiagnosticsSync', { file: pathOf(path) });
    edits.push(performance.now() - from);
    if (!JSON.stringify(body ?? []).includes(`wrong_name_${index}`))
      throw new Error(`tsserver finds nothing in ${path}`);
    change(path, wrong, files.get(path));
    await ask('semanticDiagnosticsSync', { file: pathOf(path) });
  }
  const after = memoryOf(process.pid);
  send('exit', {});
  return { cold, completions, edits, memory, after };
}

function endOf(text) {
  const lines = text.split('\n');
  return { line: lines.length, offset: lines.at(-1).length + 1 };
}

/** Resident memory in MiB; undefined where the system does not say it this way. */
function memoryOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}

function reportOf(ours, theirs) {
  const ms = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  const mib = (value) => (value === undefined ? '–' : `${value.toFixed(0)} MiB`);
  const ratio = (one, other) => (one === undefined || other === undefined ? '–' : `${(other / one).toFixed(2)} x`);
  const row = (name, goal, one, other, text) =>
    `| ${name} | ${goal} | ${text(one)} | ${text(other)} | ${ratio(one, other)} |`;
  const net = ours.edits.map((each) => Math.max(each - DEBOUNCE_MS, 0.1));
  return [
    `${FILES.toLocaleString('en-US')} files, ${cpus().length} cores, Node ${process.versions.node}. Ratios above 1: ours is faster, or needs less.`,
    '',
    '|  | goal | language server | TypeScript | ratio |',
    '| --- | --- | --: | --: | --: |',
    row('start until all files are known', '', ours.cold, theirs.cold, ms),
    row(
      'completion while typing, median',
      '≤ 50 ms',
      quantile(ours.completions, 0.5),
      quantile(theirs.completions, 0.5),
      ms,
    ),
    row(
      'completion while typing, 95 %',
      '≤ 50 ms',
      quantile(ours.completions, 0.95),
      quantile(theirs.completions, 0.95),
      ms,
    ),
    row('edit to diagnostics, median', '≤ 100 ms', quantile(net, 0.5), quantile(theirs.edits, 0.5), ms),
    row('edit to diagnostics, 95 %', '≤ 100 ms', quantile(net, 0.95), quantile(theirs.edits, 0.95), ms),
    row('the same with the wait for more typing, median', '', quantile(ours.edits, 0.5), undefined, (value) =>
      value === undefined ? '–' : ms(value),
    ),
    row('resident memory after the start', '', ours.memory, theirs.memory, mib),
    row('resident memory at the end', '', ours.after, theirs.after, mib),
  ].join('\n');
}

function writeReport(report) {
  const file = join(root, 'docs/benchmarks.md');
  const text = readFileSync(file, 'utf8');
  const [begin, end] = ['<!-- language -->', '<!-- /language -->'];
  const [before, rest] = text.split(begin);
  const [, behind] = (rest ?? '').split(end);
  if (behind === undefined) throw new Error(`docs/benchmarks.md has no ${begin} … ${end}`);
  writeFileSync(file, `${before}${begin}\n${report}\n${end}${behind}`);
}
