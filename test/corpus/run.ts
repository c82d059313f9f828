/**
 * Reads real repositories with the language server, counts what is in them another way, and compares.
 *
 *   node test/corpus/run.ts <folder> …      each folder below it is a repository; prints a table
 *   … --json                                prints everything as JSON instead
 *   … --only <name>                         only repositories whose folder has this in its name
 *   … --differences                         also prints what only one of the counts has
 *   … --problems                            also prints the server's diagnostics
 *   … --judged <file>                       JSON: what was judged by hand; see compare.ts
 *
 * Both counts only read. The other one shares no code with the server: see other-rust.ts and other-script.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Compared, compare, Judgements, type Score, score } from './compare.ts';
import { SORTS, type Sort, UNKNOWN } from './found.ts';
import { countRust } from './other-rust.ts';
import { countScripts } from './other-script.ts';
import { countByServer, type Problem } from './server-count.ts';

const SCRIPTS = /\.(?:[cm]?[jt]s|[jt]sx|svelte|vue|html)$/;
const NEVER = /^(?:node_modules|target|\.git)$/;

/** Nobody wrote it, and its names say nothing. */
const isMinified = (text: string) => text.length > 200 * (text.split('\n').length + 1);

interface Repository {
  readonly name: string;
  readonly scripts: number;
  readonly rustFiles: number;
  /** files in which either count found something */
  readonly filesWithIpc: number;
  readonly projects: number;
  readonly milliseconds: number;
  readonly reports: readonly string[];
  readonly compared: Record<Sort, Compared>;
  readonly problems: readonly Problem[];
}

async function measure(name: string, folder: string): Promise<Repository> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .replaceAll('\\', '/')
        .slice(folder.length + 1),
    )
    .filter((file) => !file.split('/').some((part) => NEVER.test(part)));
  const textOf = (file: string) => ({ file, text: readFileSync(join(folder, file), 'utf8') });
  const rustFiles = files.filter((file) => file.endsWith('.rs')).map(textOf);
  const scripts = files
    .filter((file) => SCRIPTS.test(file))
    .map(textOf)
    .filter(({ text }) => !isMinified(text));
  const rust = countRust(rustFiles);
  const commands = new Set(rust.filter(({ sort }) => sort === 'command').map((each) => each.name));
  const events = new Set(
    rust
      .filter(({ sort, name: event }) => sort === 'event' && event !== UNKNOWN)
      .map((each) => each.name.replace(/^\w+ /, '')),
  );
  const other = [...rust, ...countScripts(scripts, commands, events)];
  const { found: all, ...server } = await countByServer(folder);
  const read = new Set([...rustFiles, ...scripts].map(({ file }) => file));
  const found = all.filter(({ file }) => read.has(file));
  const filesWithIpc = new Set([...other, ...found].map(({ file }) => file)).size;
  return {
    name,
    scripts: scripts.length,
    rustFiles: rustFiles.length,
    filesWithIpc,
    ...server,
    compared: compare(found, other),
  };
}

function scoresOf(repositories: readonly Repository[], sort: Sort, judgements: Judgements): Score {
  const each = repositories.map(({ name, compared }) => score(compared[sort], judgements, `${name} `));
  const sum = (pick: (of: Score) => number) => each.reduce((total, one) => total + pick(one), 0);
  const kinds = new Map<string, number>();
  for (const { kinds: own } of each) for (const [kind, count] of own) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  return {
    real: sum(({ real }) => real),
    found: sum(({ found }) => found),
    foundAndReal: sum(({ foundAndReal }) => foundAndReal),
    unjudged: sum(({ unjudged }) => unjudged),
    kinds,
  };
}

const percent = (part: number, all: number) => (all === 0 ? '–' : `${((100 * part) / all).toFixed(2)} %`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    differences: { type: 'boolean', default: false },
    problems: { type: 'boolean', default: false },
    judged: { type: 'string' },
  },
});
if (positionals.length === 0) throw new Error('Name a folder with repositories.');
const judgements = values.judged ? Judgements.parse(JSON.parse(readFileSync(values.judged, 'utf8'))) : {};
const repositories: Repository[] = [];
for (const folder of positionals) {
  for (const name of readdirSync(folder).toSorted()) {
    if (values.only !== undefined && !name.includes(values.only)) continue;
    repositories.push(await measure(name, resolve(folder, name).replaceAll('\\', '/')));
  }
}

if (values.json) {
  console.log(JSON.stringify(repositories));
} else {
  for (const { name, compared, milliseconds, projects, problems, reports } of repositories) {
    const counts = SORTS.map((sort) => {
      const { both, onlyServer, onlyOther } = compared[sort];
      return `${sort} ${both}+${onlyServer.length}-${onlyOther.length}`;
    });
    console.log(
      `${name}: ${projects} projects, ${Math.round(milliseconds)} ms, ${counts.join(', ')}, ${problems.length} problems`,
    );
    for (const report of reports) console.log(`  FAILED ${report}`);
    for (const sort of values.differences ? SORTS : []) {
      for (const key of compared[sort].onlyServer) console.log(`  + ${key}`);
      for (const key of compared[sort].onlyOther) console.log(`  - ${key}`);
    }
    for (const { file, line, code, message } of values.problems ? problems : []) {
      console.log(`  ! ${code} ${file}:${line} ${message.replaceAll('\n', ' ')}`);
    }
  }
  const total = (pick: (of: Repository) => number) => repositories.reduce((sum, each) => sum + pick(each), 0);
  console.log(
    `\n${repositories.length} repositories, ${total((each) => each.scripts)} scripts, ${total((each) => each.rustFiles)} Rust files, ${total((each) => each.filesWithIpc)} files with IPC; ${Math.round(total((each) => each.milliseconds))} ms, ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  );
  console.log('| | there | found | recall | precision | not judged |\n|---|---|---|---|---|---|');
  for (const sort of SORTS) {
    const { real, found, foundAndReal, unjudged } = scoresOf(repositories, sort, judgements);
    console.log(
      `| ${sort}s | ${real} | ${foundAndReal} | ${percent(foundAndReal, real)} | ${percent(foundAndReal, found)} | ${unjudged} |`,
    );
  }
  for (const sort of SORTS) {
    for (const [kind, count] of scoresOf(repositories, sort, judgements).kinds)
      console.log(`${sort} ${kind}: ${count}`);
  }
}
