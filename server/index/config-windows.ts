/** The windows that a configuration makes at the start. */
import type { Path } from '#core/acl/place.ts';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ConfigFiles } from '../project/index.ts';
import type { FileRange, WindowSite } from './facts.ts';

/** Windows of `app.windows`, also those that code makes later of what stands there (`create: false`). */
export function configWindows(config: ConfigFiles | undefined): WindowSite[] {
  if (!config) return [];
  return config.config.app.windows.map(({ label }, index): WindowSite => {
    const path = ['app', 'windows', index];
    const written = placeOf(config, [...path, 'label']);
    const at = written ?? placeOf(config, path) ?? start(config);
    return { label, pattern: undefined, from: 'config', at, literal: written };
  });
}

/** Without its quotes, where it has some. */
function placeOf(config: ConfigFiles, path: Path): FileRange | undefined {
  const { file, document } = config.layerOf(path);
  const range = document.rangeOf(path);
  if (!range) return undefined;
  const isQuoted = /^["']/.test(document.text.slice(range.start, range.end));
  const text = TextDocument.create('', '', 0, document.text);
  const [first, last] = isQuoted ? [range.start + 1, range.end - 1] : [range.start, range.end];
  return { file: file.replaceAll('\\', '/'), range: { start: text.positionAt(first), end: text.positionAt(last) } };
}

function start(config: ConfigFiles): FileRange {
  const zero = { line: 0, character: 0 };
  return { file: config.placeOf([]).file.replaceAll('\\', '/'), range: { start: zero, end: zero } };
}
