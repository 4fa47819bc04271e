#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import { version } from '../machine/index.ts';
import { Exit } from './exit.ts';

const program = new Command('selfman')
  .description('One program that you start on each machine, and the machines become one system that runs itself.')
  .version(version)
  .enablePositionalOptions()
  .showHelpAfterError('Run selfman --help, or selfman COMMAND --help, to see what there is.')
  .configureHelp({ sortSubcommands: false });

/** What commands that ask a peer have in common. */
const anyHttp = named(
  '--http <url>',
  'the HTTP address of a peer; else the peers found in --data are asked',
  'SELFMAN_HTTP',
);
const dataOfPeers = new Option('--data <dir>', 'where peers of this machine keep their folders').default('.selfman');

program
  .command('cluster')
  .description('Start a system of several peers on this machine, each a process of its own, and keep it running.')
  .option(
    '--peers <number>',
    'how many peers; those that exist are always started (default: 3, or as many as exist)',
    wholeNumber,
  )
  .option('--seats <number>', 'how many seats each takes, in threads of their own (default: 1)', wholeNumber)
  .option('--data <dir>', 'where the peers keep their folders', '.selfman')
  .addHelpText('after', '\nCtrl-C stops the peers; their data stays and is there next time.')
  .action(async (options) => (await import('./cluster.ts')).cluster(options));

program
  .command('start')
  .description(
    'Start one peer in the foreground. With --join it joins a system; without, an empty folder begins a new one.',
  )
  .addOption(named('--name <name>', 'what people call the peer', 'SELFMAN_NAME').makeOptionMandatory())
  .addOption(named('--data <dir>', 'the folder of its data', 'SELFMAN_DATA').makeOptionMandatory())
  .addOption(
    named(
      '--seats <number>',
      'how many seats it takes, each a peer in a thread of its own; ports of the second lie 100 above (default: 1)',
      'SELFMAN_SEATS',
    ).argParser(wholeNumber),
  )
  .addOption(
    named('--zone <name>', 'what it fails together with: members of a cell stand in different zones', 'SELFMAN_ZONE'),
  )
  .addOption(named('--host <name>', 'the machine that it runs on (default: what that is called)', 'SELFMAN_HOST'))
  .addOption(named('--listen <host:port>', 'where it listens for peers', 'SELFMAN_LISTEN').default('127.0.0.1:7401'))
  .addOption(
    named('--redis <host:port>', 'where it listens for Redis clients', 'SELFMAN_REDIS').default('127.0.0.1:6401'),
  )
  .addOption(
    named('--http <host:port>', 'where it serves its page and its status', 'SELFMAN_HTTP').default('127.0.0.1:8401'),
  )
  .addOption(named('--join <host:port,...>', 'peers of the system to join, any that are known', 'SELFMAN_JOIN'))
  .addOption(
    named(
      '--member-dead-ms <ms>',
      'replace a member of a cell that is dead for longer',
      'SELFMAN_MEMBER_DEAD_MS',
    ).argParser(wholeNumber),
  )
  .addOption(named('--reads <way>', 'where linearizable reads come from', 'SELFMAN_READS').choices(['lease', 'quorum']))
  .addOption(
    named('--split-bytes <bytes>', 'split a cell that holds more', 'SELFMAN_SPLIT_BYTES').argParser(wholeNumber),
  )
  .addOption(
    named(
      '--split-commands <number>',
      'split a cell of which more is asked in a second',
      'SELFMAN_SPLIT_COMMANDS',
    ).argParser(wholeNumber),
  )
  .addOption(
    named(
      '--merge-bytes <bytes>',
      'merge two cells beside each other that hold less together',
      'SELFMAN_MERGE_BYTES',
    ).argParser(wholeNumber),
  )
  .addOption(
    named('--scrub-hours <hours>', 'compare the rows of all members so often', 'SELFMAN_SCRUB_HOURS').argParser(
      someHours,
    ),
  )
  .addOption(named('--insecure', 'listen beyond this machine without TLS and passwords', 'SELFMAN_INSECURE'))
  .action(async (options) => (await import('./start.ts')).start(options));

program
  .command('leave')
  .description('Have a peer hand over what it holds, leave its system for good, and stop.')
  .addOption(named('--http <url>', 'the HTTP address of the peer', 'SELFMAN_HTTP'))
  .option('--name <name>', 'the peer of this name in --data')
  .addOption(dataOfPeers)
  .action(async (options) => (await import('./leave.ts')).leave(options));

