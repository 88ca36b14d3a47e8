import { cartesia } from './cartesia.ts';
import { say, words } from './say.ts';

// The quick start of contexts of @cartesia/cartesia-js.
const client = cartesia();
const connect = async (): Promise<Awaited<ReturnType<typeof client.tts.websocket>> | undefined> => {
  try {
    return await client.tts.websocket();
  } catch (fault) {
    say({
      refused:
        fault instanceof Error || (typeof fault === 'object' && fault !== null && 'message' in fault)
          ? fault.message
          : '',
    });
    return undefined;
  }
};
const socket = await connect();
if (socket !== undefined) {
  socket.socket.addEventListener('close', ({ reason }: { readonly reason: string }) => {
    say({ closed: reason });
    process.exit();
  });
  const context = socket.context({
    model_id: process.env['MODEL'] ?? 'sonic-3',
    voice: { mode: 'id', id: '6ccbfb76-1fc6-48f7-b71d-91ac6298247b' },
    output_format: { container: 'raw', encoding: 'pcm_mulaw', sample_rate: 8000 },
    add_timestamps: true,
  });
  for (const transcript of `Thank you ${words}, see you on Tuesday. `.match(/.{1,5}/gu) ?? [])
    await context.push({ transcript });
  await context.no_more_inputs();
  const heard: string[] = [];
  let bytes = 0;
  for await (const event of context.receive({ timeout: 20_000 })) {
    if (event.type === 'chunk') bytes += event.audio?.length ?? 0;
    if (event.type === 'timestamps') heard.push(...(event.word_timestamps?.words ?? []));
  }
  say({ heard, bytes });
  socket.close();
}
