import { examineFolder } from '../machine/index.ts';

// Forked by `doctor`: examines the folder that it is given, tells its parent, and ends.
const examined = await examineFolder(process.argv[2] ?? '');
process.send?.(examined, () => process.disconnect());
