import { useEffect, useState } from 'react'
import { loaderUrl } from './script-tag.ts'

export type LiveChat = 'coming' | 'there' | 'missing'

/**
 * Puts the real chat into this page, as a site would. It stays until the page is left for good: leave with a full load
 * (`location.assign`), so that the visitor's line ends with the page that it belonged to.
 */
export function useLiveChat(publicKey: string | null): LiveChat {
  const [state, setState] = useState<LiveChat>('coming')
  useEffect(() => {
    if (!publicKey) return
    // Two tags would be two chats.
    if (document.querySelector(`script[data-key="${CSS.escape(publicKey)}"]`)) return setState('there')
    const tag = document.createElement('script')
    tag.async = true
    tag.src = loaderUrl(location.origin)
    tag.dataset['key'] = publicKey
    tag.addEventListener('load', () => setState('there'))
    tag.addEventListener('error', () => setState('missing'))
    document.head.append(tag)
  }, [publicKey])
  return state
}
