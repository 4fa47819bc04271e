// The end-to-end tests drive real programs: makes sure that they are installed, and never skips.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const needed = [
  { program: 'redis-cli', debian: 'redis-tools' },
  { program: 'redis-benchmark', debian: 'redis-tools' },
  { program: 'redis-server', debian: 'redis-server' },
  { program: 'chromium', debian: 'chromium' },
];

function isInstalled({ program }) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

const missing = [...new Set(needed.filter((one) => !isInstalled(one)).map(({ debian }) => debian))];
if (missing.length > 0) {
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    console.error(
      `The end-to-end tests need ${missing.join(' and ')}. Install them and try again, on Debian as root with:\n  ${command}`,
    );
    process.exit(1);
  }
  console.log(`Installing ${missing.join(' and ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const outcome = spawnSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'], env });
  if (outcome.status !== 0) {
    console.error(`Installing failed. Run this yourself, mend what it says, and try again:\n  ${command}`);
    process.exit(1);
  }
}
