/** The page's part of recordings: whether it shows one, what is recorded to a file, and which messages an export is about. */
import { signal } from '@preact/signals';
import type { FromInspector } from '#core/inspector-messages.ts';
import type { ExportPurpose, FileRecordingState, RecordingAbout, ToRecordings } from '#core/recording-messages.ts';
import type { RowView } from './rowView.ts';
import type { ColumnStore } from './store.ts';

export interface RecordingsOptions {
  readonly post: (message: FromInspector) => void;
  readonly store: ColumnStore;
  readonly view: RowView;
  /** the numbers of the selected messages */
  readonly selected: () => readonly number[];
}

export class Recordings {
  /** the recording that is shown; undefined: the running session */
  readonly about = signal<RecordingAbout | undefined>(undefined);
  /** the file that is being recorded to */
  readonly file = signal<FileRecordingState | undefined>(undefined);
  readonly #options: RecordingsOptions;

  constructor(options: RecordingsOptions) {
    this.#options = options;
  }

  receive(message: ToRecordings): void {
    switch (message.kind) {
      case 'about':
        this.about.value = message.about;
        break;
      case 'file-recording':
        this.file.value = message.state ?? undefined;
        break;
      case 'ask-export':
        this.export(message.purpose);
        break;
    }
  }

  toggleFile(): void {
    this.#options.post({ kind: 'record-to-file', on: this.file.value === undefined });
  }

  /** Tells the host which messages are meant; it asks for the rest. */
  export(purpose: ExportPurpose): void {
    const { post, view, store, selected } = this.#options;
    const isFiltered = view.length < store.length;
    post({ kind: 'export', purpose, selected: [...selected()], ...(isFiltered && { shown: this.#shown() }) });
  }

  #shown(): Uint32Array {
    const { view, store } = this.#options;
    const ids = new Uint32Array(view.length);
    for (let index = 0; index < ids.length; index++) ids[index] = store.row(view.slotAt(index) ?? -1)?.id ?? 0;
    return ids;
  }
}

/** Why calls of a recording cannot be sent or answered. */
export const NOTHING_RUNS = 'This is a recording: there is no app that could take it';
