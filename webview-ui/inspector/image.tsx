import { useEffect, useState } from 'preact/hooks';
import { formatCount } from './format.ts';
import type { SlicedBytes } from './payload.ts';

interface ImageProps {
  readonly bytes: SlicedBytes;
  /** PNG and its like: never SVG, which can hold scripts */
  readonly type: `image/${string}`;
  readonly name: string;
  /** fetches what is not here */
  readonly onLoad: () => void;
}

/** Bytes as the picture they are. */
export function ImageView({ bytes, type, name, onLoad }: ImageProps) {
  const [url, setUrl] = useState('');
  const [size, setSize] = useState('');
  const isWhole = bytes.isWhole;
  useEffect(() => {
    if (!isWhole) {
      onLoad();
      return undefined;
    }
    const made = URL.createObjectURL(new Blob([bytes.take(0, bytes.size)], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, isWhole, type]);
  if (!isWhole) return <p class="waiting">Loading…</p>;
  return (
    <div class="image" tabIndex={0} role="region" aria-label={name}>
      <img
        src={url || undefined}
        alt={`${name} ${size}`}
        onLoad={({ currentTarget }) => {
          setSize(`${formatCount(currentTarget.naturalWidth)} × ${formatCount(currentTarget.naturalHeight)}`);
        }}
        onError={() => url !== '' && setSize('It cannot be shown: its bytes are no whole picture.')}
      />
      <p class="faint">{size}</p>
    </div>
  );
}
