import { useState } from 'react'

/**
 * The token behind the `#` of this address. Browsers never send it, so no log of a server has it; it is also taken out of the
 * address, so that neither history nor a shared screen shows it. Reloading asks for the link again.
 */
export function useFragmentToken(): string {
  const [token] = useState(takeToken)
  return token
}

const taken = new Map<string, string>()

function takeToken(): string {
  const { pathname, search, hash } = location
  const token = decodeURIComponent(hash.slice(1))
  if (token) {
    taken.set(pathname, token)
    history.replaceState(history.state, '', pathname + search)
  }
  // Rendering twice, or coming back from the sign-in, finds it here.
  return token || (taken.get(pathname) ?? '')
}
