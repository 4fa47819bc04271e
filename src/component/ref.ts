/** Whoever is told something: a reference of a component, or anything else with the same method. */
export interface Hearer<E> {
  readonly tell: (event: E) => void;
}

/**
 * An address of one handler of one component: the way to answer whoever asked, where a port would tell everyone. An
 * event that is told to a component that was killed or set up anew since is dropped.
 */
export interface Ref<E> extends Hearer<E> {
  /** Told only if `isWanted` still says so when the component would handle it: for what may be taken back meanwhile. */
  readonly tellIf: (event: E, isWanted: () => boolean) => void;
}
