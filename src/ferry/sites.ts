import { nothing } from '../base/index.ts';
import { type AnyHandle, component, type Definition, type Handle, type Site, Sites } from '../component/index.ts';
import type { Address } from '../world/index.ts';
import { abroad } from './abroad.ts';
import { type Ferry, type Offer, offer } from './ferry.ts';

const provides = { sites: Sites };
type Relay = Definition<typeof provides, Record<never, never>, void>;

/** The site of a peer as other peers see it. */
function relay(share: (sharing: { readonly share: (site: AnyHandle) => void }) => HandleOfSite): Relay {
  return component('site of a peer', {
    provides,
    setup: (context) => void context.export(share(context).provides.sites, 'sites'),
  });
}

/** A running `Site`. */
type HandleOfSite = typeof Site extends Definition<infer P, infer R, infer _I, infer S> ? Handle<P, R, S> : never;

/**
 * Lets rollouts of other peers change the components of this one through its site. The site stays what it is when a peer that asked
 * is lost, so that it knows what to undo when that one, or another, asks again.
 */
export function offerSite(site: HandleOfSite): Offer {
  const sharing = relay(({ share }) => {
    share(site);
    return site;
  });
  return offer(sharing, nothing);
}

/** The site of another peer, which offers it: to be connected to a `Rollout` beside those of all others. */
export function siteAbroad(ferry: Ferry, to: Address): Relay {
  const elsewhere = relay(() => {
    throw new TypeError('the site of another peer is not set up here');
  });
  return abroad(elsewhere, { ferry, to, init: nothing });
}
