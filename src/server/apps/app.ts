import type { Secret } from '../secret.ts';

/** A program of the practice that reaches a vendor through chaperone, with the vendor's own SDK. */
export interface App {
  /** Stands in the log: `app:<name>`. */
  readonly name: string;
  /** Bearer tokens, presented where the SDK puts its key. The current one first; a second one only while rotating. */
  readonly tokens: readonly Secret[];
  /** Names of client certificates, DNS names or URIs. Where there are tokens as well, both are needed. */
  readonly certificateNames: readonly string[];
  /** Origins of the web pages that may come with a token of this app; a browser names its own. */
  readonly origins: readonly string[];
  /** Addresses and ranges that it comes from; empty: any. */
  readonly addresses: readonly string[];
  /** Id of its entry on the approved list, where it is another company's: Retell. */
  readonly subProcessor: string | undefined;
}

/** What a route has whose caller is an app. */
export interface AppSide {
  /** What stands before the vendor's own path: `/deepgram`, or nothing for the root. */
  readonly path: string;
  /** Names of the apps that may use it. */
  readonly apps: readonly string[];
  readonly credential: VendorCredential;
  /** What becomes of a parameter of the URL that the protocol does not know. */
  readonly unknownParameters: 'refuse' | 'drop';
  /** Nobody is let in who does not say whose session it is. */
  readonly requiresCaller: boolean;
}

/** Whose key the vendor gets: one that chaperone holds, the app's own, or none. */
export type VendorCredential =
  { readonly kind: 'held'; readonly secret: Secret } | { readonly kind: 'passed-through' } | { readonly kind: 'none' };
