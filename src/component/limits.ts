/** Events that wait in one system. More than this means that handlers feed each other without end: a bug. */
export const readyEventsMax = 4_194_304;
/** Events kept for one component that is passive. What comes beyond is dropped and counted. */
export const parkedEventsMax = 65_536;
/** Events that one channel keeps while it is held or unplugged. One more is a fault of whoever sends it. */
export const heldEventsMax = 65_536;
/** How long a turn may run before it lets the platform handle its own events. */
export const turnMs = 8;
/** How many events are handled between two looks at the clock. */
export const eventsPerLook = 256;
/** How many reconfigurations a system remembers. */
export const chronicleEntriesMax = 256;
/** How long components may take to come to rest before a reconfiguration, where it does not say. */
export const defaultDrainMs = 1000;
/** How long a rollout waits for the answer of a system before it asks again. */
export const siteRetryMs = 500;
/** How often it asks before it takes a system for silent. */
export const siteTriesMax = 10;
/** Questions that one `ask` may have open, unless it says otherwise. */
export const openAsksMax = 65_536;
