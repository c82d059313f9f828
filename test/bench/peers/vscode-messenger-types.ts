import type { NotificationType, RequestType } from 'vscode-messenger-common';
import type { Row, Seen, Taken, Tick } from '../work.ts';

export const greet: RequestType<string, string> = { method: 'greet' };
export const takeJson: RequestType<readonly Row[], number> = { method: 'takeJson' };
export const giveJson: RequestType<number, readonly Row[]> = { method: 'giveJson' };
export const takeBytes: RequestType<Uint8Array, number> = { method: 'takeBytes' };
export const giveBytes: RequestType<number, Uint8Array> = { method: 'giveBytes' };
export const notify: NotificationType<Tick> = { method: 'notify' };
export const seen: RequestType<number, Seen> = { method: 'seen' };
export const taken: RequestType<undefined, Taken> = { method: 'taken' };
export const stream: RequestType<number, number> = { method: 'stream' };
export const tick: NotificationType<Tick> = { method: 'tick' };
