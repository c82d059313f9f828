/** `plugin:clipboard-manager|…` (tauri-acl 5.2): the clipboard of VS Code, which is where the user sits. It has text only. */
import { command } from '#core/command.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import * as z from 'zod';
import type { PluginHost } from './host.ts';
import { BorrowedText } from './schemas.ts';
import { refusing } from './unavailable.ts';

/** What the clipboard needs of VS Code. */
export interface ClipboardHost {
  read(): PromiseLike<string>;
  write(text: string): PromiseLike<void>;
}

export function clipboardPlugin(host: PluginHost): Plugin {
  return plugin({
    name: 'clipboard-manager',
    commands: [
      // The label is Android's.
      command(
        'write_text',
        { args: { text: BorrowedText, label: z.string().optional() } },
        ({ text }) => host.clipboard.write(text) as Promise<void>,
      ),
      command('read_text', {}, () => host.clipboard.read() as Promise<string>),
      command('clear', {}, () => host.clipboard.write('') as Promise<void>),
      // What can be pasted as text; the formats are lost.
      command(
        'write_html',
        { args: { html: BorrowedText, altText: BorrowedText.optional() } },
        ({ html, altText }) => host.clipboard.write(altText ?? html) as Promise<void>,
      ),
      ...refusing('clipboard-manager', { 'the clipboard of VS Code has text only': 'read_image write_image' }),
    ],
  });
}
