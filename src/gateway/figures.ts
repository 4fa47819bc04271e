/** What a gateway counts, for `status` and INFO. Read it whenever you like; the gateway alone writes it. */
export class Figures {
  clients = 0;
  clientsEver = 0;
  clientsRefused = 0;
  /** Clients that were cut off: they broke the protocol, or read too slowly. */
  clientsCut = 0;
  commands = 0;
  errors = 0;
  /** Commands that were refused because there was more to do than could be done in time. */
  busy = 0;
  /** Commands with the store now. */
  asked = 0;
  /** Commands whose outcome is not known. */
  unknown = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** When the gateway started, by the monotonic clock. */
  startedMs = 0;

  uptimeMs(nowMs: number): number {
    return nowMs - this.startedMs;
  }
}
