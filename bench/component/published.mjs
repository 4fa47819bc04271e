/**
 * What others published, by the names of the cases here: the public suite of Kompics and Kompact (gh-pages of
 * kompics/kompicsbenches, 17 October 2019) on a server with two processors of 18 cores at 3 GHz. Theirs use several threads, and the
 * atomic register several machines: other hardware and another set-up, so a line tells the order of magnitude and no more.
 */
export const published = {
  'ping-pong, events': 'Kompact 3.17, Erlang 2.47, Kompics 0.80, Akka 0.75 M/s',
  'throughput ping-pong, 1 pair, 500 under way': 'Kompact 9.0, Erlang 5.6, Akka 1.9, Kompics 1.4 M/s',
  'throughput ping-pong, 8 pairs, 500 under way': 'Kompact 99, Erlang 11.7, Akka 11.7, Kompics 11.6 M/s',
  'Fibonacci(18), a component': 'of Fibonacci(32), by the clock: Akka 0.67, Kompact 2.2, Kompics 23.6 us',
  'Chameneos, 128 creatures, meetings': 'Kompact 0.50, Erlang 0.37, Akka 0.28, Kompics 0.02 M/s',
  'atomic register, 3 copies, 40,000 keys, half are reads':
    'over a network: Kompact 1228, Erlang 1584, Akka 1645, Kompics 1756 ms',
  'atomic register, 3 copies, 40,000 keys, 95 of 100 are reads':
    'over a network: Kompact 804, Erlang 1188, Kompics 1202, Akka 1381 ms',
  'all-pairs shortest paths, 1024 vertices in blocks of 64': 'Kompics 1.19, Kompact 1.48, Akka 3.7 s',
};
