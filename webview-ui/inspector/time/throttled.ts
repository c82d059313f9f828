import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useReducer, useRef } from 'preact/hooks';

/** What is made anew may take one part in so many of the processor's time. */
const SHARE = 20;
/** Nobody reads numbers that change faster. */
const LEAST_PAUSE = 200;

/**
 * Makes something that is costly for many messages: at once where `key` changed, else from time to time while the owner
 * is drawn again and again.
 */
export function useThrottled<T>(make: () => T, key: unknown): T {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const state = useRef<{ key: unknown; value: T; next: number } | undefined>(undefined);
  const timer = useRef<number | undefined>(undefined);
  const now = performance.now();
  if (!state.current || state.current.key !== key || now >= state.current.next) {
    const value = make();
    const cost = performance.now() - now;
    state.current = { key, value, next: now + Math.max(LEAST_PAUSE, cost * SHARE) };
  } else {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      redraw(0);
    }, state.current.next - now);
  }
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return state.current.value;
}

/** Draws its owner when a signal changed, at once or when so many ms have passed since it last did. */
export function useSlowly(signal: ReadonlySignal<unknown>, pause: number): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    let drawn = performance.now();
    let timer: number | undefined;
    const draw = () => {
      timer = undefined;
      drawn = performance.now();
      redraw(0);
    };
    const stop = signal.subscribe(() => {
      const wait = drawn + pause - performance.now();
      if (wait <= 0) draw();
      else timer ??= window.setTimeout(draw, wait);
    });
    return () => {
      stop();
      window.clearTimeout(timer);
    };
  }, [signal, pause]);
}
