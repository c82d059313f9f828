import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cargoFeatures } from '../../../extension/app/cargo-features.ts';

test.each<[title: string, cargo: string | undefined, features: readonly string[] | undefined]>([
  ['no Rust', undefined, undefined],
  ['another project', '[dependencies]\ntauri = "2"', undefined],
  ['a file that is none', '[dependencies', undefined],
  ['a version alone', '[dependencies]\ntauri-plugin-http = "2"', ['cookies']],
  ['features', '[dependencies]\ntauri-plugin-http = { version = "2", features = ["gzip"] }', ['cookies', 'gzip']],
  [
    'no defaults',
    '[dependencies.tauri-plugin-http]\nversion = "2"\ndefault-features = false\nfeatures = ["rustls-tls"]',
    ['rustls-tls'],
  ],
  [
    'some more on one platform',
    `[dependencies]\ntauri-plugin-http = { workspace = true, default-features = false }
[target.'cfg(windows)'.dependencies]\ntauri-plugin-http = { version = "2", features = ["unsafe-headers"] }`,
    ['cookies', 'unsafe-headers'],
  ],
])('the features of a crate: %s', (_, cargo, features) => {
  const folder = mkdtempSync(join(tmpdir(), 'cargo-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  if (cargo !== undefined) writeFileSync(join(folder, 'Cargo.toml'), cargo);
  const found = cargoFeatures(folder, 'tauri-plugin-http', ['cookies']);
  expect(found && [...found]).toEqual(features);
});
