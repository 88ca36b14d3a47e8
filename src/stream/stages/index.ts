import type { Stage, StageContext } from '../stage.ts';
import { configStage } from './config.ts';
import { handoffStage } from './handoff.ts';
import { knownStage } from './known.ts';
import { redactStage } from './redact.ts';

/** The stages in their order: what a human must hear, what the protocol says, what is configured, then the words. */
export function createStages(context: StageContext): readonly Stage[] {
  return [handoffStage(context), knownStage(context), configStage(context), redactStage(context)];
}

/** For what the practice itself says to the vendor of a bridged call: the configuration of its sessions. */
export function createOwnStages(context: StageContext): readonly Stage[] {
  return [configStage(context)];
}
