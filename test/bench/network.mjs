// Keeps the instrument out of what it measures.

/**
 * Lets Playwright look at the network of `page` no longer. It always does, and Chromium then copies every frame of every
 * WebSocket, as base64, to this process: of raw postMessage, which VS Code carries by WebSocket, that was a third of all
 * that the machine did, of the app window's lane a fifth. Playwright has no option for it, so this goes past its api;
 * throws where another version of it is made otherwise.
 * @param {import('playwright-core').Page} page
 */
export async function stopWatchingNetwork(page) {
  const { _connection: connection } =
    /** @type {{ _connection?: { toImpl?: (page: unknown) => { delegate?: { _networkManager?: { _sessions?: Map<Session, unknown> } } } } }} */ (
      /** @type {unknown} */ (page)
    );
  const sessions = connection?.toImpl?.(page).delegate?._networkManager?._sessions;
  if (!sessions?.size) throw new Error('this version of Playwright hides the session by which it watches the network');
  for (const session of sessions.keys()) await session.send('Network.disable');
}

/** @typedef {{ send: (method: string) => Promise<unknown> }} Session of the DevTools protocol */
