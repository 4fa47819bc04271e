import { redisVersion } from './greeting.ts';
import type { Services } from './services.ts';

type Facts = readonly (readonly [string, string | number])[];

const everySection = new Set(['all', 'everything']);

/** Whether the keys must be counted first: that takes a question to the store, so only who names it gets it. */
export function isKeyspaceAsked(sections: readonly string[]): boolean {
  return sections.some((section) => section === 'keyspace' || everySection.has(section));
}

/** The text of INFO: the sections that were asked for, all where none was. */
export function infoText(services: Services, sections: readonly string[], keys: number | undefined): string {
  const isWhole = sections.length === 0 || sections.some((name) => everySection.has(name) || name === 'default');
  const parts: string[] = [];
  for (const [title, facts] of sectionsOf(services, keys)) {
    if (!isWhole && !sections.includes(title.toLowerCase())) continue;
    const lines = facts.map(([name, value]) => `${name}:${value}\r\n`);
    parts.push(`# ${title}\r\n${lines.join('')}`);
  }
  return parts.join('\r\n');
}

function sectionsOf(services: Services, keys: number | undefined): readonly (readonly [string, Facts])[] {
  const { figures, world } = services;
  const uptimeSeconds = Math.floor(figures.uptimeMs(world.clock.monotonicMs()) / 1000);
  return [
    ['Server', serverFacts(services, uptimeSeconds)],
    [
      'Clients',
      [
        ['connected_clients', figures.clients],
        ['blocked_clients', 0],
      ],
    ],
    [
      'Memory',
      [
        ['used_memory', 0],
        ['maxmemory', 0],
        ['maxmemory_policy', 'noeviction'],
      ],
    ],
    [
      'Persistence',
      [
        ['loading', 0],
        ['aof_enabled', 1],
        ['rdb_changes_since_last_save', 0],
      ],
    ],
    [
      'Stats',
      [
        ['total_connections_received', figures.clientsEver],
        ['total_commands_processed', figures.commands],
        ['total_net_input_bytes', figures.bytesIn],
        ['total_net_output_bytes', figures.bytesOut],
        ['rejected_connections', figures.clientsRefused],
        ['total_error_replies', figures.errors],
      ],
    ],
    [
      'Replication',
      [
        ['role', 'master'],
        ['connected_slaves', 0],
      ],
    ],
    ['Cluster', [['cluster_enabled', 0]]],
    ['Selfman', ownFacts(services)],
    ['Keyspace', keys === undefined || keys === 0 ? [] : [['db0', `keys=${keys},expires=0,avg_ttl=0`]]],
  ];
}

function ownFacts({ identity, figures, peersAlive }: Services): Facts {
  return [
    ['selfman_version', identity.version],
    ['selfman_peer', identity.name],
    ['selfman_peers_alive', peersAlive()],
    ['selfman_commands_under_way', figures.asked],
    ['selfman_commands_refused_busy', figures.busy],
    ['selfman_outcomes_unknown', figures.unknown],
  ];
}

function serverFacts({ identity, world }: Services, uptimeSeconds: number): Facts {
  return [
    ['redis_version', redisVersion],
    ['redis_mode', 'standalone'],
    ['os', identity.platform],
    ['arch_bits', 64],
    ['process_id', identity.processId],
    ['tcp_port', identity.address.slice(identity.address.lastIndexOf(':') + 1)],
    ['server_time_usec', Math.floor(world.clock.wallMs() * 1000)],
    ['uptime_in_seconds', uptimeSeconds],
    ['uptime_in_days', Math.floor(uptimeSeconds / 86_400)],
  ];
}
