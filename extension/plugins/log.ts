/** `plugin:log|log` (tauri-acl 5.2): lines for an output channel of the app, and the event that `attachConsole` hears. */
import * as z from 'zod';
import { command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import { unexpected } from '#core/serde.ts';
import type { PluginHost } from './host.ts';
import { plainText } from './plain-text.ts';
import { refuse, serde } from './schemas.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** What the log needs of VS Code. */
export interface LogHost {
  write(level: LogLevel, text: string): void;
}

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];
const MAX_LINE = 65_536;
// oxlint-disable-next-line no-control-regex -- colours of terminals, which an output channel would show as signs
const ANSI = /[\u001b\u009b][[()#;?]*(?:\d{1,4}(?:;\d{0,4})*)?[\dA-ORZcf-nqry=><]/g;

/** Rust's `LogLevel`: 1 is trace, 5 is error; refused in the words of `serde_repr`. */
const Level = serde<number>((value) => {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw refuse(`invalid type: ${unexpected(value)}, expected u16`);
  }
  if (!LEVELS[value - 1]) throw refuse(`invalid value: ${value}, expected one of: 1, 2, 3, 4, 5`);
  return value;
});

export function logPlugin(core: Core, host: PluginHost): Plugin {
  return plugin({
    name: 'log',
    commands: [
      command(
        'log',
        {
          args: {
            level: Level,
            message: z.string(),
            location: z.string().optional(),
            file: z.string().optional(),
            line: z.uint32().optional(),
            keyValues: z.record(z.string(), z.string()).optional(),
          },
        },
        ({ level, message, location, file, line, keyValues = {} }, { window }) => {
          const name = LEVELS[level - 1] as LogLevel;
          const values = Object.entries(keyValues).map(([key, value]) => ` ${key}=${value}`);
          const place = file === undefined ? location : line === undefined ? file : `${file}:${line}`;
          const said = `[${window.label}] ${message}${values.join('')}${place ? ` (${place})` : ''}`;
          host.log.write(name, plainText(said.replace(ANSI, ''), MAX_LINE));
          const target = location ? `webview:${location}` : 'webview';
          const formatted = `${timeOf(new Date())}[${target}][${name.toUpperCase()}] ${message}`;
          core.emit('log://log', { kind: 'Any' }, JSON.stringify({ message: formatted, level }));
        },
      ),
    ],
  });
}

/** As the plugin's own format writes it: UTC, to the second. */
function timeOf(date: Date): string {
  const [day, time] = date.toISOString().split('T');
  return `[${day}][${time?.slice(0, 8)}]`;
}
