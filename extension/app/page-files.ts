/** The files of a built frontend: which one a path means, and how it is sent. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, isAbsolute, join, normalize, sep } from 'node:path';
import { lookup } from 'mrmime';

/**
 * The file for a path, in Tauri's order: itself, with `.html`, its `index.html`, the app's `index.html`. A folder of the
 * list gives what is in it, a file itself, by its name.
 */
export function findAsset(paths: readonly string[], pathname: string): string | undefined {
  const path = decodePath(pathname);
  if (path === undefined || path.includes('\0')) return undefined;
  const relative = normalize(path)
    .replace(/^[/\\]+/, '')
    .replace(/[/\\]+$/, '');
  if (relative.split(sep).includes('..') || isAbsolute(relative)) return undefined;
  const candidates = [relative, `${relative}.html`, join(relative, 'index.html'), 'index.html'];
  return candidates
    .flatMap((each) =>
      paths.flatMap((folder) => (basename(folder) === each ? [folder] : []).concat(join(folder, each))),
    )
    .find((file) => existsSync(file) && statSync(file).isFile());
}

export function decodePath(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // a lone % is no path
  }
}

/** Answers with a file, or the range of it that is asked for. */
export function sendFile(
  file: string,
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string>,
): void {
  const { size } = statSync(file);
  const type = lookup(file) ?? 'application/octet-stream';
  const textual = /^(text\/|application\/(javascript|json|manifest\+json)$|image\/svg\+xml$)/.test(type);
  const base = {
    ...headers,
    'content-type': textual ? `${type}; charset=utf-8` : type,
    'accept-ranges': 'bytes',
    'cache-control': 'no-cache',
  };
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  let start = 0;
  let end = size - 1;
  if (range && (range[1] || range[2])) {
    start = range[1] ? Number(range[1]) : Math.max(0, size - Number(range[2]));
    end = range[1] && range[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
    if (start > end) {
      response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
      return;
    }
    response.writeHead(206, {
      ...base,
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${size}`,
    });
  } else response.writeHead(200, { ...base, 'content-length': size });
  if (request.method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  const stream = createReadStream(file, { start, end });
  stream.on('error', () => response.destroy());
  stream.pipe(response);
}
