import { connectJudged, refusalOf, type DialledVendor, type DialRefusal } from '../dial.ts';
import { ChatSocket, type ChatPlan } from './socket.ts';

/** Connects to a model of text, judged as every vendor is. What it is asked follows with the call. */
export async function dialChat(plan: ChatPlan): Promise<DialledVendor | DialRefusal> {
  const deadline = AbortSignal.timeout(plan.timeoutMs);
  try {
    const first = await connectJudged(plan, new URL(plan.vendor.url), deadline);
    return { ...first, socket: new ChatSocket(plan, first) };
  } catch (fault) {
    return refusalOf(fault, deadline);
  }
}
