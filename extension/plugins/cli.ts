/** `plugin:cli|cli_matches` (tauri-acl 5.2): what the project's command line gives where nobody gave an argument. */
import * as z from 'zod';
import { command } from '#core/command.ts';
import { reject } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { PluginHost } from './host.ts';

/** What counts of `plugins.cli.args` when there are no arguments; its names may be written in two ways. */
const Argument = z.looseObject({
  name: z.string(),
  takesValue: z.boolean().optional(),
  'takes-value': z.boolean().optional(),
  required: z.boolean().default(false),
  index: z.int().nullish(),
});
const Config = z.looseObject({ args: z.array(Argument).nullish() }).nullish();
type Argument = z.output<typeof Argument>;

const takesValue = (argument: Argument) => argument.takesValue ?? argument['takes-value'] ?? false;

export function cliPlugin(host: PluginHost): Plugin {
  let args: readonly Argument[] = [];
  return plugin<z.output<typeof Config>>({
    name: 'cli',
    config: Config,
    setup(_app, config) {
      args = config?.args ?? [];
    },
    commands: [
      command('cli_matches', {}, () => {
        const missing = args.filter(({ required }) => required).map(usageOf);
        if (missing.length > 0) throw reject(missingText(host.name, missing));
        const matches = args.map((argument) => [
          argument.name,
          { value: takesValue(argument) ? null : false, occurrences: 0 },
        ]);
        return { args: Object.fromEntries(matches), subcommand: null };
      }),
    ],
  });
}

/** An argument as the parser behind the plugin writes it into its usage. */
function usageOf(argument: Argument): string {
  const value = `<${argument.name}>`;
  if (argument.index !== undefined && argument.index !== null) return value;
  return takesValue(argument) ? `--${argument.name} ${value}` : `--${argument.name}`;
}

const missingText = (app: string, missing: readonly string[]) =>
  `error: the following required arguments were not provided:\n${missing.map((each) => `  ${each}\n`).join('')}\nUsage: ${app} ${missing.join(' ')}\n\nFor more information, try '--help'.\n`;
