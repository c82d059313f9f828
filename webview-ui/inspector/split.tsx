import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

interface SplitProps {
  readonly isWide: boolean;
  /** the first side's share of the room */
  readonly share: number;
  readonly onShare: (share: number) => void;
  readonly label: string;
  readonly first: ComponentChildren;
  /** without it the first side has all the room */
  readonly second: ComponentChildren;
}

const LEAST = 0.15;
const STEP = 0.02;

/** Two sides, beside or below each other, and a bar between them for pointer and keyboard. */
export function Split({ isWide, share, onShare, label, first, second }: SplitProps) {
  const box = useRef<HTMLDivElement>(null);
  const set = (value: number) => onShare(Math.min(1 - LEAST, Math.max(LEAST, value)));
  const isSplit = Boolean(second);

  const onPointerMove = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const rect = box.current?.getBoundingClientRect();
    if (!rect || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    set(isWide ? (event.clientX - rect.left) / rect.width : (event.clientY - rect.top) / rect.height);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [less, more] = isWide ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    if (event.key === less) set(share - STEP);
    else if (event.key === more) set(share + STEP);
    else if (event.key === 'Home') set(LEAST);
    else if (event.key === 'End') set(1 - LEAST);
    else return;
    event.preventDefault();
  };
  return (
    <div class={`split ${isWide ? 'wide' : 'tall'}`} ref={box}>
      <div class="split-side" style={{ flex: isSplit ? `${share} 1 0` : '1 1 0' }}>
        {first}
      </div>
      {isSplit && (
        <div
          class="split-bar"
          role="separator"
          tabIndex={0}
          aria-label={label}
          aria-orientation={isWide ? 'vertical' : 'horizontal'}
          aria-valuenow={Math.round(share * 100)}
          aria-valuemin={LEAST * 100}
          aria-valuemax={(1 - LEAST) * 100}
          onPointerDown={(event) => {
            event.preventDefault();
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerMove={onPointerMove}
          onDblClick={() => onShare(isWide ? 0.58 : 0.5)}
          onKeyDown={onKeyDown}
        />
      )}
      {isSplit && (
        <div class="split-side" style={{ flex: `${1 - share} 1 0` }}>
          {second}
        </div>
      )}
    </div>
  );
}
