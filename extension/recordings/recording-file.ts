/**
 * Reads a recording. Of a file of its own only the small parts are taken into memory: longer bodies stay where they are,
 * and are read when somebody looks at them.
 */
import { closeSync, constants, fstatSync, openSync, read as readAsync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { disposable, type Disposable } from '#core/lifetime.ts';
import type { Body } from '#core/record.ts';
import { bodyFromJson } from '#core/recording/body-json.ts';
import type { BodyReader } from '#core/recording/ipcrec.ts';
import { type Line, LineSplitter } from '#core/recording/lines.ts';
import { type Recording, RecordingReader } from '#core/recording/recording.ts';
import { Turns } from './in-turns.ts';

/** Bodies up to so many bytes are kept in memory. */
const SMALL_BODY = 1024;
const PIECE = 256 * 1024;
const PREVIEW = 160;
/** A pipe would be waited for until somebody writes into it. Windows has none of these. */
const DO_NOT_WAIT = constants.O_NONBLOCK ?? 0;

const read = promisify(readAsync);
const decoder = new TextDecoder();

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** tells how much of it is read, from 0 to 1 */
  readonly onProgress?: (part: number) => void;
}

/** Where the bytes of a recording are. */
interface Source {
  readonly size: number;
  /** the next bytes; empty at the end. They are good until the next call. */
  next(): Promise<Uint8Array>;
  /** bytes from anywhere; undefined where they are not there any more */
  at(from: number, length: number): Uint8Array | undefined;
}

/** An opened recording, and the end of what holds its bodies. */
export interface OpenRecording extends Disposable {
  readonly recording: Recording;
}

export async function openRecordingFile(file: string, options: ReadOptions = {}): Promise<OpenRecording> {
  const descriptor = openSync(file, constants.O_RDONLY | DO_NOT_WAIT);
  const close = disposable(() => closeSync(descriptor));
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error(`${basename(file)} is no file`);
    const recording = await readFrom(fileSource(descriptor), options);
    return opened(recording, close);
  } catch (error) {
    close.dispose();
    throw error;
  }
}

/** A recording that is in memory already: of a file system that is none of the machine's. */
export async function openRecordingBytes(bytes: Uint8Array, options: ReadOptions = {}): Promise<OpenRecording> {
  let place = 0;
  const recording = await readFrom(
    {
      size: bytes.length,
      next: () => Promise.resolve(bytes.subarray(place, (place += PIECE))),
      at: (from, length) => bytes.subarray(from, from + length),
    },
    options,
  );
  return opened(
    recording,
    disposable(() => undefined),
  );
}

function opened(recording: Recording, end: Disposable): OpenRecording {
  return {
    recording,
    dispose() {
      recording.dispose();
      end.dispose();
    },
  };
}

function fileSource(descriptor: number): Source {
  const piece = new Uint8Array(PIECE);
  let place = 0;
  return {
    size: fstatSync(descriptor).size,
    async next() {
      const { bytesRead } = await read(descriptor, piece, 0, PIECE, place);
      place += bytesRead;
      return piece.subarray(0, bytesRead);
    },
    at(from, length) {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const count = readSync(descriptor, bytes, done, length - done, from + done);
        if (count === 0) return undefined;
        done += count;
      }
      return bytes;
    },
  };
}

async function readFrom(source: Source, { signal, onProgress }: ReadOptions): Promise<Recording> {
  const turns = new Turns(signal);
  const splitter = new LineSplitter();
  const reader = new RecordingReader((line) => bodyReader(source, line));
  let done = 0;
  for (let piece = await source.next(); piece.length > 0; piece = await source.next()) {
    signal?.throwIfAborted();
    done += piece.length;
    for (const line of splitter.push(piece)) {
      reader.line(line);
      if (turns.over) await turns.pass();
    }
    onProgress?.(done / Math.max(1, source.size));
  }
  const rest = splitter.end();
  if (rest) reader.line(rest);
  return reader.end();
}

/** Leaves longer bodies of a line where they are. */
function bodyReader(source: Source, line: Line): BodyReader {
  return (json, from, size) => {
    if (json.length <= SMALL_BODY) return bodyFromJson(json);
    const at = line.at + from;
    const { length } = json;
    return { kind: 'spilled', size, preview: previewOf(json, size), read: () => bodyAt(source, at, length) };
  };
}

function bodyAt(source: Source, from: number, length: number): Exclude<Body, { kind: 'spilled' }> {
  try {
    const bytes = source.at(from, length);
    const body = bytes && bodyFromJson(bytes);
    return body && body.kind !== 'spilled' ? body : { kind: 'dropped' };
  } catch {
    // The file system is gone, as with a drive that was unplugged: the row says that its body is not kept.
    return { kind: 'dropped' };
  }
}

function previewOf(json: Uint8Array, size: number): string {
  const text = decoder.decode(json.subarray(0, PREVIEW * 4));
  return text.startsWith('{"$bytes"') ? `${size.toLocaleString('en-US')} bytes` : text.slice(0, PREVIEW);
}
