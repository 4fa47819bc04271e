/** How a component gives out what it knows, and takes it up: at a replacement, or at a restart. */
export interface State<S> {
  /** A value of its own: nothing that the component will change afterwards. */
  dump(): S;
  load(state: S): void;
}

/** What `setup` returns where a component's state can be carried over. The helper lets the types be inferred. */
export function state<S>(carried: { readonly dump: () => S; readonly load: (state: NoInfer<S>) => void }): State<S> {
  return carried;
}
