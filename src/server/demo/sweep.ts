import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One place where the planted words were found. Names the place and never repeats what stands there. */
export interface Leak {
  readonly place: string;
  readonly word: string;
}

/** Searches a text for the planted words, whatever the case. */
export function searchText(place: string, text: string, words: readonly string[]): Leak[] {
  const folded = text.toLowerCase();
  return words.filter((word) => folded.includes(word)).map((word) => ({ place, word }));
}

/** Searches the bytes of every file under a folder. */
export async function searchFolder(folder: string, words: readonly string[]): Promise<Leak[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const leaks: Leak[] = [];
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name);
    leaks.push(...searchText(path, (await readFile(path)).toString('latin1'), words));
  }
  return leaks;
}
