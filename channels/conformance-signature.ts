// What holds for every channel whose deliveries are signed.
import { describe, expect, test } from 'vitest'
import { seededRandom } from '#platform/testing/random'
import type { Connector, RawDelivery } from './connector.ts'

export interface SigningOptions {
  readonly credentials: Readonly<Record<string, string>>
  /** Of somebody else. */
  readonly otherCredentials: Readonly<Record<string, string>>
  readonly settings?: Readonly<Record<string, unknown>>
  /** The headers that vouch for `body`, made at `at` by the holder of `credentials`. */
  readonly sign: (body: Buffer, at: Date, credentials: Readonly<Record<string, string>>) => Record<string, string>
  /** How long a signature is good for, or null where the platform signs no time. */
  readonly windowSeconds: number | null
}

export function describeSignature(connector: Connector, body: Buffer, signing: SigningOptions): void {
  const verify = connector.verify!
  const at = new Date('2026-09-01T12:00:00.000Z')
  const { credentials, otherCredentials, settings = {}, windowSeconds } = signing
  const signed = (change: Partial<RawDelivery> = {}, by = credentials): RawDelivery => ({
    headers: signing.sign(body, at, by),
    body,
    receivedAt: at,
    ...change,
  })
  const check = (delivery: RawDelivery, by = credentials) => verify(delivery, by, settings)
  const after = (seconds: number) => new Date(at.getTime() + seconds * 1000)

  describe('a signature', () => {
    test('of the right hand over the right bytes is good', () => {
      expect(check(signed())).toMatchObject({ ok: true })
    })

    test('is bad when a single bit of the body differs, or a byte is missing or too many', () => {
      const random = seededRandom(7)
      const others = Array.from({ length: 100 }, () => {
        const flipped = Buffer.from(body)
        flipped[random.below(body.length)]! ^= 1 << random.below(8)
        return flipped
      })
      const all = [...others, body.subarray(0, -1), Buffer.concat([body, Buffer.from(' ')]), Buffer.alloc(0)]
      for (const other of all) expect(check(signed({ body: other }))).toEqual({ ok: false, reason: 'bad_signature' })
    })

    test('of somebody else, or against somebody else, is bad', () => {
      expect(check(signed({}, otherCredentials))).toEqual({ ok: false, reason: 'bad_signature' })
      expect(check(signed(), otherCredentials)).toEqual({ ok: false, reason: 'bad_signature' })
    })

    test('is never good without a key of our own', () => {
      const blank = Object.fromEntries(Object.keys(credentials).map((name) => [name, '']))
      for (const none of [{}, blank]) expect(check(signed(), none).ok).toBe(false)
    })

    test('is not good without each of its headers, or with any of them changed', () => {
      const { headers } = signed()
      expect(check(signed({ headers: {} })).ok).toBe(false)
      for (const [name, value] of Object.entries(headers)) {
        const { [name]: _, ...rest } = headers
        const changed = ['', ' ', `${value}x`, value.slice(0, -3), `x${value}`, '\0', 'x'.repeat(10_000), '💥']
        expect(check(signed({ headers: rest })).ok, `without ${name}`).toBe(false)
        for (const other of changed) {
          expect(check(signed({ headers: { ...headers, [name]: other } })).ok, `${name}: ${other}`).toBe(false)
        }
      }
    })

    const testWindow = (seconds: number) =>
      test('grows stale, and does not come from the future', () => {
        for (const off of [-seconds + 1, 0, seconds - 1]) {
          expect(check(signed({ receivedAt: after(off) })), `${off} s`).toMatchObject({ ok: true })
        }
        for (const off of [-86_400, -seconds - 2, seconds + 2, 86_400]) {
          expect(check(signed({ receivedAt: after(off) })), `${off} s`).toEqual({ ok: false, reason: 'stale' })
        }
      })
    if (windowSeconds !== null) testWindow(windowSeconds)

    test('of what nobody can parse is judged all the same: bytes are enough', () => {
      for (const odd of [Buffer.from([0xff, 0x00, 0xfe]), Buffer.from('{'), Buffer.alloc(1024 * 1024, 0x5b)]) {
        expect(check({ headers: signing.sign(odd, at, credentials), body: odd, receivedAt: at })).toMatchObject({
          ok: true,
        })
      }
    })
  })
}
