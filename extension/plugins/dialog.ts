/** `plugin:dialog|…` (tauri-acl 5.2): messages and pickers of VS Code; what the user picks joins the runtime scope. */
import { stat } from 'node:fs/promises';
import * as z from 'zod';
import { command, type CommandContext } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import { rustPath } from '#core/rust-path.ts';
import { unexpected } from '#core/serde.ts';
import type { PluginHost } from './host.ts';
import { plainLine, plainText } from './plain-text.ts';
import { isObject, PathText, refuse, serde } from './schemas.ts';
import { DialogTurns } from './turns.ts';

export type MessageKind = 'info' | 'warning' | 'error';

export interface MessageOptions {
  readonly kind: MessageKind;
  readonly title: string;
  readonly text: string;
  readonly buttons: readonly string[];
  /** the button that closing the message counts as */
  readonly cancel: number;
}

export interface PickOptions {
  readonly title: string;
  /** where it begins: a directory, or the path of a file */
  readonly defaultPath: string | undefined;
  /** extensions by the name of the filter */
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

/** What dialogs need of VS Code. Paths are of the machine that the host runs on. */
export interface DialogHost {
  /** the place of the button that was pressed */
  message(options: MessageOptions): PromiseLike<number>;
  open(options: PickOptions & { directory: boolean; multiple: boolean }): PromiseLike<readonly string[] | undefined>;
  save(options: PickOptions): PromiseLike<string | undefined>;
}

/** How much of what a page gives is shown, and how many filters. */
const MAX_TITLE = 200;
const MAX_MESSAGE = 4000;
const MAX_LABEL = 100;
const MAX_FILTERS = 100;

const Filter = z.object({ name: z.string(), extensions: z.array(z.string()) }).meta({ title: 'DialogFilter' });
const pick = { title: z.string().nullish(), filters: z.array(Filter).default([]), defaultPath: PathText.nullish() };
const OpenOptions = z
  .object({
    ...pick,
    multiple: z.boolean().default(false),
    directory: z.boolean().default(false),
    recursive: z.boolean().default(false),
  })
  .meta({ title: 'OpenDialogOptions' });
const SaveOptions = z.object(pick).meta({ title: 'SaveDialogOptions' });

/** What is neither a warning nor an error is an information, as in Rust. */
const Kind = z.string().transform((name): MessageKind => {
  const lower = name.toLowerCase();
  return lower === 'warning' || lower === 'error' ? lower : 'info';
});

/** Labels in their order; closing the message counts as the last one. */
type Buttons = readonly string[];

const PLAIN: Readonly<Record<string, Buttons>> = {
  Ok: ['Ok'],
  OkCancel: ['Ok', 'Cancel'],
  YesNo: ['Yes', 'No'],
  YesNoCancel: ['Yes', 'No', 'Cancel'],
};
/** How many labels these bring. */
const CUSTOM: Readonly<Record<string, number>> = { OkCustom: 1, OkCancelCustom: 2, YesNoCancelCustom: 3 };
const VARIANTS = [...Object.keys(PLAIN), ...Object.keys(CUSTOM)].map((name) => `\`${name}\``).join(', ');

/** Rust's `MessageDialogButtons`: the name of a variant, or an object whose one key is it. */
const Buttons = serde<Buttons>((value) => {
  if (typeof value !== 'string' && !isObject(value)) {
    throw refuse(`invalid type: ${unexpected(value)}, expected string or map`);
  }
  const [name, ...more] = typeof value === 'string' ? [value] : Object.keys(value);
  if (name === undefined || more.length > 0) throw refuse('invalid value: map, expected map with a single key');
  const plain = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
  const count = Object.hasOwn(CUSTOM, name) ? CUSTOM[name] : undefined;
  if (!plain && count === undefined) throw refuse(`unknown variant \`${name}\`, expected one of ${VARIANTS}`);
  if (plain) {
    if (typeof value !== 'string') throw refuse('invalid type: newtype variant, expected unit variant');
    return plain;
  }
  if (typeof value === 'string') throw refuse('invalid type: unit variant, expected newtype variant');
  const labels = count === 1 ? [value[name]] : value[name];
  if (!Array.isArray(labels)) {
    throw refuse(`invalid type: ${unexpected(labels)}, expected tuple variant MessageDialogButtons::${name}`);
  }
  if (labels.length !== count) {
    throw refuse(
      `invalid length ${labels.length}, expected tuple variant MessageDialogButtons::${name} with ${count} elements`,
    );
  }
  for (const label of labels) {
    if (typeof label !== 'string') throw refuse(`invalid type: ${unexpected(label)}, expected a string`);
  }
  return labels as string[];
});

const Label = z.string().optional();

/** What Tauri puts into the pages of apps with this plugin: dialogs for `alert` and `confirm`, which then is a promise. */
const SCRIPT = `
const show = (message, more) =>
  window.__TAURI_INTERNALS__.invoke('plugin:dialog|message', {
    message: message === undefined ? '' : String(message),
    ...more,
  });
window.alert = (message) => void show(message);
window.confirm = async (message) => (await show(message, { buttons: 'OkCancel' })) === 'Ok';`;

export function dialogPlugin(core: Core, host: PluginHost): Plugin {
  const turns = new DialogTurns();
  const paths = rustPath(host.system.platform === 'win32');

  /** The app always says who it is: its dialogs lie over all of VS Code. */
  const titleOf = (title: string | null | undefined) => {
    const [name, given] = [plainLine(host.name, MAX_TITLE), plainLine(title ?? '', MAX_TITLE)];
    return given === '' || given === name ? name : `${name}: ${given}`;
  };

  /** The place of the button that was pressed. */
  const ask = (name: string, { signal }: CommandContext, asked: AskedMessage): Promise<number> => {
    const { kind = 'info', title, message, buttons } = asked;
    return turns.take(`dialog.${name}`, signal, () =>
      host.dialog.message({
        kind,
        title: titleOf(title),
        text: plainText(message, MAX_MESSAGE),
        buttons: buttons.map((label) => plainLine(label, MAX_LABEL)),
        cancel: buttons.length - 1,
      }),
    );
  };

  const startAt = async (path: string): Promise<string> => {
    const absolute = paths.rejoin(paths.push(host.cwd, path));
    const found = await stat(absolute).catch(() => undefined); // not there: a file to be
    return found?.isDirectory() ? absolute + paths.separator : absolute;
  };

  const pickOptions = async ({ title, filters, defaultPath }: z.output<typeof SaveOptions>): Promise<PickOptions> => ({
    title: titleOf(title),
    defaultPath: defaultPath ? await startAt(defaultPath) : undefined,
    filters: filtersOf(filters),
  });

  const message = { title: z.string().optional(), message: z.string(), kind: Kind.optional() };

  const own = plugin({
    name: 'dialog',
    commands: [
      command('open', { args: { options: OpenOptions } }, async ({ options }, { signal }) => {
        const { directory, multiple, recursive } = options;
        const picked = await turns.take('dialog.open', signal, async () =>
          host.dialog.open({ ...(await pickOptions(options)), directory, multiple }),
        );
        if (!picked) return null;
        const { runtime } = host.fsAccess;
        for (const path of picked) {
          await (directory ? runtime.allowDirectory(path, recursive) : runtime.allowFile(path));
        }
        const simple = picked.map(paths.simplified);
        return multiple ? simple : (simple[0] ?? null);
      }),
      command('save', { args: { options: SaveOptions } }, async ({ options }, { signal }) => {
        const picked = await turns.take('dialog.save', signal, async () =>
          host.dialog.save(await pickOptions(options)),
        );
        if (picked === undefined) return null;
        await host.fsAccess.runtime.allowFile(picked);
        return paths.simplified(picked);
      }),
      command(
        'message',
        { args: { ...message, buttons: Buttons.optional(), okButtonLabel: Label } },
        async ({ buttons, okButtonLabel = 'Ok', ...asked }, context) => {
          const labels = buttons ?? [okButtonLabel];
          return labels[await ask('message', context, { ...asked, buttons: labels })];
        },
      ),
      // What pages with a package before 2.7 call: the answer is a boolean.
      command(
        'ask',
        { args: { ...message, yesButtonLabel: Label, noButtonLabel: Label } },
        async ({ yesButtonLabel = 'Yes', noButtonLabel = 'No', ...asked }, context) =>
          (await ask('ask', context, { ...asked, buttons: [yesButtonLabel, noButtonLabel] })) === 0,
      ),
      command(
        'confirm',
        { args: { ...message, okButtonLabel: Label, cancelButtonLabel: Label } },
        async ({ okButtonLabel = 'Ok', cancelButtonLabel = 'Cancel', ...asked }, context) =>
          (await ask('confirm', context, { ...asked, buttons: [okButtonLabel, cancelButtonLabel] })) === 0,
      ),
    ],
  });
  return {
    ...own,
    // Only for apps whose capabilities know the plugin: to others a `confirm` that is a promise would say yes to all.
    get initScript() {
      return core.authority.commands.includes('plugin:dialog|message') ? SCRIPT : '';
    },
  };
}

interface AskedMessage {
  readonly kind?: MessageKind | undefined;
  readonly title?: string | undefined;
  readonly message: string;
  readonly buttons: Buttons;
}

/** Filters of one name become one; none, or one without extensions, lets everything be picked. */
function filtersOf(filters: readonly z.output<typeof Filter>[]): PickOptions['filters'] {
  const byName = new Map<string, string[]>();
  for (const { name, extensions } of filters.slice(0, MAX_FILTERS)) {
    const label = plainLine(name, MAX_LABEL) || extensions.join(', ');
    const known = byName.get(label) ?? [];
    byName.set(label, [...known, ...(extensions.length > 0 ? extensions.slice(0, MAX_FILTERS) : ['*'])]);
  }
  return Object.fromEntries(byName);
}
