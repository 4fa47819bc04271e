/** The real world: sockets, timers, disks and folders of the platform. */
export { formatAddress, type HostAndPort, parseAddress } from './address.ts';
export { Folder, folderFormat } from './folder.ts';
export { OfflineFolder, type OfflineJournal } from './offlineFolder.ts';
export { openPlatform, type PlatformOptions, type RealPlatform } from './platform.ts';
export { type ProgramOptions, type RunningProgram, startProgram } from './program.ts';
