// The large model that an installation names: its own fetcher reaches its host and no other private one.
import type { Config } from '#platform/config'
import { openGuardedFetch } from '#platform/http/guarded-fetch'
import type { LargeModel } from '#triage/server'

/** Null where none is named. Ends with `stack`. */
export function openLargeModel({ largeModel }: Config, stack: AsyncDisposableStack): LargeModel | null {
  if (largeModel === null) return null
  const { hostname, port, protocol } = new URL(largeModel.url)
  const wanted = Number(port || (protocol === 'https:' ? 443 : 80))
  const host = hostname.replace(/^\[|\]$/g, '')
  const guarded = openGuardedFetch({ allow: (_address, port, name) => name === host && port === wanted })
  stack.defer(() => guarded.close())
  return { ...largeModel, guarded }
}
