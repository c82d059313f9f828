import { useEffect } from 'preact/hooks';
import type { Detail } from '#core/inspector-messages.ts';
import { BodyView } from './body.tsx';
import type { Inspector } from './inspector.ts';

interface RawProps {
  readonly inspector: Inspector;
  readonly id: number;
  readonly detail: Detail;
}

/** All that is known of a message, as one JSON text. It is asked for when somebody looks, and again when it changes. */
export function Raw({ inspector, id, detail }: RawProps) {
  const { payloads } = inspector;
  useEffect(() => payloads.askRaw(id), [payloads, id, detail]);
  const raw = payloads.raw.value;
  if (raw?.id !== id) return <p class="waiting">Loading…</p>;
  return (
    <BodyView
      inspector={inspector}
      id={id}
      part="raw"
      detail={detail}
      payload={raw.payload}
      root="message"
      absent="Nothing is known of it."
    />
  );
}
