// Files that came inside a delivery, on their way into the store. Looking at a picture takes its time and nothing may wait for
// that inside a transaction: a batch that meets files steps back, keeps them, and comes again. They are named by their content,
// so keeping them twice keeps them once.
import type { InboundEvent, InboundMedia } from '#channels/connector'
import type { InboundFile } from '#inbox/server'
import { keepFile } from '#platform/files/keep'
import type { FileStore } from '#platform/files/store'

const MOST_BYTES = 25 * 1024 * 1024
/** Of one message: what is more is a bomb, and stands in the delivery. */
const MOST_FILES = 100

/** What a delivery says, or why it says nothing that can be stored. */
export interface Understanding {
  readonly events: readonly InboundEvent[]
  readonly reason: string | null
}

/** Thrown inside a batch's transaction, which changed nothing by then. */
export class FilesToKeep extends Error {
  override readonly name = 'FilesToKeep'
  /** What the deliveries of the batch say, files and all: understanding a mail is the dear part of taking it in. */
  readonly understood: ReadonlyMap<string, Understanding>

  constructor(understood: ReadonlyMap<string, Understanding>) {
    super('the batch holds files')
    this.understood = understood
  }
}

export const holdsBytes = (event: InboundEvent): boolean =>
  event.type === 'message' && (event.media ?? []).some(({ bytes }) => bytes !== undefined)

/** The event with its files stored, each in its place; what could not be kept says why. */
export async function keepFiles<T extends InboundEvent>(files: FileStore, event: T): Promise<T> {
  if (event.type !== 'message' || !event.media) return event
  const media = []
  for (const one of event.media.slice(0, MOST_FILES)) media.push(one.bytes === undefined ? one : await keep(files, one))
  return { ...event, media }
}

async function keep(files: FileStore, { bytes, ...media }: InboundMedia): Promise<InboundFile> {
  const claim = { name: media.name, mediaType: media.mediaType ?? 'application/octet-stream' }
  const kept = await keepFile(files, [bytes!] as unknown as AsyncIterable<Uint8Array>, claim, MOST_BYTES).catch(
    (error: unknown) => {
      // A full disk passes; a file that our own reader stumbles over must not hold up everything behind it.
      if (typeof (error as { code?: unknown }).code === 'string') throw error
      return { ok: false, reason: 'unreadable' } as const
    },
  )
  if (!kept.ok && kept.reason === 'unreadable') return { ...media, failed: 'the file could not be looked at' }
  if (!kept.ok)
    return { ...media, failed: kept.reason === 'empty' ? 'the file is empty' : 'the file is larger than 25 MB' }
  const { sha256, size, mediaType, kind, width, height } = kept.file
  return {
    ...media,
    name: media.name,
    stored: { sha256, size, mediaType, kind, ...(width !== null && { width }), ...(height !== null && { height }) },
  }
}