program
  .command('recover <cell>')
  .description('Let a cell go on with the copy of one peer alone, where a majority of its members is lost for ever.')
  .addOption(named('--http <url>', 'the HTTP address of the peer that holds the copy', 'SELFMAN_HTTP'))
  .option('--name <name>', 'the peer of this name in --data')
  .addOption(dataOfPeers)
  .option('--unsafe', 'what only the lost members had is given up')
  .option('--loss <sentence>', 'the loss, spelled out as the command says it without this option')
  .action(async (cell, options) => (await import('./recover.ts')).recover(cell, options));

program
  .command('status')
  .description('Show the system as a peer sees it: peers, cells, leaders, ranges, sizes, and what is being repaired.')
  .option('--json', 'print it as JSON')
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (options) => (await import('./status.ts')).status(options));

program
  .command('ring')
  .description(
    'Show the ring as a peer sees it: seats in their order, what each holds, and which cells its peer serves.',
  )
  .option('--watch', 'show it again every second, until it is interrupted')
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (options) => (await import('./ring.ts')).ring(options));

program
  .command('split')
  .description('Have a cell begin at a key: the one that holds the key splits, if none begins there already.')
  .argument('<key>', 'the first key of the new cell')
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (key, options) => (await import('./border.ts')).split(key, options));

program
  .command('merge')
  .description('Have no cell begin at a key: the one that does is merged with the one below.')
  .argument('<key>', 'the first key of the upper cell')
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (key, options) => (await import('./border.ts')).merge(key, options));

program
  .command('move')
  .description('Have a peer be a member of a cell in place of another: it is given its copy first.')
  .argument('<key>', 'a key that the cell holds')
  .requiredOption('--from <peer>', 'the member that gives way, by its name')
  .requiredOption('--to <peer>', 'the peer that takes its place')
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (key, options) => (await import('./arrangement.ts')).move(key, options));

program
  .command('lead')
  .description('Have a member of a cell lead it.')
  .argument('<key>', 'a key that the cell holds')
  .argument('<peer>', 'the member, by its name')
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (key, peer, options) => (await import('./arrangement.ts')).lead(key, peer, options));

program
  .command('replicas')
  .description('Show how many copies are wanted of the keys of prefixes, or change it: 1, 3, 5 or 7.')
  .argument('[prefix]', 'how the keys begin; "" for all keys')
  .argument('[number]', 'how many copies, where there are peers enough', wholeNumber)
  .option('--default', 'ask for nothing of its own any more')
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (prefix, number, options) => (await import('./replicas.ts')).replicas(prefix, number, options));

const fileOut = 'the file to write, which must not be there yet; - for standard output';
const fileIn = 'the file to read; - for standard input, which is kept in a temporary file first';
const intoFilled = [
  '--into-filled',
  'write into a store that holds keys already, over those of the same names',
] as const;

program
  .command('backup')
  .description('Save all that the system holds in a file, while it serves. restore brings it back.')
  .argument('<file>', fileOut)
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (file, options) => (await import('./backup.ts')).backup(file, options));

program
  .command('restore')
  .description(
    'Bring back what a backup holds into a system that runs. A backup that is damaged or cut off is refused whole.',
  )
  .argument('<file>', fileIn)
  .option(...intoFilled)
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (file, options) => (await import('./restore.ts')).restore(file, options));

program
  .command('export')
  .description(
    'Write all that the system holds as lines of JSON: key, value, expiresAtMs; key64 and value64 where it is no text.',
  )
  .argument('<file>', fileOut)
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (file, options) => (await import('./export.ts')).exportLines(file, options));

program
  .command('import')
  .description('Write what lines of JSON say into a system that runs, if every line is right.')
  .argument('<file>', fileIn)
  .option(...intoFilled)
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (file, options) => (await import('./import.ts')).importLines(file, options));

program
  .command('doctor')
  .description('Read the folder of a peer that is stopped, change nothing, and say whether what it holds is sound.')
  .argument('<folder>', 'the folder of the peer, as --data of start names it')
  .option('--json', 'print it as JSON')
  .action(async (folder, options) => (await import('./doctor.ts')).doctor(folder, options));

program
  .command('watch')
  .description('Print what changes in the store, a line of JSON each, until it is stopped.')
  .argument('[prefix]', 'how the keys begin; all keys where it is left out')
  .option('--resume <token>', 'go on behind the line that said this as resume, as long as peers remember it')
  .option('--locks', 'also say who reserves keys for writing, and when they are let go')
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (prefix, options) => (await import('./watch.ts')).watch(prefix, options));

