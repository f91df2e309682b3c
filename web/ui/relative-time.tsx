import { useLingui } from '@lingui/react'
import { useEffect, useState } from 'react'
import { absoluteWords, relativeWords, staysTrueFor } from './time-words.ts'
import { Tooltip } from './tooltip.tsx'

type RelativeTimeProps = { /** An ISO moment. */ at: string; className?: string | undefined }

/** “5 min ago”, kept true while it is looked at; the whole moment in the tooltip. */
export function RelativeTime({ at, className }: RelativeTimeProps) {
  const { i18n } = useLingui()
  const moment = Date.parse(at)
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), staysTrueFor(moment, now))
    return () => clearTimeout(timer)
  }, [moment, now])
  if (Number.isNaN(moment)) return null
  return (
    <Tooltip text={absoluteWords(moment, i18n.locale)}>
      <time dateTime={at} className={className}>
        {relativeWords(moment, now, i18n.locale)}
      </time>
    </Tooltip>
  )
}
