import { record, text, varint } from '../../dist/base/index.js';
import { component, event, openEvent, port, subtype } from '../../dist/component/index.js';

export const Message = openEvent('message', event(record({ to: text })));
export const Ping = subtype(Message, 'ping', event(record({ nonce: varint })));
export const Mail = port('mail', { requests: { send: Message }, indications: { back: Message } });

/** Sends back what it gets, as what it is. */
export const Echo = component('echo', {
  provides: { mail: Mail },
  setup: ({ provides: { mail } }) => {
    mail.on.send(({ to }) => mail.emit.back({ to: `from ${to}` }));
    mail.on.send.of(Ping)(({ to, nonce }) => mail.emit.back.of(Ping)({ to, nonce: nonce + 1 }));
  },
});
