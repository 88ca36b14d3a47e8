import type { BridgedRoute } from '../bridge.ts';
import type { Pipeline } from '../pipeline.ts';
import type { StageContext } from '../stage.ts';
import type { Crossing, CrossingPorts } from './crossing.ts';
import { TextCrossing } from './text.ts';
import { VoiceCrossing } from './voice.ts';

export function createCrossing(
  { bridge, session }: BridgedRoute,
  pipeline: Pipeline,
  context: StageContext,
  ports: CrossingPorts,
): Crossing {
  return bridge.caller === 'twilio-media-streams'
    ? new VoiceCrossing({ bridge, session }, pipeline, context, ports)
    : new TextCrossing({ bridge, session }, pipeline, context, ports);
}
