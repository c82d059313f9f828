/** Paths below this one are the page server's own; no app can have them. */
export const OWN_PATH = '/__ipc_workbench__/';
