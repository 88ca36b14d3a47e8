const root = process.argv[2] ?? '/work/main'; const n = Number(process.argv[3] ?? 2); const calls = Number(process.argv[4] ?? 50); const warm = Number(process.argv[5] ?? 3000); const prompts = Number(process.argv[6] ?? 0);
const { runLoad } = await import(root + '/test/bench/load.ts');
const { bare } = await import(root + '/test/bench/relays/bare.ts');
const { chaperone } = await import(root + '/test/bench/relays/chaperone.ts');
const { pinSelf } = await import(root + '/test/bench/process.ts');
const { driverCore } = await import(root + '/test/bench/relay.ts');
pinSelf(driverCore);
for (let i = 0; i < n; i++) {
  const out: string[] = []; let base = 0;
  for (const relay of [bare, chaperone]) {
    const r = await runLoad(relay, { streams: calls, prompts, warmUpMs: warm, measureMs: 8000 });
    if (relay === bare) base = r.cpuMsPer1000;
    out.push(`${relay.name} ${r.cpuMsPer1000.toFixed(2)} p50 ${(r.mediaMs.p50*1000).toFixed(0)} p99 ${(r.mediaMs.p99*1000).toFixed(0)} kib ${r.kibPerCall.toFixed(0)} ratio ${(r.cpuMsPer1000/base).toFixed(3)}`);
  }
  console.log(root, calls, warm, out.join(' | '));
}
process.exit(0);
