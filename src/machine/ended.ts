/** How a peer's part ended without being stopped. */
export type Ended = { readonly kind: 'left' } | { readonly kind: 'failed'; readonly reason: string };
