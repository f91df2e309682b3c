import { Trans, useLingui } from '@lingui/react/macro'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Mark } from '../../../web/ui/mark.tsx'
import { useLiveChat } from './live-chat.ts'

const route = getRouteApi('/preview/$publicKey')

/** A page such as a customer would have it, with the real chat in it. Anyone with the key of a chat may open it. */
export function PreviewScreen() {
  const { t } = useLingui()
  const { publicKey } = route.useParams()
  const live = useLiveChat(publicKey)
  useEffect(() => {
    document.title = t`Sample page`
  }, [t])
  return (
    <div className="min-h-dvh bg-page">
      <p role="status" className="border-b border-line bg-tint px-6 py-2 text-center">
        {live === 'missing' ? (
          <Trans>The chat could not be loaded from this installation.</Trans>
        ) : (
          <Trans>A sample page. The chat in the corner is the real one: write as a visitor, answer in the inbox.</Trans>
        )}
      </p>
      <main className="mx-auto flex max-w-page flex-col gap-8 px-6 py-10">
        <header className="flex items-center gap-3">
          <Mark className="size-8 text-accent" />
          <p className="text-large font-bold">
            <Trans>Corner Shop</Trans>
          </p>
        </header>
        <div className="max-w-measure">
          <h1 className="text-display">
            <Trans>Things that last</Trans>
          </h1>
          <p className="mt-2 text-large text-muted">
            <Trans>
              Lamps, chairs and tools, mended for as long as you own them. Ask us anything; somebody reads it.
            </Trans>
          </p>
        </div>
        <ul className="grid gap-4 tablet:grid-cols-3">
          {[t`Reading lamp`, t`Kitchen chair`, t`Garden shears`].map((name, at) => (
            <li key={name} className="rounded-panel border border-line bg-raised p-4">
              <div
                aria-hidden
                className={
                  [
                    'h-32 rounded-control bg-face-1',
                    'h-32 rounded-control bg-face-2',
                    'h-32 rounded-control bg-face-4',
                  ][at]
                }
              />
              <h2 className="mt-3">{name}</h2>
              <p className="text-muted">
                <Trans>In stock</Trans>
              </p>
            </li>
          ))}
        </ul>
      </main>
    </div>
  )
}
