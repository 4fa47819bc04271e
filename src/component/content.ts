import type { RuntimeChannel } from './channel.ts';
import type { Children } from './children.ts';
import { listChildren } from './children.ts';
import { eachEnd } from './ends.ts';
import type { Gate } from './gate.ts';
import type { Instance } from './instance.ts';

/**
 * What a composite consists of besides its own ports: children, attached ports, and the channels from its ports to the
 * inside. Put aside while another set-up is tried, and then either put back or destroyed.
 */
export class Content {
  readonly #owner: Instance;
  readonly #children: Children;
  readonly #gates: Gate[];
  readonly #undos: (() => void)[] = [];
  readonly #channels: RuntimeChannel[] = [];

  constructor(owner: Instance, children: Children) {
    this.#owner = owner;
    this.#children = children;
    this.#gates = owner.gates;
    for (const gate of owner.gates) {
      const isAttached = gate.plan.kind === 'attached';
      for (const channel of [...eachEnd(gate.endsAt(!isAttached))]) this.#takeOff(channel, gate);
    }
    owner.gates = owner.gates.filter(({ plan }) => plan.kind !== 'attached');
  }

  /** Takes the ends off that are of this gate. */
  #takeOff(channel: RuntimeChannel, gate: Gate): void {
    this.#channels.push(channel);
    for (const end of ['provided', 'required'] as const) {
      const face = channel[end];
      if (face?.gate !== gate) continue;
      channel.unplug(end);
      this.#undos.push(() => channel.plug(face));
    }
  }

  get children(): readonly Instance[] {
    return listChildren(this.#children);
  }

  putBack(): void {
    this.#owner.gates = this.#gates;
    this.#owner.content = this.#children;
    for (const undo of this.#undos.toReversed()) undo();
  }

  destroy(): void {
    for (const child of this.children.toReversed()) child.killFor(this.#owner);
    for (const channel of this.#channels) channel.disconnect();
  }
}
