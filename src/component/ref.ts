/**
 * An address of one handler of one component: the way to answer whoever asked, where a port would tell everyone. An
 * event that is told to a component that was killed or set up anew since is dropped.
 */
export interface Ref<E> {
  readonly tell: (event: E) => void;
  /** Told only if `isWanted` still says so when the component would handle it: for what may be taken back meanwhile. */
  readonly tellIf: (event: E, isWanted: () => boolean) => void;
}
