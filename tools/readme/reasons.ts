import { reasons } from '../../src/policy/reason.ts';

/** The table of reason codes as the README shows it; `test/readme.test.ts` compares the two. */
export function reasonTable(): string {
  const rows = Object.entries(reasons).map(
    ([code, { http, close, sentence }]) => `| \`${code}\` | ${http} | ${close} | ${sentence} |`,
  );
  return ['| code | HTTP | close | what it says |', '|---|---|---|---|', ...rows].join('\n');
}
