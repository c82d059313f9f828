/** Keys: what one side of a page's boundary knows, and nobody else can guess (the part of Tauri's invoke key). */
import { randomBytes } from 'node:crypto';

/** How every key begins: by it a message is known as one that is meant for this extension. */
export const KEY_START = 'ipc-workbench:';

/** A new key of 128 random bits. */
export const createKey = (): string => `${KEY_START}${randomBytes(16).toString('base64url')}:`;
