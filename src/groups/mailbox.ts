import type { Bytes } from '../base/index.ts';
import { rememberedMax } from './limits.ts';
import type { MessageId } from './messages.ts';

interface Mail {
  answer: Bytes | undefined;
  readonly waiting: ((answer: Bytes) => void)[];
}

/** The messages that this peer has heard lately, so that it delivers none of them twice (GROUP-1), and its answers to them. */
export class Mailbox {
  readonly #mails = new Map<string, Mail>();

  /** Remembers a message. False where it is known already. */
  admit(id: MessageId): boolean {
    const name = nameOf(id);
    if (this.#mails.has(name)) return false;
    this.#mails.set(name, { answer: undefined, waiting: [] });
    if (this.#mails.size > rememberedMax) this.#mails.delete(this.#mails.keys().next().value!);
    return true;
  }

  /** Calls `hear` with the answer of this peer, now or when there is one. */
  await(id: MessageId, hear: (answer: Bytes) => void): void {
    const mail = this.#mails.get(nameOf(id));
    if (mail?.answer !== undefined) hear(mail.answer);
    else mail?.waiting.push(hear);
  }

  answer(id: MessageId, answer: Bytes): void {
    const mail = this.#mails.get(nameOf(id));
    if (mail === undefined || mail.answer !== undefined) return;
    mail.answer = answer;
    for (const hear of mail.waiting.splice(0)) hear(answer);
  }
}

const nameOf = ({ origin, number }: MessageId): string => `${number} ${origin}`;
