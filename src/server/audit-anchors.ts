import type { Anchor } from '../audit/anchor.ts';
import { openS3Anchor } from '../audit/anchors/s3.ts';
import { openWitness } from '../audit/anchors/witness.ts';
import { nodeFiles } from '../audit/durable.ts';
import type { AnchorSettings, S3Anchor } from './audit-settings.ts';
import { awsCredentials } from './service-credentials.ts';

/** Who keeps the checkpoints of the log in `directory`, beside the platform's own log. */
export function openAnchors({ s3, witness }: AnchorSettings, directory: string, origin: string): Anchor[] {
  const anchors = s3 === undefined ? [] : [s3AnchorOf(s3, origin)];
  if (witness === undefined) return anchors;
  // The submission prefix is a folder: without the slash its last part would be lost.
  const url = witness.url.endsWith('/') ? witness.url : `${witness.url}/`;
  return [...anchors, openWitness({ url, vkey: witness.key, directory, files: nodeFiles })];
}

function s3AnchorOf(s3: S3Anchor, origin: string): Anchor {
  const { bucket, region, prefix = `${origin}/`, retainDays, endpoint, credentials } = s3;
  const place = { bucket, region, prefix, retainDays, ...(endpoint === undefined ? {} : { endpoint }) };
  return openS3Anchor({ ...place, credentials: () => awsCredentials(credentials), now: Date.now });
}
