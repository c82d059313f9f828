/** `watch` and `unwatch`: changes below a page's paths, told through a channel until the page has enough of it. */
import type { FsGrant } from '#core/acl/scope/fs.ts';
import { channel } from '#core/channel.ts';
import { command, type Command } from '#core/command.ts';
import { reject, type Rejection } from '#core/error.ts';
import { Lifetime } from '#core/lifetime.ts';
import type { Resource } from '#core/resource.ts';
import { rustDebug } from '#core/serde.ts';
import * as z from 'zod';
import { codeOf, ioRejection } from '../io-error.ts';
import type { FsCommands } from './access.ts';
import { PathArgument, requested, Rid, WatchOptions } from './arguments.ts';
import { TreeWatch, type WatchEvent } from './tree-watch.ts';

/** Watches of an app, and folders that they look at together. */
const MAX_WATCHES = 128;
const MAX_WATCHED_FOLDERS = 8192;

class Watch implements Resource {
  readonly resourceName = 'watch';
  readonly life = new Lifetime();

  close(): void {
    this.life.dispose();
  }
}

export function watchCommands(fs: FsCommands): readonly Command[] {
  let watches = 0;
  let folders = 0;
  const budget = {
    take: () => folders < MAX_WATCHED_FOLDERS && ++folders > 0,
    giveBack: () => void folders--,
  };

  return [
    command(
      'watch',
      { args: { paths: z.array(PathArgument), options: WatchOptions, onEvent: channel<WatchEvent>() } },
      ({ paths, options, onEvent }, context) => {
        const { recursive, baseDir, delayMs } = options;
        const requests = paths.map((path) => requested(path, baseDir));
        return fs.withPaths('watch', requests, context, async (...grants) => {
          if (watches >= MAX_WATCHES) throw limitReached(grants);
          watches++;
          const watched = new Watch();
          watched.life.onEnd(() => {
            watches--;
            onEvent.close();
          });
          const start = (grant: FsGrant) =>
            fs.walking(() =>
              fs.at(grant, (place) =>
                TreeWatch.start(place.path, {
                  given: grant.path,
                  real: place.real,
                  recursive,
                  delayMs: delayMs ?? undefined,
                  ...budget,
                  mayKnow: async (real) => !fs.strict || (await grant.decide(real)) !== 'forbidden',
                  send: (event) => onEvent.send(event),
                  failed: () => watched.close(), // nobody listens any more
                }),
              ),
            );
          try {
            for (const grant of grants) {
              watched.life.own(
                await start(grant).catch((error: unknown) => {
                  throw watchRejection(error, grant, recursive);
                }),
              );
            }
            if (context.signal.aborted) throw reject('the page is gone');
            return fs.addResource(context, watched);
          } catch (error) {
            watched.close();
            throw error;
          }
        });
      },
    ),
    command('unwatch', { args: { rid: Rid } }, ({ rid }, context) => {
      fs.resource(context, rid, Watch);
      fs.closeResource(context, rid);
      return null;
    }),
  ];
}

const about = (paths: readonly string[]) => ` about [${paths.map(rustDebug).join(', ')}]`;

/** The words of `notify::Error`. */
function limitReached(grants: readonly FsGrant[]): Rejection {
  return reject(`OS file watch limit reached.${about(grants.map(({ path }) => path))}`);
}

function watchRejection(error: unknown, grant: FsGrant, recursive: boolean): Rejection {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EMFILE') return limitReached([grant]);
  if (code === 'ENOENT') return reject(`No path was found.${recursive ? '' : about([grant.path])}`);
  const rejection = ioRejection('', error);
  return code === '' ? rejection : reject(`${String(rejection.value)}${about([grant.path])}`);
}
