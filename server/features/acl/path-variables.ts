/** The variables with which paths in scopes may begin, as Tauri resolves them. */

export const PATH_VARIABLES: Readonly<Record<string, string>> = {
  $APPCONFIG: "the app's folder for its configuration",
  $APPDATA: "the app's folder for its data",
  $APPLOCALDATA: "the app's folder for data that stays on this machine",
  $APPCACHE: "the app's folder for its cache",
  $APPLOG: "the app's folder for its logs",
  $AUDIO: "the user's folder for music",
  $CACHE: "the user's folder for caches",
  $CONFIG: "the user's folder for configurations",
  $DATA: "the user's folder for data of apps",
  $LOCALDATA: "the user's folder for data of apps that stays on this machine",
  $DESKTOP: "the user's desktop",
  $DOCUMENT: "the user's folder for documents",
  $DOWNLOAD: "the user's folder for downloads",
  $EXE: "the user's folder for programs",
  $FONT: "the user's folder for fonts",
  $HOME: "the user's home folder",
  $PICTURE: "the user's folder for pictures",
  $PUBLIC: 'the folder that users share',
  $RESOURCE: "the app's folder with its bundled resources",
  $RUNTIME: "the user's folder for sockets and the like",
  $TEMP: 'the folder for temporary files',
  $TEMPLATE: "the user's folder for templates",
  $VIDEO: "the user's folder for videos",
};

/** The variable at the beginning of a path: only there it is one. */
export function variableOf(path: string): string | undefined {
  return /^\$[A-Z]+(?=\/|\\|$)/.exec(path)?.[0];
}
