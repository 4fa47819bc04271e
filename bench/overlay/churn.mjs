import { frameBytes } from '../../dist/world/index.js';
import { holderIn } from './routedTown.mjs';

/** Counts every byte that a town's peers send: frames with their headers, and 40 bytes for IP and TCP. */
export function meterBytes({ universe: { network } }) {
  const meter = { bytes: 0, frames: 0 };
  const transmit = network.transmit.bind(network);
  network.transmit = (from, to, frame) => {
    meter.bytes += frameBytes(frame) + 40;
    meter.frames++;
    transmit(from, to, frame);
  };
  return meter;
}

/**
 * Peers of a town die and others come, each at random moments, so that a life lasts `lifeMs` on the average and as many are there
 * all the time; from random peers random keys are looked up. `overlaps` is asked every 100 ms.
 */
export function churn(town, { lifeMs, forMs, lookupsPerSecond, overlaps }) {
  const { universe, random } = town;
  const meanMs = lifeMs / town.alive.length;
  const result = { joins: 0, crashes: 0, asked: 0, right: 0, wrong: 0, samples: 0, overlapping: 0, overlappingMost: 0 };
  const endMs = universe.nowMs + forMs;
  const again = (meanDelayMs, run) => {
    const delayMs = -Math.log(1 - random.fraction()) * meanDelayMs;
    universe.after(delayMs, () => {
      if (universe.nowMs > endMs) return;
      run();
      again(meanDelayMs, run);
    });
  };
  again(meanMs, () => {
    result.crashes++;
    random.pick(town.alive).host.crash();
  });
  again(meanMs, () => {
    result.joins++;
    town.add(random.pick(town.alive).self.address);
  });
  again(1_000 / lookupsPerSecond, () => lookUp(town, result));
  sample(town, endMs, result, overlaps);
  universe.run(endMs + 15_000);
  return { ...result, overlapping: result.overlapping / result.samples };
}

function lookUp(town, result) {
  const from = town.random.pick(town.alive);
  const key = town.drawKey();
  result.asked++;
  const done = (found) => {
    if (found.kind !== 'found') return;
    if (holderIn(town.inOrder(), key).self.id === found.owner.id) result.right++;
    else result.wrong++;
  };
  from.find?.tell({ key, done });
}

function sample(town, endMs, result, overlaps) {
  if (town.universe.nowMs > endMs) return;
  const count = overlaps(town);
  result.samples++;
  result.overlapping += count;
  result.overlappingMost = Math.max(result.overlappingMost, count);
  town.universe.after(100, () => sample(town, endMs, result, overlaps));
}
