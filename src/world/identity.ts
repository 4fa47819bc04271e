/** Who a peer is, as its disk says: a wiped disk has another incarnation, and so is another peer. */
export interface Identity {
  readonly name: string;
  /** Sixteen random hexadecimal digits, drawn when the disk was empty. */
  readonly incarnation: string;
}
