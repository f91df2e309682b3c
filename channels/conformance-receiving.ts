// What holds for every channel on the way in.
import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { fuzzRounds } from '#platform/testing/random'
import { deepFreeze, withoutWorldUntil } from '#platform/testing/without-world'
import {
  claimsOf,
  faultsOf,
  type Fixture,
  kindsIn,
  type Received,
  receiveOne,
  recorded,
} from './conformance-fixtures.ts'
import { type Connector, NotUnderstood } from './connector.ts'
import { malformed, withUnknownFields } from './fuzz.ts'

const FUZZ_SEED = 20261121
/** On a loaded machine. What takes longer has met something quadratic. */
const MOST_MS = 2_000

export interface ReceivingOptions {
  /** Names of objects in a payload whose fields are the sender's own, so that one more is no unknown field. */
  readonly openMaps?: readonly string[]
  /** For payloads that are not JSON: the same payload with something in it that nobody has heard of. */
  readonly widen?: (body: Buffer) => Buffer
}

export function describeReceiving(
  connector: Connector,
  fixtures: readonly Fixture[],
  { openMaps = [], widen = (body) => withUnknownFields(body, openMaps) }: ReceivingOptions,
): void {
  const receive = ({ delivery, settings }: Fixture) => receiveOne(connector, delivery, settings)
  const first = new Map<Fixture, Received>()
  let understood: readonly Fixture[] = []
  const eventsOf = (fixture: Fixture) => {
    const received = first.get(fixture)!
    return 'events' in received ? received.events : []
  }

  beforeAll(async () => {
    for (const fixture of fixtures) first.set(fixture, await receive(fixture))
    understood = fixtures.filter((fixture) => 'events' in first.get(fixture)!)
  })

  describe('what comes in', () => {
    test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
      '%s becomes what is recorded',
      async (_, fixture) => {
        expect(existsSync(fixture.resultFile), `${fixture.resultFile} is missing`).toBe(true)
        await expect(recorded(first.get(fixture)!)).toMatchFileSnapshot(fixture.resultFile)
      },
    )

    test('bears out every claim, and claims all that comes', () => {
      const seen = kindsIn(understood.flatMap(eventsOf))
      const claimed = claimsOf(connector.capabilities)
      expect({
        'claimed without a fixture': [...claimed].filter((kind) => !seen.has(kind)),
        'in a fixture without a claim': [...seen].filter((kind) => !claimed.has(kind)),
      }).toEqual({ 'claimed without a fixture': [], 'in a fixture without a claim': [] })
    })

    test('is sound', () => {
      const faults = understood.flatMap((fixture) =>
        eventsOf(fixture).flatMap((event) =>
          faultsOf(event, connector.capabilities).map((fault) => `${fixture.name}: ${fault}`),
        ),
      )
      expect(faults).toEqual([])
    })

    test('is understood without clock, chance, network or memory', async () => {
      for (const { name, delivery, settings } of fixtures) {
        const before = Buffer.from(delivery.body)
        const context = deepFreeze({ connectionId: 'connection', settings: structuredClone(settings) })
        const frozen = deepFreeze({ ...delivery, headers: { ...delivery.headers } })
        const receive = () => receiveOne(connector, frozen, context.settings)
        const visits = [await withoutWorldUntil(receive), await withoutWorldUntil(receive)]
        for (const visit of visits) {
          expect(visit.touched, name).toEqual([])
          expect('thrown' in visit.outcome && visit.outcome.thrown, name).toBe(false)
        }
        expect(visits[0]!.outcome, name).toEqual(visits[1]!.outcome)
        expect(delivery.body.equals(before), `${name} changed the bytes it was given`).toBe(true)
      }
    })

    test('keeps its names when it comes twice, later, or in another order', async () => {
      const namesOf = async (fixture: Fixture, id: string, later: number) => {
        const receivedAt = new Date(fixture.delivery.receivedAt.getTime() + later)
        const received = await receiveOne(connector, { ...fixture.delivery, id, receivedAt }, fixture.settings)
        return 'events' in received ? received.events.map(nameOf) : []
      }
      const once = await Promise.all(understood.map((fixture) => namesOf(fixture, 'first', 0)))
      const again = await Promise.all(understood.toReversed().map((fixture) => namesOf(fixture, 'again', 3_600_000)))
      expect(again.toReversed()).toEqual(once)
    })

    test('may carry fields that nobody has heard of', async () => {
      for (const fixture of understood) {
        const wider = { ...fixture.delivery, body: widen(fixture.delivery.body) }
        const received = await receiveOne(connector, wider, fixture.settings)
        expect(recorded(received), fixture.name).toBe(recorded(first.get(fixture)!))
      }
    })

    test(
      `is refused as a whole or understood soundly when broken (RAPPORT_FUZZ=${fuzzRounds()})`,
      { timeout: 600_000 },
      async () => {
        let broken = 0
        for (const { body, how } of malformed(
          fixtures.map(({ delivery }) => delivery.body),
          FUZZ_SEED,
          fuzzRounds(),
        )) {
          const { delivery, settings } = fixtures[broken++ % fixtures.length]!
          const since = performance.now()
          let faults: readonly string[] = []
          try {
            const events = await connector.receive({ ...delivery, body }, { connectionId: 'connection', settings })
            faults = events.flatMap((event) => faultsOf(event, connector.capabilities))
          } catch (error) {
            if (!(error instanceof NotUnderstood)) throw new Error(`${how}: ${String(error)}`, { cause: error })
            if (error.message === '' || error.message.length > 500) faults = ['the reason is empty or too long to show']
          }
          const took = performance.now() - since
          expect({ how, faults, slow: took > MOST_MS && took }).toEqual({ how, faults: [], slow: false })
        }
        expect(broken).toBeGreaterThan(fuzzRounds())
      },
    )
  })
}

function nameOf(event: Parameters<typeof faultsOf>[0]): string {
  if ('externalId' in event) return `${event.type} ${event.externalId}`
  return event.type === 'thread' ? `thread ${event.thread.key}` : `identity ${event.author.externalId}`
}
