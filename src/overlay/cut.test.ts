import { expect, test } from 'vitest';
import { OverlayTown } from '../../test/overlayTown.ts';
import { Reader } from '../base/index.ts';
import { MessageCursor } from '../world/index.ts';
import { overlayProtocol } from './messages.ts';

/** Counts what the overlays of a town say, by kind. */
function listen({ universe: { network } }: OverlayTown): Map<string, number> {
  const said = new Map<string, number>();
  const transmit = network.transmit.bind(network);
  network.transmit = (from, to, frame) => {
    const messages = new MessageCursor(frame.bytes, frame.at, frame.end);
    while (messages.next()) {
      const { kind } = overlayProtocol.schema.read(new Reader(frame.bytes, messages.at, messages.end));
      said.set(kind, (said.get(kind) ?? 0) + 1);
    }
    transmit(from, to, frame);
  };
  return said;
}

test('several crash at once: whoever hears of the cut late is told it, and afterwards all know the same', () => {
  const town = new OverlayTown(1);
  town.grow(40);
  const said = listen(town);
  for (const name of ['p7', 'p19', 'p31']) town.host(name).crash();
  town.universe.runFor(10_000);
  expect(town.deadTo('p0')).toEqual(['p19', 'p31', 'p7']);
  expect(said.get('votes')).toBeGreaterThan(0);
  expect(said.get('difference') ?? 0).toBeLessThan(10);
  said.clear();
  town.universe.runFor(30_000);
  expect(said.get('digest')).toBeGreaterThan(300);
  expect(said.get('sections')).toBeUndefined();
});
