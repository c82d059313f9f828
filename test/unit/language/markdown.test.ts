/** Text of a workspace in Markdown: it is hostile, and still has to be readable. */
import { describe, expect, test } from 'vitest';
import { block, code, link, plain, prose } from '#server/features/markdown.ts';
import { TestClient } from './server.ts';
import type { Hover } from 'vscode-languageserver';

describe('prose', () => {
  test('keeps code as it is, and takes tags and pictures from all else', () => {
    const comment =
      'A `Vec<u8>` of `vec![0; 4]`, <b>or</b> ![x](https://a.test/x.png)\n```rust\nlet a: Option<u8>;\n```\n<i>';
    expect(prose(comment)).toBe(
      'A `Vec<u8>` of `vec![0; 4]`, &lt;b>or&lt;/b> !\\[x](https://a.test/x.png)\n```rust\nlet a: Option<u8>;\n```\n&lt;i>',
    );
  });

  test.each([
    '`![x](https://a.test/x.png)`',
    '\\`![x](https://a.test/x.png)`',
    '``` ![x](https://a.test/x.png)',
    '> ```\n![x](https://a.test/x.png)\n```',
    '`a` ![x][y] `b`\n\n[y]: https://a.test/x.png',
    '`![y]`\n\n[y]: https://a.test/x.png',
  ])('has no picture, whatever looks like code: %j', (text) => {
    expect(prose(text)).not.toMatch(/!\[[^\]]*\][[(]/);
    expect(prose(text)).not.toMatch(/\]:/);
  });

  test('is short, and soon there, whatever it is made of', () => {
    const fences = Array.from({ length: 50_000 }, (_, at) => `\`\`\`${at}\n`).join('');
    for (const text of [fences, '`` ` '.repeat(100_000), '<'.repeat(1_000_000)]) {
      expect(prose(text).length).toBeLessThan(50_000);
    }
  });
});

test('fences are longer than any in what they hold', () => {
  expect(code('a`b')).toBe('``a`b``');
  expect(block('rust', '```')).toBe('````rust\n```\n````');
  expect(plain('<b> [x](y)')).toBe('\\<b\\> \\[x\\]\\(y\\)');
});

test('a link leads to a folder in parentheses', () => {
  expect(link('page', 'file:///routes/(app/x y')).toBe('[page](file:///routes/%28app/x%20y)');
});

test('a description in a permission file is shown without pictures', async () => {
  const file = 'src-tauri/permissions/app.toml';
  await using client = await TestClient.start({
    'src-tauri/tauri.conf.json': '{ "identifier": "com.example.app" }',
    [file]:
      '[[permission]]\nidentifier = "allow-‸greet"\ndescription = "Greets. ![x](https://a.test/x.png) <img src=x>"\n',
  });
  await client.open(file);
  const hover = await client.request<Hover>('textDocument/hover', client.at(file));
  const text = JSON.stringify(hover.contents);
  expect(text).toContain('Greets.');
  expect(text).not.toMatch(/!\[|<img/);
});
