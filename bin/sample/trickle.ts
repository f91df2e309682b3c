// While the demo runs and somebody looks at it, the world goes on: a new message every minute or so, over the same signed road
// as everything else. It ends by itself when nobody has looked for an hour.
import { randomUUID } from 'node:crypto'
import { seededRandom } from '#platform/random'
import type { ProgramParts } from '../program/program.ts'
import { places, type PlaceKey } from './cast.ts'
import { SCOPE } from './deliveries.ts'
import { nameFor, wordsFor } from './names.ts'
import { postSigned } from './signed-post.ts'
import { trickle } from './stories/trickle.ts'

const SHORTEST_MS = 40_000
const LONGEST_MS = 90_000
const UNSEEN_MS = 3_600_000
/** A demo left open over a weekend must not fill its disk. */
const MOST = 600

/** Starts; answers how to stop. */
export function startTrickle(parts: ProgramParts, workspaceId: string): () => Promise<void> {
  const chance = seededRandom(parts.clock.now().getTime() % 2 ** 31)
  let lastSeen = parts.clock.now().getTime()
  let sent = 0
  let timer: NodeJS.Timeout | undefined
  let underWay = Promise.resolve()

  const tick = async (): Promise<void> => {
    const now = parts.clock.now().getTime()
    if (parts.streams() > 0) lastSeen = now
    if (now - lastSeen < UNSEEN_MS && sent < MOST) {
      if (parts.streams() > 0) await say(sent++)
      wait()
    }
  }
  const wait = (): void => {
    const ms = SHORTEST_MS + chance.next() * (LONGEST_MS - SHORTEST_MS)
    timer = setTimeout(() => {
      underWay = tick().catch((error: unknown) => parts.log.warn({ err: error }, 'the trickle of the demo stumbled'))
    }, ms)
    timer.unref()
  }
  const say = async (index: number): Promise<void> => {
    const [place, text, locale = 'en'] = trickle[index % trickle.length]!
    const by = nameFor(locale, chance)
    const words = wordsFor(by, locale, chance)
    const isPublic = places[place].visibility === 'public'
    const handle = by.toLowerCase().replace(/[\s’-]+/g, '_')
    await postSigned(parts, workspaceId, place satisfies PlaceKey, {
      type: 'message',
      id: `trickle-${randomUUID()}`,
      thread: { key: `trickle-${randomUUID()}`, shape: places[place].shape, visibility: places[place].visibility },
      author: { id: `trickle:${by}`, scope: SCOPE, name: isPublic ? handle : by, locale, ...(isPublic && { handle }) },
      text: text.replace(/\{(\w+)\}/g, (gap, slot: string) => words[slot] ?? gap),
      at: parts.clock.now().toISOString(),
    })
  }
  wait()
  return async () => {
    clearTimeout(timer)
    await underWay
  }
}
