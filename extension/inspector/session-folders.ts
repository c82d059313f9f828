/**
 * The folders of recorded sessions, one for each window of VS Code: which one this window goes on with, and which are
 * left over. Looked at once, at activation, so it reads a few small files and no more.
 */
import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { MAX_ID } from '#core/record.ts';
import { SEGMENT_NAME } from './session-names.ts';

/** A session older than this is nobody's any more. */
export const MAX_AGE_MS = 24 * 60 * 60 * 1000;
/** Sessions of windows that are gone, over all workspaces. */
export const MAX_LEFT = 8;
/** A computer that says it started at another time than before was started anew; its clocks are not exact. */
const SAME_START_MS = 60_000;

const FILE = 'session.json';
const MAX_STATE_BYTES = 65_536;

/** A time of day in ms since 1970. Beyond the last one there are no dates. */
const TimeOfDay = z.number().min(0).max(8.64e15);

const State = z.object({
  version: z.literal(1),
  workspace: z.string(),
  pid: z.int(),
  /** when the computer was started: process numbers mean nothing beyond that */
  booted: z.number(),
  /** the window is gone, and all of it was written */
  closed: z.boolean(),
  /** when the session began: time 0 of its records */
  started: TimeOfDay,
  /** the number of its next record */
  next: z.int().min(1).max(MAX_ID),
  /** when that was written */
  at: TimeOfDay,
});
export type SessionState = z.infer<typeof State>;

interface Found {
  readonly folder: string;
  readonly state: SessionState;
}

export interface Segment {
  readonly number: number;
  readonly bytes: number;
}

export class SessionFolder {
  readonly path: string;
  /** what an earlier window left in it; undefined: it is new */
  readonly earlier: SessionState | undefined;
  readonly #workspace: string;

  constructor(path: string, workspace: string, earlier: SessionState | undefined) {
    this.path = path;
    this.#workspace = workspace;
    this.earlier = earlier;
  }

  /** Says how far the session is. Always about as few bytes. */
  write(started: number, next: number, closed = false): void {
    const state: SessionState = {
      version: 1,
      workspace: this.#workspace,
      pid: process.pid,
      booted: booted(),
      closed,
      started,
      next,
      at: Date.now(),
    };
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    writeFileSync(join(this.path, FILE), JSON.stringify(state), { mode: 0o600 });
  }

  /** The files with its lines, oldest first. */
  segments(): readonly Segment[] {
    return readdirSync(this.path)
      .flatMap((name) => {
        const digits = SEGMENT_NAME.exec(name)?.[1];
        const file = digits === undefined ? undefined : lstatSync(join(this.path, name), { throwIfNoEntry: false });
        // A link would lead to somebody else's file, a pipe would be waited for.
        return file?.isFile() ? [{ number: Number(digits), bytes: file.size }] : [];
      })
      .toSorted((a, b) => a.number - b.number);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The session that a window of `workspace` goes on with, or a new one; and what can be removed when there is time. */
export function chooseSession(root: string, workspace: string): { folder: SessionFolder; left: readonly string[] } {
  const now = Date.now();
  const folders = names(root).map((name) => join(root, name));
  const found = folders.flatMap((folder): Found[] => {
    const state = readState(folder);
    return state ? [{ folder, state }] : [];
  });
  const gone = found.filter(({ state }) => isOver(state)).toSorted((a, b) => b.state.at - a.state.at);
  const mine = gone.find(({ state }) => state.workspace === workspace && now - state.at < MAX_AGE_MS);
  const kept = gone.filter((each) => each !== mine && now - each.state.at < MAX_AGE_MS).slice(0, MAX_LEFT);
  const left = folders.filter(
    (folder) =>
      folder !== mine?.folder &&
      !kept.some((each) => each.folder === folder) &&
      // Of a window that is there: its folder is its own affair.
      !found.some((each) => each.folder === folder && !isOver(each.state)),
  );
  const path = mine?.folder ?? join(root, randomUUID());
  return { folder: new SessionFolder(path, workspace, mine?.state), left };
}

function names(root: string): string[] {
  try {
    return readdirSync(root);
  } catch {
    // Nothing was recorded here yet.
    return [];
  }
}

function readState(folder: string): SessionState | undefined {
  try {
    const file = join(folder, FILE);
    const { size } = lstatSync(file);
    if (!lstatSync(folder).isDirectory() || !lstatSync(file).isFile() || size > MAX_STATE_BYTES) return undefined;
    return State.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    // Torn, or no session: it is left over.
    return undefined;
  }
}

function isOver(state: SessionState): boolean {
  if (state.closed || state.pid === process.pid || Math.abs(state.booted - booted()) > SAME_START_MS) return true;
  try {
    process.kill(state.pid, 0);
    return false;
  } catch (error) {
    // Of another user, it is there.
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

const booted = () => Math.round(Date.now() - uptime() * 1000);
