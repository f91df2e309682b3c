// A file from outside on its way in: read whole within its limit, looked at, written anew if it is a picture, stored.
import { inspect, type FileKind } from './inspect.ts'
import type { FileStore } from './store.ts'

export interface KeptFile {
  readonly sha256: string
  readonly size: number
  readonly name: string
  readonly mediaType: string
  /** 'image' only for what our own encoder wrote; a picture that it could not read is 'other', kept and never shown. */
  readonly kind: FileKind
  readonly width: number | null
  readonly height: number | null
}

export type KeepOutcome =
  | { readonly ok: true; readonly file: KeptFile }
  | { readonly ok: false; readonly reason: 'too_large' | 'empty' }

/** Stores a file whole or not at all. `maxBytes` holds for the bytes as they came. */
export async function keepFile(
  store: FileStore,
  source: AsyncIterable<Uint8Array>,
  claim: { readonly name: string; readonly mediaType: string },
  maxBytes: number,
): Promise<KeepOutcome> {
  const bytes = await readWhole(source, maxBytes)
  if (bytes === null) return { ok: false, reason: 'too_large' }
  if (bytes.length === 0) return { ok: false, reason: 'empty' }
  const found = await inspect(bytes, claim.name, claim.mediaType)
  const kept = found.reencoded ?? bytes
  const put = await store.put(kept, { maxBytes: Math.max(maxBytes, kept.length) })
  if (!put.ok) return { ok: false, reason: 'too_large' }
  const { type, kind, name, width, height } = found
  return {
    ok: true,
    file: {
      sha256: put.sha256,
      size: put.size,
      name,
      mediaType: type,
      kind: kind === 'image' && !found.reencoded ? 'other' : kind,
      width,
      height,
    },
  }
}

async function readWhole(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size <= maxBytes) chunks.push(chunk)
  }
  // Read to its end all the same: a request left half-read would look like a broken connection to whoever sends it.
  return size > maxBytes ? null : Buffer.concat(chunks)
}

/** A stored file whole, for handing on to a platform. Throws when it is gone. */
export async function readFile(store: FileStore, sha256: string): Promise<Buffer> {
  const stream = await store.get(sha256)
  if (!stream) throw new Error(`the file ${sha256} is not in the store`)
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}
