import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'

/** As far as the screens look; a channel may say more. */
interface Told {
  readonly receives?: readonly string[]
  readonly sends?: boolean
  readonly visibility?: readonly string[]
  readonly textLimits?: readonly { readonly max: number }[]
  readonly media?: { readonly maxCount: number; readonly maxBytes: number } | null
  readonly receipts?: readonly string[]
  readonly startsConversations?: boolean
}

/** What a channel can do, in sentences that somebody who connects it understands. */
export function useCapabilityWords(): (capabilities: Readonly<Record<string, unknown>>) => string[] {
  const { t, i18n } = useLingui()
  return (capabilities) => {
    const {
      receives = [],
      sends,
      visibility = [],
      textLimits = [],
      media,
      receipts = [],
      ...rest
    } = capabilities as Told
    const number = (value: number) => value.toLocaleString(i18n.locale)
    const words: string[] = []
    if (receives.includes('visit')) words.push(t`Customers write on your own pages`)
    if (receives.includes('webhook')) words.push(t`Your system delivers messages, signed`)
    if (receives.includes('poll')) words.push(t`Rapport fetches messages by itself`)
    if (receives.includes('smtp')) words.push(t`Mail is delivered to Rapport`)
    words.push(
      visibility.includes('public')
        ? visibility.includes('private')
          ? t`Public and private conversations`
          : t`Public conversations`
        : t`Private conversations`,
    )
    const most = Math.min(...textLimits.map(({ max }) => max))
    if (!sends) words.push(t`Can be read, not answered`)
    else if (Number.isFinite(most)) words.push(t`Answers of up to ${number(most)} characters`)
    else words.push(t`Answers of any length`)
    if (media) {
      const size = number(Math.round(media.maxBytes / 1024 / 1024))
      words.push(t`${plural(media.maxCount, { one: '# file', other: 'Up to # files' })} a message, ${size} MB each`)
    }
    if (receipts.includes('read')) words.push(t`Shows when an answer was delivered and read`)
    else if (receipts.includes('delivered')) words.push(t`Shows when an answer was delivered`)
    if (rest.startsConversations) words.push(t`You can write first`)
    return words
  }
}
