/** What the inspector's page and the host say to each other about recordings and exports. */
import * as z from 'zod';

/** What a page shows that is no running session: an opened recording. */
export interface RecordingAbout {
  readonly name: string;
  /** ISO 8601, where the file says it */
  readonly started?: string;
  readonly tool?: string;
  /** where its clock ended */
  readonly sessionTime: number;
  /** lines of its file that could not be read */
  readonly skipped: number;
  /** messages that its session had lost */
  readonly lost: number;
  readonly redacted: readonly string[];
}

/** The file that messages are recorded to. */
export interface FileRecordingState {
  readonly name: string;
  readonly messages: number;
  readonly bytes: number;
  readonly lost: number;
}

/** What the messages of a page are wanted for. */
export const ExportPurpose = z.enum(['export', 'save', 'copyMarkdown', 'copyMermaid']);
export type ExportPurpose = z.infer<typeof ExportPurpose>;

/** host → page */
export type ToRecordings =
  /** a recording is shown; never sent for the running session */
  | { readonly kind: 'about'; readonly about: RecordingAbout }
  /** what is recorded to a file, if anything */
  | { readonly kind: 'file-recording'; readonly state: FileRecordingState | null }
  /** which messages are shown and selected? The answer is `export`. */
  | { readonly kind: 'ask-export'; readonly purpose: ExportPurpose };

/** page → host */
export const FROM_RECORDINGS = [
  z.object({ kind: z.literal('record-to-file'), on: z.boolean() }),
  z.object({
    kind: z.literal('export'),
    purpose: ExportPurpose,
    /** the numbers of what the filter leaves; absent where it leaves all */
    shown: z.custom<Uint32Array>((value) => value instanceof Uint32Array).optional(),
    selected: z.array(z.int()),
  }),
] as const;
