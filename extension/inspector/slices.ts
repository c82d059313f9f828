/** Bodies in slices, as the inspector's page asks for them. */
import { DETAIL_BYTES, DETAIL_CHARACTERS, type DetailBody, type SlicePart } from '#core/inspector-messages.ts';
import { type Body, bodyText, loadBody } from '#core/record.ts';
import type { RecordSource } from '#core/record-source.ts';
import { rawText } from './raw.ts';

/** A slice of a body: characters of JSON, or bytes. */
export function detailBody(kept: Body | undefined, offset = 0, length?: number): DetailBody {
  const body = kept && loadBody(kept);
  if (!body || body.kind === 'none') return { kind: 'none' };
  if (body.kind === 'dropped') return { kind: 'dropped' };
  if (body.kind === 'bytes') {
    const bytes = body.bytes.slice(offset, offset + (length ?? DETAIL_BYTES));
    return { kind: 'bytes', bytes, offset, size: body.bytes.byteLength };
  }
  return textSlice(bodyText(body), offset, length ?? DETAIL_CHARACTERS);
}

function textSlice(text: string, offset: number, length: number): DetailBody {
  const slice = text.slice(offset, offset + length);
  return { kind: 'json', text: slice, offset, size: text.length, truncated: offset + slice.length < text.length };
}

/**
 * The slices of one page. The body asked for last is kept until another is asked for: made anew for each slice, an
 * argument of 20 MB would be written 20 times, and a handler may change it in between.
 */
export class Slices {
  readonly #source: RecordSource;
  #last: { readonly key: string; readonly body: Body } | undefined;

  constructor(source: RecordSource) {
    this.#source = source;
  }

  get(id: number, part: SlicePart, offset: number, length: number): DetailBody {
    const key = `${id} ${part}`;
    // The first slice asks for what is now; the others for the rest of the same.
    if (offset === 0 || this.#last?.key !== key) this.#last = { key, body: this.#load(id, part) };
    const { body } = this.#last;
    const slice = detailBody(body, offset, length);
    // Nobody asks for more of what has come to its end.
    if (slice.kind !== 'bytes' && !(slice.kind === 'json' && slice.truncated)) this.#last = undefined;
    return slice;
  }

  /** All of a body as text; undefined where it is none or is not kept. */
  text(id: number, part: SlicePart): string | undefined {
    const body = this.#load(id, part);
    return body.kind === 'text' ? body.json : undefined;
  }

  #load(id: number, part: SlicePart): Body {
    const record = this.#source.find(id);
    if (!record) return { kind: 'dropped' };
    if (part === 'raw') return { kind: 'text', json: rawText(record) };
    const kept = part === 'body' ? record.body : record.outcome;
    if (!kept) return { kind: 'none' };
    const body = loadBody(kept);
    return body.kind === 'json' ? { kind: 'text', json: bodyText(body) } : body;
  }
}
