/** The parser, and the projects of test/fixtures/rust. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RustIndex, RustReader } from '#server/rust/index.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const fixtures = join(root, 'test/fixtures/rust');

export const rustReader = (): Promise<RustReader> =>
  RustReader.create({
    runtime: readFileSync(join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
    grammar: readFileSync(join(root, 'node_modules/tree-sitter-rust/tree-sitter-rust.wasm')),
  });

/** A project of the fixtures, as the index knows it. */
export function indexOf(reader: RustReader, project: string): RustIndex {
  const index = new RustIndex();
  for (const path of readdirSync(join(fixtures, project), { recursive: true, encoding: 'utf8' })) {
    const name = path.replaceAll('\\', '/');
    const text = () => readFileSync(join(fixtures, project, path), 'utf8');
    if (name.endsWith('.rs')) index.set(reader.read(name, text()));
    if (name.endsWith('Cargo.toml')) index.setManifest(name, text());
  }
  return index;
}

/** An index of files given as texts. */
export function indexFrom(reader: RustReader, files: Readonly<Record<string, string>>): RustIndex {
  const index = new RustIndex();
  for (const [path, text] of Object.entries(files)) index.set(reader.read(path, text));
  return index;
}
