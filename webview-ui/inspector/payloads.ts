/**
 * The bodies of the selected record: what of them is here, what is on its way, and how they are shown. Long texts come
 * in slices, one asked for when the one before is here, so that neither side is busy with one for long.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import {
  type ComparePart,
  type DetailBody,
  type FromInspector,
  MOST_COMPARED,
  SHOWN_CHARACTERS,
  SLICE_CHARACTERS,
  type SlicePart,
  type ToInspector,
} from '#core/inspector-messages.ts';
import { PayloadFind } from './payloadFind.ts';
import type { PathRoot } from '#core/filter/ast.ts';
import type { Shown } from './inspector.ts';
import { type ParsedJson, readInSteps } from './jsonParts.ts';
import { JsonLines } from './jsonLines.ts';
import { JsonTree, type PathPart } from './jsonTree.ts';
import { mergePayload, type Payload, SLICE_BYTES, type SlicedBytes, WHOLE_BYTES } from './payload.ts';
import type { Steps } from './steps.ts';

/** How bodies are shown. */
export type Mode = 'Tree' | 'Table' | 'Text' | 'Hex' | 'Image';
const MODES: readonly Mode[] = ['Tree', 'Table', 'Text', 'Hex', 'Image'];

/** The mode that was chosen last, for JSON and for bytes. */
export interface ChosenModes {
  readonly json?: Mode;
  readonly bytes?: Mode;
}

/** What an older version or nobody has stored. */
export function readModes(stored: unknown): ChosenModes {
  if (typeof stored !== 'object' || stored === null) return {};
  const { json, bytes } = stored as Partial<Record<keyof ChosenModes, unknown>>;
  const known = (mode: unknown) => MODES.find((each) => each === mode);
  const [ofJson, ofBytes] = [known(json), known(bytes)];
  return { ...(ofJson && { json: ofJson }), ...(ofBytes && { bytes: ofBytes }) };
}

/** What else can be done with a value; who has none of it to offer leaves it out. */
export interface ValueActions {
  /** @param path `args.user.name` */
  addColumn?(path: string): void;
  /** @param root what paths begin with: `args` */
  filterBy?(root: PathRoot, path: readonly PathPart[], value: unknown): void;
}

/** What is made of a text, once: it goes with the payload. */
export interface JsonViews {
  readonly parsed: Signal<ParsedJson | undefined>;
  readonly lines: JsonLines;
  /** how many lines have been found */
  readonly lineCount: Signal<number>;
  tree(root: string): JsonTree;
  /** Makes what is not there yet, in steps; what it gives stops it. */
  read(): () => void;
  layOut(): () => void;
}

interface Fetch {
  readonly id: number;
  readonly part: SlicePart;
  readonly chunks: string[];
  length: number;
  /** characters that are wanted */
  until: number;
}

interface PayloadsOptions {
  post(message: FromInspector): void;
  readonly steps: Steps;
  readonly shown: Signal<Shown | undefined>;
  readonly notice: Signal<string>;
  onModes(modes: ChosenModes): void;
}

export class Payloads {
  /** how bodies are shown where they can be shown so; kept from one record to the next */
  readonly modes: ReadonlySignal<ChosenModes>;
  readonly steps: Steps;
  readonly find = new PayloadFind();
  /** the selected record as one JSON text, once somebody has asked for it */
  readonly raw = signal<{ readonly id: number; readonly payload: Payload } | undefined>(undefined);
  /** of the selected record: how many characters of its parts have come, while more do */
  readonly loading = signal<ReadonlyMap<SlicePart, number>>(new Map());
  readonly actions: ValueActions = {};
  readonly #modes: Signal<ChosenModes>;
  readonly #options: PayloadsOptions;
  readonly #views = new WeakMap<Payload, JsonViews>();
  #fetches: Fetch[] = [];

  constructor(modes: ChosenModes, options: PayloadsOptions) {
    this.#modes = signal(modes);
    this.modes = this.#modes;
    this.steps = options.steps;
    this.#options = options;
  }

  setMode(kind: keyof ChosenModes, mode: Mode): void {
    this.#modes.value = { ...this.#modes.value, [kind]: mode };
    this.#options.onModes(this.#modes.value);
  }

  /** Shows text for now: what was chosen is remembered all the same. */
  showText(): void {
    this.#modes.value = { ...this.#modes.value, json: 'Text' };
  }

  /** Another record is selected: what is on its way is of no use any more. */
  forget(): void {
    this.#fetches = [];
    this.raw.value = undefined;
    if (this.loading.value.size > 0) this.loading.value = new Map();
  }

  /** A body is looked at: as much of it is fetched as is shown unasked. */
  look(id: number, part: SlicePart, payload: Payload): void {
    if (payload.kind === 'json' && payload.truncated && payload.text.length < SHOWN_CHARACTERS) {
      this.#fetch(id, part, payload.text, SHOWN_CHARACTERS);
    }
  }

  loadAll(id: number, part: SlicePart, payload: Payload & { readonly kind: 'json' }): void {
    this.#fetch(id, part, payload.text, payload.size);
  }

  loadSlice(id: number, part: SlicePart, offset: number): void {
    this.#options.post({ kind: 'slice', id, part, offset, length: SLICE_BYTES });
  }

