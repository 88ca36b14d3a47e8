import { expect, it } from 'vitest';
import { loadConfig } from '../../src/server/config/load.ts';
import type { Config } from '../../src/server/config.ts';
import { AgreementCalendar, daysLeft } from '../../src/server/agreements.ts';
import { buildScene, tearDown } from '../../src/server/demo/scene.ts';

const dayMs = 86_400_000;

async function configured(): Promise<Config> {
  const scene = await buildScene((made) => ({
    ...made,
    sub_processors: made.sub_processors.slice(0, 1),
    routes: made.routes.slice(0, 1),
  }));
  const loaded = await loadConfig(scene.config, {});
  await tearDown(scene);
  if ('faults' in loaded) throw new Error('The scene has faults');
  return loaded.config;
}

it('[D3] says once each that 30, 7 and 1 days are left, and that an agreement has expired', async () => {
  const config = await configured();
  const calendar = new AgreementCalendar();
  const [days] = daysLeft(config, Date.now()).values();
  const said: string[] = [];
  for (let day = 0; day <= (days ?? 0) + 5; day += 1) {
    for (let hour = 0; hour < 2; hour += 1) {
      for (const event of calendar.due(config, Date.now() + day * dayMs))
        said.push(`${event.kind} ${event.totals?.['daysLeft'] ?? ''}`.trim());
    }
  }
  expect(said).toEqual(['baa.expiring 30', 'baa.expiring 7', 'baa.expiring 1', 'baa.expired']);
});
