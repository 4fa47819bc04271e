/** How long an expected event may take, in virtual time, unless a story says otherwise. */
export const patienceMs = 1000;
/** Ways to go on that a story may leave open at one moment. More than this says that the story is too loose to mean much. */
export const waysMax = 4096;
/** Items of one unordered block: any of them may be next. */
export const unorderedItemsMax = 30;
/** What a message shows of one event. */
export const shownCharactersMax = 160;
/** How deep a message looks into an event. */
export const shownLevelsMax = 4;
