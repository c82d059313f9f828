/** What only the page can measure or do: its size, file drags over it, and the changes that the host asks for. */
import type { FromPage, PageChange } from '#core/wire.ts';

/** Tells the host the page's size and scale now and whenever they change, and of file drags. */
export function watchPage(send: (message: FromPage) => void): void {
  const measure = () =>
    send({
      kind: 'metrics',
      width: innerWidth,
      height: innerHeight,
      scaleFactor: devicePixelRatio,
      screenX,
      screenY,
      screenWidth: screen.width,
      screenHeight: screen.height,
    });
  measure();
  addEventListener('resize', measure);

  let inside = false;
  for (const phase of ['enter', 'over', 'drop', 'leave'] as const) {
    addEventListener(phase === 'drop' ? phase : (`drag${phase}` as const), (event) => {
      const data = event.dataTransfer;
      if (!data?.types.some((each) => each === 'Files' || each.endsWith('uri-list'))) return;
      // Without this a dropped file would replace the page.
      if (phase !== 'leave') event.preventDefault();
      // The events of inner elements are no news for the window.
      if (phase === 'enter' && inside) return;
      if (phase === 'leave' && event.relatedTarget) return;
      inside = phase === 'enter' || phase === 'over';
      send({ kind: 'drag', phase, paths: phase === 'over' ? [] : pathsOf(data), x: event.clientX, y: event.clientY });
    });
  }
}

/** Paths where the drag tells them (VS Code's own lists do), else the files' names: browsers hide the rest. */
function pathsOf(data: DataTransfer): string[] {
  const list = data.getData('application/vnd.code.uri-list') || data.getData('text/uri-list');
  if (list) {
    return list
      .split(/\r?\n/)
      .filter((line) => line && line[0] !== '#')
      .map((uri) => decodeURIComponent(new URL(uri).pathname).replace(/^\/(\w:)/, '$1'));
  }
  return [...data.files].map((file) => file.name);
}

/** Does what a window or webview command asked of the page. */
export function changePage({ property, value }: PageChange, send: (message: FromPage) => void): void {
  if (property === 'reload') location.reload();
  else if (property === 'edit') document.execCommand(...value);
  else if (property === 'selection') send({ kind: property, text: `${getSelection()}` });
  else if (property === 'clearData') {
    localStorage.clear();
    sessionStorage.clear();
  } else {
    // The others are properties of the root's style, by their own name.
    Object.assign(document.documentElement.style, { [property]: value });
  }
}
