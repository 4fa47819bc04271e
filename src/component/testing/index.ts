/**
 * Testing: what one component does, told as a story of its event stream and checked in virtual time. It needs no
 * framework: a story that is not kept throws. Most of its words are those of kompics-testing.
 */
export { type CheckOptions, check } from './check.ts';
export { StoryError } from './report.ts';
export type { Expected, PortStory, Story, Times } from './story.ts';
export { VirtualTime } from './virtualTime.ts';
