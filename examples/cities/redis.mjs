import { Redis } from 'ioredis';

/** The store from outside: any Redis client, any peer, and keys such as `cities:DE:16:Berlin:2950159`. */
export async function openRedis(_folder, peers) {
  const clients = peers.map(({ redis }) => connect(redis));
  let turn = 0;
  const client = () => clients[turn++ % clients.length];
  const range = async (from, to, limit) => {
    const rows = await client().call('SELFMAN', 'RANGE', from, to, 'LIMIT', limit);
    return rows.filter((_, i) => i % 2 === 1).map((text) => JSON.parse(text));
  };
  return {
    name: 'over Redis, texts as keys',
    put: (city) => client().set(keyOf(city), JSON.stringify(city)),
    inPlace: (place, limit, last) => {
      const prefix = `cities:${place.join(':')}:`;
      // What comes directly after a text is that text and a zero; behind all that begins with `x:` comes `x;`.
      return range(last === undefined ? prefix : `${keyOf(last)}\0`, `${prefix.slice(0, -1)};`, limit);
    },
    named: (place, from, to, limit) => {
      const prefix = `cities:${place.join(':')}:`;
      return range(prefix + from, prefix + to, limit);
    },
    sortKey: keyOf,
    close: () => clients.forEach((one) => void one.disconnect()),
  };
}

function keyOf({ country, region, name, id }) {
  return `cities:${country}:${region}:${name}:${id}`;
}

function connect(address) {
  const [host, port] = address.split(':');
  const client = new Redis({ host, port: Number(port), maxRetriesPerRequest: 1, commandTimeout: 10_000 });
  // A peer that is away is told by each command that fails; the client connects again by itself.
  client.on('error', () => {});
  return client;
}
