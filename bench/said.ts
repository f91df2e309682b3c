// Messages as customers write them, for benches in which what they say is read: sentences of the phrasebook, one in six with
// more, one in twenty in words that nobody ever read.
import { loadWorkshop } from '#triage/server'
import { seededRandom, type Random } from '#platform/testing/random'
import { textOf, vocabulary } from './text.ts'

/** What the rules look for, and languages other than English. */
const TAILS = [
  ' call me on +44 20 7946 0958 please',
  ' my card is 4111 1111 1111 1111',
  ' https://example.com/order/1234 😡',
  ' ¿dónde está mi pedido? no puedo esperar más',
  ' ich warte seit drei Wochen auf meine Rückerstattung',
  " je n'ai toujours pas reçu ma commande, c'est honteux",
  ' jag har väntat i två veckor på mitt paket',
]
const SENTENCES = 12_000

/** Says one message after the other. The same seed says the same. */
export async function openSaying(seed: number): Promise<() => string> {
  const { sampleMessages } = await loadWorkshop()
  const random: Random = seededRandom(seed)
  const words = vocabulary()
  const sentences = sampleMessages(SENTENCES)
  return () => {
    if (random.below(20) === 0) return textOf(random, words)
    const parts = Array.from({ length: 1 + random.below(2) }, () => random.pick(sentences))
    return `${parts.join(' ')}${random.below(6) === 0 ? random.pick(TAILS) : ''}`
  }
}
