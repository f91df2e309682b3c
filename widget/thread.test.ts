import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { VisitMessage } from '#webchat/contract'
import { loadOutbox, nextToSend, put, saveItem, dropItem, unseen, type OutItem } from './outbox.ts'
import { stored } from './stored.ts'
import { applyChanges, applyPage, applySnapshot, emptyThread, unreadOf, type Thread } from './thread.ts'

const aMessage = (seq: number, given: Partial<VisitMessage> = {}): VisitMessage => ({
  id: `m${seq}`,
  clientId: null,
  from: 'desk',
  author: 'Mia',
  text: String(seq),
  at: new Date(1_700_000_000_000 + Math.floor(seq / 3) * 1000).toISOString(),
  seq,
  deleted: false,
  state: 'sent',
  files: [],
  byMail: false,
  ...given,
})
const anItem = (clientId: string, given: Partial<OutItem> = {}): OutItem => ({
  clientId,
  text: clientId,
  files: [],
  at: 0,
  state: 'queued',
  ...given,
})
const line = { state: 'open', deskReadSeq: 0 } as const

/** A storage of the page, in memory. */
function aStorage(): Storage {
  const map = new Map<string, string>()
  return new Proxy({} as Storage, {
    get: (_, name) =>
      ({
        getItem: (key: string) => map.get(key) ?? null,
        setItem: (key: string, value: string) => void map.set(key, value),
        removeItem: (key: string) => void map.delete(key),
      })[name as string],
    ownKeys: () => [...map.keys()],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  })
}

describe('the thread', () => {
  test('is the same whatever way its messages came: in pages, in frames, twice, in any order', () => {
    const total = 30
    const all = Array.from({ length: total }, (_, seq) => aMessage(seq))
    // Cuts a history into a snapshot, older pages and live frames, with repeats and shuffles of whatever may be shuffled.
    const scenario = fc.record({
      head: fc.integer({ min: 1, max: total }),
      page: fc.integer({ min: 1, max: 7 }),
      live: fc.array(fc.subarray(all.map((_, index) => index)), { maxLength: 6 }),
      order: fc.infiniteStream(fc.boolean()),
    })
    fc.assert(
      fc.property(scenario, ({ head, page, live, order }) => {
        const known = all.slice(0, head)
        let oldest = Math.max(0, head - page)
        let thread: Thread = applySnapshot({
          messages: known.slice(oldest),
          next: oldest > 0 ? String(oldest) : null,
          line,
        })
        // What came after the snapshot comes at the latest in the last frame; what came before may come again in any.
        const frames = [...live, all.slice(head).map(({ seq }) => seq)]
        for (const choice of order) {
          if (thread.next === null && frames.length === 0) break
          if ((choice || frames.length === 0) && thread.next !== null) {
            const from = Math.max(0, oldest - page)
            thread = applyPage(thread, {
              items: all.slice(from, oldest).toReversed(),
              next: from > 0 ? String(from) : null,
            })
            oldest = from
          } else {
            const seqs = frames.shift() ?? []
            thread = applyChanges(thread, { messages: seqs.map((seq) => all[seq]!), line })
          }
        }
        expect(thread.messages.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq))
      }),
    )
  })

  test('takes a message’s newest state from a frame, and never an old one from a page', () => {
    let thread = applySnapshot({ messages: [aMessage(5)], next: 'x', line })
    thread = applyChanges(thread, { messages: [aMessage(5, { state: 'read' })], line })
    thread = applyPage(thread, { items: [aMessage(5), aMessage(4)], next: null })
    expect(thread.messages.map(({ seq, state }) => [seq, state])).toEqual([
      [4, 'sent'],
      [5, 'read'],
    ])
  })

  test('is replaced whole by a snapshot, so that nothing of another line stays', () => {
    const before = applyChanges(emptyThread, { messages: [aMessage(1)], line })
    expect(before.messages).toHaveLength(1)
    expect(applySnapshot({ messages: [], next: null, line }).messages).toEqual([])
  })

  test('counts as unread what the desk said and nobody looked at', () => {
    const thread = applySnapshot({
      messages: [
        aMessage(1, { from: 'visitor', state: 'received' }),
        aMessage(2, { state: 'read' }),
        aMessage(3, { state: 'delivered' }),
        aMessage(4, { deleted: true }),
        aMessage(5),
      ],
      next: null,
      line,
    })
    expect(unreadOf(thread, new Set(['m5'])).map(({ seq }) => seq)).toEqual([3])
  })
})

describe('the outbox', () => {
  test('and the thread together show every message once, whichever knows of it first', () => {
    const steps = fc.array(fc.record({ what: fc.constantFrom('write', 'accept', 'show'), which: fc.nat(8) }), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(steps, (done) => {
        let outbox: OutItem[] = []
        let thread: Thread = emptyThread
        const written = new Set<string>()
        for (const { what, which } of done) {
          const clientId = `c${which}`
          if (what === 'write' && !written.has(clientId)) {
            written.add(clientId)
            outbox = put(outbox, anItem(clientId, { at: which }))
          }
          const item = outbox.find((one) => one.clientId === clientId)
          if (what === 'accept' && item) outbox = put(outbox, { ...item, state: 'accepted' })
          if (what === 'show' && written.has(clientId))
            thread = applyChanges(thread, { messages: [aMessage(which, { clientId, from: 'visitor' })], line })
          outbox = unseen(outbox, thread.messages)
        }
        const shown = [...thread.messages.map(({ clientId }) => clientId), ...outbox.map(({ clientId }) => clientId)]
        expect([...shown].sort()).toEqual([...written].sort())
      }),
    )
  })

  test('is the same after a reload, and two windows keep each other’s', () => {
    const storage = aStorage()
    const [one, two] = [stored('key', storage), stored('key', storage)]
    saveItem(one, anItem('b', { at: 2 }))
    saveItem(two, anItem('a', { at: 1 }))
    saveItem(one, anItem('b', { at: 2, state: 'accepted' }))
    expect(loadOutbox(stored('key', storage)).map(({ clientId, state }) => [clientId, state])).toEqual([
      ['a', 'queued'],
      ['b', 'accepted'],
    ])
    expect(loadOutbox(stored('another', storage))).toEqual([])
    dropItem(two, 'b')
    expect(loadOutbox(one).map(({ clientId }) => clientId)).toEqual(['a'])
  })

  test('lives in memory where the page may not store', () => {
    const store = stored('key', {
      setItem: () => {
        throw new Error('QuotaExceededError')
      },
      getItem: () => null,
      removeItem: () => {},
    } as unknown as Storage)
    saveItem(store, anItem('a'))
    expect(loadOutbox(store).map(({ clientId }) => clientId)).toEqual(['a'])
  })

  test('sends the oldest first, and passes over what was refused', () => {
    expect(
      nextToSend([anItem('a', { state: 'failed' }), anItem('b', { state: 'accepted' }), anItem('c'), anItem('d')])
        ?.clientId,
    ).toBe('c')
    expect(nextToSend([anItem('a', { state: 'accepted' })])).toBeNull()
  })
})
