import { json, Peer, tupleKey } from 'selfman';

/** The store from inside: this program becomes a peer of the system, and its keys are tuples. */
export async function openEmbedded(folder, peers) {
  const peer = await Peer.start({
    name: 'cities',
    data: `${folder}/cities`,
    join: peers.map(({ address }) => address),
  });
  const store = peer.store.as(tupleKey(), json());
  const citiesOf = async (query) => orThrow(await store.range(query)).entries.map(({ value }) => value);
  return {
    name: 'embedded, tuples as keys',
    /** Resolves once a majority has the city on its disks. */
    put: async (city) => orThrow(await store.put(keyOf(city), city)),
    /** A page of a country, or of a region of it: what comes after the last city of the page before. */
    inPlace: (place, limit, last) => citiesOf({ prefix: place, limit, ...(last && { after: keyOf(last) }) }),
    /** Cities of a region with names from `from` up to `to`. */
    named: (place, from, to, limit) => citiesOf({ from: [...place, from], to: [...place, to], limit }),
    /** A text that sorts as the tuple does: part by part, a shorter one first. */
    sortKey: ({ country, region, name }) => [country, region, name].join('\0'),
    close: () => peer.stop(),
  };
}

function keyOf({ country, region, name, id }) {
  return [country, region, name, id];
}

/** Failures are values here; this program handles them where it handles those of the other client, which throws. */
function orThrow(result) {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
