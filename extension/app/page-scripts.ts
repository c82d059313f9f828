/** Reads what the pages of an app run, for their source maps: from the folder of the built frontend, or from its server. */
import { readFile, stat } from 'node:fs/promises';
import { SCRIPT_LENGTH, type ScriptText } from '../inspector/source-maps.ts';
import { findAsset } from './page-files.ts';
import type { PageServer, PageSource } from './page-server.ts';

/** How long the development server may take for one script. */
const ANSWER_MS = 10_000;

/** Reads the script at an address that a page named. Asked for is the app's own server only, whatever the page says. */
export async function readPageScript(
  server: PageServer,
  frontend: PageSource['frontend'],
  url: URL,
): Promise<ScriptText> {
  if (!server.isOwn(url.origin)) throw new Error('the script is of another site');
  if (frontend.kind === 'folder') {
    const file = findAsset([frontend.folder].flat(), url.pathname);
    // What is not there is the app's first page, as for navigations.
    if (file === undefined || (/\.html?$/i.test(file) && /\.[cm]?js(\.map)?$/i.test(url.pathname))) {
      throw new Error(`${url.pathname} is not in the built frontend`);
    }
    return readScriptFile(file);
  }
  const address = `http://127.0.0.1:${server.port}${url.pathname}${url.search}`;
  const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) }).catch(
    (error: unknown) => {
      throw new Error(`the development server does not give ${url.pathname}: ${(error as Error).message}`);
    },
  );
  if (!answer.ok) throw new Error(`the development server answers ${answer.status} for ${url.pathname}`);
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of answer.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.length > SCRIPT_LENGTH) throw new Error(tooLong(url.pathname));
  }
  return { text };
}

/** Reads a script or a map that is a file. */
export async function readScriptFile(file: string): Promise<ScriptText> {
  if ((await stat(file)).size > SCRIPT_LENGTH) throw new Error(tooLong(file));
  return { text: await readFile(file, 'utf8'), file };
}

const tooLong = (name: string) => `${name} has more than ${SCRIPT_LENGTH / 1024 / 1024} MiB`;
