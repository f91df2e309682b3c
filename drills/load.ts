// The life that goes on while things break: customers whose platform delivers until it is thanked, agents who answer until it is
// stored, and a browser that follows the stream and comes back.
import { createHmac, randomUUIDv7 } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { House } from './house.ts'

export interface Load {
  /** By external id: how often 200 was said. */
  readonly accepted: Map<string, number>
  /** Broken deliveries that were accepted: 200 said; and tried in all, since the thanks for some got lost. */
  broken: { accepted: number; tried: number }
  /** Answers that were stored (200), by message id. */
  readonly answered: Set<string>
  /** Whatever was not answered by 200: the program or its database were away. */
  refusals: number
  /** Ends the load; what is under way is brought to its end. */
  stop(): Promise<void>
}

export function sign(secret: string, id: string, body: Buffer | string, at = Date.now()): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000))
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
}

/** Posts one delivery once. Answers the status, 0 when nobody answered. */
export async function post(house: House, id: string, body: Buffer | string, url = house.url()): Promise<number> {
  try {
    const response = await fetch(`${url}/in/${house.connection.key}`, {
      method: 'POST',
      headers: sign(house.connection.secret, id, body),
      body: new Uint8Array(Buffer.from(body)),
      signal: AbortSignal.timeout(8000),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}

export function message(externalId: string, thread: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    version: 1,
    type: 'message',
    id: externalId,
    thread: { key: thread },
    author: { id: `of-${thread}`, name: `Customer ${thread}` },
    text: `This is ${externalId}`,
    at: new Date().toISOString(),
    ...more,
  })
}

export interface LoadOptions {
  readonly threads?: number
  /** Milliseconds between two deliveries of one sender. */
  readonly pace?: number
  readonly senders?: number
  readonly answerEvery?: number
}

export function startLoad(
  house: House,
  { threads = 8, pace = 25, senders = 3, answerEvery = 250 }: LoadOptions = {},
): Load {
  const stop = new AbortController()
  const load: Load = {
    accepted: new Map(),
    broken: { accepted: 0, tried: 0 },
    answered: new Set(),
    refusals: 0,
    async stop() {
      stop.abort()
      await done
    },
  }
  const stopped = (): boolean => stop.signal.aborted
  const threadNames = Array.from({ length: threads }, (_, i) => `thread-${i}`)

  const sender = async (name: number): Promise<void> => {
    for (let i = 0; !stopped(); i++) {
      const externalId = `m-${name}-${i}`
      const isBroken = i % 40 === 39
      const body = isBroken ? `{"type":"message","no":"${externalId}"` : message(externalId, threadNames[i % threads]!)
      // A platform delivers until it is thanked.
      for (let thanked = false; !thanked;) {
        if (isBroken) load.broken.tried += 1
        const status = await post(house, externalId, body)
        thanked = status === 200
        if (!thanked) {
          load.refusals += 1
          await sleep(100)
        } else if (isBroken) load.broken.accepted += 1
        else load.accepted.set(externalId, (load.accepted.get(externalId) ?? 0) + 1)
      }
      await sleep(pace)
    }
  }

  const agent = async (): Promise<void> => {
    let conversations: string[] = []
    for (let i = 0; !stopped(); i++) {
      try {
        if (i % 20 === 0 || conversations.length === 0) {
          const { status, body } = await house.call('GET', '/api/conversations?limit=50')
          if (status === 200) conversations = (body as { items: { id: string }[] }).items.map(({ id }) => id)
        }
        const conversation = conversations[i % Math.max(conversations.length, 1)]
        if (conversation) await answerUntilStored(house, load, conversation)
      } catch {
        load.refusals += 1
      }
      await sleep(answerEvery)
    }
  }
  const done = Promise.all([...Array.from({ length: senders }, (_, i) => sender(i)), agent()])
  return load
}

/** The same id however often it is tried, as the composer does. */
export async function answerUntilStored(house: House, load: Pick<Load, 'answered' | 'refusals'>, conversation: string) {
  const clientId = randomUUIDv7()
  for (let tries = 0; tries < 300; tries++) {
    try {
      const { status } = await house.call('POST', `/api/conversations/${conversation}/messages`, {
        body: `Answer ${clientId}`,
        clientId,
      })
      if (status === 200) return void load.answered.add(clientId)
      if (status === 422) return
    } catch {
      // Nobody answered: it may be stored or not, so it is tried again under the same id.
    }
    load.refusals += 1
    await sleep(150)
  }
}
