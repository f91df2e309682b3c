// Reads the sets to train and measure on from the folder that `--data` names: gzipped JSON lines, see its own README.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Rows of one set, or null where the folder does not have it: the caller says that it left something out. */
export function readRows<T>(directory: string, name: string): T[] | null {
  const path = join(directory, `${name}.jsonl.gz`)
  if (!existsSync(path)) return null
  const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T)
}

/** Sets without a split of their own: the fifth with sha256(text) ≡ 0 mod 5 is the test. */
export function isTestRow(text: string): boolean {
  // 256 ≡ 1 mod 5, so the number modulo 5 is the sum of its bytes modulo 5.
  let sum = 0
  for (const byte of createHash('sha256').update(text).digest()) sum += byte
  return sum % 5 === 0
}

/** Tweets of SemEval carry escapes of the file they came from: `\u002c`, `\u2019`, `\""`. */
export function unescape(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\""/g, '"')
    .replace(/\\n/g, ' ')
}
