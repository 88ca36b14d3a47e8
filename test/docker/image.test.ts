import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { at, textOf } from './files.ts';

interface Instruction {
  readonly name: string;
  readonly value: string;
}

/** The instructions of a Dockerfile, continuation lines joined, comments left out. */
function instructions(text: string): Instruction[] {
  const lines = text.replaceAll(/^\s*#.*\n/gmu, '').replaceAll(/\\\n\s*/gu, ' ');
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', value = ''] = /^(\w+)\s+(.*)$/u.exec(line) ?? [];
      return { name, value };
    });
}

const all = instructions(textOf('Dockerfile'));
const lastStage = all.slice(all.findLastIndex(({ name }) => name === 'FROM'));
const valuesOf = (name: string, among = lastStage): string[] =>
  among.filter((instruction) => instruction.name === name).map(({ value }) => value);

test('every line is an instruction that Docker knows', () => {
  const known = 'FROM WORKDIR COPY RUN LABEL ENV VOLUME USER EXPOSE HEALTHCHECK ENTRYPOINT CMD'.split(' ');
  expect(all.length).toBeGreaterThan(12);
  for (const { name } of all) expect(known).toContain(name);
});

test('two stages on Node 24 slim, no floating tag', () => {
  const images = valuesOf('FROM', all).map((value) => value.split(' ')[0]);
  expect(images).toEqual(['node:24-slim', 'node:24-slim']);
});

test('dependencies come from the lockfile, scripts off, development ones pruned', () => {
  const runs = valuesOf('RUN', all).join(' ; ');
  expect(runs).toContain('npm ci --ignore-scripts');
  expect(runs).toContain('npm prune --omit=dev');
  expect(runs).not.toMatch(/npm install|npm i\b/u);
});

test('the last stage runs as a user by number that is not root, and nothing comes after it that could change that', () => {
  expect(valuesOf('USER')).toEqual(['1000:1000']);
  const afterUser = lastStage.slice(lastStage.findIndex(({ name }) => name === 'USER'));
  expect(afterUser.map(({ name }) => name)).toEqual(['USER', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD']);
});

test('no layer holds a secret: no ARG, no token or key in ENV, only named paths are copied', () => {
  expect(valuesOf('ARG', all)).toEqual([]);
  expect(valuesOf('ENV', all)).toEqual(['NODE_ENV=production']);
  for (const value of valuesOf('COPY', all)) expect(value).not.toMatch(/(?:^|\s)\.\s|\.env|\.pem|\.key/u);
});

test('what is written to is a volume, so that the root file system can be read-only', () => {
  const volumes: unknown = JSON.parse(valuesOf('VOLUME')[0] ?? '');
  expect(volumes).toEqual(['/etc/chaperone', '/var/lib/chaperone/audit', '/var/lib/chaperone/keys']);
});

test('the health check is a program that exits with 1 where nobody answers', () => {
  const command: unknown = JSON.parse(/CMD (\[.*\])$/u.exec(valuesOf('HEALTHCHECK')[0] ?? '')?.[1] ?? '');
  expect(command).toEqual(['node', '-e', expect.stringContaining('http://127.0.0.1:9464/healthz')]);
  const script = String(at(command, 2)).replace(':9464/', ':1/');
  expect(() => execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' })).toThrow(/Command failed/u);
});

test('.dockerignore lets nothing in but what the Dockerfile copies', () => {
  const lines = textOf('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines[0]).toBe('*');
  const allowed = lines.slice(1).map((line) => line.replace(/^!/u, ''));
  const copied = valuesOf('COPY', all)
    .filter((value) => !value.startsWith('--from'))
    .flatMap((value) => value.split(' ').slice(0, -1));
  expect([...allowed].sort()).toEqual([...copied].sort());
});
