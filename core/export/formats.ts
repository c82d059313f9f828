/** The formats in which messages leave the inspector. */
import { recordingLines } from '../recording/recording.ts';
import { chromeTrace } from './chrome-trace.ts';
import { csv } from './csv.ts';
import { type ExportInput, iso } from './export.ts';
import { har } from './har.ts';
import { markdown } from './markdown.ts';
import { mermaid } from './mermaid.ts';
import { otlp } from './otlp.ts';

export interface ExportFormat {
  readonly id: string;
  readonly title: string;
  /** what it is for */
  readonly description: string;
  /** the ending of its files, without the dot */
  readonly ending: string;
  /** the text, in pieces */
  write(input: ExportInput): Iterable<string>;
}

export const FORMATS: readonly ExportFormat[] = [
  {
    id: 'ipcrec',
    title: 'Recording',
    description: 'Everything; opens in this inspector',
    ending: 'ipcrec',
    write: ipcrec,
  },
  {
    id: 'har',
    title: 'HAR 1.2',
    description: 'Calls and messages of channels, for the Network panel of browsers and other tools',
    ending: 'har',
    write: har,
  },
  {
    id: 'trace',
    title: 'Chrome Trace',
    description: 'For Perfetto (ui.perfetto.dev) and the Performance panel',
    ending: 'trace.json',
    write: chromeTrace,
  },
  {
    id: 'otlp',
    title: 'OTLP JSON',
    description: 'Spans of OpenTelemetry without contents, for Jaeger and collectors',
    ending: 'otlp.json',
    write: otlp,
  },
  { id: 'csv', title: 'CSV', description: 'A table for spreadsheets', ending: 'csv', write: csv },
  {
    id: 'markdown',
    title: 'Markdown Report',
    description: 'A table, what failed and a diagram, for an issue',
    ending: 'md',
    write: markdown,
  },
  {
    id: 'mermaid',
    title: 'Mermaid Sequence Diagram',
    description: 'An arrow for each message; readable up to about a hundred',
    ending: 'mmd',
    write: mermaid,
  },
];

function* ipcrec(input: ExportInput): Generator<string> {
  const header = {
    tool: input.tool,
    source: 'session',
    started: iso(input.started),
    ...(input.redacted.length > 0 && { redacted: [...input.redacted] }),
    ...(input.lost > 0 && { lost: input.lost }),
  };
  for (const line of recordingLines(header, input.records())) yield `${line}\n`;
}
