import assert from 'node:assert/strict';
import { behind, closeFile, completions, openFile } from './language.ts';
import { until } from './workbench.ts';

describe('language server: completion', () => {
  it('offers the names of Rust commands in a call', async () => {
    const editor = await openFile('src/main.ts');
    const offered = await until(async () => {
      const labels = await completions(editor, behind(editor, "invoke<string>('"));
      return labels.includes('close_settings') && labels;
    }, 'the names of commands');
    assert.ok(offered.includes('watch_notes'));
    await closeFile(editor);
  });
});