  /** All slices that are not here: for what shows bytes as a whole. */
  loadBytes(id: number, part: SlicePart, bytes: SlicedBytes): void {
    for (const offset of bytes.want(0, Math.min(bytes.size, WHOLE_BYTES))) this.loadSlice(id, part, offset);
  }

  askRaw(id: number): void {
    this.#options.post({ kind: 'slice', id, part: 'raw', offset: 0, length: SLICE_CHARACTERS });
  }

  /** All of a JSON text to the clipboard, also what is not here. */
  copy(id: number, part: SlicePart, payload: Payload & { readonly kind: 'json' }): void {
    if (payload.truncated) this.#options.post({ kind: 'copyBody', id, part });
    else this.#options.post({ kind: 'copy', text: payload.text });
  }

  /** Compares records in VS Code: two side by side, each of more with the first. */
  diff(ids: readonly number[], part: ComparePart): void {
    if (ids.length < 2) this.#options.notice.value = 'There is no earlier message of that name to compare with.';
    else if (ids.length > MOST_COMPARED) this.#options.notice.value = `Not more than ${MOST_COMPARED} can be compared.`;
    else this.#options.post({ kind: 'diff', ids: [...ids], part });
  }

  receive({ id, part, body }: ToInspector & { readonly kind: 'slice' }): void {
    const { shown } = this.#options;
    if (shown.value?.kind !== 'detail' || shown.value.id !== id) return;
    if (body.kind === 'json' && this.#received(part, body)) return;
    if (body.kind !== 'bytes' && body.kind !== 'json') this.#endFetch(part);
    this.#show(part, this.#payload(part, body));
  }

  views(payload: Payload & { readonly kind: 'json' }): JsonViews {
    let views = this.#views.get(payload);
    if (!views) {
      views = makeViews(payload.text, this.steps);
      this.#views.set(payload, views);
    }
    return views;
  }

  /** A slice of a text that is being fetched: gives whether more is to come. */
  #received(part: SlicePart, body: DetailBody & { readonly kind: 'json' }): boolean {
    const { offset = 0 } = body;
    const fetch = this.#fetches.find((each) => each.part === part);
    if (!fetch || fetch.length !== offset) return offset > 0;
    fetch.chunks.push(body.text);
    fetch.length += body.text.length;
    if (body.truncated && fetch.length < fetch.until && body.text !== '') {
      this.#next(fetch);
      return true;
    }
    this.#endFetch(part);
    this.#show(part, {
      kind: 'json',
      text: fetch.chunks.join(''),
      size: body.size,
      truncated: fetch.length < body.size,
    });
    return true;
  }

  /** Bytes come into the payload that is there; of a text that nobody fetches this is the beginning. */
  #payload(part: SlicePart, body: DetailBody): Payload {
    const shown = this.#options.shown.value;
    const known = part === 'raw' || shown?.kind !== 'detail' ? undefined : shown[part];
    // What was here stays, though its rest is gone.
    if (known?.kind === 'json' && body.kind === 'dropped') {
      this.#options.notice.value = 'The rest is not kept any more.';
      return known;
    }
    return mergePayload(known, body);
  }

  #show(part: SlicePart, payload: Payload): void {
    const { shown } = this.#options;
    if (shown.value?.kind !== 'detail') return;
    const { id } = shown.value;
    if (part === 'raw') this.raw.value = { id, payload };
    else shown.value = { ...shown.value, [part]: payload };
  }

  #fetch(id: number, part: SlicePart, text: string, until: number): void {
    const running = this.#fetches.find((each) => each.part === part);
    if (running) {
      running.until = Math.max(running.until, until);
      return;
    }
    const fetch: Fetch = { id, part, chunks: [text], length: text.length, until };
    this.#fetches.push(fetch);
    this.#next(fetch);
  }

  #next({ id, part, length, until }: Fetch): void {
    this.loading.value = new Map(this.loading.value).set(part, length);
    this.#options.post({
      kind: 'slice',
      id,
      part,
      offset: length,
      length: Math.min(SLICE_CHARACTERS, until - length),
    });
  }

  #endFetch(part: SlicePart): void {
    this.#fetches = this.#fetches.filter((each) => each.part !== part);
    const loading = new Map(this.loading.value);
    if (loading.delete(part)) this.loading.value = loading;
  }
}

function makeViews(text: string, steps: Steps): JsonViews {
  const parsed = signal<ParsedJson | undefined>(undefined);
  const lines = new JsonLines(text);
  const lineCount = signal(0);
  const trees = new Map<string, JsonTree>();
  let isLaidOut = false;
  const none = () => {};
  // Stopped and run again, each goes on where it was.
  const reading = readInSteps(text);
  const finding = lines.find();
  return {
    parsed,
    lines,
    lineCount,
    tree(root) {
      let tree = trees.get(root);
      if (!tree) {
        const { value, cut } = parsed.value ?? { value: undefined, cut: new Set<object>() };
        tree = new JsonTree(value, root, cut);
        trees.set(root, tree);
      }
      return tree;
    },
    read: () => (parsed.value ? none : steps.run(reading, (result) => (parsed.value = result))),
    layOut() {
      if (isLaidOut) return none;
      const shown = (): void => void (lineCount.value = lines.count);
      return steps.run(
        finding,
        () => {
          isLaidOut = true;
          shown();
        },
        shown,
      );
    },
  };
}
