/** Which window a request for a document comes from. */
import type { CoreWindow } from '#core/window.ts';

/**
 * No request names its window: it is one that waits for just that address, or one whose page has the link or is loaded
 * again; where that fits none or several, the one with the focus, for a user clicks there.
 *
 * @param addressOf the address at our server of the page that a window was opened with
 */
export function findNavigating(
  windows: readonly CoreWindow[],
  addressOf: (label: string) => string | undefined,
  url: string,
  referer: string | undefined,
): CoreWindow | undefined {
  const waiting = windows.find(({ label, connection }) => !connection?.ready && isSamePage(addressOf(label), url));
  if (waiting) return waiting;
  const present = windows.filter(({ connection }) => connection?.ready);
  const linking = present.filter(({ connection }) => connection?.url === referer);
  const same = present.filter(({ connection }) => connection?.url === url);
  const likely = linking.length > 0 ? linking : same.length > 0 ? same : windows;
  return likely.find(({ focused }) => focused) ?? likely[0];
}

/** Whether both are the same page of whichever server: a window's address is that of ours, also where it leads elsewhere. */
function isSamePage(address: string | undefined, url: string): boolean {
  if (address === undefined) return false;
  const [a, b] = [new URL(address), new URL(url)];
  return a.pathname === b.pathname && a.search === b.search;
}
