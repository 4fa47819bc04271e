import { bytesOfText } from '../../dist/base/index.js';
import { component } from '../../dist/component/index.js';
import { GroupPeer, Groups, groupProtocol } from '../../dist/groups/index.js';
import { RoutedTown } from './routedTown.mjs';

/** Counts what its peer hears, and passes messages on for the experiment. */
const Keeper = component('keeper', {
  requires: { groups: Groups, network: groupProtocol.port },
  setup: ({ requires: { groups, network }, ref }, { resident, answer }) => {
    resident.heard = { deliveries: 0, messages: 0, depth: 0 };
    groups.on.delivered(({ topic, depth, keys, payload, reply }) => {
      resident.heard.deliveries++;
      resident.heard.depth = Math.max(resident.heard.depth, depth);
      if (topic === 'bench') reply?.tell(answer(resident, keys, payload));
    });
    network.on.received(() => resident.heard.messages++);
    resident.tell = ref((message) => groups.emit.tell(message));
    resident.ask = ref(({ done, ...message }) => groups.emit.ask({ ...message, reply: ref(done) }));
  },
});

const itsName = (resident) => bytesOfText(resident.name);

/** Peers of one ring that pass messages to groups. `answer` is what each of them says to a question, by default its name; `also` adds other components. */
export function groupTown({ answer = itsName, also, ...options }) {
  const settle = (context, { platform, transport, peer, resident }) => {
    const groups = context.create(GroupPeer, { world: platform.world, address: resident.self.address });
    const keeper = context.create(Keeper, { resident, answer });
    context.connect(transport.provides.groups, groups.requires.network);
    context.connect(transport.provides.links, groups.requires.links);
    context.connect(peer.provides.ring, groups.requires.ring);
    context.connect(groups.provides.groups, keeper.requires.groups);
    context.connect(transport.provides.groups, keeper.requires.network);
    also?.(context, { peer, groups, resident });
  };
  return new RoutedTown({ ...options, protocols: { groups: groupProtocol }, settle });
}

/** What was heard since it was forgotten last: messages, deliveries, second deliveries, and the most messages in a row. */
export function heardIn(town) {
  const heard = { messages: 0, reached: 0, duplicates: 0, depth: 0 };
  for (const one of town.alive) {
    heard.messages += one.heard.messages;
    heard.reached += Math.min(1, one.heard.deliveries);
    heard.duplicates += Math.max(0, one.heard.deliveries - 1);
    heard.depth = Math.max(heard.depth, one.heard.depth);
    Object.assign(one.heard, { deliveries: 0, messages: 0, depth: 0 });
  }
  return heard;
}