const anyComponents = program
  .command('components')
  .description('Show which components a peer runs, or what a path through them leads to, as //cells or //*[queued>0].')
  .argument('[path]', 'steps of axis::name[condition] between slashes')
  .option('--json', 'print it as JSON')
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (path, options) => (await import('./components.ts')).components(path, options));

anyComponents
  .command('set')
  .description('Set the attributes that a path leads to, as //cells/@memberDeadMs, at one peer.')
  .argument('<path>', 'where they are')
  .argument('<value>', 'as JSON, or a text as it is')
  .addOption(anyHttp)
  .addOption(dataOfPeers)
  .action(async (path, value, options) => (await import('./components.ts')).setAttributes(path, value, options));

program
  .command('redis')
  .description('Send one command to the Redis address of a peer and print the reply.')
  .option('-p, --port <port>', 'the port', wholeNumber, 6401)
  .option('-h, --host <host>', 'the host', '127.0.0.1')
  .argument('<command...>', 'as in: SET hello world')
  .helpOption('--help', 'display help for command')
  .passThroughOptions()
  .action(async (words, options) => (await import('./redis.ts')).redis(words, options));

program
  .command('simulate')
  .description('Run seeded scenarios of faults over a simulated system and judge what its clients saw.')
  .option('--scenario <name>', 'the scenario, or all', 'all')
  .option('--seed <number>', 'the first seed', wholeNumber, 1)
  .option('--seeds <number>', 'how many seeds, one after the other', atLeastOne, 1)
  .option('--trace', 'print the trace of the run: event, time in ms, peer, kind, text')
  .option('--only <kind,...>', 'print only these kinds of line', names)
  .option('--peer <name,...>', 'print only lines of these peers', names)
  .option('--until <ms>', 'stop the run at this time', wholeNumber)
  .option('--until-event <number>', 'stop the run behind the event of this number', wholeNumber)
  .option('--svg <file>', 'draw the trace as a space-time diagram instead of printing it')
  .option('--shrink', 'where the seed fails, look for the fewest steps that make it fail')
  .option('--save <file>', 'keep those steps there (default: SCENARIO-SEED.json)')
  .option('--replay <file>', 'run the steps that were kept')
  .option(
    '--view',
    'serve a page that shows a run while it happens: step through it, crash, cut and heal; of rings with --scenario rings',
  )
  .option('--port <number>', 'where that page is served on this machine', wholeNumber, 8500)
  .action(async (options) => (await import('./simulate.ts')).simulate(options));

program
  .command('trial')
  .description('Run seeds of a trial of your own program: a module that exports it by the name trial.')
  .argument('<file>', 'the module, as in: ./register.trial.mjs')
  .option('--seed <number>', 'the first seed', wholeNumber, 1)
  .option('--seeds <number>', 'how many seeds, one after the other, over all cores', atLeastOne, 1)
  .option('--trace', 'print the trace of the run: event, time in ms, peer, kind, text')
  .option('--only <kind,...>', 'print only these kinds of line', names)
  .option('--peer <name,...>', 'print only lines of these peers', names)
  .option('--until <ms>', 'stop the run at this time', wholeNumber)
  .option('--until-event <number>', 'stop the run behind the event of this number', wholeNumber)
  .option('--svg <file>', 'draw the trace as a space-time diagram instead of printing it')
  .option('--shrink', 'where the seed fails, look for the fewest steps that make it fail')
  .option('--save <file>', 'keep those steps there (default: TRIAL-SEED.json)')
  .option('--replay <file>', 'run the steps that were kept')
  .action(async (file, options) => (await import('./trial.ts')).trial(file, options));

function named(flags: string, description: string, variable: string): Option {
  return new Option(flags, description).env(variable);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError(`${text} is not a whole number.`);
  return Number(text);
}

function someHours(text: string): number {
  if (!/^\d{1,6}(\.\d{1,6})?$/.test(text)) throw new InvalidArgumentError(`${text} is no number of hours.`);
  return Number(text);
}

function atLeastOne(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('At least one is needed.');
  return number;
}

function names(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

// Whoever reads what is printed may have read enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (thrown) {
  if (!(thrown instanceof Exit)) throw thrown;
  if (thrown.message !== '') console.error(thrown.message);
  process.exitCode = thrown.code;
}
