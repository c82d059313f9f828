/** What the page knows of where the selected call came from and who answers it: asked for when somebody looks. */
import { type Signal, signal } from '@preact/signals';
import type { ToInspector } from '#core/inspector-messages.ts';
import type { HandlerReport, OriginAnswer, OriginQuestion, StackReport } from '#core/origin-messages.ts';

interface Answered<R> {
  readonly id: number;
  /** null where nothing can be said: the record or its app is gone */
  readonly report: R | null;
}

export class Origins {
  readonly stack: Signal<Answered<StackReport> | undefined> = signal(undefined);
  readonly handler: Signal<Answered<HandlerReport> | undefined> = signal(undefined);
  /** whether the frames of libraries are shown among the others */
  readonly showLibraries = signal(false);
  readonly #post: (question: OriginQuestion) => void;

  constructor(post: (question: OriginQuestion) => void) {
    this.#post = post;
  }

  /** Takes the answers to its questions; false where a message is for somebody else. */
  receive(message: ToInspector): message is OriginAnswer {
    if (message.kind === 'stack') this.stack.value = { id: message.id, report: message.report };
    else if (message.kind === 'handler') this.handler.value = { id: message.id, report: message.report };
    else return false;
    return true;
  }

  askStack(id: number): void {
    this.#post({ kind: 'askStack', id });
  }

  askHandler(id: number): void {
    this.#post({ kind: 'askHandler', id });
  }

  openFrame(id: number, frame: number): void {
    this.#post({ kind: 'openFrame', id, frame });
  }

  openHandlerPlace(id: number, place: number): void {
    this.#post({ kind: 'openHandlerPlace', id, place });
  }
}
